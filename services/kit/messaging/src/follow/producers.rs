//! What a follower asks its producers: where their chains begin, before the first event is applied, and how far they
//! have come, for the lag.

use crate::{broker::Broker, genesis, log::Log, meters, pace::pause, position::Positions};
use futures::future::join_all;
use std::time::Duration;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

const UNKNOWN: Duration = Duration::from_millis(300);
const KNOWN: Duration = Duration::from_secs(5);

/// Asks until `stop`: those without a position often, and all of them now and then. Comparing heads with positions
/// here is also where a lost last event, and a fork, will be noticed.
pub(super) async fn learn(log: &Log, broker: &Broker, follows: &[&str], learned: &Notify, stop: &CancellationToken) {
    loop {
        let Some(known) = stop.run_until_cancelled(round(log, broker, follows, learned)).await else { return };
        if !pause(if known == follows.len() { KNOWN } else { UNKNOWN }, stop).await {
            return;
        }
    }
}

/// Asks every producer once; answers how many are known.
async fn round(log: &Log, broker: &Broker, follows: &[&str], learned: &Notify) -> usize {
    let Ok(positions) = Positions::load(&log.pools.follow, follows).await else { return 0 };
    let answers = join_all(follows.iter().map(|producer| genesis::ask(broker, producer))).await;
    let mut known = 0;
    let mut is_news = false;
    for (producer, answer) in follows.iter().zip(answers) {
        let is_known = positions.producers().contains(producer);
        known += usize::from(is_known);
        let Some(heads) = answer else { continue };
        if is_known {
            let applied: u64 = positions.0.iter().filter(|((p, _), _)| p == producer).map(|(_, at)| at.seq).sum();
            let published: u64 = heads.iter().map(|head| head.seq).sum();
            meters::lag(log.service(), producer, published.saturating_sub(applied));
            continue;
        }
        match genesis::keep(&log.pools.follow, producer, heads).await {
            Ok(()) => {
                is_news = true;
                known += 1;
            }
            Err(error) => tracing::warn!(producer, %error, "cannot keep where a producer's chains begin"),
        }
    }
    if is_news {
        learned.notify_one();
    }
    known
}
