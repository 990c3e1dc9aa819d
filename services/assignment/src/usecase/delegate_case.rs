//! Somebody of the unit that has the case is named to handle it (确定承办人).

use super::outcome::{open, unless_ready, write_one};
use crate::domain::event::Event;
use crate::domain::refusal;
use crate::publish;
use facts::CaseView;
use house::House;
use kit_core::Problem;
use kit_db::Result;
use kit_ids::CaseId;
use kit_messaging::Tx;
use regime::Regime;

/// Names the handler. Who signed for the case does not change.
pub(crate) async fn delegate_case(
    tx: &mut Tx,
    law: &House,
    staff_id: &str,
    (case_id, version): (CaseId, u64),
    named: String,
) -> Result<()> {
    let (mut case, regime) = open(tx, law, case_id, version, staff_id, &["delegate"]).await?;
    if !case.state.has_handler() {
        return Err(refusal::not_dispatched().into());
    }
    unless_ready(&regime, &case, "delegate")?;
    if case.view.handler.as_deref() == Some(named.as_str()) {
        return Err(refusal::already_dispatched().into());
    }
    if !may_be_named(law, &regime, &case.view, &named) {
        let (zh, en) =
            ("此人不是承办单位的人员，或不能承办本件", "This person is not of the unit that has the case, or may not");
        return Err(Problem::field("staff_id", "not-in-your-unit", zh, en).into());
    }
    let event = Event::Named { staff_id: named, by: staff_id.to_owned() };
    publish::happen(tx, &mut case, &event);
    write_one(tx, law, &regime, case, vec![event]).await?;
    Ok(())
}

/// Whoever holds a role of the regime in the unit that has the case, below it or over it, and may handle it.
pub(crate) fn may_be_named(law: &House, regime: &Regime, view: &CaseView, staff_id: &str) -> bool {
    let directory = law.directory();
    let unit = view.handling_unit_id.as_deref().unwrap_or(&view.unit_id);
    let Some(staff) = directory.staff(staff_id).filter(|staff| staff.is_active) else { return false };
    let is_free = crate::domain::recusal::bar(law, regime, view, staff).is_none();
    let of_regime = |role: &str| regime.words.roles.iter().any(|word| word.id == role);
    let mut grants = staff.grants.iter().filter(|grant| of_regime(&grant.role));
    is_free && grants.any(|grant| directory.is_within(unit, &grant.unit) || directory.is_within(&grant.unit, unit))
}
