//! A returned case is ruled on (裁定分办): the unit that returned it must keep it, or another gets it.

use super::dispatch_case::send;
use super::outcome::{open, unless_ready, write_one};
use crate::domain::case::State;
use crate::domain::event::Event;
use crate::domain::refusal;
use crate::publish;
use contracts::assignment::RuleDispatchResponse;
use house::House;
use kit_core::Problem;
use kit_db::Result;
use kit_ids::{CaseId, RefId};
use kit_messaging::Tx;

/// The ruling; a unit where another is to have it.
pub(crate) struct RuleDispatch {
    pub case_id: CaseId,
    pub version: u64,
    pub is_upheld: bool,
    pub unit_id: String,
    pub staff_id: Option<String>,
    pub reason: Option<RefId>,
}

/// Rules on it, and dispatches it by that.
pub(crate) async fn rule_dispatch(
    tx: &mut Tx,
    law: &House,
    staff_id: &str,
    command: RuleDispatch,
) -> Result<RuleDispatchResponse> {
    let (mut case, regime) = open(tx, law, command.case_id, command.version, staff_id, &["rule-dispatch"]).await?;
    if case.state == State::Done {
        return Err(refusal::case_ended().into());
    }
    let Some(returned_by) = case.view.returned_by.clone() else {
        return Err(if case.view.has_word("dispatch-ruled") {
            Problem::conflict("already-ruled", "退回已经裁定", "The return has been ruled on already")
        } else {
            Problem::conflict("nothing-returned", "本件没有被退回", "The case was not returned")
        }
        .into());
    };
    unless_ready(&regime, &case, "rule-dispatch")?;
    let unit_id = match (command.is_upheld, command.unit_id) {
        (true, unit) if unit.is_empty() || unit == returned_by => returned_by.clone(),
        (true, _) => {
            let (zh, en) = ("维持原分办的，须回到退回的单位", "What is upheld goes back to the unit that returned it");
            return Err(Problem::field("unit_id", "other-unit", zh, en).into());
        }
        (false, unit) if unit.is_empty() || unit == returned_by => {
            let (zh, en) = ("改办的，须写明另一个单位", "Another unit must be named to which it goes");
            return Err(Problem::field("unit_id", "same-unit", zh, en).into());
        }
        (false, unit) => unit,
    };
    let (is_upheld, staff, reason) = (command.is_upheld, staff_id.to_owned(), command.reason);
    let ruled = Event::Ruled { is_upheld, unit_id: returned_by, staff_id: staff, reason };
    publish::happen(tx, &mut case, &ruled);
    let mut events = vec![ruled];
    let wanted = (unit_id, command.staff_id);
    let chosen = send(tx, law, &regime, &mut case, staff_id, wanted, &mut events).await?;
    let slip = write_one(tx, law, &regime, case, events).await?.pop().unwrap_or_default();
    Ok(RuleDispatchResponse { staff_id: chosen, slip })
}
