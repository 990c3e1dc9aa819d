//! Publishes the log of one service, in order, from where the stream ends. It never dies: whatever fails, it goes back
//! to what the stream has and sends everything from there again.
//!
//! An instance relays the partitions that it holds. Two that relay the same only repeat each other, which followers
//! ignore.

mod cursor;
pub(crate) mod window;

use crate::{
    broker::Broker,
    crash,
    error::BrokerError,
    lease::Owned,
    log::Log,
    meters,
    pace::{Backoff, pause},
    partition::PARTITIONS,
};
use cursor::Cursors;
use std::time::Duration;
use tokio::time::{Instant, timeout};
use tokio_util::sync::CancellationToken;
pub(crate) use window::pack;

/// How often replicas' commits are looked for; those of this process wake the relay directly.
const POLL: Duration = Duration::from_millis(250);
/// How often that is done by an instance that has all partitions, and so no living replica.
const ALONE: Duration = Duration::from_secs(1);
/// How often an idle relay makes sure that the stream is still the one it filled.
const LOOK: Duration = Duration::from_secs(5);

/// Relays until `stop`.
pub(crate) async fn run(log: &Log, broker: &Broker, stop: &CancellationToken) {
    let mut backoff = Backoff::default();
    let mut owned = log.owned.subscribe();
    loop {
        let mine: Owned = owned.borrow_and_update().clone();
        let session = async {
            tokio::select! {
                outcome = session(log, broker, &mine, &mut backoff) => outcome,
                _ = owned.changed() => Ok(()),
            }
        };
        if let Some(Err(error)) = stop.run_until_cancelled(session).await {
            tracing::warn!(service = log.service(), %error, "the relay goes back to what the stream has");
        }
        if !pause(backoff.next(), stop).await {
            return;
        }
    }
}

/// Relays these partitions until something fails, or the stream turns out to be another one.
async fn session(log: &Log, broker: &Broker, owned: &Owned, backoff: &mut Backoff) -> Result<(), BrokerError> {
    if owned.is_empty() {
        return std::future::pending().await;
    }
    let stream = broker.stream().await?;
    let created = stream.cached_info().created;
    let mut cursors = Cursors::find(log, broker, &stream, owned).await?;
    let mut looked = Instant::now();
    let poll = if owned.len() == usize::from(PARTITIONS) { ALONE } else { POLL };
    loop {
        let window = window::read(&log.pools.follow, &cursors).await?;
        crash::point("relay.read");
        if window.is_empty() {
            // An empty window proves that all is well; a full one is proved by its acks.
            backoff.reset();
            let _ = timeout(poll, log.wake.0.notified()).await;
        } else {
            let sent = window::publish(log, broker, window, &mut cursors).await?;
            meters::relayed(log.service(), sent);
            backoff.reset();
        }
        if looked.elapsed() > LOOK {
            looked = Instant::now();
            let now = stream.get_info().await.map_err(BrokerError::while_doing("looking at the stream"))?;
            if now.created != created {
                tracing::warn!(service = log.service(), "the stream was made anew; followers ask for what it had");
                return Ok(());
            }
        }
    }
}
