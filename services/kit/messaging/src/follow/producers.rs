//! What a follower asks those of whom it knows nothing: where their chains begin, before their first event is applied.

use crate::{broker::Broker, genesis, log::Log, pace::pause, position};
use futures::future::join_all;
use std::time::Duration;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

const EVERY: Duration = Duration::from_millis(300);

/// Asks until all of them have told, or until `stop`.
pub(super) async fn learn(
    log: &Log,
    broker: &Broker,
    follows: &[&str],
    learned: &watch::Sender<()>,
    stop: &CancellationToken,
) {
    loop {
        let Some(is_whole) = stop.run_until_cancelled(round(log, broker, follows, learned)).await else { return };
        if is_whole || !pause(EVERY, stop).await {
            return;
        }
    }
}

/// Asks every unknown producer once; answers whether none is left.
async fn round(log: &Log, broker: &Broker, follows: &[&str], learned: &watch::Sender<()>) -> bool {
    let Ok(known) = position::known(&log.pools.follow).await else { return false };
    let unknown: Vec<&str> = follows.iter().copied().filter(|producer| !known.contains(*producer)).collect();
    let answers = join_all(unknown.iter().map(|producer| genesis::ask(broker, producer))).await;
    let mut left = unknown.len();
    for (producer, answer) in unknown.iter().zip(answers) {
        let Some(heads) = answer else { continue };
        match genesis::keep(&log.pools.follow, producer, heads).await {
            Ok(()) => left -= 1,
            Err(error) => tracing::warn!(producer, %error, "cannot keep where a producer's chains begin"),
        }
    }
    if left < unknown.len() {
        learned.send_replace(());
    }
    left == 0
}
