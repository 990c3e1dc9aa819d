//! Every service as a process of its own, as operations teams run them, in a database and a namespace of this run.

use crate::{
    client::{Client, Ready},
    desk::until,
};
use anyhow::{Context as _, Result, ensure};
use kit_core::Problem;
use rand::Rng as _;
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, PgPool, postgres::PgConnectOptions};
use std::{
    collections::BTreeMap,
    net::TcpListener,
    path::PathBuf,
    process::{Child, Command, Stdio},
    time::Duration,
};

/// The services in the order of a case's life.
pub const SERVICES: &[&str] =
    &["intake", "triage", "assignment", "resolution", "deadline-watcher", "notification", "records", "console"];
const PATIENCE: Duration = Duration::from_secs(60);

/// The running system.
pub struct Fleet {
    pub client: Client,
    pub ready: Ready,
    /// Administrator's connection to this run's database.
    pub admin: PgPool,
    services: Processes,
    database: String,
    server: PgConnectOptions,
    folder: PathBuf,
}

impl Fleet {
    /// Starts everything on these servers and waits until it is healthy and has its demo organisation.
    ///
    /// # Errors
    /// Something does not start.
    pub async fn start(postgres: &str, nats: &str, receipt_kib: Option<u32>) -> Result<Self> {
        let run = format!("jiesu_bench_{:08x}", rand::rng().random::<u32>());
        let server: PgConnectOptions = postgres.parse().context("the Postgres URL cannot be read")?;
        sqlx::query(AssertSqlSafe(format!("CREATE DATABASE {run}"))).execute(&mut server.connect().await?).await?;
        let folder = std::env::temp_dir().join(&run);
        std::fs::create_dir_all(&folder)?;
        let ports = ports(SERVICES.len() + 1)?;
        let mut settings = settings(&server, &run, nats, &ports, &folder);
        if let Some(kib) = receipt_kib {
            settings.insert("JIESU_RECEIPT_ARGON_KIB".to_owned(), kib.to_string());
        }
        ours("bootstrap", &settings).status().context("bootstrap does not start")?;
        let mut services = Processes::default();
        for service in SERVICES {
            let log = std::fs::File::create(folder.join(format!("{service}.log")))?;
            let child = ours("serve", &settings).arg(service).stderr(log).spawn()?;
            services.0.push((*service, child));
        }
        let admin = PgPool::connect_with(server.clone().database(&run)).await?;
        let grpc = SERVICES
            .iter()
            .zip(&ports)
            .map(|(s, port)| ((*s).to_owned(), format!("http://127.0.0.1:{port}")))
            .collect();
        let http = format!("http://127.0.0.1:{}", ports.last().copied().unwrap_or(0));
        let (postgres, nats) = (postgres.to_owned(), nats.to_owned());
        let mut ready = Ready { http, grpc, postgres, nats, data: None, sign_ins: Vec::new() };
        let client = ready.client();
        for service in SERVICES {
            healthy(service, &settings).await?;
        }
        let seeded =
            ours("seed", &settings).arg("--demo").stdout(Stdio::piped()).output().context("seed does not start")?;
        ensure!(seeded.status.success(), "seed failed; see {}", folder.display());
        ready.sign_ins = serde_json::from_slice::<Seeded>(&seeded.stdout).context("seed prints its sign-ins")?.sign_ins;
        Ok(Self { client, ready, admin, services, database: run, server, folder })
    }

    /// The process of each service.
    pub fn processes(&self) -> Vec<(&'static str, u32)> {
        self.services.0.iter().map(|(service, child)| (*service, child.id())).collect()
    }

