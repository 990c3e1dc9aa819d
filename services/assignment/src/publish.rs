//! From what assignment makes happen to the event that says so: folded into the case, and appended to the log.

use crate::domain::case::Case;
use crate::domain::event::{Climb, Event, Given};
use contracts::{Fact, assignment as wire, common::VaultRef};
use kit_ids::{CaseId, RefId};
use kit_messaging::{Received, Tx};

/// Lets the event happen in the case.
pub(crate) fn happen(tx: &Tx, case: &mut Case, event: &Event) {
    case.fold(&fact(case.case_id, event), tx.now());
    case.advance(event);
}

/// Appends it, as caused by an event of somebody else or by a command.
pub(crate) fn append(tx: &mut Tx, cause: Option<&Received>, case_id: CaseId, event: &Event) {
    let key = case_id.to_string();
    match fact(case_id, event) {
        Fact::CaseDispatched(e) => send(tx, cause, &key, &e),
        Fact::CaseSigned(e) => send(tx, cause, &key, &e),
        Fact::CaseReturned(e) => send(tx, cause, &key, &e),
        Fact::DispatchRuled(e) => send(tx, cause, &key, &e),
        Fact::HandlerNamed(e) => send(tx, cause, &key, &e),
        Fact::HandlerRecused(e) => send(tx, cause, &key, &e),
        Fact::RecusalAsked(e) => send(tx, cause, &key, &e),
        Fact::RecusalGranted(e) => send(tx, cause, &key, &e),
        Fact::RecusalRefused(e) => send(tx, cause, &key, &e),
        Fact::CaseEscalated(e) => send(tx, cause, &key, &e),
        Fact::OrderGiven(e) => send(tx, cause, &key, &e),
        Fact::OrderAnswered(e) => send(tx, cause, &key, &e),
        Fact::TeamFormed(e) => send(tx, cause, &key, &e),
        other => tracing::error!(word = other.word(), "not an event of assignment"),
    }
}

fn send<E: contracts::Event>(tx: &mut Tx, cause: Option<&Received>, key: &str, event: &E) {
    match cause {
        Some(cause) => tx.publish_after(cause, key, event),
        None => tx.publish(key, event),
    }
}

/// The fact that says so.
pub(crate) fn fact(case_id: CaseId, event: &Event) -> Fact {
    let case_id = case_id.to_string();
    match event.clone() {
        Event::Dispatched { unit_id, role, staff_id, slip, by, cite } => {
            let (is_automatic, dispatched_by) = (by.is_empty(), by);
            let fact =
                wire::CaseDispatched { case_id, unit_id, role, staff_id, slip, is_automatic, cite, dispatched_by };
            Fact::CaseDispatched(fact)
        }
        Event::Signed { staff_id } => Fact::CaseSigned(wire::CaseSigned { case_id, staff_id }),
        Event::Returned { staff_id, reason } => {
            Fact::CaseReturned(wire::CaseReturned { case_id, staff_id, reason: Some(sealed(reason)) })
        }
        Event::Ruled { is_upheld, unit_id, staff_id, reason } => {
            let outcome = if is_upheld { "upheld" } else { "redirected" }.to_owned();
            let reason = reason.map(sealed);
            Fact::DispatchRuled(wire::DispatchRuled { case_id, outcome, staff_id, reason, unit_id })
        }
        Event::Named { staff_id, by } => Fact::HandlerNamed(wire::HandlerNamed { case_id, staff_id, named_by: by }),
        Event::Recused { staff_id, cite, reason } => {
            Fact::HandlerRecused(wire::HandlerRecused { case_id, staff_id, cite, reason: reason.map(sealed) })
        }
        Event::RecusalAsked { staff_id, by, ground } => {
            let ground = Some(sealed(ground));
            Fact::RecusalAsked(wire::RecusalAsked { case_id, staff_id, asked_by: by, ground })
        }
        Event::RecusalRuled { staff_id, by, is_granted: true, .. } => {
            Fact::RecusalGranted(wire::RecusalGranted { case_id, staff_id, ruled_by: by })
        }
        Event::RecusalRuled { staff_id, by, is_granted: false, reason } => {
            let reason = reason.map(sealed);
            Fact::RecusalRefused(wire::RecusalRefused { case_id, staff_id, ruled_by: by, reason })
        }
        Event::Escalated(climb) => Fact::CaseEscalated(escalated(case_id, climb)),
        Event::Ordered(given) => Fact::OrderGiven(ordered(case_id, given)),
        Event::OrderAnswered { no, order, staff_id, text } => {
            let text = text.map(sealed);
            Fact::OrderAnswered(wire::OrderAnswered { case_id, no, order, staff_id, text })
        }
        Event::TeamFormed { team, staff_ids, lead, by } => {
            Fact::TeamFormed(wire::TeamFormed { case_id, team, staff_ids, lead, formed_by: by })
        }
    }
}

fn escalated(case_id: String, climb: Climb) -> wire::CaseEscalated {
    let Climb { clock, rung, roles, staff_ids, by, text, proposal, cite } = climb;
    let role = roles.first().cloned().unwrap_or_default();
    let (text, proposal) = (text.map(sealed), proposal.map(sealed));
    wire::CaseEscalated { case_id, clock, rung, role, staff_ids, roles, staff_id: by, text, cite, proposal }
}

fn ordered(case_id: String, given: Given) -> wire::OrderGiven {
    let Given { no, order, ground, unit_id, staff_ids, to, due, by, text, cite } = given;
    let (due, text) = (due.map(|due| due.to_string()).unwrap_or_default(), text.map(sealed));
    let (is_automatic, given_by) = (by.is_empty(), by);
    wire::OrderGiven { case_id, no, order, ground, unit_id, staff_ids, to, due, given_by, text, is_automatic, cite }
}

fn sealed(text: RefId) -> VaultRef {
    VaultRef { ref_id: text.to_string() }
}
