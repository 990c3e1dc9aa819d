//! The loop of recurring duties: it opens each when its period begins, and says of each that is not done by its due instant
//! that it was missed. What it has said stands in a table, so that a restart repeats nothing and of two replicas one says
//! it.

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
/// The rest after the law has changed, and after a failure: each look reads the whole organisation, which changes person by
/// person.
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
    /// Opens what begins and misses what is due until the service stops. A failure is logged and tried again.
    pub(crate) async fn run(self, stop: CancellationToken) -> anyhow::Result<()> {
        let mut known = None;
        while !stop.is_cancelled() {
            match self.once(&mut known).await {
                Ok(next) => stop.run_until_cancelled(self.sleep(next)).await,
                Err(error) => {
                    tracing::warn!(%error, "duties could not be opened or missed");
                    stop.run_until_cancelled(rest()).await
                }
            };
        }
        Ok(())
    }

    /// Opens what has begun and misses what is due; answers when there is more to do. `known` is the last change of the law
    /// that was read.
    async fn once(&self, known: &mut Option<i64>) -> Result<Option<DateTime<Utc>>> {
        let changes = store::duty::changes(self.log.pool()).await?;
        if *known != Some(changes) {
            self.reference.reload().await?;
            *known = Some(changes);
        }
        let last = store::duty::last(self.log.pool()).await?;
        let now = self.guard.now();
        let Found { openings, next } = duty::look(&self.reference.get(), &last, now);
        let said = self.log.in_tx("deadline-watcher", move |tx| {
            Box::pin(async move {
                store::duty::hold(tx.conn()).await?;
                let new = store::duty::open(tx.conn(), openings).await?;
                new.iter().for_each(|opening| publish::duty(tx, &opening.event()));
                let missed = store::duty::miss(tx.conn(), now).await?;
                missed.iter().for_each(|missed| publish::duty_missed(tx, missed));
                store::duty::looked(tx.conn(), changes, next).await
            })
        });
        said.await
    }

    async fn sleep(&self, next: Option<DateTime<Utc>>) {
        let begins = async {
            match next {
                Some(next) => self.guard.sleep_until(next).await,
                None => std::future::pending().await,
            }
        };
        let woken = async {
            tokio::select! { () = begins => {}, () = self.wake.notified() => rest().await }
        };
        // Running out is the ordinary end of a quiet while.
        let _ = tokio::time::timeout(LONGEST, woken).await;
    }
}

async fn rest() {
    let _ = tokio::time::timeout(REST, std::future::pending::<()>()).await;
}
