//! `jiesu up`: the whole house in this process. Without any configuration it brings its own Postgres and NATS, makes its
//! secrets once, and is ready for the first complaint when it says so.

use crate::{
    cmd::{progress, quiet},
    demo_org::SignIn,
    house::{self, Options, Running, start_all},
    private::{Folder, Keep, Servers, data_folder, write_secret},
    secrets::Secrets,
    seed::Seeder,
};
use anyhow::{Context as _, Result, bail};
use kit_config::{EnvSource, Source as _};
use kit_runtime::{on_signals, telemetry};
use serde::Serialize;
use std::{
    collections::BTreeMap,
    net::{SocketAddr, TcpListener},
    path::{Path, PathBuf},
    sync::Arc,
};
use tokio_util::sync::CancellationToken;

const FIRST_PORT: u16 = 8080;

#[derive(clap::Args, Debug)]
pub(crate) struct Args {
    /// Also makes a demo organisation and shows how its people sign in
    #[arg(long)]
    demo: bool,
    /// Where everything is kept: ~/.local/share/jiesu (as root: /var/lib/jiesu) if not given
    #[arg(long)]
    data: Option<PathBuf>,
    /// Written as JSON once everything is ready
    #[arg(long)]
    ready_file: Option<PathBuf>,
    /// Where the pages are served, as PORT or ADDRESS:PORT; 0 picks a free one; 8080 or the next that is free if not given
    #[arg(long)]
    http: Option<String>,
}

/// What the ready file says.
#[derive(Serialize)]
struct Ready<'a> {
    http: String,
    grpc: BTreeMap<&'a str, String>,
    nats: &'a str,
    postgres: &'a str,
    data: &'a Path,
    sign_ins: &'a [SignIn],
}

/// Runs until a signal stops it or a service fails.
///
/// # Errors
/// Something cannot start, or failed.
pub(crate) async fn run(args: Args) -> Result<()> {
    let _telemetry = telemetry::init(&quiet(&EnvSource))?;
    let stop = CancellationToken::new();
    on_signals(stop.clone())?;
    let folder = Folder::take(&args.data.clone().unwrap_or_else(data_folder))?;
    // Stopped half-way, what has started ends with the handles that are dropped here.
    let Some(up) = stop.run_until_cancelled(Up::start(&args, &folder)).await else { return Ok(()) };
    let up = up?;
    let files = up.announce(&args)?;
    tokio::select! {
        () = stop.cancelled() => progress("正在停止 / stopping"),
        () = up.house.stopping() => progress("有服务出错,正在停止 / a service failed; stopping"),
    }
    for file in files {
        let _ = std::fs::remove_file(file);
    }
    let outcome = up.house.stop().await;
    if let Some(servers) = up.servers {
        servers.stop().await;
    }
    progress("已停止 / stopped");
    outcome
}

struct Up {
    house: Running,
    /// None where the servers are someone else's.
    servers: Option<Servers>,
    postgres: String,
    nats: String,
    data: PathBuf,
    sign_ins: Vec<SignIn>,
}

impl Up {
    async fn start(args: &Args, folder: &Folder) -> Result<Self> {
        let secrets = Secrets::of(folder.path())?;
        let given = (EnvSource.get("JIESU_DATABASE_ADMIN_URL"), EnvSource.get("JIESU_NATS_URL"));
        let (servers, postgres, nats) = match given {
            (Some(postgres), Some(nats)) => (None, postgres, nats),
            (None, None) => {
                progress(&format!(
                    "正在启动 Postgres 和 NATS / starting Postgres and NATS in {}",
                    folder.path().display()
                ));
                let keep = Keep::Safe { postgres: secrets.postgres.clone(), nats: secrets.nats.clone() };
                let servers = Servers::start(folder.path(), &EnvSource, &keep).await?;
                let (postgres, nats) = (servers.postgres_url.clone(), servers.nats_url.clone());
                (Some(servers), postgres, nats)
            }
            _ => bail!("set both JIESU_DATABASE_ADMIN_URL and JIESU_NATS_URL, or neither"),
        };
        progress("正在启动各项服务 / starting the services");
        let house = start_all(options(&secrets, args, folder, &postgres, &nats)?).await?;
        let sign_ins = match seed(&house, &secrets, args.demo).await {
            Ok(sign_ins) => sign_ins,
            Err(error) => {
                let _ = house.stop().await;
                return Err(error);
            }
        };
        Ok(Self { house, servers, postgres, nats, data: folder.path().to_path_buf(), sign_ins })
    }

