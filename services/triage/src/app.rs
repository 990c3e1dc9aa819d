//! What every call is answered with: the log and the rules in force.

use facts::Law;
use kit_core::Env;
use kit_messaging::Log;
use kit_reference::Reference;
use std::sync::Arc;

/// Shared by all calls and by the follower.
#[derive(Clone)]
pub(crate) struct App {
    pub env: Env,
    pub log: Log,
    pub reference: Arc<Reference<Law>>,
}

impl App {
    /// The rules in force.
    pub(crate) fn law(&self) -> Arc<Law> {
        self.reference.get()
    }

    /// Reads the rules again after they changed. What was committed stays committed if that fails; the watch
    /// reads them a few seconds later.
    pub(crate) async fn refresh(&self) {
        if let Err(error) = self.reference.reload().await {
            tracing::error!(%error, "the rules in force could not be read again");
        }
    }
}
