//! A service with one method, which does as its caller's name says.

use contracts::console::{
    GetAddressRequest, GetAddressResponse,
    console_service_server::{ConsoleService, ConsoleServiceServer},
};
use kit_core::Problem;
use kit_grpc::{ctx, reply};
use kit_runtime::{Context, Parts, Service};
use tokio::sync::Notify;
use tonic::{Request, Response, Status, async_trait};

pub(crate) static SLOW_HAS_BEGUN: Notify = Notify::const_new();
pub(crate) static SLOW_MAY_END: Notify = Notify::const_new();

pub(crate) struct Toy;

impl Service for Toy {
    const NAME: &'static str = "toy";

    fn migrator() -> &'static sqlx::migrate::Migrator {
        &crate::NOTHING
    }

    async fn build(_ctx: Context) -> anyhow::Result<Parts> {
        let mut parts = Parts { health: vec!["jiesu.console.v1.ConsoleService"], ..Parts::default() };
        parts.grpc.add_service(ConsoleServiceServer::new(Toy));
        Ok(parts)
    }
}

#[async_trait]
impl ConsoleService for Toy {
    async fn get_address(&self, request: Request<GetAddressRequest>) -> Result<Response<GetAddressResponse>, Status> {
        let ctx = ctx(&request);
        let url = ctx.actor();
        match url.as_str() {
            "panic" => panic!("a secret"),
            "stale" => return reply(&ctx, Err(Problem::stale(3).into())),
            "slow" => {
                SLOW_HAS_BEGUN.notify_one();
                SLOW_MAY_END.notified().await;
            }
            _ => {}
        }
        reply(&ctx, Ok(GetAddressResponse { url }))
    }
}
