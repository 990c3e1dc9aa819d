//! What an operator's machines ask over HTTP: alive, ready, numbers.

use crate::{ready::Readiness, server::within_drain, telemetry};
use axum::{
    Router, extract::State, http::StatusCode, http::header::CONTENT_TYPE, response::IntoResponse, routing::get,
};
use std::net::SocketAddr;
use tokio::{net::TcpListener, sync::watch};
use tokio_util::sync::CancellationToken;

/// `/livez`, `/readyz`, `/metrics`.
pub(crate) fn router(state: watch::Receiver<Readiness>) -> Router {
    Router::new()
        .route("/livez", get(|| async { "ok\n" }))
        .route("/readyz", get(readyz))
        .route("/metrics", get(metrics))
        .with_state(state)
}

async fn readyz(State(state): State<watch::Receiver<Readiness>>) -> impl IntoResponse {
    let now = *state.borrow();
    let word = |is_well| if is_well { "ok" } else { "failed" };
    let text = format!(
        "postgres: {}\nnats: {}\ndraining: {}\n",
        word(now.postgres),
        word(now.nats),
        if now.is_draining { "yes" } else { "no" }
    );
    (if now.is_ready() { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE }, text)
}

async fn metrics() -> impl IntoResponse {
    ([(CONTENT_TYPE, "text/plain; version=0.0.4")], telemetry::render_metrics())
}

/// Serves `router` until `stop`, then lets open requests end, up to the drain's limit.
pub(crate) async fn serve(router: Router, listener: TcpListener, stop: CancellationToken) -> anyhow::Result<()> {
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    let server = axum::serve(listener, service).with_graceful_shutdown(stop.clone().cancelled_owned());
    within_drain(server.into_future(), &stop).await.unwrap_or(Ok(()))?;
    Ok(())
}
