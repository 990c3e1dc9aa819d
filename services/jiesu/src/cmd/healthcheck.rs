//! `jiesu healthcheck SERVICE`: for containers without a shell. Exit code 0 when the service serves.

use crate::health;
use anyhow::{Context as _, Result};
use kit_config::{EnvSource, GrpcSettings};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use tonic::transport::Endpoint;

#[derive(clap::Args, Debug)]
pub(crate) struct Args {
    /// The service, as in `deadline-watcher`; asked where it listens on this machine
    service: String,
}

/// Asks once.
///
/// # Errors
/// It does not serve.
pub(crate) async fn run(args: Args) -> Result<()> {
    let mut at = GrpcSettings::read(&EnvSource, &args.service)?.listen;
    // Who listens everywhere is asked here.
    match at.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => at.set_ip(Ipv4Addr::LOCALHOST.into()),
        IpAddr::V6(ip) if ip.is_unspecified() => at.set_ip(Ipv6Addr::LOCALHOST.into()),
        _ => {}
    }
    let channel = Endpoint::from_shared(format!("http://{at}"))?.connect_lazy();
    health::check(channel).await.with_context(|| format!("{} at {at}", args.service))
}
