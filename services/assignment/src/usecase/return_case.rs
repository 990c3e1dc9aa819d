//! The handler gives a case back to the dispatcher (退回), with a reason.

use super::outcome::{open, unless_missing, write_one};
use super::sign_case::{not_dispatched, unless_not_handler};
use crate::domain::case::Event;
use crate::publish;
use facts::Law;
use kit_db::Result;
use kit_ids::{CaseId, RefId};
use kit_messaging::Tx;

/// Returns the case.
pub(crate) async fn return_case(
    tx: &mut Tx,
    law: &Law,
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
    unless_missing(&regime.guard("return", &case.view))?;
    let event = Event::Returned { staff_id: staff_id.to_owned(), reason };
    publish::happen(tx, &mut case, &event);
    write_one(tx, law, case, vec![event]).await?;
    Ok(())
}
