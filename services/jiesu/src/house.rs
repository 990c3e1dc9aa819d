//! All services in one process, over a Postgres and a NATS server that are there already: for `jiesu up`, and for tests
//! that run the whole house, perhaps in simulated time.

use crate::services;
use anyhow::{Context as _, Result};
use kit_config::{MapSource, Source, service_key};
use kit_core::Env;
use kit_grpc::{Call, Peers, Tokens};
use kit_runtime::Launch;
use sqlx::{ConnectOptions as _, Connection as _, PgConnection, postgres::PgConnectOptions};
use std::{collections::BTreeMap, net::SocketAddr, str::FromStr as _, sync::Arc, time::Duration};
use tokio_util::sync::CancellationToken;

/// What the whole house is started with.
#[derive(Clone)]
pub struct Options {
    pub env: Env,
    /// An administrator's address of the database to use.
    pub admin_url: String,
    pub nats_url: String,
    pub namespace: String,
    /// The database password of each service; `test` where none is given.
    pub passwords: BTreeMap<String, String>,
    pub token_key: String,
    /// Where the pages are served; none for no pages.
    pub http: Option<SocketAddr>,
    /// Further settings, by key; they go before `below`.
    pub settings: BTreeMap<String, String>,
    /// Where settings come from that nobody made here.
    pub below: Arc<dyn Source>,
    /// How long to wait for Postgres and NATS, and for all to be healthy.
    pub patience: Duration,
    /// The database is a copy of one in which these services ran.
    pub is_migrated: bool,
}

impl Options {
    /// A house by the machine's clock, with keys that are good for tests alone.
    pub fn new(admin_url: impl Into<String>, nats_url: impl Into<String>, namespace: impl Into<String>) -> Self {
        let vault_key = ("JIESU_VAULT_KEY".to_owned(), "11".repeat(32));
        Self {
            env: Env::system(),
            admin_url: admin_url.into(),
            nats_url: nats_url.into(),
            namespace: namespace.into(),
            passwords: BTreeMap::new(),
            token_key: "a token key for tests alone".to_owned(),
            http: Some(SocketAddr::from(([127, 0, 0, 1], 0))),
            settings: BTreeMap::from([vault_key]),
            below: Arc::new(MapSource::default()),
            patience: Duration::from_secs(60),
            is_migrated: false,
        }
    }
}

struct Over {
    above: MapSource,
    below: Arc<dyn Source>,
}

impl Source for Over {
    fn get(&self, key: &str) -> Option<String> {
        self.above.get(key).or_else(|| self.below.get(key))
    }
}

/// The whole house, running.
pub struct Running {
    /// Where each service speaks gRPC.
    pub grpc: BTreeMap<String, SocketAddr>,
    /// Where the pages are.
    pub http: Option<SocketAddr>,
    pub env: Env,
    pub tokens: Tokens,
    pub settings: Arc<dyn Source>,
    /// Cancelled when the house stops, or when one of its services has failed.
    pub stop: CancellationToken,
    services: Vec<kit_runtime::Running>,
}

/// Makes the roles and schemas, starts every service and waits until all are healthy.
///
/// # Errors
/// One of them cannot start; the others are stopped.
pub async fn start_all(options: Options) -> Result<Running> {
    bootstrap(&options.admin_url, &options.passwords).await?;
    start_in(options).await
}

/// The same, in a database that has its roles and schemas.
///
/// # Errors
/// One of the services cannot start; the others are stopped.
pub async fn start_in(options: Options) -> Result<Running> {
    let mut launch = Launch::new(options.env.clone(), Arc::new(MapSource::default()));
    launch.patience = options.patience;
    launch.is_migrated = options.is_migrated;
    let (above, grpc, http) = settings(&options, &launch)?;
    launch.settings = Arc::new(Over { above, below: options.below });
    let started = futures::future::try_join_all(services::NAMES.iter().map(|name| services::start(name, &launch)));
    let services = match started.await {
        Ok(services) => services,
        Err(error) => {
            launch.stop.cancel();
            return Err(error);
        }
    };
    let running = Running {
        grpc,
        http,
        env: options.env,
        tokens: Tokens::new(options.token_key),
        settings: launch.settings,
        stop: launch.stop,
        services,
    };
    if let Err(error) = running.wait_until_healthy(options.patience).await {
        running.stop.cancel();
        return Err(error);
    }
    Ok(running)
}

impl Running {
    /// Channels to the services.
    pub fn peers(&self) -> Peers {
        Peers::new(Arc::clone(&self.settings))
    }

