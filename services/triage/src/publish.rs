//! From what triage makes happen to the event that says so: folded into the case, and appended to the log.

use crate::convert;
use crate::domain::case::{Case, Event};
use contracts::common::VaultRef;
use contracts::{Fact, triage as wire};
use kit_ids::CaseId;
use kit_messaging::{Received, Tx};

/// Lets the event happen in the case.
pub(crate) fn happen(tx: &Tx, case: &mut Case, event: &Event) {
    case.fold(&fact(case.case_id, event), tx.now());
}

/// Appends it, as caused by an event of somebody else or by a command.
pub(crate) fn append(tx: &mut Tx, cause: Option<&Received>, case_id: CaseId, event: &Event) {
    let key = case_id.to_string();
    match fact(case_id, event) {
        Fact::CaseClassified(e) => send(tx, cause, &key, &e),
        Fact::CaseAccepted(e) => send(tx, cause, &key, &e),
        Fact::CaseDeclined(e) => send(tx, cause, &key, &e),
        Fact::CaseGraded(e) => send(tx, cause, &key, &e),
        Fact::ValidityJudged(e) => send(tx, cause, &key, &e),
        Fact::ContainmentRecorded(e) => send(tx, cause, &key, &e),
        other => tracing::error!(word = other.word(), "not an event of triage"),
    }
}

fn send<E: contracts::Event>(tx: &mut Tx, cause: Option<&Received>, key: &str, event: &E) {
    match cause {
        Some(cause) => tx.publish_after(cause, key, event),
        None => tx.publish(key, event),
    }
}

fn fact(case_id: CaseId, event: &Event) -> Fact {
    let case_id = case_id.to_string();
    let vault = |ref_id: String| VaultRef { ref_id };
    match event.clone() {
        Event::Classified(classified) => Fact::CaseClassified(wire::CaseClassified {
            case_id,
            kind: classified.kind,
            category: classified.category,
            about_unit_id: classified.about_unit_id,
            about_staff_ids: classified.about_staff_ids,
            facts: classified.facts.iter().map(|(name, value)| convert::fact(name, value)).collect(),
        }),
        Event::Accepted => Fact::CaseAccepted(wire::CaseAccepted { case_id }),
        Event::Declined { ground, outcome, reason_ref } => Fact::CaseDeclined(wire::CaseDeclined {
            case_id,
            ground,
            outcome: outcome.to_owned(),
            reason: Some(vault(reason_ref)),
        }),
        Event::Graded { severity, previous, cite, is_automatic, reason_ref } => Fact::CaseGraded(wire::CaseGraded {
            case_id,
            severity,
            previous,
            cite,
            is_automatic,
            reason: reason_ref.map(vault),
        }),
        Event::ValidityJudged { validity, reason_ref } => {
            Fact::ValidityJudged(wire::ValidityJudged { case_id, validity, reason: reason_ref.map(vault) })
        }
        Event::ContainmentRecorded { text_ref } => {
            Fact::ContainmentRecorded(wire::ContainmentRecorded { case_id, text: Some(vault(text_ref)) })
        }
    }
}
