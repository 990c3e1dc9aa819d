//! The events of others, batch by batch.

use crate::app::App;
use crate::usecase;
use crate::usecase::outcome::LAW;
use futures::FutureExt as _;
use futures::future::BoxFuture;
use kit_messaging::{Handler, Received, Tx};

/// Follows whoever moves a case, triage for the regimes, and the watcher for the calendars.
pub(crate) struct Follower {
    pub app: App,
}

impl Handler for Follower {
    fn follows(&self) -> &'static [&'static str] {
        &["intake", "triage", "resolution", "deadline-watcher"]
    }

    fn apply<'a>(&'a self, tx: &'a mut Tx, events: &'a [Received]) -> BoxFuture<'a, kit_db::Result<()>> {
        async move {
            self.app.reference.take(tx, events).await?;
            let law = self.app.law();
            let waits = match usecase::follow::follow(tx, &law, events).await {
                Err(kit_db::Error::NotYet(what)) if LAW.iter().any(|kind| what.starts_with(kind)) => what,
                outcome => return outcome,
            };
            // Another replica may have received what a case here waits for. Nothing was written yet.
            self.app.reference.reload().await?;
            tracing::debug!(%waits, "looked at the law again");
            usecase::follow::follow(tx, &self.app.law(), events).await
        }
        .boxed()
    }

    fn committed(&self, events: &[Received]) -> BoxFuture<'_, ()> {
        self.app.reference.committed(events).map(drop).boxed()
    }
}
