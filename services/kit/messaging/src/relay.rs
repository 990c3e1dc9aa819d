//! Publishes the log of one service, in order, from where the stream ends. It never dies: whatever fails, it goes back
//! to what the stream has and sends everything from there again.
//!
//! One relay runs per process. Two for the same service only repeat each other, which followers ignore; the lease that
//! spares the repetition goes around [`session`], per partition.

mod cursor;
mod window;

use crate::{
    broker::Broker,
    error::BrokerError,
    log::Log,
    meters,
    pace::{Backoff, pause},
};
use cursor::Cursors;
use std::time::Duration;
use tokio::time::{Instant, timeout};
use tokio_util::sync::CancellationToken;

/// How often other processes' commits are looked for; those of this process wake the relay directly.
const POLL: Duration = Duration::from_millis(250);
/// How often an idle relay makes sure that the stream is still the one it filled.
const LOOK: Duration = Duration::from_secs(5);

/// Relays the log of a service until `stop`.
pub async fn relay(log: Log, broker: Broker, stop: CancellationToken) {
    let mut backoff = Backoff::default();
    loop {
        if let Some(Err(error)) = stop.run_until_cancelled(session(&log, &broker, &mut backoff)).await {
            tracing::warn!(service = log.service(), %error, "the relay goes back to what the stream has");
        }
        if !pause(backoff.next(), &stop).await {
            return;
        }
    }
}

/// Relays until something fails, or the stream turns out to be another one.
async fn session(log: &Log, broker: &Broker, backoff: &mut Backoff) -> Result<(), BrokerError> {
    let stream = broker.stream().await?;
    let created = stream.cached_info().created;
    let mut cursors = Cursors::find(log, broker, &stream).await?;
    let mut looked = Instant::now();
    loop {
        let window = window::read(&log.pools.follow, &cursors).await?;
        if window.is_empty() {
            // An empty window proves that all is well; a full one is proved by its acks.
            backoff.reset();
            let _ = timeout(POLL, log.wake.0.notified()).await;
        } else {
            let sent = window::publish(log, broker, window, &mut cursors).await?;
            meters::relayed(log.service(), sent);
            backoff.reset();
        }
        if looked.elapsed() > LOOK {
            looked = Instant::now();
            let now = stream.get_info().await.map_err(BrokerError::while_doing("looking at the stream"))?;
            if now.created != created {
                tracing::warn!(service = log.service(), "the stream was made anew; filling it from the log");
                return Ok(());
            }
        }
    }
}
