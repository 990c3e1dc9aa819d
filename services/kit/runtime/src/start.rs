//! The start of one service: its pools and schema, its log and broker, its parts; then everything that runs until the
//! stop.

use crate::{
    launch::{Launch, Port},
    ops,
    ready::Teller,
    running::Running,
    server::{Face, LOG_SERVICE},
    service::{Context, Parts, Service},
    tasks::Tasks,
};
use anyhow::Context as _;
use kit_config::{DbSettings, ExposeSecret as _, GrpcSettings, NatsSettings, OpsSettings, secret};
use kit_db::Pools;
use kit_grpc::{Peers, Tokens};
use kit_messaging::{Broker, BrokerError, Log, Wake};
use std::{net::SocketAddr, sync::Arc, time::Duration};
use tokio::{net::TcpListener, time::Instant};
use tokio_util::sync::CancellationToken;
use tonic_health::server::{HealthReporter, HealthService};
use tracing::{Instrument as _, info_span};

/// Starts `S`. When this returns, its schema is up to date and its ports answer; its health follows at the first probe.
///
/// # Errors
/// A setting is wrong, a dependency did not come up in time, or the service could not be built.
pub async fn start<S: Service>(launch: &Launch) -> anyhow::Result<Running> {
    let span = info_span!(parent: None, "service", service = S::NAME);
    begin::<S>(launch).instrument(span).await.with_context(|| format!("{} cannot start", S::NAME))
}

async fn begin<S: Service>(launch: &Launch) -> anyhow::Result<Running> {
    crate::telemetry::install_metrics();
    let settings = launch.settings.as_ref();
    let ports = Ports::open(launch, S::NAME)?;
    let tokens = Tokens::new(secret(settings, "JIESU_TOKEN_KEY")?.expose_secret());
    let nats = NatsSettings::read(settings)?;
    let pools = open_schema::<S>(&DbSettings::read(settings, S::NAME)?, launch).await?;
    let broker = reach(&nats, S::NAME, launch.patience).await?;

    let stop = launch.stop.child_token();
    let log = Log::new(pools.clone(), launch.env.clone(), S::NAME, Wake::default());
    let context = Context {
        name: S::NAME,
        env: launch.env.clone(),
        settings: Arc::clone(&launch.settings),
        log: log.clone(),
        peers: Peers::new(Arc::clone(&launch.settings)),
        tokens: tokens.clone(),
        stop: stop.clone(),
    };
    let parts = S::build(context).await?;
    let log = parts.clock.as_ref().map_or_else(|| log.clone(), |clock| log.with_clock(Arc::clone(clock)));
    let core = Core { name: S::NAME, launch: launch.clone(), log, broker, pools, tokens, stop };
    core.run(parts, ports).await
}

struct Ports {
    grpc: TcpListener,
    http: Option<TcpListener>,
    ops: Option<TcpListener>,
}

impl Ports {
    fn open(launch: &Launch, name: &str) -> anyhow::Result<Self> {
        let grpc = GrpcSettings::read(launch.settings.as_ref(), name)?;
        let beside = OpsSettings::read(launch.settings.as_ref(), name)?;
        Ok(Self {
            grpc: launch.listeners.take(name, Port::Grpc, Some(grpc.listen))?.context("no port for gRPC")?,
            http: launch.listeners.take(name, Port::Http, beside.http)?,
            ops: launch.listeners.take(name, Port::Ops, beside.ops)?,
        })
    }
}

/// Connects to the broker, and tries again until `patience` has passed; a server that is too old stays so.
#[expect(clippy::disallowed_methods, reason = "waits for a server of the machine, in the machine's time")]
async fn reach(settings: &NatsSettings, name: &str, patience: Duration) -> anyhow::Result<Broker> {
    let deadline = Instant::now() + patience;
    loop {
        match Broker::connect(settings, name).await {
            Ok(broker) => return Ok(broker),
            Err(error) if is_for_good(&error) || Instant::now() >= deadline => {
                return Err(error).context("the stream cannot be used");
            }
            Err(error) => {
                tracing::info!(%error, "waiting for NATS");
                tokio::time::sleep(Duration::from_millis(500)).await;
            }
        }
    }
}

