//! What triage makes happen: folded into the case, and appended to the log.

use crate::domain::case::{Case, Classified};
use contracts::common::VaultRef;
use contracts::{Fact, triage as wire};
use kit_ids::RefId;
use kit_messaging::{Received, Tx};
use std::collections::BTreeMap;

/// Lets the fact happen in the case.
pub(crate) fn happen(tx: &Tx, case: &mut Case, fact: &Fact) {
    case.fold(fact, tx.now());
}

/// Appends it, as caused by an event of somebody else or by a command.
pub(crate) fn append(tx: &mut Tx, cause: Option<&Received>, fact: &Fact) {
    match fact {
        Fact::CaseClassified(e) => send(tx, cause, e),
        Fact::CaseAccepted(e) => send(tx, cause, e),
        Fact::CaseDeclined(e) => send(tx, cause, e),
        Fact::CaseReferred(e) => send(tx, cause, e),
        Fact::ReportBackReceived(e) => send(tx, cause, e),
        Fact::FactsStated(e) => send(tx, cause, e),
        Fact::CaseGraded(e) => send(tx, cause, e),
        Fact::ValidityJudged(e) => send(tx, cause, e),
        Fact::ContainmentRecorded(e) => send(tx, cause, e),
        Fact::CaseMoved(e) => send(tx, cause, e),
        other => tracing::error!(word = other.word(), "not an event of triage"),
    }
}

fn send<E: contracts::Event>(tx: &mut Tx, cause: Option<&Received>, event: &E) {
    match cause {
        Some(cause) => tx.publish_after(cause, event.case_id(), event),
        None => tx.publish(event.case_id(), event),
    }
}

/// What somebody said that the case is.
pub(crate) fn classified(case: &Case, by: &str, what: &Classified) -> Fact {
    Fact::CaseClassified(wire::CaseClassified {
        case_id: case.case_id.to_string(),
        kind: what.kind.clone(),
        category: what.category.clone(),
        about_unit_id: what.about_unit_id.clone(),
        about_staff_ids: what.about_staff_ids.clone(),
        facts: what.facts.iter().map(|(name, value)| facts::answer(name, value)).collect(),
        staff_id: by.to_owned(),
    })
}

/// A grade, by the clause that gives it or, without one, by somebody's choice.
pub(crate) fn graded(case: &Case, severity: String, cite: String) -> wire::CaseGraded {
    let (case_id, previous) = (case.case_id.to_string(), case.view.severity.clone());
    wire::CaseGraded { case_id, severity, previous, cite, ..wire::CaseGraded::default() }
}

/// A text in the vault.
pub(crate) fn vault(text: RefId) -> VaultRef {
    VaultRef { ref_id: text.to_string() }
}

/// The parts of an answer.
pub(crate) fn parts(parts: BTreeMap<String, RefId>) -> BTreeMap<String, VaultRef> {
    parts.into_iter().map(|(part, text)| (part, vault(text))).collect()
}
