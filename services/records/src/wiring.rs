//! Puts the parts together; knows no business.

use crate::{consume::Follow, grpc::Face, keeping};
use contracts::records::records_service_server::{RecordsServiceServer, SERVICE_NAME};
use facts::Law;
use futures::FutureExt as _;
use kit_reference::Reference;
use kit_runtime::{Context, Derived, Parts, Service};
use sqlx::migrate::Migrator;
use std::sync::Arc;
use tonic::service::RoutesBuilder;

static MIGRATIONS: Migrator = sqlx::migrate!();

/// The service.
pub struct Records;

impl Service for Records {
    const NAME: &'static str = "records";

    const DERIVED: &'static [Derived] = &[
        Derived {
            table: "cases",
            // The version counts batches, and the history stands in the order in which it was learned.
            state: "to_jsonb(t) - 'version' - 'view' || jsonb_build_object('view', t.view - 'history' || jsonb_build_object(
                'history', (SELECT jsonb_agg(h ORDER BY h->>'at', h->>'word', h->>'arg')
                            FROM jsonb_array_elements(t.view->'history') AS h)))",
        },
        Derived { table: "dossier_entries", state: "to_jsonb(t) - 'place'" },
    ];

    fn migrator() -> &'static Migrator {
        &MIGRATIONS
    }

    async fn build(ctx: Context) -> anyhow::Result<Parts> {
        let pool = ctx.log.pool().clone();
        let rules = Reference::open(pool, Law::build, facts::law_entry).await?;
        let mut grpc = RoutesBuilder::default();
        grpc.add_service(RecordsServiceServer::new(Face { log: ctx.log.clone(), rules: Arc::clone(&rules) }));
        let watch = Arc::clone(&rules).watch(ctx.env.clone(), ctx.stop.clone());
        let keeping = keeping::run(ctx.log, ctx.env, Arc::clone(&rules), ctx.stop);
        Ok(Parts {
            grpc,
            health: vec![SERVICE_NAME],
            handler: Some(Arc::new(Follow { rules })),
            http: None,
            clock: None,
            loops: vec![Box::pin(watch.map(Ok)), Box::pin(keeping)],
        })
    }
}
