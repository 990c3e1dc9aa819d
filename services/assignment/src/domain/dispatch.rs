//! Who may take a case: the regime's routing, less whoever is excluded, and upward when nobody is left.

use facts::{CaseView, Law};
use regime::{Recused, Regime, RouteTo};
use std::collections::{BTreeMap, BTreeSet};

/// Open cases by handler.
pub(crate) type Loads = BTreeMap<String, i64>;

/// What the rules make of a case that waits for a handler.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Decision {
    Dispatch(Choice),
    /// Something must happen first.
    Hold,
    /// The rules name nobody: a person must dispatch it.
    Leave,
}

/// To whom it goes, and by which rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Choice {
    pub unit_id: String,
    pub role: String,
    pub staff_id: String,
    pub cite: String,
}

/// What the regime's rules do with the case.
pub(crate) fn decide(law: &Law, regime: &Regime, view: &CaseView, loads: &Loads) -> Decision {
    if !regime.guard("dispatch", view).is_empty() {
        return Decision::Hold;
    }
    let Some(route) = regime.route(view) else { return Decision::Leave };
    let unit_id = match route.to {
        RouteTo::DepartmentComplainedOf => view.about_unit_id.as_deref(),
        RouteTo::Branch => Some(view.unit_id.as_str()),
    };
    let Some(unit_id) = unit_id else { return Decision::Leave };
    match choose(law, regime, view, unit_id, &route.role, loads) {
        Some((role, staff_id)) => {
            Decision::Dispatch(Choice { unit_id: unit_id.to_owned(), role, staff_id, cite: route.cite.clone() })
        }
        None => Decision::Leave,
    }
}

/// The least loaded of those who may take it in this unit; of equals the lowest id.
pub(crate) fn choose(
    law: &Law,
    regime: &Regime,
    view: &CaseView,
    unit_id: &str,
    role: &str,
    loads: &Loads,
) -> Option<(String, String)> {
    let (role, staff) = candidates(law, regime, view, unit_id, role)?;
    let least = staff.into_iter().min_by_key(|id| (loads.get(id).copied().unwrap_or(0), id.clone()))?;
    Some((role, least))
}

/// The holders of the role near the unit who are not excluded; where there are none, those of the next rung above.
pub(crate) fn candidates(
    law: &Law,
    regime: &Regime,
    view: &CaseView,
    unit_id: &str,
    role: &str,
) -> Option<(String, Vec<String>)> {
    let own = regime.ladder.iter().position(|rung| rung.role == role);
    let above = regime.ladder.iter().skip(own.map_or(0, |at| at + 1)).map(|rung| rung.role.as_str());
    std::iter::once(role).chain(above).find_map(|role| {
        let staff = eligible(law, view, unit_id, role);
        (!staff.is_empty()).then(|| (role.to_owned(), staff))
    })
}

/// The holders of the role near the unit, less whoever is excluded.
pub(crate) fn eligible(law: &Law, view: &CaseView, unit_id: &str, role: &str) -> Vec<String> {
    let holders = law.directory().holders(role, unit_id);
    holders.into_iter().map(|staff| staff.id.clone()).filter(|id| !view.excluded.contains(id)).collect()
}

/// Everybody whom [`decide`] might weigh for the case, should it be about one of these units.
pub(crate) fn weighed<'a>(
    law: &Law,
    regime: &Regime,
    view: &CaseView,
    units: impl Iterator<Item = &'a str>,
) -> BTreeSet<String> {
    let roles: BTreeSet<&str> = regime
        .routing
        .iter()
        .map(|route| route.role.as_str())
        .chain(regime.ladder.iter().map(|rung| rung.role.as_str()))
        .collect();
    units.flat_map(|unit| roles.iter().flat_map(move |role| eligible(law, view, unit, role))).collect()
}

/// The clause by which somebody may not handle the case; empty where the regime has none for it.
pub(crate) fn recusal_cite(regime: &Regime, view: &CaseView, who: Recused) -> String {
    let rule = regime.recusal.iter().find(|rule| rule.who == who && rule.condition.holds(view));
    rule.map(|rule| rule.cite.clone()).unwrap_or_default()
}
