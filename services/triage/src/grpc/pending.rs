//! The cases that wait for triage, oldest first.

use super::caller;
use crate::app::App;
use crate::domain::case::Case;
use crate::store;
use contracts::triage as wire;
use facts::{Law, authorise};
use kit_db::Result;
use kit_grpc::Ctx;
use kit_grpc::page::{self, After};

/// Pages of rows that are read for one page of answers, before the caller is asked to turn the page.
const READINGS: usize = 5;

pub(super) async fn list(app: &App, ctx: &Ctx, request: wire::ListPendingRequest) -> Result<wire::ListPendingResponse> {
    let staff_id = caller(app, ctx)?;
    let size = page::size(request.page_size)?;
    let mut after = After::read(&request.page_token)?.unwrap_or(After::START);
    let law = app.law();
    let units = units_of(&law, &staff_id);
    let mut conn = app.log.pool().acquire().await?;
    let mut cases = Vec::new();
    for _ in 0..READINGS {
        let limit = i64::try_from(size - cases.len() + 1).unwrap_or(i64::MAX);
        let rows = store::case::pending(&mut conn, &staff_id, &units, after, limit).await?;
        let is_last = i64::try_from(rows.len()).is_ok_and(|count| count < limit);
        for case in rows {
            if cases.len() == size {
                return Ok(answer(cases, after.token()));
            }
            after = After { at: case.view.received_at, id: case.case_id.uuid() };
            // The rows were chosen by unit; the rules have the last word.
            let may = |act| authorise(&law, &case.view, &staff_id, act).is_ok();
            if may("triage") || may("accept") {
                cases.push(pending(&case));
            }
        }
        if is_last {
            return Ok(answer(cases, String::new()));
        }
    }
    Ok(answer(cases, after.token()))
}

fn answer(cases: Vec<wire::PendingCase>, next_page_token: String) -> wire::ListPendingResponse {
    wire::ListPendingResponse { cases, next_page_token }
}

/// The units in which the person holds any role, with all below them.
fn units_of(law: &Law, staff_id: &str) -> Vec<String> {
    let directory = law.directory();
    let Some(staff) = directory.staff(staff_id) else { return Vec::new() };
    let is_held = |unit: &str| staff.grants.iter().any(|grant| directory.is_within(unit, &grant.unit));
    directory.units().filter(|unit| is_held(&unit.id)).map(|unit| unit.id.clone()).collect()
}

fn pending(case: &Case) -> wire::PendingCase {
    wire::PendingCase {
        case_id: case.case_id.to_string(),
        number: case.view.number.clone(),
        unit_id: case.view.unit_id.clone(),
        channel: case.view.channel.clone(),
        kind: case.view.kind.clone(),
        received_at: Some(kit_grpc::timestamp(case.view.received_at)),
    }
}
