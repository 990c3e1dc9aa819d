//! What people do with clocks: ask for more time, and rule on it.

mod ask_extension;
pub(crate) mod calendar;
mod rule_on_extension;
pub(crate) mod time;

pub(crate) use ask_extension::{AskExtension, ask_extension, extendable};
pub(crate) use rule_on_extension::{RuleOnExtension, may_rule, rule_on_extension};

use crate::domain::Watched;
use crate::law::{Ground, House};
use crate::{publish, store};
use contracts::Fact;
use facts::CaseView;
use kit_core::Problem;
use kit_db::{Error, Result};
use kit_ids::{CaseId, StaffId};
use kit_messaging::Tx;

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
async fn settle(tx: &mut Tx, mut case: Watched, ground: &Ground, happened: Fact) -> Result<()> {
    let now = tx.now();
    case.view.apply(&happened, now);
    let follows = case.derive(ground, now);
    publish::append(tx, None, case.case_id, &[happened]);
    publish::append(tx, None, case.case_id, &follows);
    case.version += 1;
    store::save(tx.conn(), &[&case]).await
}

/// The role that must approve an overrun in the case as it now is, and the clause.
pub(crate) fn approver(ground: &Ground, case: &CaseView) -> Option<(String, String)> {
    ground.regime.approver("overrun", case)
}
