//! An installation for fault tests: every service a real process, over a Postgres and a NATS server of the test's own,
//! each of which may die at any moment and comes back at the same place.

mod disk;
mod nats;
mod postgres;
mod process;
mod shape;

pub use disk::Disk;
pub use nats::Nats;
pub use postgres::Postgres;
pub use process::{Process, Spec, send};
pub use shape::{Shape, Wrap};

use jiesu::{
    bench::fleet::{SERVICES, Settings},
    client::{Client, Ready, SignIn},
    desk::{Person, until},
    health,
};
use kit_config::{EnvSource, MapSource, Source as _};
use kit_core::Problem;
use kit_grpc::Peers;
use nix::sys::signal::Signal;
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, PgConnection, postgres::PgConnectOptions};
use std::{
    fs,
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::{Arc, LazyLock},
    time::Duration,
};
use tokio::sync::{Mutex, OwnedMutexGuard};

const PATIENCE: Duration = Duration::from_secs(90);
const DATABASE: &str = "jiesu";
const NAMESPACE: &str = "faults";

/// The running installation.
pub struct Fleet {
    pub client: Client,
    /// Where the console serves pages and the API.
    pub http: String,
    pub folder: PathBuf,
    pub postgres: Postgres,
    pub nats: Nats,
    pub services: Vec<Process>,
    pub settings: Settings,
    shape: Shape,
    peers: Peers,
    sign_ins: Vec<SignIn>,
    _turn: OwnedMutexGuard<()>,
}

/// One fleet at a time, also where all tests run in one process.
static TURN: LazyLock<Arc<Mutex<()>>> = LazyLock::new(Arc::default);

