//! Makes the tables of this month and the next ahead of time, so that the append never has to.

use crate::{log::Log, pace::pause};
use kit_db::Result;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

const EVERY: Duration = Duration::from_secs(3600);

/// Looks at once and then every hour, until `stop`.
pub(crate) async fn keep(log: &Log, stop: &CancellationToken) {
    loop {
        if let Err(error) = make(log).await {
            tracing::warn!(%error, "cannot make the next month's table now; the append will if it must");
        }
        if !pause(EVERY, stop).await {
            return;
        }
    }
}

async fn make(log: &Log) -> Result<()> {
    sqlx::query(
        "SELECT event_month_make(event_month($1::timestamptz)),
                event_month_make((event_month($1::timestamptz) + interval '1 month')::date)",
    )
    .bind(log.env.now())
    .execute(&log.pools.follow)
    .await?;
    Ok(())
}
