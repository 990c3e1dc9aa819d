//! The operator's view of a service's log over gRPC. Only tools of the house may look: heads and parked events name
//! cases.

use contracts::log::{
    ListParkedRequest, ListParkedResponse, ListPartitionsRequest, ListPartitionsResponse, RetryParkedRequest,
    RetryParkedResponse, log_service_server::LogService,
};
use kit_grpc::{Ctx, ctx, reply};
use kit_messaging::{Log, LogAdmin};
use tonic::{Request, Response, Status, async_trait};

pub(crate) struct LogAdminService(LogAdmin);

impl LogAdminService {
    pub(crate) fn new(log: Log) -> Self {
        Self(LogAdmin::new(log))
    }

    async fn partitions(&self, ctx: &Ctx) -> kit_db::Result<ListPartitionsResponse> {
        ctx.service()?;
        Ok(ListPartitionsResponse { heads: self.0.heads().await?, positions: self.0.positions().await? })
    }

    async fn parked(&self, ctx: &Ctx, request: &ListParkedRequest) -> kit_db::Result<ListParkedResponse> {
        ctx.service()?;
        let (events, next_page_token) = self.0.parked(request.page_size, &request.page_token).await?;
        Ok(ListParkedResponse { events, next_page_token })
    }

    async fn retry(&self, ctx: &Ctx, key: &str) -> kit_db::Result<RetryParkedResponse> {
        let who = ctx.service()?;
        let events = self.0.retry(key).await?;
        tracing::info!(key, events, who, "parked events are tried again");
        Ok(RetryParkedResponse { events })
    }
}

#[async_trait]
impl LogService for LogAdminService {
    async fn list_partitions(
        &self,
        request: Request<ListPartitionsRequest>,
    ) -> Result<Response<ListPartitionsResponse>, Status> {
        let ctx = ctx(&request);
        reply(&ctx, self.partitions(&ctx).await)
    }

    async fn list_parked(&self, request: Request<ListParkedRequest>) -> Result<Response<ListParkedResponse>, Status> {
        let ctx = ctx(&request);
        reply(&ctx, self.parked(&ctx, request.get_ref()).await)
    }

    async fn retry_parked(
        &self,
        request: Request<RetryParkedRequest>,
    ) -> Result<Response<RetryParkedResponse>, Status> {
        let ctx = ctx(&request);
        reply(&ctx, self.retry(&ctx, &request.get_ref().key).await)
    }
}