    /// Ends the processes and drops the database.
    ///
    /// # Errors
    /// The database cannot be dropped.
    pub async fn stop(mut self) -> Result<()> {
        for (_, child) in &mut self.services.0 {
            let pid = nix::unistd::Pid::from_raw(i32::try_from(child.id()).unwrap_or(0));
            let _ = nix::sys::signal::kill(pid, nix::sys::signal::Signal::SIGTERM);
        }
        for (_, child) in &mut self.services.0 {
            let _ = child.wait();
        }
        self.admin.close().await;
        let mut server = self.server.connect().await?;
        sqlx::query(AssertSqlSafe(format!("DROP DATABASE {} WITH (FORCE)", self.database)))
            .execute(&mut server)
            .await?;
        server.close().await?;
        let _ = std::fs::remove_dir_all(&self.folder);
        Ok(())
    }
}

/// The processes, ended with whoever holds them, be it in the middle of a start that fails.
#[derive(Default)]
pub(super) struct Processes(pub(super) Vec<(&'static str, Child)>);

impl Drop for Processes {
    fn drop(&mut self) {
        for (_, child) in &mut self.0 {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// What `jiesu seed` prints.
#[derive(serde::Deserialize)]
struct Seeded {
    sign_ins: Vec<crate::client::SignIn>,
}

/// What every service of an installation is started with.
pub type Settings = BTreeMap<String, String>;

/// This program with another command.
pub(super) fn ours(command: &str, settings: &Settings) -> Command {
    let mut process = Command::new(std::env::current_exe().unwrap_or_else(|_| "jiesu".into()));
    process.arg(command).envs(settings).env("JIESU_LOG", "warn").stdout(Stdio::null());
    process
}

/// Free ports; held until all are known, so that no two are the same.
pub(super) fn ports(count: usize) -> Result<Vec<u16>> {
    let held = (0..count).map(|_| TcpListener::bind("127.0.0.1:0")).collect::<std::io::Result<Vec<_>>>()?;
    Ok(held.iter().map(|listener| listener.local_addr().map(|at| at.port())).collect::<std::io::Result<Vec<_>>>()?)
}

/// The settings of an installation whose services listen on these ports, the last one being the console's for HTTP.
pub fn settings(
    server: &PgConnectOptions,
    database: &str,
    nats: &str,
    ports: &[u16],
    folder: &std::path::Path,
) -> Settings {
    let secret = || hex::encode(rand::random::<[u8; 32]>());
    let admin = server.clone().database(database).to_url_lossy();
    let mut settings = Settings::from([
        ("JIESU_DATABASE_ADMIN_URL".to_owned(), admin.to_string()),
        ("JIESU_NATS_URL".to_owned(), nats.to_owned()),
        ("JIESU_NATS_NAMESPACE".to_owned(), database.to_owned()),
        ("JIESU_TOKEN_KEY".to_owned(), secret()),
        ("JIESU_VAULT_KEY".to_owned(), secret()),
        ("JIESU_MAIL_FOLDER".to_owned(), folder.join("mail").display().to_string()),
    ]);
    for (service, port) in SERVICES.iter().zip(ports) {
        let name = service.replace('-', "_");
        let mut url = admin.clone();
        let (_, _) = (url.set_username(&format!("jiesu_{name}")), url.set_password(Some(&secret())));
        let key = name.to_uppercase();
        settings.insert(format!("JIESU_{key}_DATABASE_URL"), url.to_string());
        settings.insert(format!("JIESU_{key}_LISTEN"), format!("127.0.0.1:{port}"));
        settings.insert(format!("JIESU_{key}_URL"), format!("http://127.0.0.1:{port}"));
    }
    let http = ports.last().copied().unwrap_or(0);
    settings.insert("JIESU_CONSOLE_HTTP_LISTEN".to_owned(), format!("127.0.0.1:{http}"));
    settings
}

/// Waits until the service says that it is well.
pub(super) async fn healthy(service: &'static str, settings: &Settings) -> Result<()> {
    until(service, PATIENCE, async || {
        let checked = ours("healthcheck", settings).arg(service).stderr(Stdio::null()).status();
        let checked =
            checked.map_err(|error| Problem::conflict("not-started", error.to_string(), error.to_string()))?;
        Ok(checked.success().then_some(()))
    })
    .await?;
    Ok(())
}
