//! Reads the rules again when another replica has changed them. The replica that answered the command knows at once;
//! the others find out here.

use crate::app::App;
use chrono::TimeDelta;
use tokio_util::sync::CancellationToken;

const EVERY: TimeDelta = TimeDelta::seconds(10);

/// Looks every few seconds until the service stops.
pub(crate) async fn watch(app: App, stop: CancellationToken) -> anyhow::Result<()> {
    let mut seen = None;
    loop {
        let next = app.env.now() + EVERY;
        tokio::select! {
            () = stop.cancelled() => return Ok(()),
            () = app.env.clock.sleep_until(next) => {}
        }
        match changes(&app).await {
            Ok(count) if seen == Some(count) => {}
            Ok(count) => {
                app.refresh().await;
                seen = Some(count);
            }
            // The database is away; the next look will tell.
            Err(error) => tracing::warn!(%error, "could not look for changed rules"),
        }
    }
}

/// Changes with every row that is written: the system column names the transaction that did it.
async fn changes(app: &App) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar("SELECT (count(*) + coalesce(sum(xmin::text::bigint), 0))::bigint FROM reference")
        .fetch_one(app.log.pool())
        .await
}
