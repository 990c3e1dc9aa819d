//! A dispatcher sends a case to a department of its branch (转办).

use super::outcome::{open, unless_missing, write_one};
use crate::domain::case::{Case, Event, State};
use crate::domain::dispatch::{choose, eligible, weighed};
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
        State::Done => return Err(Problem::conflict("case-ended", "本件已办结", "The case has ended").into()),
        _ => {}
    }
    unless_missing(&regime.guard("dispatch", &case.view))?;
    let unit_id = command.unit_id;
    if !law.directory().departments(&case.view.unit_id).iter().any(|unit| unit.id == unit_id) {
        return Err(Problem::field(
            "unit_id",
            "unknown-department",
            "本单位没有这个部门",
            "There is no such department in the branch",
        )
        .into());
    }
    let (role, chosen) = match command.staff_id {
        Some(chosen) => (role_of(law, &regime, &case, &unit_id, &chosen)?, chosen),
        None => least_loaded(tx, law, &regime, &case, &unit_id).await?,
    };
    let is_there = case.view.handling_unit_id.as_deref() == Some(&unit_id);
    if case.state.has_handler() && is_there && case.view.handler.as_deref() == Some(&chosen) {
        return Err(Problem::conflict(
            "already-dispatched",
            "本件已在此人手中",
            "The case is with this person already",
        )
        .into());
    }
    let event = Event::Dispatched {
        unit_id,
        role,
        staff_id: chosen.clone(),
        slip: String::new(),
        is_automatic: false,
        cite: String::new(),
    };
    publish::happen(tx, &mut case, &event);
    let slip = write_one(tx, law, case, vec![event]).await?.pop().unwrap_or_default();
    Ok(DispatchCaseResponse { staff_id: chosen, slip })
}

/// The roles in which people handle cases: the one that the routing names, then the ladder's.
pub(crate) fn roles<'a>(regime: &'a Regime, case: &Case) -> impl Iterator<Item = &'a str> {
    let routed = regime.route(&case.view).map(|route| route.role.as_str());
    routed.into_iter().chain(regime.ladder.iter().map(|rung| rung.role.as_str()))
}

fn role_of(
    law: &Law,
    regime: &Regime,
    case: &Case,
    unit_id: &str,
    chosen: &str,
) -> std::result::Result<String, Problem> {
    let mut roles = roles(regime, case);
    let role = roles.find(|role| eligible(law, &case.view, unit_id, role).iter().any(|id| id == chosen));
    role.map(str::to_owned).ok_or_else(|| {
        Problem::field(
            "staff_id",
            "not-a-candidate",
            "此人不能在该部门承办本件",
            "This person cannot handle the case in that department",
        )
    })
}

async fn least_loaded(tx: &mut Tx, law: &Law, regime: &Regime, case: &Case, unit_id: &str) -> Result<(String, String)> {
    let staff = weighed(law, regime, &case.view, std::iter::once(unit_id));
    let loads = store::case::loads(tx, staff.into_iter().collect()).await?;
    let first = roles(regime, case).next().unwrap_or_default();
    let choice = choose(law, regime, &case.view, unit_id, first, &loads);
    choice.ok_or_else(|| {
        Problem::conflict("nobody-there", "该部门无人可以承办本件", "Nobody in that department can handle the case")
            .into()
    })
}