fn is_for_good(error: &BrokerError) -> bool {
    matches!(error, BrokerError::TooOld { .. } | BrokerError::Different { .. } | BrokerError::Missing(_))
}

/// Connects and migrates, and tries again until `patience` has passed.
#[expect(clippy::disallowed_methods, reason = "waits for a server of the machine, in the machine's time")]
async fn open_schema<S: Service>(settings: &DbSettings, launch: &Launch) -> anyhow::Result<Pools> {
    let deadline = Instant::now() + launch.patience;
    loop {
        match try_open::<S>(settings, launch.is_migrated).await {
            Ok(pools) => return Ok(pools),
            Err(error) if error.is_outage() && Instant::now() < deadline => {
                tracing::info!(%error, "waiting for Postgres");
                tokio::time::sleep(Duration::from_millis(500)).await;
            }
            Err(error) => return Err(error).context("the database cannot be used"),
        }
    }
}

async fn try_open<S: Service>(settings: &DbSettings, is_migrated: bool) -> kit_db::Result<Pools> {
    let pools = kit_db::connect(settings, S::NAME).await?;
    if is_migrated {
        return Ok(pools);
    }
    let schema = kit_db::schema_name(S::NAME);
    kit_db::migrate(&pools.commands, &schema, &kit_messaging::MIGRATOR).await?;
    kit_db::migrate(&pools.commands, &schema, S::migrator()).await?;
    Ok(pools)
}

struct Core {
    name: &'static str,
    launch: Launch,
    log: Log,
    broker: Broker,
    pools: Pools,
    tokens: Tokens,
    stop: CancellationToken,
}

impl Core {
    /// Sets everything going that lives as long as the service.
    async fn run(self, parts: Parts, ports: Ports) -> anyhow::Result<Running> {
        let grpc = ports.grpc.local_addr()?;
        let http = local(ports.http.as_ref());
        let ops_at = local(ports.ops.as_ref());
        let reporter = HealthReporter::new();
        let health = HealthService::from_health_reporter(reporter.clone());
        let names: Vec<&'static str> = parts.health.iter().copied().chain([LOG_SERVICE, self.name]).collect();
        let teller = Teller::new(reporter, names).await;
        let face = Face {
            name: self.name,
            routes: parts.grpc,
            health: tonic_health::pb::health_server::HealthServer::new(health),
            names: parts.health,
            log: self.log.clone(),
            broker: self.broker.clone(),
            tokens: self.tokens,
            env: self.log.env().clone(),
        };

        let stop = self.stop;
        let mut tasks = Tasks::new(self.name, stop.clone(), self.launch.stop.clone());
        // The log is relayed until the last command has ended, and the numbers can be read until the end.
        let end = tasks.end();
        tasks.behind("producer", kit_messaging::produce(self.log.clone(), self.broker.clone(), end.clone()));
        if let Some(listener) = ports.ops {
            tasks.behind_fallible("ops", ops::serve(ops::router(teller.state()), listener, end));
        }
        let follows = parts.handler.as_ref().map_or(&[][..], |handler| handler.follows());
        if let Some(handler) = parts.handler {
            let follow = kit_messaging::follow(self.log, self.broker.clone(), handler, stop.clone());
            tasks.front("follower", async move {
                follow.await;
                Ok(())
            });
        }
        if let (Some(router), Some(listener)) = (parts.http, ports.http) {
            tasks.front("http", ops::serve(router, listener, stop.clone()));
        }
        for work in parts.loops {
            tasks.front("loop", work);
        }
        tasks.front("grpc", face.serve(ports.grpc, stop.clone()));
        tasks.front("readiness", teller.watch(self.pools.commands.clone(), self.broker, stop.clone()));
        tracing::info!(%grpc, "started");
        let life =
            tokio::spawn(tasks.live(self.pools).instrument(info_span!(parent: None, "service", service = self.name)));
        Ok(Running { name: self.name, follows, grpc, http, ops: ops_at, stop, life })
    }
}

fn local(listener: Option<&TcpListener>) -> Option<SocketAddr> {
    listener.and_then(|listener| listener.local_addr().ok())
}