    /// Tells the person and the files; answers the files, to be removed at the stop.
    fn announce(&self, args: &Args) -> Result<Vec<PathBuf>> {
        let http = self.house.http.map(|at| format!("http://{at}")).unwrap_or_default();
        let ready = Ready {
            http: http.clone(),
            grpc: self.house.grpc.iter().map(|(name, at)| (name.as_str(), format!("http://{at}"))).collect(),
            nats: &self.nats,
            postgres: &self.postgres,
            data: &self.data,
            sign_ins: &self.sign_ins,
        };
        let text = serde_json::to_string_pretty(&ready)?;
        let files: Vec<PathBuf> =
            [Some(self.data.join("ready.json")), args.ready_file.clone()].into_iter().flatten().collect();
        for file in &files {
            write_secret(file, &text)?;
        }
        progress(&format!("已就绪 / ready: {http}"));
        for (name, at) in &self.house.grpc {
            progress(&format!("  {name:<18} gRPC {at}"));
        }
        self.tell_sign_ins();
        progress("按 Ctrl-C 停止 / press Ctrl-C to stop");
        Ok(files)
    }

    fn tell_sign_ins(&self) {
        let Some(first) = self.sign_ins.first() else { return };
        progress(&format!("演示账号,密码均为 / demo sign-ins, the password of all: {}", first.password));
        let shown = |one: &&SignIn| ["b01.", "r1.", "hq."].iter().any(|prefix| one.login.starts_with(prefix));
        for one in self.sign_ins.iter().filter(shown) {
            progress(&format!("  {:<14} {}  {}", one.login, one.name, one.roles.join(", ")));
        }
        progress("  … b02–b12, r2, r3 同理 / likewise");
    }
}

fn options(secrets: &Secrets, args: &Args, folder: &Folder, postgres: &str, nats: &str) -> Result<Options> {
    let namespace = EnvSource.get("JIESU_NATS_NAMESPACE").unwrap_or_else(|| "jiesu".to_owned());
    let mut options = Options::new(postgres, nats, namespace);
    options.passwords.clone_from(&secrets.services);
    options.passwords.insert(house::DEAD_MAN.to_owned(), secrets.dead_man.clone());
    options.token_key = EnvSource.get("JIESU_TOKEN_KEY").unwrap_or_else(|| secrets.token_key.clone());
    options.http = Some(pages_at(args.http.as_deref())?);
    options.below = Arc::new(EnvSource);
    options.settings.clear();
    if EnvSource.get("JIESU_VAULT_KEY").is_none() {
        options.settings.insert("JIESU_VAULT_KEY".to_owned(), secrets.vault_key.clone());
    }
    if EnvSource.get("JIESU_SMTP_URL").is_none() && EnvSource.get("JIESU_MAIL_FOLDER").is_none() {
        let mail = folder.path().join("mail");
        std::fs::create_dir_all(&mail)?;
        options.settings.insert("JIESU_MAIL_FOLDER".to_owned(), mail.to_string_lossy().into_owned());
    }
    Ok(options)
}

/// Where the pages are served: as asked, or the first free port from 8080.
fn pages_at(asked: Option<&str>) -> Result<SocketAddr> {
    let local = |port| SocketAddr::from(([127, 0, 0, 1], port));
    if let Some(text) = asked {
        let port = text.parse::<u16>().map(local);
        return port.or_else(|_| text.parse()).with_context(|| format!("--http {text}: give PORT or ADDRESS:PORT"));
    }
    let free = (FIRST_PORT..FIRST_PORT + 100).map(local).find(|at| TcpListener::bind(at).is_ok());
    free.context("no port from 8080 to 8179 is free; choose one with --http")
}

async fn seed(house: &Running, secrets: &Secrets, is_demo: bool) -> Result<Vec<SignIn>> {
    let seeder = Seeder::new(house.peers(), house.call());
    let mut sign_ins = Vec::new();
    if is_demo {
        progress("正在建立演示机构 / making the demo organisation");
        sign_ins = seeder.demo_organisation(&secrets.demo).await?;
    }
    for id in seeder.shipped_regimes(&[]).await? {
        progress(&format!("制度已发布 / regime published: {id}"));
    }
    if is_demo {
        seeder.doors().await?;
    }
    Ok(sign_ins)
}
