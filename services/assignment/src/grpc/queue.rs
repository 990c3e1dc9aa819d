//! The lists of cases that people work through.

use super::caller;
use crate::app::App;
use crate::domain::case::Case;
use crate::store;
use contracts::assignment as wire;
use facts::{authorise, may_read};
use house::House;
use kit_core::Problem;
use kit_db::Result;
use kit_grpc::Ctx;
use kit_grpc::page::{self, After};
use std::collections::BTreeSet;

/// Pages of rows that are read for one page of answers, before the caller is asked to turn the page.
const READINGS: usize = 5;

#[derive(Clone, Copy)]
enum View {
    Mine,
    ToDispatch,
    Watched,
    Ordered,
}

pub(super) async fn list(app: &App, ctx: &Ctx, request: wire::ListQueueRequest) -> Result<wire::ListQueueResponse> {
    let staff_id = caller(app, ctx)?;
    let view = match request.view.as_str() {
        "mine" => View::Mine,
        "to-dispatch" => View::ToDispatch,
        "watched" => View::Watched,
        "ordered" => View::Ordered,
        _ => {
            return Err(Problem::field(
                "view",
                "unknown-view",
                "列表只有 mine、to-dispatch、watched、ordered",
                "The views are mine, to-dispatch, watched and ordered",
            )
            .into());
        }
    };
    let size = page::size(request.page_size)?;
    let mut after = After::read(&request.page_token)?.unwrap_or(After::START);
    let law = app.law();
    let units = units_of(&law, &staff_id);
    let mut conn = app.log.pool().acquire().await?;
    let mut cases = Vec::new();
    for _ in 0..READINGS {
        let limit = i64::try_from(size - cases.len() + 1).unwrap_or(i64::MAX);
        let rows = match view {
            View::Mine => store::queue::handled_by(&mut conn, &staff_id, after, limit).await?,
            View::ToDispatch => store::queue::unhandled(&mut conn, &staff_id, &units, after, limit).await?,
            View::Watched => store::queue::watched_by(&mut conn, &staff_id, after, limit).await?,
            View::Ordered => store::queue::ordered_of(&mut conn, &staff_id, after, limit).await?,
        };
        let is_last = i64::try_from(rows.len()).is_ok_and(|count| count < limit);
        for case in rows {
            if cases.len() == size {
                return Ok(answer(cases, after.token()));
            }
            after = After { at: case.view.received_at, id: case.case_id.uuid() };
            if is_shown(&law, &case, &staff_id, view) {
                cases.push(queued(&case));
            }
        }
        if is_last {
            return Ok(answer(cases, String::new()));
        }
    }
    Ok(answer(cases, after.token()))
}

fn answer(cases: Vec<wire::QueuedCase>, next_page_token: String) -> wire::ListQueueResponse {
    wire::ListQueueResponse { cases, next_page_token }
}

/// The rows were chosen by columns; the rules have the last word.
fn is_shown(law: &House, case: &Case, staff_id: &str, view: View) -> bool {
    match view {
        View::Mine | View::Watched | View::Ordered => may_read(law, &case.view, staff_id),
        View::ToDispatch => authorise(law, &case.view, staff_id, "dispatch").is_ok(),
    }
}

/// The units in which the person holds any role, with all below them.
fn units_of(law: &House, staff_id: &str) -> Vec<String> {
    let directory = law.directory();
    let Some(staff) = directory.staff(staff_id) else { return Vec::new() };
    let held: BTreeSet<&str> = staff.grants.iter().map(|grant| grant.unit.as_str()).collect();
    let within = directory.units().filter(|unit| held.iter().any(|ancestor| directory.is_within(&unit.id, ancestor)));
    within.map(|unit| unit.id.clone()).collect()
}

fn queued(case: &Case) -> wire::QueuedCase {
    wire::QueuedCase {
        case_id: case.case_id.to_string(),
        number: case.view.number.clone(),
        unit_id: case.view.unit_id.clone(),
        handling_unit_id: case.view.handling_unit_id.clone().unwrap_or_default(),
        severity: case.view.severity.clone(),
        state: case.state.as_str().to_owned(),
        received_at: Some(kit_grpc::timestamp(case.view.received_at)),
    }
}
