//! Puts the parts together; knows no business.

use crate::{consume::Follow, grpc::Face};
use contracts::resolution::resolution_service_server::{ResolutionServiceServer, SERVICE_NAME};
use facts::Law;
use futures::FutureExt as _;
use kit_reference::Reference;
use kit_runtime::{Context, Parts, Service};
use sqlx::migrate::Migrator;
use std::sync::Arc;
use tonic::service::RoutesBuilder;

static MIGRATIONS: Migrator = sqlx::migrate!();

/// The service.
pub struct Resolution;

impl Service for Resolution {
    const NAME: &'static str = "resolution";

    fn migrator() -> &'static Migrator {
        &MIGRATIONS
    }

    async fn build(ctx: Context) -> anyhow::Result<Parts> {
        let rules = Reference::open(ctx.log.pool().clone(), Law::build, facts::law_entry).await?;
        let face = Face { log: ctx.log.clone(), rules: Arc::clone(&rules) };
        let mut grpc = RoutesBuilder::default();
        grpc.add_service(ResolutionServiceServer::new(face));
        let watch = Arc::clone(&rules).watch(ctx.env, ctx.stop);
        Ok(Parts {
            grpc,
            health: vec![SERVICE_NAME],
            handler: Some(Arc::new(Follow { rules })),
            http: None,
            clock: None,
            loops: vec![Box::pin(watch.map(Ok))],
        })
    }
}
