//! The operator's view of a service's log over gRPC. Only tools of the house may look: heads and parked events name
//! cases.

mod read;

use contracts::log::{
    AttachMonthRequest, AttachMonthResponse, Decision, DetachMonthRequest, DetachMonthResponse, ForkDecision,
    GetParkedRequest, GetParkedResponse, ListDecisionsRequest, ListDecisionsResponse, ListForksRequest,
    ListForksResponse, ListMonthsRequest, ListMonthsResponse, ListParkedRequest, ListParkedResponse,
    ListPartitionsRequest, ListPartitionsResponse, ReadLogRequest, RetryParkedRequest, RetryParkedResponse,
    SettleForkRequest, SettleForkResponse, SkipParkedRequest, SkipParkedResponse, log_service_server::LogService,
};
use kit_core::Problem;
use kit_db::Result as Outcome;
use kit_grpc::{
    Ctx, ctx, instant,
    page::{self, After},
    reply,
};
use kit_messaging::{Broker, Decided, Log, LogAdmin};
use read::Parts;
use tonic::{Request, Response, Status, async_trait};

pub(crate) struct LogAdminService(LogAdmin);

impl LogAdminService {
    pub(crate) fn new(log: Log, broker: Broker) -> Self {
        Self(LogAdmin::new(log, broker))
    }

    /// The view of the log, for a tool of the house.
    fn admin(&self, ctx: &Ctx) -> Outcome<&LogAdmin> {
        ctx.service()?;
        Ok(&self.0)
    }

    async fn partitions(&self, ctx: &Ctx) -> Outcome<ListPartitionsResponse> {
        let admin = self.admin(ctx)?;
        let (heads, positions) = (admin.heads().await?, admin.positions().await?);
        Ok(ListPartitionsResponse { heads, positions, leases: admin.leases().await? })
    }

    async fn parked(&self, ctx: &Ctx, request: &ListParkedRequest) -> Outcome<ListParkedResponse> {
        let (events, next_page_token) = self.admin(ctx)?.parked(request.page_size, &request.page_token).await?;
        Ok(ListParkedResponse { events, next_page_token })
    }

    async fn retry(&self, ctx: &Ctx, key: &str) -> Outcome<RetryParkedResponse> {
        let events = self.admin(ctx)?.retry(key).await?;
        tracing::info!(key, events, who = ctx.actor(), "parked events are tried again");
        Ok(RetryParkedResponse { events })
    }

    async fn skip(&self, ctx: &Ctx, request: &SkipParkedRequest) -> Outcome<SkipParkedResponse> {
        let admin = self.admin(ctx)?;
        let by = Decided::new(&request.actor, &request.reason)?;
        admin.skip(&request.key, (&request.producer, request.partition, request.seq), by).await
    }

    async fn settle(&self, ctx: &Ctx, request: &SettleForkRequest) -> Outcome<SettleForkResponse> {
        let admin = self.admin(ctx)?;
        let by = Decided::new(&request.actor, &request.reason)?;
        match request.decision() {
            ForkDecision::Recheck => admin.recheck_fork(&request.producer, request.partition, by).await,
            ForkDecision::Accept => admin.accept_fork(&request.producer, request.partition, by).await,
            ForkDecision::Unspecified => Err(Problem::field(
                "decision",
                "no-decision",
                "请选择重新核对或接受对方历史",
                "Choose to recheck, or to accept the producer's history",
            )
            .into()),
        }
    }

    async fn decisions(&self, ctx: &Ctx, request: &ListDecisionsRequest) -> Outcome<ListDecisionsResponse> {
        let (size, after) = (page::size(request.page_size)?, After::read(&request.page_token)?);
        let before = after.map(|after| (after.at, after.id));
        let mut decisions = self.admin(ctx)?.decisions(before, size + 1).await?;
        let is_more = decisions.len() > size;
        decisions.truncate(size);
        let next_page_token = decisions.last().filter(|_| is_more).and_then(token).unwrap_or_default();
        Ok(ListDecisionsResponse { decisions, next_page_token })
    }

