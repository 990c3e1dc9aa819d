//! The gRPC face: decodes, asks a use case or the store, encodes.

pub(crate) mod calendar;
mod late;
mod read;

use crate::law::Reference;
use crate::usecase::{AskExtension, RuleOnExtension, ask_extension, rule_on_extension};
use chrono::{Datelike as _, NaiveDate};
use contracts::deadline_watcher as wire;
use contracts::deadline_watcher::deadline_watcher_service_server::DeadlineWatcherService;
use kit_core::Problem;
use kit_grpc::{Ctx, ctx, parse_id, reply};
use kit_messaging::{Command, Log};
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

    async fn get_case(
        &self,
        request: Request<wire::GetCaseRequest>,
    ) -> Result<Response<wire::GetCaseResponse>, Status> {
        let ctx = ctx(&request);
        reply(&ctx, self.case(&ctx, request.get_ref()).await)
    }
}

impl Api {
    async fn ask(&self, ctx: &Ctx, request: wire::AskExtensionRequest) -> kit_db::Result<wire::AskExtensionResponse> {
        let ask = AskExtension {
            staff: ctx.staff()?,
            case_id: parse_id("case_id", &request.case_id)?,
            version: request.version,
            clock: request.clock.clone(),
            until: date(&request.until)?,
            reason: parse_id("reason_ref", &request.reason_ref)?,
        };
        let command = Command::new("ask-extension", &request.request_id, &ctx.actor(), &request);
        let house = self.reference.get();
        let answer = self.log.command(command, move |tx| {
            Box::pin(async move {
                let asked = ask_extension(tx, &house, ask).await?;
                let extension_id = asked.extension_id.to_string();
                Ok(wire::AskExtensionResponse { extension_id, approver_role: asked.approver_role })
            })
        });
        let answer = answer.await?;
        self.wake.notify_one();
        Ok(answer)
    }

    async fn rule(
        &self,
        ctx: &Ctx,
        request: wire::RuleOnExtensionRequest,
    ) -> kit_db::Result<wire::RuleOnExtensionResponse> {
        let ruling = RuleOnExtension {
            staff: ctx.staff()?,
            case_id: parse_id("case_id", &request.case_id)?,
            extension_id: parse_id("extension_id", &request.extension_id)?,
            is_granted: request.is_granted,
        };
        let command = Command::new("rule-on-extension", &request.request_id, &ctx.actor(), &request);
        let house = self.reference.get();
        let answer = self.log.command(command, move |tx| {
            Box::pin(async move {
                rule_on_extension(tx, &house, ruling).await?;
                Ok(wire::RuleOnExtensionResponse {})
            })
        });
        let answer = answer.await?;
        self.wake.notify_one();
        Ok(answer)
    }
}

fn date(text: &str) -> Result<NaiveDate, Problem> {
    let date = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().filter(|date| (2000..=2999).contains(&date.year()));
    date.ok_or_else(|| {
        Problem::field("until", "malformed-date", "日期格式应为 2026-04-15", "A date must look like 2026-04-15")
    })
}
