//! Everything that an instance does for those who follow its service: holds its partitions, relays them, says how far
//! they have come, answers for their beginnings and for what a follower misses, and keeps the months.

use crate::{broker::Broker, genesis, heads, lease, log::Log, relay, rewind, upkeep};
use tokio_util::sync::CancellationToken;

/// Does it until `stop`. The partitions are given back last: what this instance follows stands on them too.
pub async fn produce(log: Log, broker: Broker, stop: CancellationToken) {
    tokio::join!(
        lease::keep(&log, &stop),
        relay::run(&log, &broker, &stop),
        heads::say(&log, &broker, &stop),
        genesis::serve(&log, &broker, &stop),
        rewind::serve(&log, &broker, &stop),
        upkeep::keep(&log, &stop),
    );
}