    /// A call in the name of the installation itself.
    pub fn call(&self) -> Call {
        Call::with_token(self.tokens.issue("service:jiesu", self.env.now(), chrono::TimeDelta::hours(1)))
    }

    /// Where a service speaks gRPC, as `http://…`.
    pub fn url(&self, service: &str) -> Option<String> {
        self.grpc.get(service).map(|at| format!("http://{at}"))
    }

    /// Whose events each service applies: (follower, producer).
    pub fn follows(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        self.services.iter().flat_map(|service| service.follows.iter().map(|producer| (service.name, *producer)))
    }

    /// Completes when the house is to stop, whoever asked.
    pub async fn stopping(&self) {
        self.stop.cancelled().await;
    }

    /// Stops everything and waits for it.
    ///
    /// # Errors
    /// What the first service that failed died of.
    pub async fn stop(self) -> Result<()> {
        self.stop.cancel();
        let ends = futures::future::join_all(self.services.into_iter().map(kit_runtime::Running::finished)).await;
        ends.into_iter().collect()
    }

    async fn wait_until_healthy(&self, patience: Duration) -> Result<()> {
        let peers = self.peers();
        let all = services::NAMES.iter().map(|name| crate::health::wait(&peers, name, patience));
        futures::future::try_join_all(all).await?;
        Ok(())
    }
}

/// The name by which passwords and the database know the check from outside.
pub const DEAD_MAN: &str = "dead_man";

/// Makes the role and the schema of each service, and the role of the dead-man check where it has a password.
///
/// # Errors
/// The address is wrong, or not an administrator's.
pub async fn bootstrap(admin_url: &str, passwords: &BTreeMap<String, String>) -> Result<()> {
    let accounts: Vec<(String, &str)> = services::NAMES
        .iter()
        .map(|name| (kit_db::schema_name(name), passwords.get(*name).map_or("test", String::as_str)))
        .collect();
    let accounts: Vec<(&str, &str)> = accounts.iter().map(|(schema, password)| (schema.as_str(), *password)).collect();
    let mut admin = PgConnection::connect(admin_url).await.context("the administrator cannot reach Postgres")?;
    kit_db::bootstrap(&mut admin, &accounts).await.context("the roles and schemas cannot be made")?;
    if let Some(password) = passwords.get(DEAD_MAN) {
        let watched = kit_db::schema_name("deadline-watcher");
        let made = kit_db::guest(&mut admin, DEAD_MAN, password, &watched);
        made.await.context("the role of the dead-man check cannot be made")?;
    }
    admin.close().await?;
    Ok(())
}

type Addresses = BTreeMap<String, SocketAddr>;

/// Binds every port first: a service must know its peers' addresses before they serve.
fn settings(options: &Options, launch: &Launch) -> Result<(MapSource, Addresses, Option<SocketAddr>)> {
    let admin = PgConnectOptions::from_str(&options.admin_url).context("the database's address cannot be read")?;
    let mut made = MapSource::new(options.settings.clone());
    made.set("JIESU_NATS_URL", options.nats_url.clone());
    made.set("JIESU_NATS_NAMESPACE", options.namespace.clone());
    made.set("JIESU_TOKEN_KEY", options.token_key.clone());
    let mut grpc = Addresses::new();
    for name in services::NAMES {
        let at = launch.listeners.bind_grpc(name, SocketAddr::from(([127, 0, 0, 1], 0)))?;
        made.set(service_key(name, "URL"), format!("http://{at}"));
        grpc.insert((*name).to_owned(), at);
        let role = kit_db::role_name(&kit_db::schema_name(name));
        let password = options.passwords.get(*name).map_or("test", String::as_str);
        let mut url = admin.to_url_lossy();
        let is_set = url.set_username(&role).is_ok() && url.set_password(Some(password)).is_ok();
        anyhow::ensure!(is_set, "the database's address takes no user");
        made.set(service_key(name, "DATABASE_URL"), url);
    }
    let http = match options.http {
        Some(at) => Some(launch.listeners.bind_http("console", at)?),
        None => None,
    };
    if let (Some(at), None) =
        (http, made.get("JIESU_CONSOLE_PUBLIC_URL").or_else(|| options.below.get("JIESU_CONSOLE_PUBLIC_URL")))
    {
        made.set("JIESU_CONSOLE_PUBLIC_URL", format!("http://{at}"));
    }
    Ok((made, grpc, http))
}
