//! The handler gives a case back to the dispatcher (退回), with a reason.

use super::outcome::{open, unless_ready, write_one};
use super::sign_case::unless_not_handler;
use crate::domain::event::Event;
use crate::domain::refusal::not_dispatched;
use crate::publish;
use house::House;
use kit_core::Problem;
use kit_db::Result;
use kit_ids::{CaseId, RefId};
use kit_messaging::Tx;

/// Returns the case.
pub(crate) async fn return_case(
    tx: &mut Tx,
    law: &House,
    staff_id: &str,
    case_id: CaseId,
    version: u64,
    reason: RefId,
) -> Result<()> {
    let (mut case, regime) = open(tx, law, case_id, version, staff_id, &["return"]).await?;
    if !case.state.has_handler() {
        return Err(not_dispatched().into());
    }
    unless_not_handler(&case, staff_id)?;
    unless_ready(&regime, &case, "return")?;
    if case.view.handling_unit_id.as_ref().is_some_and(|unit| case.view.upheld.contains(unit)) {
        return Err(Problem::conflict(
            "already-ruled",
            "已裁定由本单位承办，不能再退回",
            "It was ruled that this unit handles it; it cannot be returned again",
        )
        .into());
    }
    let event = Event::Returned { staff_id: staff_id.to_owned(), reason };
    publish::happen(tx, &mut case, &event);
    write_one(tx, law, &regime, case, vec![event]).await?;
    Ok(())
}
