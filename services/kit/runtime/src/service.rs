//! What a service is to the runtime: a name, its migrations, and the parts it is built of.

use futures::future::BoxFuture;
use kit_config::Source;
use kit_core::{Clock, Env};
use kit_grpc::{Peers, Tokens};
use kit_messaging::{Handler, Log};
use std::{future::Future, sync::Arc};
use tokio_util::sync::CancellationToken;

/// What a service is handed to build itself from.
#[derive(Clone)]
pub struct Context {
    /// As in `deadline-watcher`.
    pub name: &'static str,
    pub env: Env,
    pub settings: Arc<dyn Source>,
    pub log: Log,
    pub peers: Peers,
    pub tokens: Tokens,
    /// Cancelled when the service is to stop; every loop waits for it too.
    pub stop: CancellationToken,
}

/// What a service is built of.
#[derive(Default)]
pub struct Parts {
    pub grpc: tonic::service::RoutesBuilder,
    /// Full names of the gRPC services whose health is told, as in `jiesu.intake.v1.IntakeService`.
    pub health: Vec<&'static str>,
    /// What it does with the events of others; none for a service that follows nobody.
    pub handler: Option<Arc<dyn Handler>>,
    pub http: Option<axum::Router>,
    /// A clock of its own, by which its events happen; otherwise that of the process.
    pub clock: Option<Arc<dyn Clock>>,
    /// Loops of its own. One that ends with an error stops the process.
    pub loops: Vec<BoxFuture<'static, anyhow::Result<()>>>,
}

/// A table that can be made anew from the logs.
#[derive(Clone, Copy, Debug)]
pub struct Derived {
    pub table: &'static str,
    /// Of a row `t`, what does not depend on the order in which the producers were heard, as one SQL expression.
    pub state: &'static str,
}

/// One of the services of the house.
pub trait Service {
    /// As in `deadline-watcher`; its schema is the same with `_`.
    const NAME: &'static str;

    /// Those of its tables that hold nothing but what the events said, and can be made anew from the logs.
    const DERIVED: &'static [Derived] = &[];

    /// Its own migrations, numbered from 1001.
    fn migrator() -> &'static sqlx::migrate::Migrator;

    /// Wires it. Called once the schema is up to date and before anything is served.
    fn build(ctx: Context) -> impl Future<Output = anyhow::Result<Parts>> + Send;
}
