//! A service that runs, as its starter holds it.

use std::{net::SocketAddr, time::Duration};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// A started service. Dropping it leaves it running until its launch is stopped.
#[derive(Debug)]
pub struct Running {
    pub name: &'static str,
    /// The services whose events it applies.
    pub follows: &'static [&'static str],
    pub grpc: SocketAddr,
    pub http: Option<SocketAddr>,
    pub ops: Option<SocketAddr>,
    pub(crate) stop: CancellationToken,
    pub(crate) life: JoinHandle<anyhow::Result<()>>,
}

impl Running {
    /// Asks it to stop, and waits until it has drained and closed everything.
    ///
    /// # Errors
    /// What ended it, if that was not the stop.
    pub async fn stop(self) -> anyhow::Result<()> {
        self.stop.cancel();
        self.finished().await
    }

    /// Waits until it has ended, for whatever reason.
    ///
    /// # Errors
    /// What ended it, if that was not a stop.
    pub async fn finished(self) -> anyhow::Result<()> {
        self.life.await?
    }

    /// Ends it at once, as a crash would: nothing is drained. For fault tests.
    pub fn abort(&self) {
        self.life.abort();
    }
}

/// How long open calls may take to end once a stop was asked for.
pub(crate) const DRAIN: Duration = Duration::from_secs(10);
