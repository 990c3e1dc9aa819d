//! What every call is answered with: the log, the rules in force, and the means to sign in.

use crate::usecase::sign_in::SignIn;
use house::House;
use kit_core::Env;
use kit_grpc::Tokens;
use kit_messaging::Log;
use kit_reference::Reference;
use std::sync::Arc;

/// Shared by all calls and by the follower.
#[derive(Clone)]
pub(crate) struct App {
    pub env: Env,
    pub log: Log,
    pub reference: Arc<Reference<House>>,
    pub tokens: Tokens,
    pub sign_in: Arc<SignIn>,
}

impl App {
    /// The rules in force.
    pub(crate) fn law(&self) -> Arc<House> {
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
