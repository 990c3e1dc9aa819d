//! The commands on a case, each done once for its request id.

use super::caller;
use crate::app::App;
use crate::usecase::delegate_case::delegate_case;
use crate::usecase::dispatch_case::{DispatchCase, dispatch_case};
use crate::usecase::recuse_handler::{RecuseHandler, recuse_handler};
use crate::usecase::return_case::return_case as give_back;
use crate::usecase::rule_dispatch::{RuleDispatch, rule_dispatch as ruled};
use crate::usecase::sign_case::sign_case;
use contracts::assignment as wire;
use kit_core::Problem;
use kit_db::Result;
use kit_grpc::{Ctx, parse_id, parse_ref};
use kit_ids::{CaseId, StaffId};
use kit_messaging::Command;

pub(super) async fn dispatch(
    app: &App,
    ctx: &Ctx,
    request: wire::DispatchCaseRequest,
) -> Result<wire::DispatchCaseResponse> {
    let staff_id = caller(app, ctx)?;
    let command = Command::new("dispatch-case", &request.request_id, &staff_id, &request);
    let wanted = DispatchCase {
        case_id: parse_id("case_id", &request.case_id)?,
        version: request.version,
        unit_id: request.unit_id,
        staff_id: staff("staff_id", &request.staff_id)?,
    };
    let law = app.law();
    app.log.command(command, move |tx| Box::pin(async move { dispatch_case(tx, &law, &staff_id, wanted).await })).await
}

pub(super) async fn sign(app: &App, ctx: &Ctx, request: wire::SignCaseRequest) -> Result<wire::SignCaseResponse> {
    let staff_id = caller(app, ctx)?;
    let command = Command::new("sign-case", &request.request_id, &staff_id, &request);
    let case_id: CaseId = parse_id("case_id", &request.case_id)?;
    let law = app.law();
    app.log
        .command(command, move |tx| {
            Box::pin(async move {
                sign_case(tx, &law, &staff_id, case_id, request.version).await?;
                Ok(wire::SignCaseResponse {})
            })
        })
        .await
}

pub(super) async fn return_case(
    app: &App,
    ctx: &Ctx,
    request: wire::ReturnCaseRequest,
) -> Result<wire::ReturnCaseResponse> {
    let staff_id = caller(app, ctx)?;
    let command = Command::new("return-case", &request.request_id, &staff_id, &request);
    let case_id: CaseId = parse_id("case_id", &request.case_id)?;
    let reason = parse_ref(&request.case_id, "reason_ref", &request.reason_ref)?.ok_or_else(|| {
        Problem::field("reason_ref", "reason-needed", "退回须说明理由", "A reason is needed to return a case")
    })?;
    let law = app.law();
    app.log
        .command(command, move |tx| {
            Box::pin(async move {
                give_back(tx, &law, &staff_id, case_id, request.version, reason).await?;
                Ok(wire::ReturnCaseResponse {})
            })
        })
        .await
}

pub(super) async fn rule_dispatch(
    app: &App,
    ctx: &Ctx,
    request: wire::RuleDispatchRequest,
) -> Result<wire::RuleDispatchResponse> {
    let staff_id = caller(app, ctx)?;
    let command = Command::new("rule-dispatch", &request.request_id, &staff_id, &request);
    let wanted = RuleDispatch {
        case_id: parse_id("case_id", &request.case_id)?,
        version: request.version,
        is_upheld: request.is_upheld,
        staff_id: staff("staff_id", &request.staff_id)?,
        reason: parse_ref(&request.case_id, "reason_ref", &request.reason_ref)?,
        unit_id: request.unit_id,
    };
    let law = app.law();
    app.log.command(command, move |tx| Box::pin(async move { ruled(tx, &law, &staff_id, wanted).await })).await
}

pub(super) async fn delegate(
    app: &App,
    ctx: &Ctx,
    request: wire::DelegateCaseRequest,
) -> Result<wire::DelegateCaseResponse> {
    let staff_id = caller(app, ctx)?;
    let command = Command::new("delegate-case", &request.request_id, &staff_id, &request);
    let case: (CaseId, u64) = (parse_id("case_id", &request.case_id)?, request.version);
    let named = staff("staff_id", &request.staff_id)?
        .ok_or_else(|| Problem::field("staff_id", "staff-needed", "须写明由谁承办", "The handler must be named"))?;
    let law = app.law();
    app.log
        .command(command, move |tx| {
            Box::pin(async move {
                delegate_case(tx, &law, &staff_id, case, named).await?;
                Ok(wire::DelegateCaseResponse {})
            })
        })
        .await
}

pub(super) async fn recuse(
    app: &App,
    ctx: &Ctx,
    request: wire::RecuseHandlerRequest,
) -> Result<wire::RecuseHandlerResponse> {
    let staff_id = caller(app, ctx)?;
    let command = Command::new("recuse-handler", &request.request_id, &staff_id, &request);
    let wanted = RecuseHandler {
        case_id: parse_id("case_id", &request.case_id)?,
        version: request.version,
        whom: staff("staff_id", &request.staff_id)?.unwrap_or_else(|| staff_id.clone()),
        reason: parse_ref(&request.case_id, "reason_ref", &request.reason_ref)?,
    };
    let law = app.law();
    app.log
        .command(command, move |tx| {
            Box::pin(async move {
                recuse_handler(tx, &law, &staff_id, wanted).await?;
                Ok(wire::RecuseHandlerResponse {})
            })
        })
        .await
}

pub(super) fn staff(field: &str, text: &str) -> std::result::Result<Option<String>, Problem> {
    if text.is_empty() {
        return Ok(None);
    }
    parse_id::<StaffId>(field, text).map(|id| Some(id.to_string()))
}
