//! What every call is answered with: the log and the rules in force.

use crate::law::{House, Reference};
use kit_core::Env;
use kit_messaging::Log;
use std::sync::Arc;

/// Shared by all calls and by the follower.
#[derive(Clone)]
pub(crate) struct App {
    pub env: Env,
    pub log: Log,
    pub reference: Arc<Reference>,
}

impl App {
    /// The rules in force.
    pub(crate) fn law(&self) -> Arc<House> {
        self.reference.get()
    }

    /// Reads the rules again after they changed. What was committed stays committed if that fails; the next change or
    /// start reads them.
    pub(crate) async fn refresh(&self) {
        if let Err(error) = self.reference.reload().await {
            tracing::error!(%error, "the rules in force could not be read again");
        }
    }
}
