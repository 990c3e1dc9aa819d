//! Whose cases and figures a person may ask for.

use facts::Law;
use organisation::Directory;
use regime::Ledger;
use std::collections::{BTreeMap, BTreeSet};

/// The unit and all below it.
pub(crate) fn below(directory: &Directory, unit: &str) -> Vec<String> {
    directory.units().filter(|u| directory.is_within(&u.id, unit)).map(|u| u.id.clone()).collect()
}

/// The regimes of which this person may see the statistics in this unit.
pub(crate) fn counted_by(law: &Law, staff: &str, unit: &str) -> Vec<String> {
    let may = |role: &String| law.directory().holds(staff, role, unit);
    let regimes = law.published().filter(|(regime, ..)| regime.roles_for("statistics").iter().any(may));
    regimes.map(|(regime, ..)| regime.id.clone()).collect::<BTreeSet<_>>().into_iter().collect()
}

/// Where a person who names no unit is meant: the first unit in which they may see statistics.
pub(crate) fn own_unit(law: &Law, staff: &str) -> Option<String> {
    let person = law.directory().staff(staff).filter(|p| p.is_active)?;
    person.grants.iter().map(|g| g.unit.clone()).find(|unit| !counted_by(law, staff, unit).is_empty())
}

/// The regimes whose ledger this person may see in this unit: those that let them see statistics, or enter it.
pub(crate) fn kept_by(law: &Law, staff: &str, unit: &str, ledger: &str) -> Vec<String> {
    let may = |role: &String| law.directory().holds(staff, role, unit);
    let of_one = format!("enter({ledger})");
    let has_one = law.published().filter(|(regime, ..)| regime.ledger(ledger).is_some());
    let seen = has_one.filter(|(regime, ..)| {
        ["statistics", "enter", of_one.as_str()].into_iter().any(|act| regime.roles_for(act).iter().any(may))
    });
    seen.map(|(regime, ..)| regime.id.clone()).collect::<BTreeSet<_>>().into_iter().collect()
}

/// Where a person who names no unit is meant: the first in which they may see the ledger.
pub(crate) fn own_ledger_unit(law: &Law, staff: &str, ledger: &str) -> Option<String> {
    let person = law.directory().staff(staff).filter(|p| p.is_active)?;
    person.grants.iter().map(|g| g.unit.clone()).find(|unit| !kept_by(law, staff, unit, ledger).is_empty())
}

/// The ledgers that this person may see somewhere, each once, by its id.
pub(crate) fn ledgers(law: &Law, staff: &str) -> Vec<Ledger> {
    let all: BTreeMap<&str, &Ledger> =
        law.published().flat_map(|(regime, ..)| &regime.records.ledgers).map(|one| (one.id.as_str(), one)).collect();
    all.into_values().filter(|one| own_ledger_unit(law, staff, &one.id).is_some()).cloned().collect()
}
