//! The commands by which people of the house deal with each other in a case, each done once for its request id.

use super::caller;
use super::commands::staff;
use crate::app::App;
use crate::domain::orders::Wanted;
use crate::usecase::answer_order::answer_order;
use crate::usecase::escalate_case::escalate_case;
use crate::usecase::form_team::{self, FormTeam};
use crate::usecase::give_order::give_order;
use crate::usecase::rule_recusal::{self, RuleRecusal};
use contracts::assignment as wire;
use kit_core::Problem;
use kit_db::Result;
use kit_grpc::{Ctx, parse_id, parse_ref};
use kit_ids::{CaseId, StaffId};
use kit_messaging::Command;

pub(super) async fn order(app: &App, ctx: &Ctx, request: wire::GiveOrderRequest) -> Result<wire::GiveOrderResponse> {
    let staff_id = caller(app, ctx)?;
    let command = Command::new("give-order", &request.request_id, &staff_id, &request);
    let case: (CaseId, u64) = (parse_id("case_id", &request.case_id)?, request.version);
    let text = parse_ref(&request.case_id, "text_ref", &request.text_ref)?;
    let due = match request.due.as_str() {
        "" => None,
        day => Some(day.parse().map_err(|_| {
            Problem::field("due", "malformed-date", "日期应如 2026-03-20", "A day is written as 2026-03-20")
        })?),
    };
    let staff_ids = several("staff_ids", &request.staff_ids)?;
    let wanted = Wanted { order: request.order, ground: request.ground, unit_id: request.unit_id, staff_ids, due };
    let law = app.law();
    app.log
        .command(command, move |tx| Box::pin(async move { give_order(tx, &law, &staff_id, case, wanted, text).await }))
        .await
}

pub(super) async fn answer(
    app: &App,
    ctx: &Ctx,
    request: wire::AnswerOrderRequest,
) -> Result<wire::AnswerOrderResponse> {
    let staff_id = caller(app, ctx)?;
    let command = Command::new("answer-order", &request.request_id, &staff_id, &request);
    let case: (CaseId, u64) = (parse_id("case_id", &request.case_id)?, request.version);
    let text = parse_ref(&request.case_id, "text_ref", &request.text_ref)?;
    let law = app.law();
    app.log
        .command(command, move |tx| {
            Box::pin(async move {
                let no = answer_order(tx, &law, &staff_id, case, request.no, text).await?;
                Ok(wire::AnswerOrderResponse { no })
            })
        })
        .await
}

pub(super) async fn form_team(app: &App, ctx: &Ctx, request: wire::FormTeamRequest) -> Result<wire::FormTeamResponse> {
    let staff_id = caller(app, ctx)?;
    let command = Command::new("form-team", &request.request_id, &staff_id, &request);
    let wanted = FormTeam {
        case_id: parse_id("case_id", &request.case_id)?,
        version: request.version,
        staff_ids: several("staff_ids", &request.staff_ids)?,
        lead: staff("lead", &request.lead)?.unwrap_or_default(),
        team: request.team,
    };
    let law = app.law();
    app.log
        .command(command, move |tx| {
            Box::pin(async move {
                let lead = form_team::form_team(tx, &law, &staff_id, wanted).await?;
                Ok(wire::FormTeamResponse { lead })
            })
        })
        .await
}

pub(super) async fn escalate(
    app: &App,
    ctx: &Ctx,
    request: wire::EscalateCaseRequest,
) -> Result<wire::EscalateCaseResponse> {
    let staff_id = caller(app, ctx)?;
    let command = Command::new("escalate-case", &request.request_id, &staff_id, &request);
    let case: (CaseId, u64) = (parse_id("case_id", &request.case_id)?, request.version);
    let text = parse_ref(&request.case_id, "text_ref", &request.text_ref)?.ok_or_else(|| {
        Problem::field("text_ref", "text-needed", "上报须说明情况", "A description is needed to escalate")
    })?;
    let proposal = parse_ref(&request.case_id, "proposal_ref", &request.proposal_ref)?;
    let law = app.law();
    app.log
        .command(command, move |tx| {
            Box::pin(async move { escalate_case(tx, &law, &staff_id, case, text, proposal).await })
        })
        .await
}

pub(super) async fn ask_recusal(
    app: &App,
    ctx: &Ctx,
    request: wire::AskRecusalRequest,
) -> Result<wire::AskRecusalResponse> {
    let staff_id = caller(app, ctx)?;
    let command = Command::new("ask-recusal", &request.request_id, &staff_id, &request);
    let case: (CaseId, u64) = (parse_id("case_id", &request.case_id)?, request.version);
    let whom = staff("staff_id", &request.staff_id)?;
    let ground = parse_ref(&request.case_id, "ground_ref", &request.ground_ref)?.ok_or_else(|| {
        Problem::field("ground_ref", "reason-needed", "申请回避须说明理由", "A reason is needed to ask for recusal")
    })?;
    let law = app.law();
    app.log
        .command(command, move |tx| {
            Box::pin(async move {
                rule_recusal::ask_recusal(tx, &law, &staff_id, case, whom, ground).await?;
                Ok(wire::AskRecusalResponse {})
            })
        })
        .await
}

pub(super) async fn rule_recusal(
    app: &App,
    ctx: &Ctx,
    request: wire::RuleRecusalRequest,
) -> Result<wire::RuleRecusalResponse> {
    let staff_id = caller(app, ctx)?;
    let command = Command::new("rule-recusal", &request.request_id, &staff_id, &request);
    let wanted = RuleRecusal {
        case_id: parse_id("case_id", &request.case_id)?,
        version: request.version,
        whom: staff("staff_id", &request.staff_id)?,
        is_granted: request.is_granted,
        reason: parse_ref(&request.case_id, "reason_ref", &request.reason_ref)?,
    };
    let law = app.law();
    app.log
        .command(command, move |tx| {
            Box::pin(async move {
                rule_recusal::rule_recusal(tx, &law, &staff_id, wanted).await?;
                Ok(wire::RuleRecusalResponse {})
            })
        })
        .await
}

fn several(field: &str, ids: &[String]) -> std::result::Result<Vec<String>, Problem> {
    ids.iter().map(|id| parse_id::<StaffId>(field, id).map(|id| id.to_string())).collect()
}
