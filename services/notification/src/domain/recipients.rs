//! Who is meant by a role, for one case: the holders nearest to where it is handled, and never an excluded person.

use super::Case;
use organisation::{Directory, Unit};
use regime::vocabulary::{FIRST_CONTACT, HANDLER, TEAM, UNIT_HEAD};
use regime::{Office, Regime};

/// The staff who are meant by `role` in this case. Where all holders are excluded, the ones next above are meant.
pub(crate) fn of_role(case: &Case, regime: &Regime, directory: &Directory, role: &str) -> Vec<String> {
    let view = &case.view;
    let known = |staff: &mut dyn Iterator<Item = &String>| -> Vec<String> {
        staff.filter(|staff| !case.is_excluded(staff)).cloned().collect()
    };
    match role {
        HANDLER => return known(&mut view.handler.iter()),
        FIRST_CONTACT => return known(&mut view.first_contact.iter()),
        TEAM => return known(&mut view.teams.values().flatten()),
        _ => {}
    }
    let role = match role {
        // A unit's head is whoever holds there the role to which cases are routed in office hours.
        UNIT_HEAD => regime.route(view, || Office::Open).map_or(role, |route| route.role.as_str()),
        role => role,
    };
    let role = facts::acting(directory, regime, view, role);
    let unit = view.handling_unit_id.as_deref().unwrap_or(&view.unit_id);
    let may_know = |above: &Unit| -> Vec<String> {
        let holders = directory.holders(role, &above.id).into_iter().map(|staff| staff.id.clone());
        holders.filter(|staff| !case.is_excluded(staff)).collect()
    };
    directory.chain(unit).into_iter().map(may_know).find(|found| !found.is_empty()).unwrap_or_default()
}

/// Whether this person acts by `role` in this case.
pub(crate) fn acts_by(case: &Case, regime: &Regime, directory: &Directory, staff: &str, role: &str) -> bool {
    if case.is_excluded(staff) {
        return false;
    }
    match role {
        HANDLER => case.view.handler.as_deref() == Some(staff),
        FIRST_CONTACT => case.view.first_contact.as_deref() == Some(staff),
        TEAM => case.view.teams.values().any(|team| team.contains(staff)),
        role => facts::acts_by(directory, regime, &case.view, staff, role),
    }
}
