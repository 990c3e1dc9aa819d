//! `jiesu serve SERVICE`: one service in this process, configured by the environment.

use crate::services;
use anyhow::Result;
use kit_config::EnvSource;
use kit_core::Env;
use kit_runtime::{Launch, on_signals, telemetry};
use std::{sync::Arc, time::Duration};

#[derive(clap::Args, Debug)]
pub(crate) struct Args {
    /// Which one, as in `deadline-watcher`
    #[arg(value_parser = clap::builder::PossibleValuesParser::new(services::NAMES))]
    service: String,
}

/// Runs it until a signal stops it.
///
/// # Errors
/// It cannot start, or a part of it failed.
pub(crate) async fn run(args: Args) -> Result<()> {
    let _telemetry = telemetry::init(&EnvSource)?;
    let mut launch = Launch::new(Env::system(), Arc::new(EnvSource));
    // In a composition the servers may come up after us.
    launch.patience = Duration::from_secs(60);
    on_signals(launch.stop.clone())?;
    let stop = launch.stop.clone();
    let running = tokio::select! {
        running = services::start(&args.service, &launch) => running?,
        () = stop.cancelled() => return Ok(()),
    };
    running.finished().await
}
