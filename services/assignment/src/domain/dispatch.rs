//! Who may take a case: by the way that it goes, less whoever must not, and upward when nobody is left.

use crate::domain::moment::Moment;
use crate::domain::recusal::bar;
use crate::domain::route;
use chrono::{DateTime, Utc};
use facts::{CaseView, Law};
use organisation::Staff;
use regime::{Instead, Missing, Regime};
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

/// Whom a rule looks for: the holders of a role; with an instant, those of them first who are on duty then.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sought<'a> {
    pub role: &'a str,
    pub on_duty: Option<DateTime<Utc>>,
}

/// What must come before a dispatch. An appeal waits for nothing: what came before it is what it is against.
pub(crate) fn missing(regime: &Regime, view: &CaseView) -> Vec<Missing> {
    if facts::pending_appeal(regime, view).is_some() {
        return Vec::new();
    }
    let mut missing = regime.guard("dispatch", view);
    missing.extend(regime.out_of_course("dispatch", view));
    missing
}

/// What the regime's rules do with the case.
pub(crate) fn decide(law: &Law, regime: &Regime, view: &CaseView, now: Moment, loads: &Loads) -> Decision {
    if !missing(regime, view).is_empty() {
        return Decision::Hold;
    }
    let Some(way) = route::way(regime, view, now) else { return Decision::Leave };
    let unit_id = route::unit(law, regime, view, way.to);
    // Above the root there is nobody: an appeal stays where the case is, with others.
    let is_appeal = facts::pending_appeal(regime, view).is_some();
    let here = || is_appeal.then(|| view.handling_unit_id.clone().unwrap_or_else(|| view.unit_id.clone()));
    let units = unit_id.into_iter().chain(here());
    let sought = Sought { role: way.role, on_duty: way.on_duty.then_some(now.at) };
    let choice = units.filter_map(|unit| choose(law, regime, view, &unit, sought, loads)).next();
    choice.map_or(Decision::Leave, |choice| Decision::Dispatch(Choice { cite: way.cite.to_owned(), ..choice }))
}

/// The least loaded of those who may take it in this unit, or instead of those there; of equals the lowest id.
pub(crate) fn choose(
    law: &Law,
    regime: &Regime,
    view: &CaseView,
    unit_id: &str,
    Sought { role, on_duty }: Sought<'_>,
    loads: &Loads,
) -> Option<Choice> {
    let on_duty = on_duty.map_or_else(Vec::new, |at| self::on_duty(law, regime, view, unit_id, role, at));
    let (unit_id, role, staff) = match on_duty.is_empty() {
        true => candidates(law, regime, view, unit_id, role)?,
        false => (unit_id.to_owned(), role.to_owned(), on_duty),
    };
    let staff_id = staff.into_iter().min_by_key(|id| (loads.get(id).copied().unwrap_or(0), id.clone()))?;
    Some(Choice { unit_id, role, staff_id, cite: String::new() })
}

/// Where, in which role, and who may: the holders of the role near the unit who are free to; where a rule says who
/// handles it in their place, those; where there are none, those of the next rung above.
fn candidates(
    law: &Law,
    regime: &Regime,
    view: &CaseView,
    unit_id: &str,
    role: &str,
) -> Option<(String, String, Vec<String>)> {
    let holders = law.directory().holders(role, unit_id);
    let bars = holders.into_iter().filter_map(|staff| bar(law, regime, view, staff)?.rule);
    let instead = match bars.map(|rule| &rule.then).find(|then| **then != Instead::Replace) {
        Some(Instead::Rise) => risen(law, regime, view, unit_id, role),
        Some(Instead::Role(role)) => anywhere(law, regime, view, role),
        Some(Instead::Replace) | None => None,
    };
    instead.or_else(|| {
        std::iter::once(role).chain(regime.roles_above(role)).find_map(|role| {
            let staff = eligible(law, regime, view, unit_id, role);
            (!staff.is_empty()).then(|| (unit_id.to_owned(), role.to_owned(), staff))
        })
    })
}

