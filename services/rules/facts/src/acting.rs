//! Who acts by a role in a case. Where everybody who holds it is kept from the case, the next role above on the ladder acts
//! in their place: a matter about the only one who may accept it, approve it or answer it must not lie for ever.

use crate::CaseView;
use organisation::Directory;
use regime::Regime;

/// The role by whose holders something is done in the case: the one that the regime names, or where all its holders may not know of
/// the case, the next above it that somebody holds who may.
pub fn acting<'r>(directory: &Directory, regime: &'r Regime, case: &CaseView, role: &'r str) -> &'r str {
    if case.excluded.is_empty() {
        return role;
    }
    let holders = |role: &str| {
        let is_one = |staff: &str| case.units().any(|unit| directory.holds(staff, role, unit));
        let all = directory.all_staff().map(|staff| staff.id.as_str()).filter(|staff| is_one(staff));
        let (kept_out, free): (Vec<&str>, Vec<&str>) = all.partition(|staff| case.excluded.contains(*staff));
        (kept_out.len(), free.len())
    };
    if !matches!(holders(role), (1.., 0)) {
        return role;
    }
    let rungs = regime.ladder.iter().flat_map(|rung| &rung.roles).map(String::as_str);
    let is_rung = rungs.clone().any(|rung| rung == role);
    let is_free = |above: &&str| holders(above).1 > 0;
    // A role beside the ladder has nobody next above it: the highest acts, never somebody who might be under it.
    let above = if is_rung { regime.roles_above(role).find(is_free) } else { rungs.rev().find(is_free) };
    above.unwrap_or(role)
}

/// Whether the member of staff acts by the role in the case; not of those whom the case gives one, such as its handler.
pub fn acts_by(directory: &Directory, regime: &Regime, case: &CaseView, staff: &str, role: &str) -> bool {
    let holds = |role: &str| case.units().any(|unit| directory.holds(staff, role, unit));
    !case.excluded.contains(staff) && (holds(role) || holds(acting(directory, regime, case, role)))
}
