//! `jiesu scenario run FILE…`: plays scenarios on all services in this process, over a private Postgres and NATS.

use crate::{
    cmd::{progress, say},
    private::{Folder, Keep, Servers},
    scenario::{self, Ended, Report, Settings},
};
use anyhow::{Context as _, Result, ensure};
use kit_config::{EnvSource, Source as _};
use kit_runtime::telemetry;
use std::{
    path::{Path, PathBuf},
    process::ExitCode,
    time::Instant,
};

#[derive(clap::Args, Debug)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand, Debug)]
enum Command {
    /// 运行场景文件 / Plays scenarios, each in a world of its own
    Run(Run),
}

#[derive(clap::Args, Debug)]
struct Run {
    /// Scenario files, or folders of them
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// 列出没有场景验证过的规则 / Lists every rule of each pack that no scenario exercised
    #[arg(long)]
    coverage: bool,
    /// Scenarios played at once; as many as there are processors, if not given
    #[arg(long)]
    jobs: Option<usize>,
}

/// Plays them; the exit code is a failure when one of them failed.
///
/// # Errors
/// A file is not there, or a server cannot be started.
pub(crate) async fn run(args: Args) -> Result<ExitCode> {
    let Command::Run(args) = args.command;
    let report = play(&args.files, args.jobs, tell).await?;
    if args.coverage {
        report.coverage().iter().for_each(|line| say(line));
    }
    say(&format!("{} passed, {} failed", report.passed, report.failed));
    Ok(if report.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Plays scenario files, and those of folders.
///
/// # Errors
/// A file is not there, or a server cannot be started.
pub(super) async fn play(given: &[PathBuf], jobs: Option<usize>, tell: fn(&Ended)) -> Result<Report> {
    let files = files(given)?;
    let _telemetry = telemetry::init(&super::Default { key: "JIESU_LOG", value: "error", below: &EnvSource })?;
    let place = std::env::temp_dir().join(format!("jiesu-scenarios-{}", std::process::id()));
    let folder = Folder::take(&place)?;
    let report = over_servers(jobs, &files, folder.path(), tell).await;
    let _ = std::fs::remove_dir_all(folder.path());
    report
}

/// Over the servers of a test, where there are any, or over private ones.
async fn over_servers(jobs: Option<usize>, files: &[PathBuf], folder: &Path, tell: fn(&Ended)) -> Result<Report> {
    let settings = |postgres_url: String, nats_url: String, is_thrown_away: bool| Settings {
        postgres_url,
        nats_url,
        folder: folder.join("worlds"),
        jobs: jobs.unwrap_or_else(|| std::thread::available_parallelism().map_or(2, usize::from)),
        is_thrown_away,
    };
    if let (Some(postgres), Some(nats)) = (EnvSource.get("JIESU_TEST_POSTGRES"), EnvSource.get("JIESU_TEST_NATS")) {
        return scenario::run(&settings(postgres, nats, false), files, tell).await;
    }
    let begun = Instant::now();
    let servers = Servers::start(folder, &EnvSource, &Keep::ThrowAway).await?;
    progress(&format!("Postgres, NATS: {:.1} s", begun.elapsed().as_secs_f64()));
    let settings = settings(servers.postgres_url.clone(), servers.nats_url.clone(), true);
    let report = scenario::run(&settings, files, tell).await;
    servers.stop().await;
    report
}

fn tell(ended: &Ended) {
    let name = if ended.title.is_empty() { ended.file.display().to_string() } else { ended.title.clone() };
    match &ended.failure {
        None => say(&format!("通过 / passed  {name}  ({} ms)", ended.played.as_millis())),
        Some(why) => say(&format!("未通过 / failed  {name}  {}\n{why}", ended.file.display())),
    }
}

/// The files, and every `.yaml` in the folders.
fn files(given: &[PathBuf]) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for path in given {
        if path.is_dir() {
            within(path, &mut files)?;
        } else {
            ensure!(path.is_file(), "没有这个文件 / there is no file {}", path.display());
            files.push(path.clone());
        }
    }
    ensure!(!files.is_empty(), "没有场景文件 / there are no scenario files");
    Ok(files)
}

fn within(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    let read = std::fs::read_dir(folder).with_context(|| format!("{}", folder.display()))?;
    let mut paths = read.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?;
    paths.sort();
    for path in paths {
        if path.is_dir() {
            within(&path, files)?;
        } else if path.extension().is_some_and(|ending| ending == "yaml") {
            files.push(path);
        }
    }
    Ok(())
}
