//! The commands on a case, each done once for its request id.

use super::caller;
use crate::app::App;
use crate::convert;
use crate::domain::case::Classified;
use crate::usecase::accept_case::{AcceptCase, accept_case};
use crate::usecase::decline_case::{DeclineCase, decline_case};
use crate::usecase::judge_validity::{JudgeValidity, judge_validity};
use crate::usecase::move_to_version::MoveToVersion;
use crate::usecase::record_containment::record_containment;
use crate::usecase::regrade_case::{RegradeCase, regrade_case};
use crate::usecase::state_facts::{StateFacts, state_facts};
use crate::usecase::triage_case::{TriageCase, triage_case};
use contracts::triage as wire;
use kit_core::Problem;
use kit_db::Result;
use kit_grpc::{Ctx, need_ref, parse_id, parse_ref, parse_refs};
use kit_ids::{CaseId, StaffId};
use kit_messaging::Command;

pub(super) async fn triage(app: &App, ctx: &Ctx, request: wire::TriageCaseRequest) -> Result<wire::TriageCaseResponse> {
    let staff_id = caller(app, ctx)?;
    let command = Command::new("triage-case", &request.request_id, &staff_id, &request);
    let wanted = TriageCase {
        case_id: parse_id("case_id", &request.case_id)?,
        version: request.version,
        classified: Classified {
            kind: request.kind,
            category: request.category,
            about_unit_id: request.about_unit_id.filter(|unit| !unit.is_empty()),
            about_staff_ids: staff(request.about_staff_ids)?,
            facts: convert::answers(request.facts)?,
        },
        validity: request.validity,
        severity: request.severity,
    };
    let law = app.law();
    app.log.command(command, move |tx| Box::pin(async move { triage_case(tx, &law, &staff_id, wanted).await })).await
}

pub(super) async fn decline(
    app: &App,
    ctx: &Ctx,
    request: wire::DeclineCaseRequest,
) -> Result<wire::DeclineCaseResponse> {
    let staff_id = caller(app, ctx)?;
    let command = Command::new("decline-case", &request.request_id, &staff_id, &request);
    let wanted = DeclineCase {
        case_id: parse_id("case_id", &request.case_id)?,
        version: request.version,
        ground: request.ground,
        reason: parse_ref(&request.case_id, "reason_ref", &request.reason_ref)?,
        parts: parse_refs(&request.case_id, "parts", &request.parts)?,
    };
    let law = app.law();
    app.log.command(command, move |tx| Box::pin(async move { decline_case(tx, &law, &staff_id, wanted).await })).await
}

pub(super) async fn accept(app: &App, ctx: &Ctx, request: wire::AcceptCaseRequest) -> Result<wire::AcceptCaseResponse> {
    let staff_id = caller(app, ctx)?;
    let command = Command::new("accept-case", &request.request_id, &staff_id, &request);
    let wanted = AcceptCase {
        case_id: parse_id("case_id", &request.case_id)?,
        version: request.version,
        parts: parse_refs(&request.case_id, "parts", &request.parts)?,
        is_courtesy: request.is_courtesy,
    };
    let law = app.law();
    app.log
        .command(command, move |tx| {
            Box::pin(async move {
                accept_case(tx, &law, &staff_id, wanted).await?;
                Ok(wire::AcceptCaseResponse {})
            })
        })
        .await
}

pub(super) async fn state(app: &App, ctx: &Ctx, request: wire::StateFactsRequest) -> Result<wire::StateFactsResponse> {
    let staff_id = caller(app, ctx)?;
    let command = Command::new("state-facts", &request.request_id, &staff_id, &request);
    let wanted = StateFacts {
        case_id: parse_id("case_id", &request.case_id)?,
        version: request.version,
        facts: convert::answers(request.facts)?,
    };
    let law = app.law();
    app.log
        .command(command, move |tx| {
            Box::pin(async move {
                state_facts(tx, &law, &staff_id, wanted).await?;
                Ok(wire::StateFactsResponse {})
            })
        })
        .await
}

pub(super) async fn regrade(
    app: &App,
    ctx: &Ctx,
    request: wire::RegradeCaseRequest,
) -> Result<wire::RegradeCaseResponse> {
    let staff_id = caller(app, ctx)?;
    let command = Command::new("regrade-case", &request.request_id, &staff_id, &request);
    let wanted = RegradeCase {
        case_id: parse_id("case_id", &request.case_id)?,
        version: request.version,
        severity: request.severity,
        reason: parse_ref(&request.case_id, "reason_ref", &request.reason_ref)?,
    };
    let law = app.law();
    app.log
        .command(command, move |tx| {
            Box::pin(async move {
                regrade_case(tx, &law, &staff_id, wanted).await?;
                Ok(wire::RegradeCaseResponse {})
            })
        })
        .await
}

pub(super) async fn judge(
    app: &App,
    ctx: &Ctx,
    request: wire::JudgeValidityRequest,
) -> Result<wire::JudgeValidityResponse> {
    let staff_id = caller(app, ctx)?;
    let command = Command::new("judge-validity", &request.request_id, &staff_id, &request);
    let wanted = JudgeValidity {
        case_id: parse_id("case_id", &request.case_id)?,
        version: request.version,
        validity: request.validity,
        reason: parse_ref(&request.case_id, "reason_ref", &request.reason_ref)?,
    };
    let law = app.law();
    app.log
        .command(command, move |tx| {
            Box::pin(async move {
                judge_validity(tx, &law, &staff_id, wanted).await?;
                Ok(wire::JudgeValidityResponse {})
            })
        })
        .await
}

pub(super) async fn contain(
    app: &App,
    ctx: &Ctx,
    request: wire::RecordContainmentRequest,
) -> Result<wire::RecordContainmentResponse> {
    let staff_id = caller(app, ctx)?;
    let command = Command::new("record-containment", &request.request_id, &staff_id, &request);
    let case_id: CaseId = parse_id("case_id", &request.case_id)?;
    let text = need_ref(&request.case_id, "text_ref", &request.text_ref)?;
    let law = app.law();
    app.log
        .command(command, move |tx| {
            Box::pin(async move {
                record_containment(tx, &law, &staff_id, case_id, request.version, text).await?;
                Ok(wire::RecordContainmentResponse {})
            })
        })
        .await
}

pub(super) async fn move_to_version(
    app: &App,
    ctx: &Ctx,
    request: wire::MoveToVersionRequest,
) -> Result<wire::MoveToVersionResponse> {
    let staff_id = caller(app, ctx)?;
    let command = Command::new("move-to-version", &request.request_id, &staff_id, &request);
    let wanted = MoveToVersion {
        case_id: parse_id("case_id", &request.case_id)?,
        version: request.version,
        regime_id: request.regime_id,
        regime_version: request.regime_version,
        reason: need_ref(&request.case_id, "reason_ref", &request.reason_ref)?,
    };
    let law = app.law();
    app.log
        .command(command, move |tx| {
            Box::pin(async move {
                wanted.give(tx, &law, &staff_id).await?;
                Ok(wire::MoveToVersionResponse {})
            })
        })
        .await
}

fn staff(ids: Vec<String>) -> std::result::Result<Vec<String>, Problem> {
    let parse =
        |(i, id): (usize, String)| parse_id::<StaffId>(&format!("about_staff_ids[{i}]"), &id).map(|id| id.to_string());
    ids.into_iter().enumerate().map(parse).collect()
}
