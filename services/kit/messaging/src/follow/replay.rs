//! Follows from the beginning up to given positions, by asking the producers alone: for a read model that is made anew.

use super::{Handler, apply::Applier, producers, repair::Round, retry};
use crate::{
    broker::Broker,
    lease,
    log::Log,
    pace::pause,
    position::{Place, Positions, Standing},
    received::Received,
    tx::Tx,
};
use contracts::{
    common::{Batch, Envelope},
    log::{EventSkipped, Position},
};
use futures::future::BoxFuture;
use kit_db::{Error, Result};
use prost::{Message as _, Name as _};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::Duration,
};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

const AGAIN: Duration = Duration::from_millis(500);
/// Rounds without any progress after which a producer is given up: half a minute.
const PATIENCE: u32 = 60;

/// Applies to `log`, whose schema is new and nobody else's, what the producers have up to `until`; events that operators
/// let `skipped` pass over are passed over again. Tells `progress` how many events are still to come.
///
/// # Errors
/// A producer does not answer, has not what is asked for, or its history has forked; or the database does not answer.
pub async fn replay(
    log: &Log,
    broker: &Broker,
    handler: Arc<dyn Handler>,
    until: &[Position],
    skipped: BTreeSet<Skipped>,
    progress: impl Fn(u64),
) -> Result<()> {
    let stop = CancellationToken::new();
    let handler = Passing { handler, skipped };
    let learned = watch::Sender::new(());
    producers::learn(log, broker, handler.follows(), &learned, &stop).await;
    log.owned.send_replace(lease::beat(log).await?);
    let until: BTreeMap<Place, u64> =
        until.iter().map(|p| ((p.producer.clone(), u16::try_from(p.partition).unwrap_or(u16::MAX)), p.seq)).collect();
    let mut stuck = 0;
    loop {
        let owned = log.owned.borrow().clone();
        let positions = Positions::load(&log.pools.follow, handler.follows(), &owned).await?;
        let wanted = wanted(&positions, &until);
        let left = left(&wanted, &until);
        progress(left);
        if left == 0 {
            return settle(log, &handler, &stop).await;
        }
        let mut applier = Applier { log, handler: &handler, owned, positions };
        round(&mut applier, broker, wanted, &until, &stop).await?;
        let now = left_at(&applier.positions, &until);
        stuck = if now < left { 0 } else { stuck + 1 };
        if stuck > PATIENCE {
            return Err(Error::NotYet(format!("{now} events of the producers' logs")));
        }
        if stuck > 0 {
            pause(AGAIN, &stop).await;
        }
        retry::round(log, &handler, &stop).await?;
    }
}

type Wanted = BTreeMap<String, Vec<(u16, Standing)>>;

fn wanted(positions: &Positions, until: &BTreeMap<Place, u64>) -> Wanted {
    let mut wanted = Wanted::new();
    for (place, at) in &positions.0 {
        if until.get(place).is_some_and(|seq| at.seq < *seq) {
            wanted.entry(place.0.clone()).or_default().push((place.1, at.clone()));
        }
    }
    wanted
}

fn left(wanted: &Wanted, until: &BTreeMap<Place, u64>) -> u64 {
    let of = |(producer, places): (&String, &Vec<(u16, Standing)>)| -> u64 {
        places.iter().map(|(n, at)| until.get(&(producer.clone(), *n)).map_or(0, |seq| seq - at.seq)).sum()
    };
    wanted.iter().map(of).sum()
}

fn left_at(positions: &Positions, until: &BTreeMap<Place, u64>) -> u64 {
    left(&wanted(positions, until), until)
}

async fn round(
    applier: &mut Applier<'_>,
    broker: &Broker,
    wanted: Wanted,
    until: &BTreeMap<Place, u64>,
    stop: &CancellationToken,
) -> Result<()> {
    let mut parts = Vec::new();
    for answer in Round::start(applier.log, broker, wanted).answers().await {
        let mut found = answer.read();
        if let Some(fork) = found.forks.first() {
            let (producer, partition) = &fork.place;
            return Err(Error::Corrupt(format!("{producer}/{partition:02} has forked ({})", fork.kind.as_str())));
        }
        for part in &mut found.parts {
            cut(&mut part.batch, until);
        }
        parts.extend(found.parts);
    }
    let merged = super::merge::merge(parts);
    for batches in super::session::in_batches(&merged) {
        if applier.process(None, &batches, stop).await.is_none() {
            return Ok(());
        }
    }
    Ok(())
}

/// Nothing beyond where it is to end.
fn cut(batch: &mut Batch, until: &BTreeMap<Place, u64>) {
    let place = (batch.producer.clone(), u16::try_from(batch.partition).unwrap_or(u16::MAX));
    let last = until.get(&place).copied().unwrap_or(0);
    let keep = (last + 1).saturating_sub(batch.first_seq);
    batch.records.truncate(usize::try_from(keep).unwrap_or(usize::MAX));
}

/// What waited for something else may have it by now; what still waits does so in the first model too.
async fn settle(log: &Log, handler: &Passing, stop: &CancellationToken) -> Result<()> {
    let mut before = i64::MAX;
    loop {
        let parked = crate::parked::count(&log.pools.follow).await?;
        if parked == 0 || parked == before {
            return Ok(());
        }
        before = parked;
        pause(AGAIN, stop).await;
        retry::round(log, handler, stop).await?;
    }
}

/// An event by producer, partition and number.
pub type Skipped = (String, u16, u64);

/// What operators let this service pass over.
///
/// # Errors
/// The database does not answer.
pub async fn skipped(log: &Log) -> Result<BTreeSet<Skipped>> {
    let envelopes: Vec<Vec<u8>> = sqlx::query_scalar("SELECT envelope FROM event_log WHERE type = $1")
        .bind(EventSkipped::full_name())
        .fetch_all(log.pool())
        .await?;
    let read = |bytes: Vec<u8>| {
        let event = EventSkipped::decode(Envelope::decode(bytes.as_slice()).ok()?.data.as_slice()).ok()?;
        Some((event.producer, u16::try_from(event.partition).ok()?, event.seq))
    };
    Ok(envelopes.into_iter().filter_map(read).collect())
}

/// A handler that is not shown what was passed over.
struct Passing {
    handler: Arc<dyn Handler>,
    skipped: BTreeSet<Skipped>,
}

impl Passing {
    fn is_shown(&self, event: &Received) -> bool {
        !self.skipped.contains(&(event.producer.clone(), event.partition, event.seq))
    }
}

impl Handler for Passing {
    fn follows(&self) -> &'static [&'static str] {
        self.handler.follows()
    }

    fn apply<'a>(&'a self, tx: &'a mut Tx, events: &'a [Received]) -> BoxFuture<'a, Result<()>> {
        if events.iter().all(|event| self.is_shown(event)) {
            return self.handler.apply(tx, events);
        }
        Box::pin(async move {
            let shown: Vec<Received> = events.iter().filter(|event| self.is_shown(event)).cloned().collect();
            self.handler.apply(tx, &shown).await
        })
    }

    fn committed(&self, events: &[Received]) -> BoxFuture<'_, ()> {
        self.handler.committed(events)
    }
}
