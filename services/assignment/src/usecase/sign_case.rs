//! The person a case was dispatched to takes it over (签收).

use super::outcome::{open, unless_ready, write_one};
use crate::domain::case::{Case, State};
use crate::domain::event::Event;
use crate::domain::refusal::{not_dispatched, not_the_handler};
use crate::publish;
use house::House;
use kit_core::Problem;
use kit_db::Result;
use kit_ids::CaseId;
use kit_messaging::Tx;

/// Signs for the case.
pub(crate) async fn sign_case(tx: &mut Tx, law: &House, staff_id: &str, case_id: CaseId, version: u64) -> Result<()> {
    let (mut case, regime) = open(tx, law, case_id, version, staff_id, &["sign"]).await?;
    match case.state {
        State::Dispatched => {}
        State::Signed => {
            return Err(
                Problem::conflict("already-signed", "本件已签收", "The case has been signed for already").into()
            );
        }
        _ => return Err(not_dispatched().into()),
    }
    unless_not_handler(&case, staff_id)?;
    unless_ready(&regime, &case, "sign")?;
    let event = Event::Signed { staff_id: staff_id.to_owned() };
    publish::happen(tx, &mut case, &event);
    write_one(tx, law, &regime, case, vec![event]).await?;
    Ok(())
}

/// Refuses everybody but the handler.
pub(super) fn unless_not_handler(case: &Case, staff_id: &str) -> std::result::Result<(), Problem> {
    if case.view.handler.as_deref() == Some(staff_id) {
        return Ok(());
    }
    Err(not_the_handler())
}
