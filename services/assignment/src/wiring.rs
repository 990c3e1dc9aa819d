//! Puts the service together; nothing is decided here.

use crate::app::App;
use crate::consume::Follower;
use crate::domain::throttle::Throttle;
use crate::grpc::Api;
use crate::passwords::Passwords;
use crate::usecase::sign_in::SignIn;
use contracts::assignment::assignment_service_server::{AssignmentServiceServer, SERVICE_NAME};
use futures::FutureExt as _;
use house::House;
use kit_reference::Reference;
use kit_runtime::{Context, Parts, Service};
use std::sync::{Arc, Mutex};

/// The service.
pub struct Assignment;

impl Service for Assignment {
    const NAME: &'static str = "assignment";

    fn migrator() -> &'static sqlx::migrate::Migrator {
        &crate::MIGRATOR
    }

    async fn build(ctx: Context) -> anyhow::Result<Parts> {
        let reference = Reference::open(ctx.log.pool().clone(), House::build, house::entry).await?;
        let passwords = Passwords::init().await?;
        let sign_in = Arc::new(SignIn { passwords, throttle: Mutex::new(Throttle::default()) });
        let app = App { env: ctx.env, log: ctx.log, reference, tokens: ctx.tokens, sign_in };
        let mut grpc = tonic::service::Routes::builder();
        grpc.add_service(AssignmentServiceServer::new(Api { app: app.clone() }));
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
