//! Between the contracts and this service's own words: a fact as the entry of a dossier, and rows as answers.

use crate::{
    domain::{Entry, wording::Words},
    store::{lists, statistics::Counted},
};
use contracts::{Fact, common::VaultRef, records as api};
use kit_grpc::page::After;
use kit_ids::CaseId;
use prost_types::Timestamp;
use serde_json::{Map, Value, json};

/// What an entry keeps of a fact: the arguments of its phrase, and the references into the vault.
pub(crate) fn line(fact: &Fact) -> (Map<String, Value>, Vec<String>) {
    let args = match args(fact) {
        Value::Object(map) => map,
        _ => Map::new(),
    };
    (args, refs(fact).into_iter().flatten().map(|r| r.ref_id.clone()).collect())
}

fn args(fact: &Fact) -> Value {
    match fact {
        Fact::CaseRegistered(e) => json!({"number": e.number, "channel": e.channel, "kind": e.kind}),
        Fact::IdentityRead(e) => json!({"staff": e.staff_id, "field": e.field}),
        Fact::NarrativeRead(e) => json!({"staff": e.staff_id}),
        Fact::CaseDeclined(e) => json!({"ground": e.ground}),
        Fact::CaseClassified(e) => json!({"kind": e.kind, "category": e.category}),
        Fact::CaseGraded(e) => json!({"severity": e.severity, "cite": e.cite}),
        Fact::ValidityJudged(e) => json!({"validity": e.validity}),
        Fact::CaseDispatched(e) => json!({"unit": e.unit_id, "staff": e.staff_id, "slip": e.slip, "cite": e.cite}),
        Fact::CaseSigned(e) => json!({"staff": e.staff_id}),
        Fact::CaseReturned(e) => json!({"staff": e.staff_id}),
        Fact::HandlerRecused(e) => json!({"staff": e.staff_id, "cite": e.cite}),
        Fact::CaseEscalated(e) => json!({"clock": e.clock, "rung": e.rung, "role": e.role}),
        Fact::InvestigationOpened(e) => json!({"staff": e.staff_id}),
        Fact::MeasuresOrdered(e) => json!({"measures": e.measures}),
        Fact::DecisionProposed(e) => json!({"finding": e.finding}),
        Fact::DecisionApproved(e) => json!({"staff": e.staff_id}),
        Fact::DecisionRefused(e) => json!({"staff": e.staff_id}),
        Fact::CaseResolved(e) => json!({"finding": e.finding}),
        Fact::StepDone(e) => json!({"step": e.step, "staff": e.staff_id}),
        Fact::ComplainantTold(e) => json!({"way": e.way, "staff": e.staff_id}),
        Fact::CaseCalledBack(e) => json!({"satisfaction": e.satisfaction}),
        Fact::CaseClosed(e) => json!({"outcome": e.outcome}),
        Fact::NoticeSent(e) => json!({"recipient": e.recipient, "way": e.way}),
        Fact::NoticeFailed(e) => json!({"recipient": e.recipient, "way": e.way}),
        Fact::NoticeUnknown(e) => json!({"recipient": e.recipient, "way": e.way}),
        Fact::TaskOpened(e) => json!({"role": e.role, "purpose": e.purpose}),
        Fact::TaskDone(e) => json!({"staff": e.staff_id, "way": e.way, "reached": e.is_reached}),
        Fact::CaseArchived(e) => json!({"keep_until": e.keep_until, "cite": e.cite}),
        Fact::EventSkipped(e) => json!({"producer": e.producer, "event": e.r#type}),
        Fact::SubmissionReceived(_)
        | Fact::CaseSupplemented(_)
        | Fact::CaseWithdrawn(_)
        | Fact::RegimePublished(_)
        | Fact::CaseAccepted(_)
        | Fact::ContainmentRecorded(_)
        | Fact::UnitChanged(_)
        | Fact::StaffChanged(_)
        | Fact::NoteAdded(_)
        | Fact::ComplainantAnswered(_)
        | Fact::ForkSettled(_) => Value::Null,
        clock => clock_args(clock),
    }
}

fn clock_args(fact: &Fact) -> Value {
    match fact {
        Fact::ClockStarted(e) => json!({"clock": e.clock, "due_at": instant(e.due_at.as_ref()), "cite": e.cite}),
        Fact::ClockStopped(e) => json!({"clock": e.clock, "on_time": e.is_on_time}),
        Fact::ClockPaused(e) => json!({"clock": e.clock, "cite": e.cite}),
        Fact::ClockResumed(e) => json!({"clock": e.clock, "due_at": instant(e.due_at.as_ref())}),
        Fact::DeadlineMoved(e) => json!({"clock": e.clock, "due_at": instant(e.due_at.as_ref())}),
        Fact::DeadlineNear(e) => json!({"clock": e.clock, "due_at": instant(e.due_at.as_ref())}),
        Fact::ClockMissed(e) => json!({"clock": e.clock, "cite": e.cite}),
        Fact::ClockOverdue(e) => json!({"clock": e.clock}),
        Fact::ExtensionAsked(e) => json!({
            "staff": e.asked_by, "clock": e.clock, "until": more(&e.until, &e.by), "role": e.approver_role, "cite": e.cite,
        }),
        Fact::ExtensionGranted(e) => json!({"staff": e.granted_by, "clock": e.clock, "until": more(&e.until, &e.by)}),
        Fact::ExtensionRefused(e) => json!({"staff": e.refused_by, "clock": e.clock}),
        Fact::SuspensionAsked(e) => json!({
            "staff": e.asked_by, "clock": e.clocks, "role": e.approver_role, "cite": e.cite,
        }),
        Fact::SuspensionGranted(e) => json!({"staff": e.granted_by, "clock": e.clocks}),
        Fact::SuspensionRefused(e) => json!({"staff": e.refused_by}),
        Fact::SuspensionEnded(e) => json!({"staff": e.ended_by}),
        Fact::DateSet(e) => json!({"staff": e.set_by, "clock": e.clock, "date": e.date, "cite": e.cite}),
        Fact::BreachFound(e) => json!({"breach": e.breach, "cite": e.cite}),
        _ => Value::Null,
    }
}

/// How much more time: a day, or a length.
fn more<'a>(until: &'a str, by: &'a str) -> &'a str {
    if until.is_empty() { by } else { until }
}

fn refs(fact: &Fact) -> Vec<Option<&VaultRef>> {
    let text = match fact {
        Fact::CaseSupplemented(e) => &e.text,
        Fact::IdentityRead(e) => &e.reason,
        Fact::NarrativeRead(e) => &e.reason,
        Fact::CaseDeclined(e) => &e.reason,
        Fact::CaseGraded(e) => &e.reason,
        Fact::ValidityJudged(e) => &e.reason,
        Fact::ContainmentRecorded(e) => &e.text,
        Fact::CaseReturned(e) => &e.reason,
        Fact::HandlerRecused(e) => &e.reason,
        Fact::NoteAdded(e) => &e.text,
        Fact::MeasuresOrdered(e) => &e.text,
        Fact::DecisionProposed(e) => &e.text,
        Fact::DecisionRefused(e) => &e.reason,
        Fact::ComplainantAnswered(e) => &e.text,
        Fact::CaseResolved(e) => &e.text,
        Fact::ExtensionAsked(e) => &e.reason,
        Fact::SuspensionAsked(e) => &e.reason,
        _ => return Vec::new(),
    };
    vec![text.as_ref()]
}

fn instant(at: Option<&Timestamp>) -> String {
    at.and_then(kit_grpc::instant).map(|at| at.to_rfc3339()).unwrap_or_default()
}

/// An entry as people read it.
pub(crate) fn entry(entry: Entry, words: &Words<'_>) -> api::Entry {
    api::Entry {
        at: Some(kit_grpc::timestamp(entry.at)),
        text: Some(kit_grpc::text(&words.of(&entry))),
        actor_name: words.actor(&entry.actor),
        seq: entry.log_place.map_or(0, |(_, seq)| seq),
        fact: entry.fact,
        actor: entry.actor,
        producer: entry.producer,
        ref_ids: entry.refs,
    }
}

/// A case of a list.
pub(crate) fn row(row: lists::Row) -> api::CaseRow {
    api::CaseRow {
        case_id: CaseId::new(row.case_id).to_string(),
        number: row.number,
        unit_id: row.unit_id,
        kind: row.kind,
        severity: row.severity,
        state: row.stage,
        received_at: Some(kit_grpc::timestamp(row.received_at)),
        closed_at: row.closed_at.map(kit_grpc::timestamp),
    }
}

/// The figures of a month.
pub(crate) fn statistics(month: String, counted: Counted) -> api::GetStatisticsResponse {
    let list = |counts: Vec<(String, i64)>| counts.into_iter().map(|(id, count)| api::Count { id, count }).collect();
    let Counted { totals: t, by_severity, by_channel, by_unit, by_category } = counted;
    api::GetStatisticsResponse {
        month,
        received: t.received,
        accepted: t.accepted,
        declined: t.declined,
        withdrawn: t.withdrawn,
        resolved: t.resolved,
        closed: t.closed,
        clocks_missed: t.clocks_missed,
        called_back: t.called_back,
        satisfied: t.satisfied,
        by_severity: list(by_severity),
        by_channel: list(by_channel),
        by_unit: list(by_unit),
        by_category: list(by_category),
        resolved_in_time: t.resolved_in_time,
        invalid: t.invalid,
    }
}

/// The place of a row in the list.
pub(crate) fn place(row: &lists::Row) -> After {
    After { at: row.received_at, id: row.case_id }
}
