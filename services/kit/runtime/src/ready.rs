//! Whether a service can do its work, told by gRPC health and by `/readyz`. Postgres decides: without it nothing can be
//! accepted. Without NATS commands are still taken and wait in the log, so that alone makes nobody unready.

use kit_messaging::Broker;
use sqlx::PgPool;
use std::time::Duration;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tonic_health::{ServingStatus, server::HealthReporter};

const EVERY: Duration = Duration::from_secs(2);
const PATIENCE: Duration = Duration::from_secs(3);

/// What a probe found last.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Readiness {
    pub(crate) postgres: bool,
    pub(crate) nats: bool,
    pub(crate) is_draining: bool,
}

impl Readiness {
    pub(crate) fn is_ready(self) -> bool {
        self.postgres && !self.is_draining
    }
}

/// Tells the health of `names`, of the service's short name, and of the process.
#[derive(Clone)]
pub(crate) struct Teller {
    reporter: HealthReporter,
    names: Vec<&'static str>,
    state: watch::Sender<Readiness>,
}

impl Teller {
    /// Nothing serves until a probe has said so.
    pub(crate) async fn new(reporter: HealthReporter, names: Vec<&'static str>) -> Self {
        let teller = Self { reporter, names, state: watch::Sender::new(Readiness::default()) };
        teller.tell(Readiness::default()).await;
        teller
    }

    pub(crate) fn state(&self) -> watch::Receiver<Readiness> {
        self.state.subscribe()
    }

    async fn tell(&self, readiness: Readiness) {
        let status = if readiness.is_ready() { ServingStatus::Serving } else { ServingStatus::NotServing };
        for name in self.names.iter().copied().chain([""]) {
            self.reporter.set_service_status(name, status).await;
        }
        self.state.send_replace(readiness);
    }

    /// Probes until `stop`, then tells everyone to go elsewhere.
    #[expect(clippy::disallowed_methods, reason = "probes the machine, in the machine's time")]
    pub(crate) async fn watch(self, pool: PgPool, broker: Broker, stop: CancellationToken) -> anyhow::Result<()> {
        let mut last = Readiness::default();
        while !stop.is_cancelled() {
            let now = Readiness { postgres: answers(&pool).await, nats: broker.is_connected(), is_draining: false };
            if now != last {
                tracing::info!(postgres = now.postgres, nats = now.nats, "readiness changed");
                self.tell(now).await;
                last = now;
            }
            crate::telemetry::upkeep();
            stop.run_until_cancelled(tokio::time::sleep(EVERY)).await;
        }
        self.tell(Readiness { is_draining: true, ..last }).await;
        Ok(())
    }
}

async fn answers(pool: &PgPool) -> bool {
    let probe = sqlx::query_scalar::<_, i32>("SELECT 1").fetch_one(pool);
    tokio::time::timeout(PATIENCE, probe).await.is_ok_and(|answer| answer.is_ok())
}
