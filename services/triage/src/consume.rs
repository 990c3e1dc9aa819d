//! The events of others, batch by batch.

use crate::app::App;
use crate::usecase;
use crate::usecase::outcome::REGIME;
use futures::FutureExt as _;
use futures::future::BoxFuture;
use kit_messaging::{Handler, Received, Tx};

/// Follows intake for new cases, assignment for the organisation, and all who move a case on.
pub(crate) struct Follower {
    pub app: App,
}

impl Handler for Follower {
    fn follows(&self) -> &'static [&'static str] {
        &["intake", "assignment", "resolution", "deadline-watcher"]
    }

    fn apply<'a>(&'a self, tx: &'a mut Tx, events: &'a [Received]) -> BoxFuture<'a, kit_db::Result<()>> {
        async move {
            self.app.reference.take(tx, events).await?;
            let law = self.app.law();
            let waits = match usecase::follow::follow(tx, &law, events).await {
                Err(kit_db::Error::NotYet(what)) if what.starts_with(REGIME) => what,
                outcome => return outcome,
            };
            // Another replica may have published the version that a case here is pinned to. Nothing was written yet.
            self.app.reference.reload().await?;
            tracing::debug!(%waits, "looked for a regime again");
            usecase::follow::follow(tx, &self.app.law(), events).await
        }
        .boxed()
    }

    fn committed(&self, events: &[Received]) -> BoxFuture<'_, ()> {
        self.app.reference.committed(events).map(drop).boxed()
    }
}
