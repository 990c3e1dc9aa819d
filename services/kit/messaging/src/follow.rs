//! Reads what other services publish and applies it: each event once, in the order of its partition, whatever the
//! stream loses, repeats or reorders.

mod apply;
mod attempt;
mod cursor;
mod judge;
mod merge;
mod producers;
mod reader;
mod repair;
mod replay;
mod retry;
mod session;
mod wants;

use crate::{
    broker::Broker,
    fork,
    heads::Board,
    lease::Owned,
    log::Log,
    meters,
    pace::{Backoff, pause},
    position::{Place, Positions},
    received::Received,
    tx::Tx,
};
use futures::future::{BoxFuture, join_all};
pub use replay::{Skipped, replay, skipped};
pub(crate) use retry::Signal;
use session::{End, Session};
use std::{collections::BTreeSet, sync::Arc, time::Duration};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

/// Readings side by side in one instance, each of its own share of the partitions: while one waits for the disk, the other
/// computes. More gain nothing on two cores.
const LANES: u16 = 2;
/// How often an instance that has nothing to read looks whether it has by now, and one with forks whether they are
/// settled.
const LOOK: Duration = Duration::from_secs(2);

/// What a service does with events of others.
pub trait Handler: Send + Sync + 'static {
    /// The services it follows, such as `["intake", "triage"]`.
    fn follows(&self) -> &'static [&'static str];

    /// Applies a batch of events of many cases, in order per case: all or nothing. Called by both lanes, and by replicas, at
    /// once, never for the same partition. On an error the follower tries them
    /// one by one, so that only the failing case is parked: [`kit_db::Error::NotYet`] waits and is tried again by
    /// itself, anything else is tried three times more and then left to an operator.
    fn apply<'a>(&'a self, tx: &'a mut Tx, events: &'a [Received]) -> BoxFuture<'a, kit_db::Result<()>>;

    /// After the commit: refresh caches, wake loops. A crash may skip it, so it is never the only trigger of anything.
    fn committed(&self, events: &[Received]) -> BoxFuture<'_, ()> {
        let _ = events;
        Box::pin(async {})
    }
}

/// Follows the services that `handler` names, in the partitions of this instance, until `stop`.
pub async fn follow(log: Log, broker: Broker, handler: Arc<dyn Handler>, stop: CancellationToken) {
    if handler.follows().is_empty() {
        return;
    }
    let learned = watch::Sender::new(());
    let lanes =
        (0..LANES).map(|lane| Lane { number: lane, log: log.clone(), broker: broker.clone(), board: Board::default() });
    let lanes: Vec<Lane> = lanes.collect();
    tokio::join!(
        producers::learn(&log, &broker, handler.follows(), &learned, &stop),
        retry::run(&log, handler.as_ref(), &stop),
        join_all(lanes.iter().map(|lane| lane.board.listen(&broker, handler.follows(), &stop))),
        join_all(lanes.iter().map(|lane| lane.read(handler.as_ref(), learned.subscribe(), &stop))),
    );
}

/// One of the readings.
struct Lane {
    number: u16,
    log: Log,
    broker: Broker,
    board: Board,
}

impl Lane {
    async fn read(&self, handler: &dyn Handler, mut learned: watch::Receiver<()>, stop: &CancellationToken) {
        let log = &self.log;
        let mut owned = log.owned.subscribe();
        while !stop.is_cancelled() {
            learned.mark_unchanged();
            let mine: Owned = share(&owned.borrow_and_update(), self.number);
            // Before the positions: what is settled in between is read with them, and once more.
            let forks = fork::places(&log.pools.follow).await.unwrap_or_default();
            let Some(positions) = load(log, handler, &mine, stop).await else { return };
            let is_idle = positions.0.is_empty();
            let changed = async {
                tokio::select! {
                    _ = learned.changed() => {}
                    _ = owned.changed() => {}
                    () = unforked(log, forks, is_idle) => {}
                }
            };
            if is_idle {
                tokio::select! { () = changed => continue, () = stop.cancelled() => return }
            }
            let session = Session::open(log, &self.broker, handler, (self.number, mine), positions).await;
            if let End::Stop = session.run(&self.board, changed, stop).await {
                return;
            }
        }
    }
}

/// Every second partition by rank, so that the lanes' shares differ by one at most.
fn share(owned: &Owned, lane: u16) -> Owned {
    owned
        .iter()
        .copied()
        .zip((0..LANES).cycle())
        .filter(|(_, of)| *of == lane)
        .map(|(partition, _)| partition)
        .collect()
}

/// Completes when an operator has settled a fork, perhaps at another instance; or after a look, if there is nothing else
/// to wait for. One that is found later ends the session, so that it is among `forks` then.
async fn unforked(log: &Log, mut forks: BTreeSet<Place>, is_idle: bool) {
    loop {
        meters::forks(log.service(), forks.len());
        crate::pace::sleep(LOOK).await;
        if let Ok(now) = fork::places(&log.pools.follow).await {
            if !forks.is_subset(&now) {
                return;
            }
            forks = now;
        }
        if is_idle {
            return;
        }
    }
}

/// No opinion before the positions are read.
async fn load(log: &Log, handler: &dyn Handler, owned: &Owned, stop: &CancellationToken) -> Option<Positions> {
    let mut backoff = Backoff::default();
    loop {
        match Positions::load(&log.pools.follow, handler.follows(), owned).await {
            Ok(positions) => return Some(positions),
            Err(error) => tracing::warn!(service = log.service(), %error, "cannot read the follower's positions"),
        }
        if !pause(backoff.next(), stop).await {
            return None;
        }
    }
}
