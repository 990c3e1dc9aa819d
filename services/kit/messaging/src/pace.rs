//! How the loops of this crate wait: by the machine's time even when the house runs in simulated time, since what they
//! wait for is a network and a database.

use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// Waits, unless `stop` comes first; answers whether to go on.
pub(crate) async fn pause(length: Duration, stop: &CancellationToken) -> bool {
    stop.run_until_cancelled(sleep(length)).await.is_some()
}

#[expect(clippy::disallowed_methods, reason = "waits for a network or a database, not for an instant of the house")]
pub(crate) async fn sleep(length: Duration) {
    tokio::time::sleep(length).await;
}

/// Ever longer waits after failures in a row, from 100 ms to 5 s.
#[derive(Debug, Default)]
pub(crate) struct Backoff {
    failures: u32,
}

impl Backoff {
    pub(crate) fn next(&mut self) -> Duration {
        let length = Duration::from_millis(100).saturating_mul(1 << self.failures.min(6));
        self.failures += 1;
        length.min(Duration::from_secs(5))
    }

    pub(crate) fn reset(&mut self) {
        self.failures = 0;
    }
}
