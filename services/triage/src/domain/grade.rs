//! How grave a case is by the rules of its regime, and when a later fact makes it graver by itself.

use facts::CaseView;
use regime::{FactRef, Graded, Regime};
use std::collections::BTreeSet;

/// What the rules give on the facts as they are: the first rule that speaks, and then whatever has since happened that
/// grades anew by itself.
pub(crate) fn by_rules(regime: &Regime, view: &CaseView) -> Option<Graded> {
    let graded = regime.grade(view);
    let mut as_graded = view.clone();
    as_graded.severity = graded.as_ref().map(|graded| graded.severity.clone()).unwrap_or_default();
    let happened: BTreeSet<FactRef> =
        view.history.iter().map(|h| FactRef { word: h.word.clone(), arg: h.arg.clone() }).collect();
    let anew = happened.iter().find_map(|fact| regime.regrade_on(fact, &as_graded).filter(|g| g.is_automatic));
    anew.or(graded)
}

/// The grade that the newest fact of the case gives it by itself, if the case is taken and open and the grade differs.
pub(crate) fn anew(regime: &Regime, view: &CaseView) -> Option<Graded> {
    if !view.is_open() || view.severity.is_empty() {
        return None;
    }
    let newest = view.history.last()?;
    let fact = FactRef { word: newest.word.clone(), arg: newest.arg.clone() };
    let graded = regime.regrade_on(&fact, view)?;
    (graded.is_automatic && graded.severity != view.severity).then_some(graded)
}
