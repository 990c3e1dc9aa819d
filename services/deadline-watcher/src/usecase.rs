//! What people do with clocks: ask for more time or that they stand still, rule on it, and set dates.

mod ask_extension;
mod ask_suspension;
pub(crate) mod calendar;
mod more;
mod rule_on_extension;
mod rule_on_suspension;
mod set_date;
pub(crate) mod time;

pub(crate) use ask_extension::{AskExtension, ask_extension};
pub(crate) use ask_suspension::{AskSuspension, ask_suspension, one_approver, suspendable};
use more::running;
pub(crate) use more::{Offer, approver, may_ask, offer};
pub(crate) use rule_on_extension::{RuleOnExtension, may_rule, rule_on_extension};
pub(crate) use rule_on_suspension::{EndSuspension, RuleOnSuspension, end_suspension, may_rule_on, rule_on_suspension};
pub(crate) use set_date::{SetDate, command as set_date_command, dated, set_date, takes_date};

use crate::domain::Watched;
use crate::law::{Ground, House};
use crate::{publish, store};
use contracts::Fact;
use kit_core::Problem;
use kit_db::{Error, Result};
use kit_ids::{CaseId, StaffId};
use kit_messaging::Tx;
use regime::{Clock, Missing};

/// Locks a case that the member of staff may know of, with the ground of its clocks.
async fn open(tx: &mut Tx, house: &House, case_id: CaseId, staff: StaffId) -> Result<(Watched, Ground)> {
    let case = store::lock(tx.conn(), &[case_id]).await?.pop().ok_or_else(Problem::unknown_case)?;
    if !facts::may_read(house, &case.view, &staff.to_string()) {
        return Err(Problem::unknown_case().into());
    }
    let ground = house.ground(&case.view).map_err(Error::NotYet)?;
    Ok((case, ground))
}

/// Lets `happened` happen in the case, with all that follows from it for its clocks, and saves it.
async fn settle(
    tx: &mut Tx,
    mut case: Watched,
    ground: &Ground,
    happened: impl IntoIterator<Item = Fact>,
) -> Result<()> {
    let (now, happened) = (tx.now(), happened.into_iter().collect::<Vec<_>>());
    happened.iter().for_each(|fact| case.view.apply(fact, now));
    let follows = case.derive(ground, now);
    publish::append(tx, None, case.case_id, &happened);
    publish::append(tx, None, case.case_id, &follows);
    case.version += 1;
    store::save(tx.conn(), &[&case]).await
}

/// Refuses whoever acts on an older state than there is; 0 is any.
fn seen(case: &Watched, version: u64) -> std::result::Result<(), Problem> {
    if version != 0 && version != case.version { Err(Problem::stale(case.version)) } else { Ok(()) }
}

/// Refuses what the regime's guards forbid, or what something must come before: the first of them, with its clause.
pub(crate) fn unguarded(ground: &Ground, case: &Watched, command: &str) -> std::result::Result<(), Problem> {
    let Some(missing) = ground.regime.guard(command, &case.view).into_iter().next() else { return Ok(()) };
    let code = if missing.needs.is_some() { "not-yet" } else { "forbidden-by-rule" };
    let Missing { say, cite, .. } = missing;
    Err(Problem::conflict(code, format!("{}（{cite}）", say.zh), format!("{} ({cite})", say.en)))
}

/// Whether the member of staff acts by the role in the case.
fn holds(house: &House, ground: &Ground, case: &Watched, staff: &str, role: &str) -> bool {
    facts::acts_by(house.directory(), &ground.regime, &case.view, staff, role)
}

/// The rule of a clock.
fn rule_of<'a>(ground: &'a Ground, name: &str) -> Option<&'a Clock> {
    ground.regime.clocks.iter().find(|clock| clock.name == name)
}
