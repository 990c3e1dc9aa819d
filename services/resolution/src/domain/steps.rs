//! The steps there are, and what is missing before one: the regime's guards, and the few rules that hold everywhere.

use super::{Case, refusal::Lack};
use regime::Regime;

/// The commands of this service, as a regime's `who` and `guards` name them; a regime adds its own steps.
pub(crate) const NOTE: &str = "note";
pub(crate) const MEASURE: &str = "measure";
pub(crate) const DECIDE: &str = "decide";
pub(crate) const APPROVE: &str = "approve-decision";
pub(crate) const ANSWER: &str = "answer";
pub(crate) const RESOLVE: &str = "resolve";
pub(crate) const CLOSE: &str = "close";

/// All things that are missing before `staff` may do `step`; none means it may be done.
pub(crate) fn missing(case: &Case, regime: &Regime, staff: &str, step: &str) -> Vec<Lack> {
    let mut lacks = Vec::new();
    if must_sign_first(case, regime, staff, step) {
        lacks.push(Lack::new("case-signed", "先签收案件", "sign for the case first"));
    }
    if (step == CLOSE || follows_resolution(regime, step)) && !case.is_resolved() {
        lacks.push(Lack::new("case-resolved", "案件尚未处理完毕", "the case is not resolved"));
    }
    if step == RESOLVE {
        lacks.extend(undecided(case, regime));
    }
    for gap in regime.guard(step, &case.view) {
        let lack = Lack { needs: gap.needs.to_string(), say: gap.say, cite: gap.cite };
        // The regime says it better, and with its clause.
        match lacks.iter_mut().find(|l| l.needs == lack.needs) {
            Some(ours) => *ours = lack,
            None => lacks.push(lack),
        }
    }
    lacks
}

/// The handler acts only on a case signed for; whoever acts by another role need not wait for that.
fn must_sign_first(case: &Case, regime: &Regime, staff: &str, step: &str) -> bool {
    !case.view.handler_signed
        && case.view.handler.as_deref() == Some(staff)
        && regime.roles_for(step).iter().any(|role| role == regime::vocabulary::HANDLER)
}

/// Where the regime wants a decision approved, a case is not resolved around it.
fn undecided(case: &Case, regime: &Regime) -> Option<Lack> {
    let (_, cite) = regime.approver("decision", &case.view)?;
    if case.course.approved().is_some() {
        return None;
    }
    Some(Lack { cite, ..Lack::new("decision-approved", "处理决定尚未批准", "the decision is not approved") })
}

/// A step whose clock starts when the case is resolved cannot come before that.
fn follows_resolution(regime: &Regime, step: &str) -> bool {
    is_own(regime, step)
        && regime.clocks.iter().any(|c| {
            c.until.iter().any(|fact| fact.word == step) && c.from.iter().any(|fact| fact.word == "case-resolved")
        })
}

/// Whether it is one of the regime's own steps.
pub(crate) fn is_own(regime: &Regime, step: &str) -> bool {
    regime.words.steps.iter().any(|s| s.id == step)
}

/// The steps open to show on a case, in the order of the work.
pub(crate) fn all(regime: &Regime) -> Vec<String> {
    let own = regime.words.steps.iter().map(|step| step.id.clone());
    [NOTE, MEASURE, DECIDE, APPROVE, ANSWER, RESOLVE]
        .into_iter()
        .map(str::to_owned)
        .chain(own)
        .chain([CLOSE.to_owned()])
        .collect()
}

/// False for a step that this case is past, so that nobody is offered it.
pub(crate) fn is_ahead(case: &Case, step: &str) -> bool {
    if case.is_closed() {
        return false;
    }
    match step {
        NOTE | CLOSE => true,
        ANSWER => !case.view.has_word("complainant-answered"),
        MEASURE | DECIDE | RESOLVE => !case.is_resolved(),
        APPROVE => case.course.pending().is_some(),
        own => !case.view.has_word(own),
    }
}
