//! The way that a case goes: by an appeal that waits to be decided, else by the regime's routing.

use crate::domain::moment::Moment;
use facts::{CaseView, Law, is_given_since_appeal, pending_appeal};
use organisation::Unit;
use regime::{Regime, RouteTo, Value};

/// Facts that say what a unit has charge of, beside the category.
const CHARGED: [&str; 2] = ["area", "line"];

/// To which unit, to whom there, and by which clause.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Way<'a> {
    pub to: RouteTo,
    pub role: &'a str,
    /// Whoever is on duty comes first.
    pub on_duty: bool,
    pub cite: &'a str,
}

/// The way of the case as it now is.
pub(crate) fn way<'a>(regime: &'a Regime, view: &CaseView, now: Moment) -> Option<Way<'a>> {
    if let Some(appeal) = pending_appeal(regime, view) {
        return Some(Way { to: appeal.to, role: &appeal.role, on_duty: false, cite: &appeal.cite });
    }
    let route = regime.route(view, || now.office)?;
    Some(Way { to: route.to, role: &route.role, on_duty: route.on_duty, cite: &route.cite })
}

/// Whether an appeal waits that has not led to a dispatch of its own yet.
pub(crate) fn is_appeal_due(regime: &Regime, view: &CaseView) -> bool {
    let Some(appeal) = pending_appeal(regime, view) else { return false };
    !is_given_since_appeal(view) && (appeal.reopen.is_none() || view.is_open())
}

/// The one unit that a rule means in this case; none where a person must say.
pub(crate) fn unit(law: &Law, regime: &Regime, view: &CaseView, to: RouteTo) -> Option<String> {
    let open = |id: &str| law.directory().unit(id).filter(|unit| !unit.is_closed).map(|unit| unit.id.clone());
    match to {
        RouteTo::DepartmentComplainedOf => view.about_unit_id.clone(),
        RouteTo::Branch => Some(view.unit_id.clone()),
        RouteTo::Above => above(law, view).map(str::to_owned),
        RouteTo::Chosen => view.about_unit_id.as_deref().and_then(open),
        RouteTo::Competent => match competent(law, regime, view).as_slice() {
            [one] => Some(one.id.clone()),
            _ => None,
        },
    }
}

/// The unit above the one that has the case or had it last, else above that of the case; the root has none above it.
pub(crate) fn above<'a>(law: &'a Law, view: &CaseView) -> Option<&'a str> {
    let from = view.handling_unit_id.as_deref().unwrap_or(&view.unit_id);
    law.directory().unit(from)?.parent.as_deref()
}

/// The units that have charge of the matter: of its category, or one above that, and of each area and line it names.
pub(crate) fn competent<'a>(law: &'a Law, regime: &Regime, view: &CaseView) -> Vec<&'a Unit> {
    let names = |kind: &str, word: &str| [format!("{kind}:{word}"), word.to_owned()];
    let mut things = Vec::new();
    let (mut category, mut of_category) = (Some(view.category.as_str()).filter(|id| !id.is_empty()), Vec::new());
    // A category lies under another, and no deeper than there are categories.
    for _ in 0..=regime.words.categories.len() {
        let Some(id) = category else { break };
        of_category.extend(names("category", id));
        category = regime.words.categories.iter().find(|word| word.id == id).and_then(|word| word.under.as_deref());
    }
    if !of_category.is_empty() {
        things.push(of_category);
    }
    for fact in CHARGED {
        if let Some(Value::Word(word)) = view.facts.get(fact) {
            things.push(names(fact, word).to_vec());
        }
    }
    law.directory().in_charge(&view.unit_id, &things)
}

/// Where a person may send the case: a department of its branch, the branch itself where cases are routed to it, the unit
/// that has the case, or one that has charge of something.
pub(crate) fn places<'a>(law: &'a Law, regime: &Regime, view: &CaseView) -> Vec<&'a Unit> {
    let mut places: Vec<&Unit> = competent(law, regime, view);
    let is_competent = regime.routing.iter().any(|route| route.to == RouteTo::Competent);
    let charged = law.directory().units().filter(|unit| is_competent && !unit.is_closed && !unit.charges.is_empty());
    let is_own = regime.routing.iter().any(|route| route.to == RouteTo::Branch);
    let own = Some(view.unit_id.as_str()).filter(|_| is_own).into_iter().chain(view.handling_unit_id.as_deref());
    let own = own.filter_map(|id| law.directory().unit(id)).filter(|unit| !unit.is_closed);
    for unit in law.directory().departments(&view.unit_id).into_iter().chain(own).chain(charged) {
        if !places.iter().any(|known| known.id == unit.id) {
            places.push(unit);
        }
    }
    places
}
