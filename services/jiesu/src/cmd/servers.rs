//! `jiesu servers -- COMMAND…`: a Postgres and a NATS server for as long as COMMAND runs. For tests: nothing in them
//! survives a power cut.

use crate::{
    cmd::{progress, quiet, say},
    private::{Folder, Keep, Servers},
};
use anyhow::{Context as _, Result};
use kit_config::EnvSource;
use kit_runtime::{on_signals, telemetry};
use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use std::{
    os::unix::process::ExitStatusExt as _,
    path::PathBuf,
    process::{ExitCode, ExitStatus},
};
use tokio::process::Command;
use tokio_util::sync::CancellationToken;

#[derive(clap::Args, Debug)]
pub(crate) struct Args {
    /// Where the data is kept; a folder of its own, removed afterwards, if not given
    #[arg(long)]
    data: Option<PathBuf>,
    /// Prints the two addresses as shell exports and runs until stopped, without a command
    #[arg(long)]
    env_only: bool,
    /// What to run; it finds the servers at `JIESU_TEST_POSTGRES` and `JIESU_TEST_NATS`
    #[arg(last = true, required_unless_present = "env_only")]
    command: Vec<String>,
}

/// Runs it; the exit code is COMMAND's.
///
/// # Errors
/// A server or the command cannot be started.
pub(crate) async fn run(args: Args) -> Result<ExitCode> {
    let _telemetry = telemetry::init(&quiet(&EnvSource))?;
    let stop = CancellationToken::new();
    on_signals(stop.clone())?;
    let passing = args.data.is_none();
    let place = args.data.clone();
    let place = place.unwrap_or_else(|| std::env::temp_dir().join(format!("jiesu-servers-{}", std::process::id())));
    let folder = Folder::take(&place)?;
    let code = with_servers(&args, &folder, &stop).await;
    if passing {
        let _ = std::fs::remove_dir_all(folder.path());
    }
    code
}

async fn with_servers(args: &Args, folder: &Folder, stop: &CancellationToken) -> Result<ExitCode> {
    let starting = Servers::start(folder.path(), &EnvSource, &Keep::ThrowAway);
    // Stopped before they are up, they end with the pipes that are dropped here.
    let Some(servers) = stop.run_until_cancelled(starting).await else { return Ok(ExitCode::from(130)) };
    let servers = servers?;
    let code = if args.env_only {
        say(&format!("export JIESU_TEST_POSTGRES={}", servers.postgres_url));
        say(&format!("export JIESU_TEST_NATS={}", servers.nats_url));
        stop.cancelled().await;
        Ok(ExitCode::SUCCESS)
    } else {
        command(&args.command, &servers, stop).await
    };
    servers.stop().await;
    code
}

async fn command(words: &[String], servers: &Servers, stop: &CancellationToken) -> Result<ExitCode> {
    let (program, arguments) = words.split_first().context("no command was given")?;
    let mut child = Command::new(program)
        .args(arguments)
        .env("JIESU_TEST_POSTGRES", &servers.postgres_url)
        .env("JIESU_TEST_NATS", &servers.nats_url)
        .spawn()
        .with_context(|| format!("{program} cannot be run"))?;
    let status = tokio::select! {
        status = child.wait() => status?,
        () = stop.cancelled() => {
            // Ctrl-C reached it already, a SIGTERM to us did not.
            if let Some(pid) = child.id().and_then(|id| i32::try_from(id).ok()) {
                let _ = kill(Pid::from_raw(pid), Signal::SIGTERM);
            }
            child.wait().await?
        }
    };
    if let Some(signal) = status.signal() {
        progress(&format!("{program} was ended by signal {signal}"));
    }
    Ok(code(status))
}

fn code(status: ExitStatus) -> ExitCode {
    let number = status.code().unwrap_or_else(|| 128 + status.signal().unwrap_or(0));
    ExitCode::from(u8::try_from(number).unwrap_or(1))
}
