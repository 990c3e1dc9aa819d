//! Who must not handle a case, and by which rule.

use crate::domain::route;
use facts::{CaseView, Law};
use organisation::Staff;
use regime::{Recusal, Recused, Regime};

/// Somebody who must not handle the case.
pub(crate) struct Bar<'a> {
    /// The rule behind it; none where they are kept away whatever the regime says.
    pub rule: Option<&'a Recusal>,
}

/// Whether, and why, this person must not handle the case.
pub(crate) fn bar<'a>(law: &Law, regime: &'a Regime, view: &CaseView, staff: &Staff) -> Option<Bar<'a>> {
    let is_excluded = view.excluded.contains(&staff.id);
    let mut rules = regime.recusal.iter().filter(|rule| rule.condition.holds(view));
    let rule = rules.find(|rule| rule.who.iter().any(|who| is_met(law, regime, view, staff, *who)));
    // Whoever is appealed against handled it before, too, until another has it.
    let is_with_them = view.handler.as_deref() == Some(&staff.id) && !route::is_appeal_due(regime, view);
    let heard_before = facts::pending_appeal(regime, view).is_some_and(|appeal| appeal.other_handler)
        && view.handlers.contains(&staff.id)
        && !is_with_them;
    (is_excluded || rule.is_some() || heard_before).then_some(Bar { rule })
}

fn is_met(law: &Law, regime: &Regime, view: &CaseView, staff: &Staff, who: Recused) -> bool {
    let directory = law.directory();
    match who {
        Recused::Accused => view.accused.contains(&staff.id),
        Recused::DeclaredInterest | Recused::OnRequest => {
            view.excluded.contains(&staff.id) && !view.accused.contains(&staff.id)
        }
        Recused::HandledBefore => view.handlers.contains(&staff.id) && view.handler.as_deref() != Some(&staff.id),
        Recused::AccusedUnit => view
            .about_unit_id
            .as_deref()
            .is_some_and(|about| staff.grants.iter().any(|grant| directory.is_within(&grant.unit, about))),
        Recused::AboveAccused => {
            let is_rung = |role: &String| regime.ladder.iter().any(|rung| rung.roles.contains(role));
            let places = accused_places(law, view);
            let mut grants = staff.grants.iter().filter(|grant| is_rung(&grant.role));
            grants.any(|grant| places.iter().any(|place| directory.is_within(place, &grant.unit)))
        }
    }
}

/// Where those complained of work; where nobody is named, the unit complained of.
fn accused_places<'a>(law: &'a Law, view: &'a CaseView) -> Vec<&'a str> {
    let accused = view.accused.iter().filter_map(|id| law.directory().staff(id));
    let mut places: Vec<&str> = accused.flat_map(|staff| &staff.grants).map(|grant| grant.unit.as_str()).collect();
    if places.is_empty() {
        places.extend(view.about_unit_id.as_deref());
    }
    places
}

/// The clause by which somebody may not handle the case; empty where the regime has none for it.
pub(crate) fn cite(regime: &Regime, view: &CaseView, who: Recused) -> String {
    rule(regime, view, who).map(|rule| rule.cite.clone()).unwrap_or_default()
}

/// The first rule about people of a kind that holds in the case.
pub(crate) fn rule<'a>(regime: &'a Regime, view: &CaseView, who: Recused) -> Option<&'a Recusal> {
    regime.recusal.iter().find(|rule| rule.who.contains(&who) && rule.condition.holds(view))
}
