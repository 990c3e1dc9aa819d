//! From what assignment makes happen to the event that says so: folded into the case, and appended to the log.

use crate::domain::case::{Case, Event};
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
        Fact::HandlerRecused(e) => send(tx, cause, &key, &e),
        Fact::CaseEscalated(e) => send(tx, cause, &key, &e),
        other => tracing::error!(word = other.word(), "not an event of assignment"),
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
    let vault = |reason: RefId| VaultRef { ref_id: reason.to_string() };
    match event.clone() {
        Event::Dispatched { unit_id, role, staff_id, slip, is_automatic, cite } => {
            Fact::CaseDispatched(wire::CaseDispatched { case_id, unit_id, role, staff_id, slip, is_automatic, cite })
        }
        Event::Signed { staff_id } => Fact::CaseSigned(wire::CaseSigned { case_id, staff_id }),
        Event::Returned { staff_id, reason } => {
            Fact::CaseReturned(wire::CaseReturned { case_id, staff_id, reason: Some(vault(reason)) })
        }
        Event::Recused { staff_id, cite, reason } => {
            Fact::HandlerRecused(wire::HandlerRecused { case_id, staff_id, cite, reason: reason.map(vault) })
        }
        Event::Escalated { clock, rung, role, staff_ids } => {
            Fact::CaseEscalated(wire::CaseEscalated { case_id, clock, rung, role, staff_ids })
        }
    }
}
