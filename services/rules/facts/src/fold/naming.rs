//! What packs call the events.

use contracts::Fact;
use regime::TellForm;

/// The word and argument under which packs know the fact; of one that says several things, the first.
pub fn name(fact: &Fact) -> (&str, Option<&str>) {
    let arg = match fact {
        Fact::StepDone(e) => return (&e.step, some(&e.outcome)),
        Fact::ComplainantTold(e) => {
            let form = if e.form.is_empty() { TellForm::of(&e.way).name() } else { &e.form };
            return (fact.word(), Some(form));
        }
        Fact::MeasuresOrdered(e) => return (fact.word(), e.measures.first().map(String::as_str)),
        Fact::CaseWithdrawn(e) => &e.then,
        Fact::CaseDeclined(e) => &e.ground,
        Fact::CaseReferred(e) => &e.ground,
        Fact::ReportBackReceived(e) => &e.ground,
        Fact::CaseGraded(e) => &e.severity,
        Fact::ValidityJudged(e) => &e.validity,
        Fact::DecisionProposed(e) => &e.finding,
        Fact::CaseResolved(e) => &e.finding,
        Fact::CaseCalledBack(e) => &e.satisfaction,
        Fact::CaseClosed(e) => &e.outcome,
        Fact::CaseReopened(e) => &e.stage,
        Fact::LinkedCaseOwed(e) => &e.kind,
        Fact::MeasureDone(e) => &e.measure,
        Fact::MeasureChecked(e) => &e.measure,
        Fact::ApprovalAsked(e) => &e.act,
        Fact::ApprovalGiven(e) => &e.act,
        Fact::ApprovalRefused(e) => &e.act,
        Fact::AppealLodged(e) => &e.tier,
        Fact::AppealDecided(e) => &e.tier,
        Fact::CaseLinked(e) => &e.relation,
        Fact::CaseRated(e) => &e.satisfaction,
        Fact::DispatchRuled(e) => &e.outcome,
        Fact::OrderGiven(e) => &e.order,
        Fact::OrderAnswered(e) => &e.order,
        Fact::TeamFormed(e) => &e.team,
        Fact::LedgerEntered(e) => &e.ledger,
        Fact::ClockStarted(e) => &e.clock,
        Fact::ClockStopped(e) => &e.clock,
        Fact::ClockPaused(e) => &e.clock,
        Fact::ClockResumed(e) => &e.clock,
        Fact::DeadlineMoved(e) => &e.clock,
        Fact::DeadlineNear(e) => &e.clock,
        Fact::ClockMissed(e) => &e.clock,
        Fact::ClockOverdue(e) => &e.clock,
        Fact::ExtensionAsked(e) => &e.clock,
        Fact::ExtensionGranted(e) => &e.clock,
        Fact::ExtensionRefused(e) => &e.clock,
        Fact::DateSet(e) => &e.clock,
        Fact::BreachFound(e) => &e.breach,
        Fact::TaskOpened(e) => &e.purpose,
        Fact::TaskDone(e) => &e.purpose,
        Fact::NoticeSent(e) => &e.template,
        Fact::NoticeFailed(e) => &e.template,
        Fact::NoticeUnknown(e) => &e.template,
        _ => return (fact.word(), None),
    };
    (fact.word(), some(arg))
}

/// Everything that the fact is known as: several measures that were ordered at once are several things. A sign-off that
/// is not the last frees nothing yet.
pub fn names(fact: &Fact) -> Vec<(&str, Option<&str>)> {
    match fact {
        Fact::MeasuresOrdered(e) if e.measures.len() > 1 => {
            e.measures.iter().map(|measure| (fact.word(), Some(measure.as_str()))).collect()
        }
        Fact::ApprovalGiven(e) if !e.is_last => Vec::new(),
        Fact::DecisionApproved(e) if e.is_partial => Vec::new(),
        Fact::MeasureChecked(e) if !e.is_satisfactory => Vec::new(),
        _ => vec![name(fact)],
    }
}

fn some(text: &str) -> Option<&str> {
    (!text.is_empty()).then_some(text)
}
