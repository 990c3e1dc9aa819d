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
use futures::future::BoxFuture;
pub use replay::{Skipped, replay, skipped};
pub(crate) use retry::Signal;
use session::{End, Session};
use std::{collections::BTreeSet, sync::Arc, time::Duration};
use tokio_util::sync::CancellationToken;

/// How often an instance that has nothing to read looks whether it has by now, and one with forks whether they are
/// settled.
const LOOK: Duration = Duration::from_secs(2);

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

/// Follows the services that `handler` names, in the partitions of this instance, until `stop`.
pub async fn follow(log: Log, broker: Broker, handler: Arc<dyn Handler>, stop: CancellationToken) {
    if handler.follows().is_empty() {
        return;
    }
    let board = Board::default();
    let learned = tokio::sync::Notify::new();
    tokio::join!(
        producers::learn(&log, &broker, handler.follows(), &learned, &stop),
        board.listen(&broker, handler.follows(), &stop),
        retry::run(&log, handler.as_ref(), &stop),
        read(&log, &broker, handler.as_ref(), &board, &learned, &stop),
    );
}

async fn read(
    log: &Log,
    broker: &Broker,
    handler: &dyn Handler,
    board: &Board,
    learned: &tokio::sync::Notify,
    stop: &CancellationToken,
) {
    let mut owned = log.owned.subscribe();
    while !stop.is_cancelled() {
        let mine: Owned = owned.borrow_and_update().clone();
        // Before the positions: what is settled in between is read with them, and once more.
        let forks = fork::places(&log.pools.follow).await.unwrap_or_default();
        let Some(positions) = load(log, handler, stop).await else { return };
        let is_idle = positions.0.is_empty();
        let changed = async {
            tokio::select! {
                () = learned.notified() => {}
                _ = owned.changed() => {}
                () = unforked(log, forks, is_idle) => {}
            }
        };
        if is_idle {
            tokio::select! { () = changed => continue, () = stop.cancelled() => return }
        }
        let session = Session::open(log, broker, handler, positions, mine).await;
        if let End::Stop = session.run(board, changed, stop).await {
            return;
        }
    }
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
async fn load(log: &Log, handler: &dyn Handler, stop: &CancellationToken) -> Option<Positions> {
    let mut backoff = Backoff::default();
    loop {
        let owned = log.owned.borrow().clone();
        match Positions::load(&log.pools.follow, handler.follows(), &owned).await {
            Ok(positions) => return Some(positions),
            Err(error) => tracing::warn!(service = log.service(), %error, "cannot read the follower's positions"),
        }
        if !pause(backoff.next(), stop).await {
            return None;
        }
    }
}
