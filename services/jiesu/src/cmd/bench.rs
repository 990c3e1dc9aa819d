//! `jiesu bench …`: programs with a report, not tests: each compares with the machine's own limit in the same run.

mod cases;
mod deadlines;
mod log;

use crate::{
    bench::report::Machine,
    private::{Folder, Keep, Servers},
};
use anyhow::Result;
use kit_config::EnvSource;
use sqlx::{Connection as _, PgConnection};
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    net::TcpStream,
};

#[derive(clap::Args, Debug)]
pub(crate) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(clap::Subcommand, Debug)]
enum What {
    /// Cases from an HTTP hand-in to the person who handles them, every service a process of its own
    Cases(cases::Args),
    /// The log between the services: throughput, latency, repair, rest, and what a stopped follower costs
    Log(log::Args),
    /// The watcher: firing, a herd, lateness, a calendar change, under many open cases
    Deadlines(deadlines::Args),
}

/// Runs a benchmark on private servers of its own.
///
/// # Errors
/// Something does not start, or what was to arrive does not.
pub(crate) async fn run(args: Args) -> Result<()> {
    let folder = Folder::take(&std::env::temp_dir().join(format!("jiesu-bench-{}", std::process::id())))?;
    let secret = || hex::encode(rand::random::<[u8; 16]>());
    let keep = Keep::Safe { postgres: secret(), nats: secret() };
    let servers = Servers::start(folder.path(), &EnvSource, &keep).await?;
    let outcome = match args.what {
        What::Cases(args) => Box::pin(cases::run(&args, &servers)).await,
        What::Log(args) => Box::pin(log::run(&args, &servers)).await,
        What::Deadlines(args) => Box::pin(deadlines::run(&args, &servers)).await,
    };
    servers.stop().await;
    std::fs::remove_dir_all(folder.path())?;
    outcome
}

/// This machine, with the versions of the servers in use.
async fn machine(servers: &Servers) -> Result<Machine> {
    let mut admin = PgConnection::connect(&servers.postgres_url).await?;
    let postgres = sqlx::query_scalar("SHOW server_version").fetch_one(&mut admin).await?;
    admin.close().await?;
    Ok(Machine::here(postgres, nats_version(&servers.nats_url).await?))
}

async fn nats_version(url: &str) -> Result<String> {
    // The first line that the server sends holds it; no client is needed for that.
    let address = url.rsplit(['@', '/']).next().unwrap_or_default();
    let mut line = String::new();
    BufReader::new(TcpStream::connect(address).await?).read_line(&mut line).await?;
    let info: serde_json::Value = serde_json::from_str(line.trim_start_matches("INFO ").trim())?;
    Ok(info.get("version").and_then(|version| version.as_str()).unwrap_or_default().to_owned())
}
