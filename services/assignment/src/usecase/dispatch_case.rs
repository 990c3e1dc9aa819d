//! A dispatcher sends a case to a department of its branch (转办).

use super::outcome::{open, unless_ready, write_one};
use crate::domain::case::{Case, State};
use crate::domain::dispatch::{choose, eligible, weighed};
use crate::domain::event::Event;
use crate::domain::recusal::bar;
use crate::domain::{refusal, route};
use crate::publish;
use crate::store;
use contracts::assignment::DispatchCaseResponse;
use facts::Law;
use kit_core::Problem;
use kit_db::Result;
use kit_ids::CaseId;
use kit_messaging::Tx;
use regime::Regime;

/// Where to, and to whom; without a person, the rules choose one there.
pub(crate) struct DispatchCase {
    pub case_id: CaseId,
    pub version: u64,
    pub unit_id: String,
    pub staff_id: Option<String>,
}

/// Dispatches the case.
pub(crate) async fn dispatch_case(
    tx: &mut Tx,
    law: &Law,
    staff_id: &str,
    command: DispatchCase,
) -> Result<DispatchCaseResponse> {
    let (mut case, regime) = open(tx, law, command.case_id, command.version, staff_id, &["dispatch"]).await?;
    match case.state {
        State::Waiting => {
            return Err(Problem::conflict(
                "not-accepted",
                "本件尚未受理定级",
                "The case is not accepted and graded yet",
            )
            .into());
        }
        State::Done => return Err(refusal::case_ended().into()),
        _ => {}
    }
    unless_ready(&regime, &case, "dispatch")?;
    let mut events = Vec::new();
    let wanted = (command.unit_id, command.staff_id);
    let chosen = send(tx, law, &regime, &mut case, staff_id, wanted, &mut events).await?;
    let slip = write_one(tx, law, &regime, case, events).await?.pop().unwrap_or_default();
    Ok(DispatchCaseResponse { staff_id: chosen, slip })
}

/// Sends it to a unit and a person, as a member of staff decided; answers who it is.
pub(super) async fn send(
    tx: &mut Tx,
    law: &Law,
    regime: &Regime,
    case: &mut Case,
    by: &str,
    (unit_id, staff_id): (String, Option<String>),
    events: &mut Vec<Event>,
) -> Result<String> {
    if !route::places(law, regime, &case.view).iter().any(|unit| unit.id == unit_id) {
        return Err(refusal::unknown_unit("unit_id").into());
    }
    let (unit_id, role, chosen) = match staff_id {
        Some(chosen) => (unit_id.clone(), role_of(law, regime, case, &unit_id, &chosen)?, chosen),
        None => least_loaded(tx, law, regime, case, &unit_id).await?,
    };
    let is_there = case.view.handling_unit_id.as_deref() == Some(&unit_id);
    if case.state.has_handler() && is_there && case.view.handler.as_deref() == Some(&chosen) {
        return Err(refusal::already_dispatched().into());
    }
    let (staff_id, by) = (chosen.clone(), by.to_owned());
    let event = Event::Dispatched { unit_id, role, staff_id, slip: String::new(), by, cite: String::new() };
    publish::happen(tx, case, &event);
    events.push(event);
    Ok(chosen)
}

/// The roles in which people handle cases: the one that its way names, then the ladder's.
pub(crate) fn roles<'a>(regime: &'a Regime, case: &Case) -> impl Iterator<Item = &'a str> {
    let routed = route::way(regime, &case.view).map(|way| way.role);
    routed.into_iter().chain(regime.ladder.iter().flat_map(|rung| &rung.roles).map(String::as_str))
}

fn role_of(
    law: &Law,
    regime: &Regime,
    case: &Case,
    unit_id: &str,
    chosen: &str,
) -> std::result::Result<String, Problem> {
    let mut roles = roles(regime, case);
    let role = roles.find(|role| eligible(law, regime, &case.view, unit_id, role).iter().any(|id| id == chosen));
    let refused = || {
        let staff = law.directory().staff(chosen);
        let rule = staff.and_then(|staff| bar(law, regime, &case.view, staff)).and_then(|bar| bar.rule);
        rule.map_or_else(|| refusal::not_a_candidate("staff_id"), |rule| refusal::recused("staff_id", &rule.cite))
    };
    role.map(str::to_owned).ok_or_else(refused)
}

async fn least_loaded(
    tx: &mut Tx,
    law: &Law,
    regime: &Regime,
    case: &Case,
    unit_id: &str,
) -> Result<(String, String, String)> {
    let staff = weighed(law, regime, &case.view, std::iter::once(unit_id));
    let loads = store::case::loads(tx, staff.into_iter().collect()).await?;
    let first = roles(regime, case).next().unwrap_or_default();
    let choice = choose(law, regime, &case.view, unit_id, first, &loads);
    let choice = choice.ok_or_else(|| {
        Problem::conflict("nobody-there", "该部门无人可以承办本件", "Nobody in that department can handle the case")
    })?;
    Ok((choice.unit_id, choice.role, choice.staff_id))
}
