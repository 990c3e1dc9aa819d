//! `jiesu bench log`: the log between the services, on the stand of `bench/log`.

use crate::{
    bench::log::{Options, Part, measure},
    cmd::Default,
    private::Servers,
};
use anyhow::Result;
use kit_config::EnvSource;
use kit_runtime::telemetry;
use std::{path::PathBuf, time::Duration};

/// What `serve` logs unless told otherwise also makes a span for each event that a handler gets. The spans are part of
/// what an event costs, so they are made here too; the lines would only be in the way.
const FILTER: &str = "warn,sqlx=error,kit_messaging::received=info";

#[derive(clap::Args, Debug)]
pub(super) struct Args {
    /// Where the JSON report goes
    #[arg(long)]
    report: Option<PathBuf>,
    /// About how long one round of a measure takes
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u64).range(1..))]
    seconds: u64,
    /// Rounds of each measure; fewer than three are for a look only
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..))]
    rounds: u32,
    /// Events that a new follower has to ask its producer for
    #[arg(long, default_value_t = 200_000)]
    backlog: usize,
    /// Events that pile up behind a follower that has stopped
    #[arg(long, default_value_t = 200_000)]
    pile: usize,
    /// Only these measures; all if not given
    #[arg(long, value_enum)]
    only: Vec<Part>,
}

/// Runs it on these servers and publishes the report.
///
/// # Errors
/// Something does not start, or what was appended is not what was applied.
pub(super) async fn run(args: &Args, servers: &Servers) -> Result<()> {
    let _telemetry = telemetry::init(&Default { key: "JIESU_LOG", value: FILTER, below: &EnvSource })?;
    let options = Options {
        round: Duration::from_secs(args.seconds),
        rounds: args.rounds,
        backlog: args.backlog,
        pile: args.pile,
        only: args.only.clone(),
    };
    let report = measure(&options, servers, super::machine(servers).await?).await?;
    report.publish(args.report.as_deref(), &mut std::io::stdout().lock())
}
