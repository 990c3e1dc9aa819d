//! Who did what: the acts, as `who` of a regime names them, that a fact proves, each with the member of staff.

use contracts::Fact;
use regime::vocabulary::MOVE_TO_VERSION;

/// The acts that the fact proves. One for an object of its kind, as `measure(refund)`, is one of the kind as well. Nobody
/// did it where a rule did: the name is empty.
pub(super) fn acts(fact: &Fact) -> Vec<(String, &str)> {
    match fact {
        Fact::MeasuresOrdered(e) => of("measure", &e.measures, &e.staff_id),
        Fact::OrderGiven(e) => of("order", std::slice::from_ref(&e.order), &e.given_by),
        Fact::DateSet(e) => of("set-date", std::slice::from_ref(&e.clock), &e.set_by),
        Fact::LedgerEntered(e) => of("enter", std::slice::from_ref(&e.ledger), &e.staff_id),
        Fact::StepDone(e) => {
            let all = std::iter::once(&e.staff_id).chain(&e.staff_ids);
            all.map(|staff| (e.step.clone(), staff.as_str())).collect()
        }
        fact => one(fact).map(|(act, staff)| (act.to_owned(), staff)).into_iter().collect(),
    }
}

fn of<'a>(kind: &str, objects: &[String], staff: &'a str) -> Vec<(String, &'a str)> {
    let each = objects.iter().map(|object| (format!("{kind}({object})"), staff));
    std::iter::once((kind.to_owned(), staff)).chain(each).collect()
}

fn one(fact: &Fact) -> Option<(&'static str, &str)> {
    Some(match fact {
        Fact::CaseRegistered(e) => ("record", e.recorded_by.as_deref().unwrap_or_default()),
        Fact::AnsweredAtOnce(e) => ("answer-at-once", &e.staff_id),
        Fact::IdentityVerified(e) => ("verify-identity", &e.staff_id),
        Fact::IdentityRead(e) => ("reveal-identity", &e.staff_id),
        Fact::ComplainantAsked(e) => ("ask-complainant", &e.staff_id),
        Fact::AppealLodged(e) => ("appeal", &e.staff_id),
        Fact::CaseLinked(e) => match e.relation.as_str() {
            "twin" => ("split", &e.staff_id),
            "merged" => ("merge", &e.staff_id),
            _ => ("link", &e.staff_id),
        },
        Fact::CaseClassified(e) => ("triage", &e.staff_id),
        Fact::CaseAccepted(e) => ("accept", &e.staff_id),
        Fact::CaseDeclined(e) => ("decline", &e.staff_id),
        Fact::CaseReferred(e) => ("refer", &e.staff_id),
        Fact::ReportBackReceived(e) => ("report-back", &e.staff_id),
        Fact::FactsStated(e) => ("state", &e.staff_id),
        Fact::CaseMoved(e) => (MOVE_TO_VERSION, &e.staff_id),
        Fact::CaseDispatched(e) => ("dispatch", &e.dispatched_by),
        Fact::CaseSigned(e) => ("sign", &e.staff_id),
        Fact::CaseReturned(e) => ("return", &e.staff_id),
        Fact::CaseEscalated(e) => ("escalate", &e.staff_id),
        Fact::HandlerNamed(e) => ("delegate", &e.named_by),
        Fact::DispatchRuled(e) => ("rule-dispatch", &e.staff_id),
        Fact::RecusalAsked(e) => ("ask-recusal", &e.asked_by),
        Fact::RecusalGranted(e) => ("rule-recusal", &e.ruled_by),
        Fact::RecusalRefused(e) => ("rule-recusal", &e.ruled_by),
        Fact::OrderAnswered(e) => ("answer-order", &e.staff_id),
        Fact::TeamFormed(e) => ("form-team", &e.formed_by),
        Fact::NoteAdded(e) => ("note", &e.staff_id),
        Fact::MeasureDone(e) => ("carry-out", &e.staff_id),
        Fact::MeasureChecked(e) => ("check-measure", &e.staff_id),
        Fact::DecisionProposed(e) => ("decide", &e.staff_id),
        Fact::DecisionApproved(e) => ("approve-decision", &e.staff_id),
        Fact::DecisionRefused(e) => ("approve-decision", &e.staff_id),
        Fact::ApprovalAsked(e) if e.tier <= 1 => ("ask-approval", &e.asked_by),
        Fact::ApprovalGiven(e) => ("approve", &e.staff_id),
        Fact::ApprovalRefused(e) => ("approve", &e.staff_id),
        Fact::AppealDecided(e) => ("decide-appeal", &e.staff_id),
        Fact::CaseResolved(e) => ("resolve", &e.staff_id),
        Fact::ComplainantTold(e) => ("tell", &e.staff_id),
        Fact::CaseCalledBack(e) => ("call-back", &e.staff_id),
        Fact::CaseClosed(e) => ("close", &e.staff_id),
        Fact::ExtensionAsked(e) if e.tier == 0 => ("ask-overrun", &e.asked_by),
        Fact::ExtensionAsked(e) => ("ask-extension", &e.asked_by),
        Fact::SuspensionAsked(e) => ("ask-suspension", &e.asked_by),
        Fact::SuspensionEnded(e) => ("end-suspension", &e.ended_by),
        Fact::CasePublished(e) => ("publish", &e.staff_id),
        Fact::CaseWithheld(e) => ("withhold", &e.staff_id),
        Fact::DestructionOrdered(e) => ("approve-destruction", &e.staff_id),
        Fact::DestructionRefused(e) => ("approve-destruction", &e.staff_id),
        _ => return None,
    })
}
