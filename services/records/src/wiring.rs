//! Puts the parts together; knows no business.

use crate::{consume::Follow, grpc::Face, rules::Rules};
use contracts::records::records_service_server::{RecordsServiceServer, SERVICE_NAME};
use kit_reference::Reference;
use kit_runtime::{Context, Parts, Service};
use sqlx::migrate::Migrator;
use std::sync::Arc;
use tonic::service::RoutesBuilder;

static MIGRATIONS: Migrator = sqlx::migrate!();

/// The service.
pub struct Records;

impl Service for Records {
    const NAME: &'static str = "records";

    fn migrator() -> &'static Migrator {
        &MIGRATIONS
    }

    async fn build(ctx: Context) -> anyhow::Result<Parts> {
        let pool = ctx.log.pool().clone();
        let rules = Reference::<Rules>::load(pool.clone()).await?;
        let mut grpc = RoutesBuilder::default();
        grpc.add_service(RecordsServiceServer::new(Face { pool, rules: Arc::clone(&rules) }));
        Ok(Parts {
            grpc,
            health: vec![SERVICE_NAME],
            handler: Some(Arc::new(Follow { rules })),
            http: None,
            loops: Vec::new(),
        })
    }
}