    async fn detach(&self, ctx: &Ctx, request: &DetachMonthRequest) -> Outcome<DetachMonthResponse> {
        let admin = self.admin(ctx)?;
        admin.detach_month(&request.month, Decided::new(&request.actor, &request.reason)?).await
    }

    async fn attach(&self, ctx: &Ctx, request: &AttachMonthRequest) -> Outcome<AttachMonthResponse> {
        let admin = self.admin(ctx)?;
        admin.attach_month(&request.month, Decided::new(&request.actor, &request.reason)?).await
    }
}

fn token(last: &Decision) -> Option<String> {
    Some(After { at: instant(last.decided_at.as_ref()?)?, id: last.decision_id.parse().ok()? }.token())
}

#[async_trait]
impl LogService for LogAdminService {
    type ReadLogStream = Parts;

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

    async fn get_parked(&self, request: Request<GetParkedRequest>) -> Result<Response<GetParkedResponse>, Status> {
        let ctx = ctx(&request);
        let found = async { self.admin(&ctx)?.parked_under(&request.get_ref().key).await };
        reply(&ctx, found.await.map(|events| GetParkedResponse { events }))
    }

    async fn retry_parked(
        &self,
        request: Request<RetryParkedRequest>,
    ) -> Result<Response<RetryParkedResponse>, Status> {
        let ctx = ctx(&request);
        reply(&ctx, self.retry(&ctx, &request.get_ref().key).await)
    }

    async fn skip_parked(&self, request: Request<SkipParkedRequest>) -> Result<Response<SkipParkedResponse>, Status> {
        let ctx = ctx(&request);
        reply(&ctx, self.skip(&ctx, request.get_ref()).await)
    }

    async fn list_forks(&self, request: Request<ListForksRequest>) -> Result<Response<ListForksResponse>, Status> {
        let ctx = ctx(&request);
        let found = async { self.admin(&ctx)?.forks().await };
        reply(&ctx, found.await.map(|forks| ListForksResponse { forks }))
    }

    async fn settle_fork(&self, request: Request<SettleForkRequest>) -> Result<Response<SettleForkResponse>, Status> {
        let ctx = ctx(&request);
        reply(&ctx, self.settle(&ctx, request.get_ref()).await)
    }

    async fn list_decisions(
        &self,
        request: Request<ListDecisionsRequest>,
    ) -> Result<Response<ListDecisionsResponse>, Status> {
        let ctx = ctx(&request);
        reply(&ctx, self.decisions(&ctx, request.get_ref()).await)
    }

    async fn read_log(&self, request: Request<ReadLogRequest>) -> Result<Response<Parts>, Status> {
        let ctx = ctx(&request);
        let found = async { self.admin(&ctx)?.read(&request.get_ref().partitions).await };
        reply(&ctx, found.await.map(|parts| read::answer(ctx.clone(), parts)))
    }

    async fn list_months(&self, request: Request<ListMonthsRequest>) -> Result<Response<ListMonthsResponse>, Status> {
        let ctx = ctx(&request);
        let found = async { self.admin(&ctx)?.months().await };
        reply(&ctx, found.await.map(|months| ListMonthsResponse { months }))
    }

    async fn detach_month(
        &self,
        request: Request<DetachMonthRequest>,
    ) -> Result<Response<DetachMonthResponse>, Status> {
        let ctx = ctx(&request);
        reply(&ctx, self.detach(&ctx, request.get_ref()).await)
    }

    async fn attach_month(
        &self,
        request: Request<AttachMonthRequest>,
    ) -> Result<Response<AttachMonthResponse>, Status> {
        let ctx = ctx(&request);
        reply(&ctx, self.attach(&ctx, request.get_ref()).await)
    }
}
