//! `jiesu bench deadlines`: the watcher under many open cases, on the stand of `bench/deadlines`.

use crate::{
    bench::deadlines::{Options, Part, measure},
    private::Servers,
};
use anyhow::Result;
use kit_config::EnvSource;
use kit_runtime::telemetry;
use std::path::PathBuf;

#[derive(clap::Args, Debug)]
pub(super) struct Args {
    /// Where the JSON report goes
    #[arg(long)]
    report: Option<PathBuf>,
    /// Open cases; each takes some 3 KB of disk
    #[arg(long, default_value_t = 1_000_000)]
    cases: u64,
    /// Those of them that the calendar change moves
    #[arg(long, default_value_t = 100_000)]
    moving: u64,
    /// Due cases that the watcher finds at its start
    #[arg(long, default_value_t = 200_000)]
    backlog: u64,
    /// Cases that are due at one instant
    #[arg(long, default_value_t = 100_000, value_parser = clap::value_parser!(u64).range(1..))]
    herd: u64,
    /// Fires a second of the steady rate
    #[arg(long, default_value_t = 200, value_parser = clap::value_parser!(u64).range(10..))]
    rate: u64,
    /// How long the steady rate goes on
    #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(u64).range(1..))]
    seconds: u64,
    /// Only these measures; all if not given
    #[arg(long, value_enum)]
    only: Vec<Part>,
}

/// Runs it on these servers and publishes the report.
///
/// # Errors
/// Something does not start, or what was due was not fired.
pub(super) async fn run(args: &Args, servers: &Servers) -> Result<()> {
    let _telemetry = telemetry::init(&crate::cmd::quiet(&EnvSource))?;
    let options = Options {
        cases: args.cases,
        moving: args.moving,
        backlog: args.backlog,
        herd: args.herd,
        rate: args.rate,
        seconds: args.seconds,
        only: args.only.clone(),
    };
    let report = measure(&options, servers, super::machine(servers).await?).await?;
    report.publish(args.report.as_deref(), &mut std::io::stdout().lock())
}
