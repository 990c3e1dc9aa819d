//! The gRPC server of one service: its own routes, the log's, health and reflection, behind the layer that every call
//! passes.

use crate::{log_service::LogAdminService, running::DRAIN};
use contracts::log::log_service_server::LogServiceServer;
use kit_core::Env;
use kit_grpc::{ServerLayer, Tokens};
use kit_messaging::{Broker, Log};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tonic::{
    service::RoutesBuilder,
    transport::{Server, server::TcpIncoming},
};
use tonic_health::{pb::health_server::HealthServer, server::HealthService};

/// What every service serves beside its own.
pub(crate) const LOG_SERVICE: &str = "jiesu.log.v1.LogService";

pub(crate) struct Face {
    pub(crate) name: &'static str,
    pub(crate) routes: RoutesBuilder,
    pub(crate) health: HealthServer<HealthService>,
    pub(crate) names: Vec<&'static str>,
    pub(crate) log: Log,
    pub(crate) broker: Broker,
    pub(crate) tokens: Tokens,
    pub(crate) env: Env,
}

impl Face {
    /// Serves until `stop`, then lets open calls end, up to the drain's limit.
    pub(crate) async fn serve(self, listener: TcpListener, stop: CancellationToken) -> anyhow::Result<()> {
        let mut routes = self.routes;
        routes.add_service(LogServiceServer::new(LogAdminService::new(self.log, self.broker)));
        routes.add_service(self.health);
        // Older clients (grpcui, Postman) still speak v1alpha.
        routes.add_service(reflection(&self.names).build_v1()?);
        routes.add_service(reflection(&self.names).build_v1alpha()?);
        let server = Server::builder()
            .http2_keepalive_interval(Some(Duration::from_secs(30)))
            .http2_keepalive_timeout(Some(Duration::from_secs(20)))
            .layer(ServerLayer::new(self.name, self.tokens, self.env))
            .add_routes(routes.routes())
            .serve_with_incoming_shutdown(
                TcpIncoming::from(listener).with_nodelay(Some(true)),
                stop.clone().cancelled_owned(),
            );
        within_drain(server, &stop).await.unwrap_or(Ok(()))?;
        Ok(())
    }
}

fn reflection(names: &[&'static str]) -> tonic_reflection::server::Builder<'static> {
    let mut builder = tonic_reflection::server::Builder::configure()
        .register_encoded_file_descriptor_set(contracts::DESCRIPTORS)
        .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET)
        .with_service_name(LOG_SERVICE)
        .with_service_name("grpc.health.v1.Health");
    for name in names {
        builder = builder.with_service_name(*name);
    }
    builder
}

/// Runs `work` to its end, but no longer than the drain's limit after `stop`; `None` if it was cut off.
pub(crate) async fn within_drain<F: Future>(work: F, stop: &CancellationToken) -> Option<F::Output> {
    tokio::pin!(work);
    tokio::select! {
        outcome = &mut work => return Some(outcome),
        () = stop.cancelled() => {}
    }
    let outcome = tokio::time::timeout(DRAIN, work).await.ok();
    if outcome.is_none() {
        tracing::warn!("calls that were still open after the drain were cut off");
    }
    outcome
}