/// The next unit above in which somebody holds the role and may.
fn risen(
    law: &Law,
    regime: &Regime,
    view: &CaseView,
    unit_id: &str,
    role: &str,
) -> Option<(String, String, Vec<String>)> {
    law.directory().holders_above(role, unit_id).into_iter().find_map(|(above, staff)| {
        let free = free(law, regime, view, staff);
        (!free.is_empty()).then(|| (above.id.clone(), role.to_owned(), free))
    })
}

/// Holders of the role wherever they are, in one unit: that of the case and those above it first.
fn anywhere(law: &Law, regime: &Regime, view: &CaseView, role: &str) -> Option<(String, String, Vec<String>)> {
    let near = law.directory().chain(&view.unit_id);
    let units = near.into_iter().chain(law.directory().units());
    units.filter(|unit| !unit.is_closed).find_map(|unit| {
        let holds = |staff: &&Staff| staff.grants.iter().any(|grant| grant.role == role && grant.unit == unit.id);
        let staff = law.directory().all_staff().filter(|staff| staff.is_active).filter(holds);
        let free = free(law, regime, view, staff.collect());
        (!free.is_empty()).then(|| (unit.id.clone(), role.to_owned(), free))
    })
}

fn free(law: &Law, regime: &Regime, view: &CaseView, staff: Vec<&Staff>) -> Vec<String> {
    let free = staff.into_iter().filter(|staff| bar(law, regime, view, staff).is_none());
    free.map(|staff| staff.id.clone()).collect()
}

/// The holders of the role near the unit, less whoever must not handle the case.
pub(crate) fn eligible(law: &Law, regime: &Regime, view: &CaseView, unit_id: &str, role: &str) -> Vec<String> {
    free(law, regime, view, law.directory().holders(role, unit_id))
}

/// The same who are on duty at this instant, in the unit or above it.
fn on_duty(law: &Law, regime: &Regime, view: &CaseView, unit_id: &str, role: &str, at: DateTime<Utc>) -> Vec<String> {
    free(law, regime, view, law.directory().on_duty(role, unit_id, at))
}

/// Whoever is sought near the unit and may: those on duty or, where nobody is, all.
pub(crate) fn holders(law: &Law, regime: &Regime, view: &CaseView, unit_id: &str, sought: Sought<'_>) -> Vec<String> {
    let Sought { role, on_duty } = sought;
    let on_duty = on_duty.map(|at| self::on_duty(law, regime, view, unit_id, role, at));
    on_duty.filter(|staff| !staff.is_empty()).unwrap_or_else(|| eligible(law, regime, view, unit_id, role))
}

/// Everybody whom [`decide`] might weigh for the case, should it be about one of these units.
pub(crate) fn weighed<'a>(
    law: &'a Law,
    regime: &Regime,
    view: &'a CaseView,
    units: impl Iterator<Item = &'a str>,
) -> BTreeSet<String> {
    let rungs = regime.ladder.iter().flat_map(|rung| &rung.roles);
    let appeals = regime.appeals.iter().map(|appeal| &appeal.role);
    let roles: BTreeSet<&String> = regime.routing.iter().map(|route| &route.role).chain(rungs).chain(appeals).collect();
    let competent = route::competent(law, regime, view);
    let of_case = [view.handling_unit_id.as_deref(), route::above(law, view)].into_iter().flatten();
    let units = units.chain(of_case).chain(competent.iter().map(|unit| unit.id.as_str()));
    let near = units.flat_map(|unit| roles.iter().flat_map(move |role| law.directory().holders(role, unit)));
    let instead: BTreeSet<&String> = regime
        .recusal
        .iter()
        .filter_map(|rule| match &rule.then {
            Instead::Role(role) => Some(role),
            Instead::Rise | Instead::Replace => None,
        })
        .collect();
    let elsewhere = law
        .directory()
        .all_staff()
        .filter(|staff| !instead.is_empty() && staff.grants.iter().any(|grant| instead.contains(&grant.role)));
    let asks_rota = regime.routing.iter().any(|route| route.on_duty);
    let on_duty = law.directory().all_staff().filter(|staff| asks_rota && !staff.shifts.is_empty());
    near.chain(elsewhere).chain(on_duty).map(|staff| staff.id.clone()).collect()
}
