//! Puts the parts together; knows no business.

use crate::{closer::Closer, consume::Follow, grpc::Face, mail::MailSettings, sender::Sender};
use contracts::notification::notification_service_server::{NotificationServiceServer, SERVICE_NAME};
use facts::Law;
use futures::FutureExt as _;
use kit_core::Budget;
use kit_reference::Reference;
use kit_runtime::{Context, Parts, Service};
use sqlx::migrate::Migrator;
use std::sync::{Arc, Mutex};
use tokio::sync::Notify;
use tonic::service::RoutesBuilder;

static MIGRATIONS: Migrator = sqlx::migrate!();

/// The service.
pub struct Notification;

impl Service for Notification {
    const NAME: &'static str = "notification";

    fn migrator() -> &'static Migrator {
        &MIGRATIONS
    }

    async fn build(ctx: Context) -> anyhow::Result<Parts> {
        let mail = Arc::new(MailSettings::read(ctx.settings.as_ref())?);
        let rules = Reference::open(ctx.log.pool().clone(), Law::build, facts::law_entry).await?;
        let wake = Arc::new(Notify::new());
        let opened = Arc::new(Notify::new());
        let budget = || Mutex::new(Budget::new(ctx.env.now()));
        let face = Face {
            log: ctx.log.clone(),
            rules: Arc::clone(&rules),
            mail: Arc::clone(&mail),
            peers: ctx.peers.clone(),
            tokens: ctx.tokens.clone(),
            opened: Arc::clone(&opened),
            codes: budget(),
            sheets: budget(),
        };
        let (log, env) = (ctx.log.clone(), ctx.env.clone());
        let closer = Closer { log, env, rules: Arc::clone(&rules), opened };
        let mut grpc = RoutesBuilder::default();
        grpc.add_service(NotificationServiceServer::new(face));
        let sender = Sender {
            log: ctx.log,
            env: ctx.env.clone(),
            rules: Arc::clone(&rules),
            peers: ctx.peers,
            tokens: ctx.tokens,
            mail,
            wake: Arc::clone(&wake),
        };
        let watch = Arc::clone(&rules).watch(ctx.env, ctx.stop.clone());
        Ok(Parts {
            grpc,
            health: vec![SERVICE_NAME],
            handler: Some(Arc::new(Follow { rules, wake })),
            http: None,
            clock: None,
            loops: vec![
                Box::pin(sender.run(ctx.stop.clone())),
                Box::pin(closer.run(ctx.stop)),
                Box::pin(watch.map(Ok)),
            ],
        })
    }
}
