//! `jiesu rebuild SERVICE`: makes a service's read model anew from the logs of those it follows, while it goes on, and
//! says whether it came out as it was.

use crate::{
    client::Where,
    cmd::{progress, say},
    rebuild::{Outcome, Place},
    services,
};
use anyhow::{Context as _, Result};
use indicatif::{ProgressBar, ProgressStyle};
use kit_config::{EnvSource, MapSource, NatsSettings, Source as _};
use std::process::ExitCode;

#[derive(clap::Args, Debug)]
pub(crate) struct Args {
    /// Which one; only `records` keeps nothing but what events said
    #[arg(value_parser = clap::builder::PossibleValuesParser::new(services::NAMES))]
    service: String,
    /// Only compares, and leaves everything as it is
    #[arg(long)]
    check: bool,
    #[command(flatten)]
    at: Where,
}

/// Rebuilds; the exit code is 1 if `--check` found a difference.
///
/// # Errors
/// What the rebuilding says; the service's tables are then as they were.
pub(crate) async fn run(args: Args) -> Result<ExitCode> {
    let bar = ProgressBar::new(0).with_style(ProgressStyle::with_template("{bar:40} {pos}/{len} {per_sec}")?);
    let told = |left: u64| {
        bar.set_length(bar.length().unwrap_or(0).max(left));
        bar.set_position(bar.length().unwrap_or(0).saturating_sub(left));
    };
    let outcome = services::rebuild(&args.service, &place(&args.at)?, args.check, told).await?;
    bar.finish_and_clear();
    tell(&outcome);
    let is_well = outcome.is_equal() || !args.check;
    Ok(if is_well { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The servers of a running `jiesu up`, or those that the environment names.
fn place(at: &Where) -> Result<Place> {
    let ready = at.ready()?;
    let (postgres, nats) = ready.map(|ready| (ready.postgres, ready.nats)).unzip();
    let admin_url = EnvSource.get("JIESU_DATABASE_ADMIN_URL").or(postgres);
    let admin_url = admin_url.context("set JIESU_DATABASE_ADMIN_URL, or start `jiesu up`")?;
    let mut settings = MapSource::default();
    for key in ["JIESU_NATS_NAMESPACE", "JIESU_NATS_REPLICAS", "JIESU_NATS_PROVISION"] {
        if let Some(value) = EnvSource.get(key) {
            settings.set(key, value);
        }
    }
    let nats = EnvSource.get("JIESU_NATS_URL").or(nats).context("set JIESU_NATS_URL, or start `jiesu up`")?;
    settings.set("JIESU_NATS_URL", nats);
    Ok(Place { admin_url, nats: NatsSettings::read(&settings)? })
}

fn tell(outcome: &Outcome) {
    for table in &outcome.tables {
        let verdict = if table.is_equal() { "一致 / equal" } else { "不同 / different" };
        say(&format!("{:<18} {:>10}  {verdict}  -{} +{}", table.table, table.rows, table.lost, table.gained));
    }
    progress(&format!("重放事件 / events applied anew: {}", outcome.events));
    let done = if outcome.is_replaced { "已替换 / replaced" } else { "未改动 / nothing was changed" };
    progress(done);
}
