//! Reads what other services publish and applies it: each event once, in the order of its partition, whatever the
//! stream loses, repeats or reorders.

mod apply;
mod attempt;
mod judge;
mod producers;
mod reader;
mod retry;

use crate::{
    broker::Broker,
    log::Log,
    meters,
    pace::{Backoff, pause},
    position::{Cursor, Place, Positions},
    received::Received,
    tx::Tx,
};
use apply::Applier;
use futures::future::BoxFuture;
use reader::{Message, Reader};
pub(crate) use retry::Signal;
use std::{collections::BTreeMap, sync::Arc, time::Duration};
use tokio::time::{Instant, timeout};
use tokio_util::sync::CancellationToken;

/// More gains under 10 %, and holds locks longer.
const BATCH: usize = 200;
/// Most gaps close by themselves sooner: a relay goes back, and sends what was missing.
const STANDING_GAP: Duration = Duration::from_secs(1);

/// What a service does with events of others.
pub trait Handler: Send + Sync + 'static {
    /// The services it follows, such as `["intake", "triage"]`.
    fn follows(&self) -> &'static [&'static str];

    /// Applies a batch of events of many cases, in order per case: all or nothing. On an error the follower tries them
    /// one by one, so that only the failing case is parked: [`kit_db::Error::NotYet`] waits and is tried again by
    /// itself, anything else is tried three times more and then left to an operator.
    fn apply<'a>(&'a self, tx: &'a mut Tx, events: &'a [Received]) -> BoxFuture<'a, kit_db::Result<()>>;

    /// After the commit: refresh caches, wake loops. A crash may skip it, so it is never the only trigger of anything.
    fn committed(&self, events: &[Received]) -> BoxFuture<'_, ()> {
        let _ = events;
        Box::pin(async {})
    }
}

/// Follows the services that `handler` names, until `stop`.
pub async fn follow(log: Log, broker: Broker, handler: Arc<dyn Handler>, stop: CancellationToken) {
    if handler.follows().is_empty() {
        return;
    }
    let learned = tokio::sync::Notify::new();
    tokio::join!(
        producers::learn(&log, &broker, handler.follows(), &learned, &stop),
        retry::run(&log, handler.as_ref(), &stop),
        read(&log, &broker, handler.as_ref(), &learned, &stop),
    );
}

/// Why a reading ended.
enum End {
    Stop,
    /// A producer has told where its chains begin; from now on it is read too.
    Learned,
    /// Something is missing in what was read.
    Gap,
}

async fn read(
    log: &Log,
    broker: &Broker,
    handler: &dyn Handler,
    learned: &tokio::sync::Notify,
    stop: &CancellationToken,
) {
    let mut gaps = Backoff::default();
    let mut is_from_start = false;
    while !stop.is_cancelled() {
        let Some(positions) = load(log, handler, stop).await else { return };
        let producers: Vec<String> = positions.producers().into_iter().map(str::to_owned).collect();
        if producers.is_empty() {
            tokio::select! { () = learned.notified() => continue, () = stop.cancelled() => return }
        }
        let names = producers.join(",");
        // A cursor that cannot be read only costs reading from the start.
        let cursor = if is_from_start { None } else { Cursor::load(log.pool(), &names).await.ok().flatten() };
        let reader = Reader::start(broker, log.service(), producers, cursor);
        let mut follower = Follower { applier: Applier { log, handler, positions }, names, gaps: BTreeMap::new() };
        match follower.run(reader, learned, stop).await {
            End::Stop => return,
            End::Learned => is_from_start = false,
            // Rewind and repair take this place: the follower will ask the producer for what is missing, and what the
            // producer answers will tell a loss in the stream from a fork of the history.
            End::Gap => {
                is_from_start = true;
                if !pause(gaps.next(), stop).await {
                    return;
                }
            }
        }
    }
}

/// No opinion before the positions are read.
async fn load(log: &Log, handler: &dyn Handler, stop: &CancellationToken) -> Option<Positions> {
    let mut backoff = Backoff::default();
    loop {
        match Positions::load(&log.pools.follow, handler.follows()).await {
            Ok(positions) => return Some(positions),
            Err(error) => tracing::warn!(service = log.service(), %error, "cannot read the follower's positions"),
        }
        if !pause(backoff.next(), stop).await {
            return None;
        }
    }
}

struct Follower<'a> {
    applier: Applier<'a>,
    names: String,
    gaps: BTreeMap<Place, Gap>,
}

/// Something is missing in a place. What came after it was dropped, so it stands until that has been read again.
struct Gap {
    /// When the place last moved.
    since: Instant,
    after: u64,
    beyond: u64,
}

impl Follower<'_> {
    async fn run(&mut self, mut reader: Reader, learned: &tokio::sync::Notify, stop: &CancellationToken) -> End {
        loop {
            if self.is_stuck() {
                return End::Gap;
            }
            let first = tokio::select! {
                biased;
                () = stop.cancelled() => return End::Stop,
                () = learned.notified() => return End::Learned,
                next = timeout(STANDING_GAP / 4, reader.next()) => next,
            };
            let Ok(Some(first)) = first else { continue };
            // The connection first, then the batch: what arrives while we wait for it travels along. One that cannot be
            // had now is asked for again by the applier.
            let connection = self.applier.log.pools.follow.acquire().await.ok();
            let messages = drain(first, &mut reader);
            let cursor = messages.last().map(|last| last.cursor(&self.names)).filter(|_| self.gaps.is_empty());
            let Some(gaps) = self.applier.process(connection, &messages, cursor, stop).await else { return End::Stop };
            self.note(gaps);
        }
    }

    fn note(&mut self, gaps: BTreeMap<Place, u64>) {
        for (place, beyond) in gaps {
            let Some(standing) = self.applier.positions.0.get(&place) else { continue };
            let (service, after) = (self.applier.log.service(), standing.seq);
            let gap = self.gaps.entry(place).or_insert_with_key(|(producer, partition)| {
                meters::gap(service, producer);
                tracing::debug!(service, producer, partition, after, "something is missing");
                Gap { since: Instant::now(), after, beyond }
            });
            gap.beyond = gap.beyond.max(beyond);
        }
    }

    fn is_stuck(&mut self) -> bool {
        let positions = &self.applier.positions.0;
        self.gaps.retain(|place, gap| {
            let seq = positions.get(place).map_or(u64::MAX, |standing| standing.seq);
            if seq != gap.after {
                (gap.since, gap.after) = (Instant::now(), seq);
            }
            seq < gap.beyond
        });
        let standing = self.gaps.iter().find(|(_, gap)| gap.since.elapsed() > STANDING_GAP);
        if let Some(((producer, partition), gap)) = standing {
            let service = self.applier.log.service();
            tracing::warn!(service, producer, partition, after = gap.after, "a gap stands; reading the stream anew");
        }
        standing.is_some()
    }
}

fn drain(first: Message, reader: &mut Reader) -> Vec<Message> {
    let mut events = first.batch.records.len();
    let mut messages = vec![first];
    while events < BATCH
        && let Some(message) = reader.next_now()
    {
        events += message.batch.records.len();
        messages.push(message);
    }
    messages
}
