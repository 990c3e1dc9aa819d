//! Puts the service together; nothing is decided here.

use crate::app::App;
use crate::consume::Follower;
use crate::grpc::Api;
use contracts::triage::triage_service_server::{SERVICE_NAME, TriageServiceServer};
use facts::Law;
use futures::FutureExt as _;
use kit_reference::Reference;
use kit_runtime::{Context, Parts, Service};
use std::sync::Arc;

/// The service.
pub struct Triage;

impl Service for Triage {
    const NAME: &'static str = "triage";

    fn migrator() -> &'static sqlx::migrate::Migrator {
        &crate::MIGRATOR
    }

    async fn build(ctx: Context) -> anyhow::Result<Parts> {
        let reference = Reference::open(ctx.log.pool().clone(), Law::build, facts::law_entry).await?;
        let app = App { env: ctx.env, log: ctx.log, reference };
        let mut grpc = tonic::service::Routes::builder();
        grpc.add_service(TriageServiceServer::new(Api { app: app.clone() }));
        Ok(Parts {
            grpc,
            health: vec![SERVICE_NAME],
            handler: Some(Arc::new(Follower { app: app.clone() })),
            http: None,
            clock: None,
            loops: vec![Box::pin(app.reference.watch(app.env, ctx.stop).map(Ok))],
        })
    }
}
