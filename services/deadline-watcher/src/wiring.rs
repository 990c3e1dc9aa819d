//! Puts the service together; nothing is decided here.

use crate::consume::Follow;
use crate::grpc::Api;
use crate::guard::Guard;
use crate::law::{House, Reference};
use crate::store;
use crate::sweep::Sweep;
use contracts::deadline_watcher::deadline_watcher_service_server::{DeadlineWatcherServiceServer, SERVICE_NAME};
use futures::FutureExt as _;
use kit_core::Clock;
use kit_messaging::Log;
use kit_runtime::{Context, Parts, Service};
use std::sync::Arc;
use tokio::sync::Notify;

/// The service.
pub struct DeadlineWatcher;

impl Service for DeadlineWatcher {
    const NAME: &'static str = "deadline-watcher";

    fn migrator() -> &'static sqlx::migrate::Migrator {
        &crate::MIGRATOR
    }

    async fn build(ctx: Context) -> anyhow::Result<Parts> {
        let guard = Guard::open(ctx.log.pool(), Arc::clone(&ctx.env.clock)).await?;
        let clock: Arc<dyn Clock> = Arc::new(guard.clone());
        let log = ctx.log.with_clock(Arc::clone(&clock));
        let reference = Reference::open(log.pool().clone(), House::build).await?;
        recount(&log, &reference).await?;
        let wake = Arc::new(Notify::new());
        let mut grpc = tonic::service::Routes::builder();
        let api = Api { log: log.clone(), reference: Arc::clone(&reference), wake: Arc::clone(&wake) };
        grpc.add_service(DeadlineWatcherServiceServer::new(api));
        let watch = Arc::clone(&reference).watch(ctx.env, ctx.stop.clone());
        let sweep = Sweep { log, guard, reference: Arc::clone(&reference), wake: Arc::clone(&wake) };
        Ok(Parts {
            grpc,
            health: vec![SERVICE_NAME],
            handler: Some(Arc::new(Follow { reference, wake })),
            http: None,
            clock: Some(clock),
            loops: vec![Box::pin(sweep.run(ctx.stop)), Box::pin(watch.map(Ok))],
        })
    }
}

/// Hands every case that an older calendar counted to the sweep, which counts it again.
async fn recount(log: &Log, reference: &Reference) -> anyhow::Result<()> {
    let calendars = reference.get().fingerprints();
    let recounting = log.in_tx("deadline-watcher", move |tx| {
        let now = tx.now();
        Box::pin(async move { store::recount(tx.conn(), &calendars, now).await })
    });
    let cases = recounting.await?;
    if cases > 0 {
        tracing::info!(cases, "another calendar counts from now on; these cases are counted again");
    }
    Ok(())
}
