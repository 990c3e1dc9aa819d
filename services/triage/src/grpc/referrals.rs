//! Matters that go to somebody else, and what we hear of them.

use super::caller;
use crate::app::App;
use crate::usecase::refer_case::{ReferCase, ReportBack, refer_case};
use contracts::triage as wire;
use kit_db::Result;
use kit_grpc::{Ctx, need_ref, parse_id, parse_ref};
use kit_messaging::Command;

pub(super) async fn refer(app: &App, ctx: &Ctx, request: wire::ReferCaseRequest) -> Result<wire::ReferCaseResponse> {
    let staff_id = caller(app, ctx)?;
    let command = Command::new("refer-case", &request.request_id, &staff_id, &request);
    let wanted = ReferCase {
        case_id: parse_id("case_id", &request.case_id)?,
        version: request.version,
        ground: request.ground,
        body: request.body,
        unit_id: request.unit_id,
        reason: parse_ref(&request.case_id, "reason_ref", &request.reason_ref)?,
    };
    let law = app.law();
    app.log
        .command(command, move |tx| {
            Box::pin(async move {
                let awaits_report_back = refer_case(tx, &law, &staff_id, wanted).await?;
                Ok(wire::ReferCaseResponse { awaits_report_back })
            })
        })
        .await
}

pub(super) async fn report_back(
    app: &App,
    ctx: &Ctx,
    request: wire::ReportBackRequest,
) -> Result<wire::ReportBackResponse> {
    let staff_id = caller(app, ctx)?;
    let command = Command::new("report-back", &request.request_id, &staff_id, &request);
    let wanted = ReportBack {
        case_id: parse_id("case_id", &request.case_id)?,
        version: request.version,
        ground: request.ground,
        text: need_ref(&request.case_id, "text_ref", &request.text_ref)?,
    };
    let law = app.law();
    app.log
        .command(command, move |tx| {
            Box::pin(async move {
                crate::usecase::refer_case::report_back(tx, &law, &staff_id, wanted).await?;
                Ok(wire::ReportBackResponse {})
            })
        })
        .await
}
