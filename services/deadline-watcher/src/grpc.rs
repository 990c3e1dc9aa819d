//! The gRPC face: decodes, asks a use case or the store, encodes.

pub(crate) mod calendar;
mod give;
mod late;
mod preview;
mod read;
mod seen;

use crate::law::Reference;
use contracts::deadline_watcher as wire;
use contracts::deadline_watcher::deadline_watcher_service_server::DeadlineWatcherService;
use kit_grpc::{ctx, reply};
use kit_messaging::Log;
use std::sync::Arc;
use tokio::sync::Notify;
use tonic::{Request, Response, Status};

/// The service behind the face.
#[derive(Clone)]
pub(crate) struct Api {
    pub(crate) log: Log,
    pub(crate) reference: Arc<Reference>,
    pub(crate) wake: Arc<Notify>,
}

#[tonic::async_trait]
impl DeadlineWatcherService for Api {
    async fn list_clocks(
        &self,
        request: Request<wire::ListClocksRequest>,
    ) -> Result<Response<wire::ListClocksResponse>, Status> {
        let ctx = ctx(&request);
        reply(&ctx, self.clocks(&ctx, request.get_ref()).await)
    }

    async fn explain_clock(
        &self,
        request: Request<wire::ExplainClockRequest>,
    ) -> Result<Response<wire::ExplainClockResponse>, Status> {
        let ctx = ctx(&request);
        reply(&ctx, self.explanation(&ctx, request.get_ref()).await)
    }

    async fn list_late(
        &self,
        request: Request<wire::ListLateRequest>,
    ) -> Result<Response<wire::ListLateResponse>, Status> {
        let ctx = ctx(&request);
        reply(&ctx, self.late(&ctx, request.get_ref()).await)
    }

    async fn ask_extension(
        &self,
        request: Request<wire::AskExtensionRequest>,
    ) -> Result<Response<wire::AskExtensionResponse>, Status> {
        let ctx = ctx(&request);
        reply(&ctx, self.ask(&ctx, request.into_inner()).await)
    }

    async fn rule_on_extension(
        &self,
        request: Request<wire::RuleOnExtensionRequest>,
    ) -> Result<Response<wire::RuleOnExtensionResponse>, Status> {
        let ctx = ctx(&request);
        reply(&ctx, self.rule(&ctx, request.into_inner()).await)
    }

    async fn ask_suspension(
        &self,
        request: Request<wire::AskSuspensionRequest>,
    ) -> Result<Response<wire::AskSuspensionResponse>, Status> {
        let ctx = ctx(&request);
        reply(&ctx, self.ask_for_suspension(&ctx, request.into_inner()).await)
    }

    async fn rule_on_suspension(
        &self,
        request: Request<wire::RuleOnSuspensionRequest>,
    ) -> Result<Response<wire::RuleOnSuspensionResponse>, Status> {
        let ctx = ctx(&request);
        reply(&ctx, self.rule_suspension(&ctx, request.into_inner()).await)
    }

    async fn end_suspension(
        &self,
        request: Request<wire::EndSuspensionRequest>,
    ) -> Result<Response<wire::EndSuspensionResponse>, Status> {
        let ctx = ctx(&request);
        reply(&ctx, self.end(&ctx, request.into_inner()).await)
    }

    async fn set_date(
        &self,
        request: Request<wire::SetDateRequest>,
    ) -> Result<Response<wire::SetDateResponse>, Status> {
        let ctx = ctx(&request);
        reply(&ctx, self.set(&ctx, request.into_inner()).await)
    }

    async fn get_case(
        &self,
        request: Request<wire::GetCaseRequest>,
    ) -> Result<Response<wire::GetCaseResponse>, Status> {
        let ctx = ctx(&request);
        reply(&ctx, self.case(&ctx, request.get_ref()).await)
    }

    async fn preview_version(
        &self,
        request: Request<wire::PreviewVersionRequest>,
    ) -> Result<Response<wire::PreviewVersionResponse>, Status> {
        let ctx = ctx(&request);
        reply(&ctx, self.preview(&ctx, request.get_ref()).await)
    }
}