impl Fleet {
    /// Starts everything as `shape` says, and waits until it is healthy and has the demo organisation.
    pub async fn start(shape: Shape) -> Self {
        // Only the first call of a process installs it.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let turn = Arc::clone(&TURN).lock_owned().await;
        let folder = std::env::temp_dir().join(format!("jiesu-faults-{:08x}", rand::random::<u32>()));
        fs::create_dir_all(&folder).unwrap();
        // The user that Postgres runs as must be able to pass through.
        fs::set_permissions(&folder, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
        println!("the logs of this run are in {}", folder.display());
        let ports = ports(SERVICES.len() + 3);
        let (at_postgres, at_nats) = (ports[SERVICES.len() + 1], ports[SERVICES.len() + 2]);
        let (nats_folder, postgres_folder) = (folder.join("nats"), folder.join("postgres"));
        let (postgres, nats) = tokio::join!(
            Postgres::start(&postgres_folder, at_postgres),
            Nats::start(&nats_folder, at_nats, NAMESPACE, shape.store_disk())
        );
        let mut admin = PgConnection::connect_with(&postgres.options()).await.unwrap();
        sqlx::query(AssertSqlSafe(format!("CREATE DATABASE {DATABASE}"))).execute(&mut admin).await.unwrap();
        let listen = ports.get(..=SERVICES.len()).unwrap_or_default();
        let nats_url = shape.nats_url(&nats).await;
        let mut settings = jiesu::bench::fleet::settings(&postgres.options(), DATABASE, &nats_url, listen, &folder);
        settings.insert("JIESU_NATS_NAMESPACE".to_owned(), NAMESPACE.to_owned());
        settings.insert("JIESU_RECEIPT_ARGON_KIB".to_owned(), "1024".to_owned());
        settings.insert("JIESU_LOG".to_owned(), EnvSource.get("JIESU_FAULT_LOG").unwrap_or_else(|| "warn".to_owned()));
        let bootstrap = ours("bootstrap", &settings).output().unwrap();
        assert!(bootstrap.status.success(), "{}", String::from_utf8_lossy(&bootstrap.stderr));
        let services = SERVICES.iter().map(|service| Process::start(shape.spec(service, &settings, &folder))).collect();
        let peers = Peers::new(Arc::new(MapSource::new(shape.reached(&settings))));
        let http = format!("http://127.0.0.1:{}", listen.last().copied().unwrap_or(0));
        let (client, sign_ins) = (Client::new(peers.clone()), Vec::new());
        let mut fleet =
            Self { client, http, folder, postgres, nats, services, settings, shape, peers, sign_ins, _turn: turn };
        fleet.healthy().await;
        fleet.seed().await;
        fleet
    }

    async fn seed(&mut self) {
        let settings = self.shape.reached(&self.settings);
        let seeding = tokio::task::spawn_blocking(move || ours("seed", &settings).arg("--demo").output().unwrap());
        let seeded = seeding.await.unwrap();
        assert!(seeded.status.success(), "seed: {}", String::from_utf8_lossy(&seeded.stderr));
        let ready: Ready = serde_json::from_value(serde_json::json!({
            "http": self.http, "grpc": {},
            "sign_ins": serde_json::from_slice::<serde_json::Value>(&seeded.stdout).unwrap()["sign_ins"],
        }))
        .unwrap();
        self.sign_ins = ready.sign_ins;
    }

    /// The process of a service.
    pub fn service(&self, name: &str) -> &Process {
        self.services.iter().find(|process| process.name() == name).unwrap()
    }

    /// Every process, the servers too.
    pub fn processes(&self) -> impl Iterator<Item = &Process> {
        self.services.iter().chain([&self.nats.process, &self.postgres.process])
    }

    /// A second instance of a service, beside the first, with `more` settings.
    pub fn another(&self, service: &str, name: &str, more: &[(&str, String)]) -> Process {
        let mut settings = self.settings.clone();
        settings.extend(more.iter().map(|(key, value)| ((*key).to_owned(), value.clone())));
        let mut spec = self.shape.spec(service, &settings, &self.folder);
        name.clone_into(&mut spec.name);
        spec.log = self.folder.join(format!("{name}.log"));
        Process::start(spec)
    }

    /// Signs someone of the demo organisation in, such as `b01.head`.
    pub async fn person(&self, login: &str) -> Person {
        let sign_in = self.sign_ins.iter().find(|one| one.login == login).unwrap();
        until(login, PATIENCE, async || Person::sign_in(&self.client, login, &sign_in.password).await.map(Some))
            .await
            .unwrap()
    }

    /// A connection of the administrator to the services' database, as soon as there is one.
    pub async fn admin(&self) -> PgConnection {
        until("a connection", PATIENCE, async || {
            let connected = PgConnection::connect_with(&self.admin_options()).await;
            connected.map(Some).map_err(|error| Problem::conflict("not-yet", "", error.to_string()))
        })
        .await
        .unwrap()
    }

    /// Where the services' database is.
    pub fn admin_options(&self) -> PgConnectOptions {
        self.postgres.options().database(DATABASE).disable_statement_logging()
    }

    /// Waits until both servers and every service answer.
    pub async fn healthy(&self) {
        tokio::join!(self.postgres.answers(), self.nats.answers());
        for service in &self.services {
            until(&format!("{} to be healthy", service.name()), PATIENCE, async || {
                let checked = health::check(self.peers.channel(service.name())).await;
                checked.map(Some).map_err(|error| Problem::conflict("not-yet", "", error.to_string()))
            })
            .await
            .unwrap();
        }
    }

    /// From now on services start with a crash point, where the shape has them.
    pub fn sicken(&self) {
        self.shape.set_sick(true);
    }

    /// No more deaths from within: from now on processes start without a crash point, and those that have one are
    /// started anew.
    pub async fn heal(&self) {
        if self.shape.set_sick(false) {
            for service in &self.services {
                service.kill();
            }
        }
        self.healthy().await;
    }

    /// Ends everything, and removes the folder; it stays where a test failed.
    pub async fn stop(self) {
        for service in &self.services {
            service.hold().await;
        }
        self.nats.process.hold().await;
        self.postgres.process.stop(Signal::SIGINT).await;
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// A random stop between two faults. What they interrupt must not be at rest, so there is nothing to wait for.
#[expect(clippy::disallowed_methods, reason = "the machine's time passes between faults")]
pub async fn pause(length: Duration) {
    tokio::time::sleep(length).await;
}

fn ours(command: &str, settings: &Settings) -> Command {
    let mut process = Command::new(program());
    process.arg(command).envs(settings).stdin(Stdio::null());
    process
}

/// The one binary, beside the test's own folder.
fn program() -> PathBuf {
    let beside = || Some(std::env::current_exe().ok()?.parent()?.parent()?.join("jiesu"));
    let program = EnvSource.get("JIESU_BIN").map(PathBuf::from).or_else(beside).unwrap();
    assert!(program.is_file(), "{} is not there: cargo build -p system-tests --tests -p jiesu", program.display());
    program
}

/// Free ports below those that the kernel gives to whoever connects: one of ours stays free while its service is dead.
fn ports(count: usize) -> Vec<u16> {
    let mut held = Vec::new();
    while held.len() < count {
        let port = rand::random_range(15_000..32_000);
        held.extend(TcpListener::bind(("0.0.0.0", port)));
    }
    held.iter().map(|listener| listener.local_addr().unwrap().port()).collect()
}

fn log_of(folder: &Path, service: &str) -> PathBuf {
    folder.join(format!("{service}.log"))
}
