//! Everything that runs for one service. If one part of it fails, the process is asked to stop; on a stop the front
//! (calls, events, loops) ends first, and then what stands behind it (the relay).

use crate::running::DRAIN;
use anyhow::anyhow;
use futures::FutureExt as _;
use kit_db::Pools;
use std::{future::Future, panic::AssertUnwindSafe, time::Duration};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use tracing::{Instrument as _, info_span};

struct Ended {
    what: &'static str,
    is_front: bool,
    outcome: anyhow::Result<()>,
}

pub(crate) struct Tasks {
    service: &'static str,
    set: JoinSet<Ended>,
    fronts: usize,
    /// This service's stop.
    stop: CancellationToken,
    /// The whole launch's, for a failure.
    everyone: CancellationToken,
    /// Cancelled once the front has ended.
    end: CancellationToken,
}

impl Tasks {
    pub(crate) fn new(service: &'static str, stop: CancellationToken, everyone: CancellationToken) -> Self {
        Self { service, set: JoinSet::new(), fronts: 0, stop, everyone, end: CancellationToken::new() }
    }

    /// Cancelled once the front has ended.
    pub(crate) fn end(&self) -> CancellationToken {
        self.end.clone()
    }

    pub(crate) fn front(
        &mut self,
        what: &'static str,
        work: impl Future<Output = anyhow::Result<()>> + Send + 'static,
    ) {
        self.fronts += 1;
        self.spawn(what, true, work);
    }

    pub(crate) fn behind(&mut self, what: &'static str, work: impl Future<Output = ()> + Send + 'static) {
        self.spawn(what, false, work.map(Ok));
    }

    pub(crate) fn behind_fallible(
        &mut self,
        what: &'static str,
        work: impl Future<Output = anyhow::Result<()>> + Send + 'static,
    ) {
        self.spawn(what, false, work);
    }

    fn spawn(
        &mut self,
        what: &'static str,
        is_front: bool,
        work: impl Future<Output = anyhow::Result<()>> + Send + 'static,
    ) {
        // Only for reading the log: telemetry keeps this span out of traces, where it would be as long as the process.
        let span = info_span!(parent: None, "service", service = self.service);
        let caught = AssertUnwindSafe(work).catch_unwind();
        self.set.spawn(
            async move {
                let outcome = caught.await.unwrap_or_else(|_| Err(anyhow!("it panicked")));
                Ended { what, is_front, outcome }
            }
            .instrument(span),
        );
    }

    /// Runs until everything has ended, then closes the pools. The error is the first part's that failed.
    pub(crate) async fn live(mut self, pools: Pools) -> anyhow::Result<()> {
        let mut failure = None;
        let late = overdue(self.stop.clone());
        tokio::pin!(late);
        let mut is_cut = false;
        loop {
            let ended = tokio::select! {
                ended = self.set.join_next() => ended,
                () = &mut late, if !is_cut => {
                    tracing::warn!("parts of the service did not stop in time and were cut off");
                    is_cut = true;
                    self.set.abort_all();
                    continue;
                }
            };
            match ended {
                None => break,
                Some(Ok(ended)) => self.note(ended, &mut failure),
                // Panics are caught inside, so this one was cut off just now.
                Some(Err(_)) => {}
            }
        }
        close(pools).await;
        tracing::info!("stopped");
        failure.map_or(Ok(()), Err)
    }

    fn note(&mut self, ended: Ended, failure: &mut Option<anyhow::Error>) {
        if let Err(error) = ended.outcome {
            tracing::error!(part = ended.what, error = format!("{error:#}"), "a part of the service failed; stopping");
            self.everyone.cancel();
            failure.get_or_insert(error.context(format!("{}: {}", self.service, ended.what)));
        }
        if ended.is_front {
            self.fronts = self.fronts.saturating_sub(1);
        }
        if self.fronts == 0 {
            self.end.cancel();
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "limits a stop in the machine's time")]
async fn overdue(stop: CancellationToken) {
    stop.cancelled().await;
    tokio::time::sleep(DRAIN + Duration::from_secs(2)).await;
}

async fn close(pools: Pools) {
    let closing = async { tokio::join!(pools.commands.close(), pools.follow.close()) };
    // A transaction that still runs in its own task is left to end or to be rolled back by the server.
    let _ = tokio::time::timeout(Duration::from_secs(3), closing).await;
}
