//! Waiting for what happens elsewhere: asked again and again, with a limit, and the last answer in the failure.

use std::time::{Duration, Instant};

/// Asks `check` until it is content. `Err` says what is still missing, and is reported when the time is up.
pub async fn eventually(what: &str, limit: Duration, mut check: impl AsyncFnMut() -> Result<(), String>) {
    let start = Instant::now();
    let mut pause = Duration::from_millis(5);
    loop {
        let Err(status) = check().await else { return };
        assert!(start.elapsed() < limit, "{what}: not within {limit:?}; at last: {status}");
        sleep(pause).await;
        pause = (pause * 2).min(Duration::from_millis(100));
    }
}

#[expect(clippy::disallowed_methods, reason = "waits for processes, not for an instant of the house")]
async fn sleep(length: Duration) {
    tokio::time::sleep(length).await;
}
