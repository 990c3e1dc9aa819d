//! The steps there are, and what is missing before one: the regime's guards, and the few rules that hold everywhere.

use super::{Case, refusal::lack};
use kit_core::Text;
use regime::{FactRef, Missing, Regime};

/// The commands of this service, as a regime's `who` and `guards` name them; a regime adds its own steps.
pub(crate) const NOTE: &str = "note";
pub(crate) const MEASURE: &str = "measure";
pub(crate) const DECIDE: &str = "decide";
pub(crate) const APPROVE: &str = "approve-decision";
pub(crate) const ANSWER: &str = "answer";
pub(crate) const RESOLVE: &str = "resolve";
pub(crate) const TELL: &str = "tell";
pub(crate) const CARRY_OUT: &str = "carry-out";
pub(crate) const CHECK: &str = "check-measure";
pub(crate) const ASK_APPROVAL: &str = "ask-approval";
pub(crate) const SIGN_OFF: &str = "approve";
pub(crate) const DECIDE_APPEAL: &str = "decide-appeal";
pub(crate) const CLOSE: &str = "close";

const BEFORE: [&str; 10] = [NOTE, MEASURE, CARRY_OUT, CHECK, DECIDE, APPROVE, ANSWER, RESOLVE, ASK_APPROVAL, SIGN_OFF];
const AFTER: [&str; 3] = [DECIDE_APPEAL, TELL, CLOSE];

/// All things that are missing before `staff` may do `step`; none means it may be done.
pub(crate) fn missing(case: &Case, regime: &Regime, staff: &str, step: &str) -> Vec<Missing> {
    let mut lacks = Vec::new();
    if must_sign_first(case, regime, staff, step) {
        lacks.push(lack("case-signed", "先签收案件", "sign for the case first"));
    }
    // Where the regime has no course of its own, the house's binds.
    let is_late = step == CLOSE || follows_resolution(regime, step);
    if regime.course.is_empty() && is_late && !case.is_resolved() {
        lacks.push(lack("case-resolved", "案件尚未处理完毕", "the case is not resolved"));
    }
    if step == RESOLVE {
        lacks.extend(undecided(case, regime));
    }
    if step == CLOSE {
        lacks.extend(owed(case, regime));
        lacks.extend(regime.missing_in_file(&case.view, &case.view.form_fields));
    }
    for gap in facts::lacks(regime, &case.view, step) {
        // The regime says it better, and with its clause.
        match lacks.iter_mut().find(|ours| ours.needs.is_some() && ours.needs == gap.needs) {
            Some(ours) => *ours = gap,
            None => lacks.push(gap),
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
fn undecided(case: &Case, regime: &Regime) -> Option<Missing> {
    let (_, cite) = regime.approver("decision", &case.view)?;
    if case.course.approved().is_some() {
        return None;
    }
    Some(Missing { cite, ..lack("decision-approved", "处理决定尚未批准", "the decision is not approved") })
}

/// Measures that the regime tracks and nobody has found carried out.
fn owed(case: &Case, regime: &Regime) -> Vec<Missing> {
    let tracked = regime.words.measures.iter().filter(|measure| measure.is_tracked);
    let open = tracked.filter(|measure| case.view.open_measures.contains_key(&measure.word.id));
    let missing = |measure: &regime::Measure| {
        let (id, title) = (&measure.word.id, &measure.word.title);
        let say = Text::new(
            format!("措施“{}”尚未落实并核查", title.zh),
            format!("\"{}\" is not carried out and checked", title.en),
        );
        Missing { needs: Some(FactRef::about("measure-checked", id)), say, cite: measure.word.cite.clone() }
    };
    open.map(missing).collect()
}

/// A step whose clock starts when the case is resolved cannot come before that.
fn follows_resolution(regime: &Regime, step: &str) -> bool {
    is_own(regime, step)
        && regime.clocks.iter().any(|c| {
            c.until.iter().any(|fact| fact.word == step) && c.from.iter().any(|fact| fact.word == "case-resolved")
        })
}

/// Whether it is a command of this service.
pub(crate) fn is_ours(command: &str) -> bool {
    BEFORE.contains(&command) || AFTER.contains(&command)
}

/// Whether it is one of the regime's own steps.
pub(crate) fn is_own(regime: &Regime, step: &str) -> bool {
    regime.step(step).is_some()
}

/// The steps open to show on a case, in the order of the work.
pub(crate) fn all(regime: &Regime) -> Vec<String> {
    let own = regime.steps.iter().map(|step| step.id.clone());
    BEFORE.map(str::to_owned).into_iter().chain(own).chain(AFTER.map(str::to_owned)).collect()
}

/// False for a step that this case is past, so that nobody is offered it.
pub(crate) fn is_ahead(case: &Case, regime: &Regime, step: &str) -> bool {
    if case.is_closed() {
        return false;
    }
    let view = &case.view;
    match step {
        NOTE | CLOSE => true,
        ANSWER => !view.has_word("complainant-answered"),
        TELL => !view.has_word("complainant-told"),
        MEASURE | DECIDE | RESOLVE => !case.is_resolved(),
        APPROVE => case.course.pending().is_some(),
        CARRY_OUT => view.open_measures.values().any(|is_done| !is_done),
        CHECK => view.open_measures.values().any(|is_done| *is_done),
        ASK_APPROVAL => !super::approval::wanted(case, regime).is_empty(),
        SIGN_OFF => view.sign_offs.values().any(|one| one.state == facts::SignOffState::Asked),
        DECIDE_APPEAL => facts::pending_appeal(regime, view).is_some(),
        own => regime.step(own).is_some_and(|step| step.condition.holds(view) && (step.again || !view.has_word(own))),
    }
}
