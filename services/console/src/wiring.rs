//! Puts the console together; nothing is decided here.

use crate::{
    app::{App, Inner},
    grpc::Address,
    render::Templates,
    routes,
    settings::Settings,
    wordbook::Wordbook,
};
use contracts::console::console_service_server::{ConsoleServiceServer, SERVICE_NAME};
use kit_runtime::{Context, Parts, Service};
use sqlx::migrate::Migrator;

static MIGRATOR: Migrator = sqlx::migrate!();

/// The service.
pub struct Console;

impl Service for Console {
    const NAME: &'static str = "console";

    fn migrator() -> &'static Migrator {
        &MIGRATOR
    }

    async fn build(ctx: Context) -> anyhow::Result<Parts> {
        let settings = Settings::read(ctx.settings.as_ref())?;
        let templates = Templates::load(settings.zone)?;
        let url = settings.public_url.clone();
        let app = App::new(Inner {
            env: ctx.env,
            peers: ctx.peers,
            tokens: ctx.tokens,
            pool: ctx.log.pool().clone(),
            settings,
            templates,
            words: Wordbook::default(),
        });
        let mut grpc = tonic::service::Routes::builder();
        grpc.add_service(ConsoleServiceServer::new(Address { url }));
        Ok(Parts { grpc, health: vec![SERVICE_NAME], http: Some(routes::router(&app)), ..Parts::default() })
    }
}
