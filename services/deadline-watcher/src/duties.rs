//! The loop that opens recurring duties: it looks when the next period begins and when the law has changed. What it has
//! opened stands in a table, so that a restart repeats nothing and of two replicas one opens each period.

use crate::duty::{self, Found};
use crate::guard::Guard;
use crate::law::Reference;
use crate::{publish, store};
use chrono::{DateTime, Utc};
use kit_core::Clock as _;
use kit_db::Result;
use kit_messaging::Log;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

/// The longest wait: the present may have been set ahead.
const LONGEST: Duration = Duration::from_mins(10);
/// The rest between two looks: each reads the whole organisation, which changes person by person.
const REST: Duration = Duration::from_millis(500);

/// The duties of one replica.
#[derive(Clone)]
pub(crate) struct Duties {
    pub(crate) log: Log,
    pub(crate) guard: Guard,
    pub(crate) reference: Arc<Reference>,
    /// The law has changed.
    pub(crate) wake: Arc<Notify>,
}

impl Duties {
    /// Opens what begins until the service stops. A failure is logged and tried again.
    pub(crate) async fn run(self, stop: CancellationToken) -> anyhow::Result<()> {
        while !stop.is_cancelled() {
            let next = self.once().await.unwrap_or_else(|error| {
                tracing::warn!(%error, "the duties that begin could not be opened");
                None
            });
            stop.run_until_cancelled(self.sleep(next)).await;
        }
        Ok(())
    }

    /// Opens what has begun; answers when the next begins.
    async fn once(&self) -> Result<Option<DateTime<Utc>>> {
        let last = store::duty::last(self.log.pool()).await?;
        let Found { openings, next } = duty::look(&self.reference.get(), &last, self.guard.now());
        if !openings.is_empty() {
            let open = self.log.in_tx("deadline-watcher", move |tx| {
                Box::pin(async move {
                    let new = store::duty::open(tx.conn(), openings).await?;
                    new.iter().for_each(|opening| publish::duty(tx, &opening.event()));
                    Ok(())
                })
            });
            open.await?;
        }
        Ok(next)
    }

    async fn sleep(&self, next: Option<DateTime<Utc>>) {
        let begins = async {
            match next {
                Some(next) => self.guard.sleep_until(next).await,
                None => std::future::pending().await,
            }
        };
        let woken = async {
            tokio::select! { () = begins => {}, () = self.wake.notified() => {} }
        };
        // Running out is the ordinary end of a quiet while.
        let _ = tokio::time::timeout(LONGEST, woken).await;
        let _ = tokio::time::timeout(REST, std::future::pending::<()>()).await;
    }
}
