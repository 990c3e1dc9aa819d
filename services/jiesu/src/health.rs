//! Asks a service whether it is well.

use anyhow::{Result, bail};
use kit_grpc::{Call, Peers};
use std::time::Duration;
use tokio::time::Instant;
use tonic::transport::Channel;
use tonic_health::pb::{HealthCheckRequest, health_check_response::ServingStatus, health_client::HealthClient};

/// Whether the process behind `channel` serves.
///
/// # Errors
/// It does not, or cannot be asked; says which.
pub async fn check(channel: Channel) -> Result<()> {
    let mut request = Call::default().request(HealthCheckRequest::default());
    request.set_timeout(Duration::from_secs(3));
    match HealthClient::new(channel).check(request).await {
        Ok(answer) if answer.get_ref().status() == ServingStatus::Serving => Ok(()),
        Ok(_) => bail!("it is not ready"),
        Err(status) => bail!("it cannot be asked: {}", status.message()),
    }
}

/// Waits until `service` serves, no longer than `patience`.
///
/// # Errors
/// The time was up.
#[expect(clippy::disallowed_methods, reason = "waits for a process, in the machine's time")]
pub async fn wait(peers: &Peers, service: &str, patience: Duration) -> Result<()> {
    let deadline = Instant::now() + patience;
    loop {
        match check(peers.channel(service)).await {
            Ok(()) => return Ok(()),
            Err(error) if Instant::now() > deadline => bail!("{service} did not become healthy in time: {error}"),
            Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    }
}
