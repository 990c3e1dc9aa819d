//! The loop that closes surveys whose last day is over.

use crate::{store::surveys, usecase};
use chrono::{DateTime, TimeDelta, Utc};
use facts::Law;
use kit_core::Env;
use kit_db::Result;
use kit_messaging::Log;
use kit_reference::Reference;
use std::{sync::Arc, time::Duration};
use tokio::{sync::Notify, time::timeout};
use tokio_util::sync::CancellationToken;

/// The longest wait for nothing: other processes open surveys without our hearing of it.
const LOOK_AGAIN: Duration = Duration::from_secs(1);

/// What the loop stands on.
pub(crate) struct Closer {
    pub(crate) log: Log,
    pub(crate) env: Env,
    pub(crate) rules: Arc<Reference<Law>>,
    /// Told when a survey was opened here.
    pub(crate) opened: Arc<Notify>,
}

impl Closer {
    /// Closes until the process stops. A failure is waited out.
    pub(crate) async fn run(self, stop: CancellationToken) -> anyhow::Result<()> {
        while !stop.is_cancelled() {
            let next = self.pass().await.unwrap_or_else(|error| {
                tracing::warn!(%error, "surveys wait to be closed");
                None
            });
            let until = next.unwrap_or_else(|| self.env.now() + TimeDelta::days(1));
            tokio::select! {
                () = stop.cancelled() => {}
                () = self.opened.notified() => {}
                _ = timeout(LOOK_AGAIN, self.env.clock.sleep_until(until)) => {}
            }
        }
        Ok(())
    }

    /// Closes what is over; answers when the next one will be.
    async fn pass(&self) -> Result<Option<DateTime<Utc>>> {
        let next = surveys::next_over(self.log.pool()).await?;
        if next.is_none_or(|at| at > self.env.now()) {
            return Ok(next);
        }
        let rules = self.rules.get();
        self.log
            .in_tx("notification", move |tx| Box::pin(async move { usecase::surveys::close_over(tx, &rules).await }))
            .await?;
        surveys::next_over(self.log.pool()).await
    }
}
