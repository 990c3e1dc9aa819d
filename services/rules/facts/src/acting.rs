//! Who acts by a role in a case. Where everybody who holds it is kept from the case, the next role above on the ladder acts
//! in their place: a matter about the only one who may accept it, approve it or answer it must not lie for ever.

use crate::CaseView;
use organisation::Directory;
use regime::Regime;

/// The role by whose holders something is done in the case: the one that the regime names, or, where all its holders may
/// not know of the case, the next above it that somebody holds who may.
pub fn acting<'r>(directory: &Directory, regime: &'r Regime, case: &CaseView, role: &'r str) -> &'r str {
    let holds = |staff: &str, role: &str| case.units().any(|unit| directory.holds(staff, role, unit));
    let is_free = |role: &str| {
        let mut all = directory.all_staff().map(|staff| staff.id.as_str());
        all.any(|staff| !case.excluded.contains(staff) && holds(staff, role))
    };
    // Few are kept from a case; all the staff are looked through only where one of them holds the role.
    if !case.excluded.iter().any(|staff| holds(staff, role)) || is_free(role) {
        return role;
    }
    let rungs = regime.ladder.iter().flat_map(|rung| &rung.roles).map(String::as_str);
    let is_rung = rungs.clone().any(|rung| rung == role);
    // A role beside the ladder has nobody next above it: the highest acts, never somebody who might be under it.
    let above = if is_rung {
        regime.roles_above(role).find(|above| is_free(above))
    } else {
        rungs.rev().find(|above| is_free(above))
    };
    above.unwrap_or(role)
}

/// Whether the member of staff acts by the role in the case; not of those whom the case gives one, such as its handler.
pub fn acts_by(directory: &Directory, regime: &Regime, case: &CaseView, staff: &str, role: &str) -> bool {
    let holds = |role: &str| case.units().any(|unit| directory.holds(staff, role, unit));
    !case.excluded.contains(staff) && (holds(role) || holds(acting(directory, regime, case, role)))
}
