//! Who is meant by a role, for one case: the holders nearest to where it is handled, and never an excluded person.

use super::Case;
use organisation::{Directory, Unit};
use regime::vocabulary::HANDLER;

/// The staff who are meant by `role` in this case. Where all holders are excluded, the ones next above are meant.
pub(crate) fn of_role(case: &Case, directory: &Directory, role: &str) -> Vec<String> {
    if role == HANDLER {
        let handler = case.view.handler.iter().filter(|h| !case.is_excluded(h));
        return handler.cloned().collect();
    }
    let unit = case.view.handling_unit_id.as_deref().unwrap_or(&case.view.unit_id);
    let may_know = |above: &Unit| -> Vec<String> {
        let holders = directory.holders(role, &above.id).into_iter().map(|staff| staff.id.clone());
        holders.filter(|staff| !case.is_excluded(staff)).collect()
    };
    directory.chain(unit).into_iter().map(may_know).find(|found| !found.is_empty()).unwrap_or_default()
}

/// Whether this person acts by `role` in this case.
pub(crate) fn acts_by(case: &Case, directory: &Directory, staff: &str, role: &str) -> bool {
    if case.is_excluded(staff) {
        return false;
    }
    if role == HANDLER {
        return case.view.handler.as_deref() == Some(staff);
    }
    case.view.units().any(|unit| directory.holds(staff, role, unit))
}
