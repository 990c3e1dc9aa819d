//! Puts the service together; nothing is decided here.

use crate::consume::Follow;
use crate::duties::Duties;
use crate::grpc::Api;
use crate::grpc::calendar::Calendars;
use crate::guard::Guard;
use crate::law::{House, Reference};
use crate::store;
use crate::sweep::Sweep;
use crate::usecase::calendar;
use crate::walk::Walk;
use contracts::deadline_watcher::calendar_service_server::{self, CalendarServiceServer};
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
        let guard = Guard::open(ctx.log.pool(), &ctx.env).await?;
        let clock: Arc<dyn Clock> = Arc::new(guard.clone());
        let log = ctx.log.with_clock(Arc::clone(&clock));
        let reference = Reference::open(log.pool().clone(), House::build, house::entry).await?;
        ship(&log, &reference).await?;
        store::duty::ask(log.pool(), guard.now()).await?;
        let (wake, walking, is_behind) = (Arc::new(Notify::new()), Arc::new(Notify::new()), Arc::default());
        let changed = Arc::new(Notify::new());
        let duties = Duties {
            log: log.clone(),
            guard: guard.clone(),
            reference: Arc::clone(&reference),
            wake: Arc::clone(&changed),
        };
        let sweep = Sweep {
            log: log.clone(),
            guard: guard.clone(),
            reference: Arc::clone(&reference),
            wake: Arc::clone(&wake),
            is_behind: Arc::clone(&is_behind),
        };
        let walk = Walk {
            log: log.clone(),
            reference: Arc::clone(&reference),
            wake: Arc::clone(&walking),
            is_sweep_behind: is_behind,
        };
        let mut grpc = tonic::service::Routes::builder();
        let api = Api { log: log.clone(), reference: Arc::clone(&reference), wake: Arc::clone(&wake) };
        grpc.add_service(DeadlineWatcherServiceServer::new(api));
        let calendars = Calendars { log, guard, reference: Arc::clone(&reference), wake: walking };
        grpc.add_service(CalendarServiceServer::new(calendars));
        let watch = Arc::clone(&reference).watch(ctx.env, ctx.stop.clone());
        Ok(Parts {
            grpc,
            health: vec![SERVICE_NAME, calendar_service_server::SERVICE_NAME],
            handler: Some(Arc::new(Follow { reference, wake, changed })),
            http: None,
            clock: Some(clock),
            loops: vec![
                Box::pin(sweep.run(ctx.stop.clone())),
                Box::pin(duties.run(ctx.stop.clone())),
                Box::pin(walk.run(ctx.stop)),
                Box::pin(watch.map(Ok)),
            ],
        })
    }
}

/// Publishes the shipped calendars that are not published yet.
async fn ship(log: &Log, reference: &Arc<Reference>) -> anyhow::Result<()> {
    let law = Arc::clone(reference);
    log.in_tx("deadline-watcher", move |tx| Box::pin(async move { calendar::ship(tx, &law).await })).await?;
    reference.reload().await?;
    Ok(())
}
