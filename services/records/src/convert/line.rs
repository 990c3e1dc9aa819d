//! A fact as the line of a dossier: the arguments of its phrase, and its references into the vault.

use contracts::{Fact, common::VaultRef};
use prost_types::Timestamp;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

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
        Fact::CaseWithdrawn(e) => json!({"then": e.then}),
        Fact::IdentityRead(e) => json!({"staff": e.staff_id, "field": e.field}),
        Fact::NarrativeRead(e) => json!({"staff": e.staff_id}),
        Fact::AnsweredAtOnce(e) => json!({"staff": e.staff_id, "way": e.way}),
        Fact::IdentityVerified(e) => json!({"staff": e.staff_id}),
        Fact::ComplainantAsked(e) => json!({"staff": e.staff_id}),
        Fact::CaseLinked(e) => json!({"relation": e.relation, "staff": e.staff_id, "other": e.other_case_id}),
        Fact::CasesMerged(e) => json!({"staff": e.staff_id, "other": e.other_case_id}),
        Fact::CaseRated(e) => json!({"satisfaction": e.satisfaction}),
        Fact::AppealLodged(e) => json!({"tier": e.tier, "party": e.by}),
        Fact::NoticeSent(e) => json!({"recipient": e.recipient, "way": e.way, "document": e.document, "cite": e.cite}),
        Fact::NoticeFailed(e) => json!({"recipient": e.recipient, "way": e.way}),
        Fact::NoticeUnknown(e) => json!({"recipient": e.recipient, "way": e.way}),
        Fact::TaskOpened(e) => json!({"role": e.role, "purpose": e.purpose}),
        Fact::TaskDone(e) => json!({"staff": e.staff_id, "way": e.way, "reached": e.is_reached}),
        Fact::CaseArchived(e) => json!({"keep_until": e.keep_until, "cite": e.cite}),
        Fact::LedgerEntered(e) => json!({"ledger": e.ledger, "points": some_points(e.points), "cite": e.cite}),
        Fact::CasePublished(e) => json!({"staff": e.staff_id, "shows": e.shows}),
        Fact::CaseWithheld(e) => json!({"staff": e.staff_id}),
        Fact::DestructionProposed(e) => json!({"date": e.since, "cite": e.cite}),
        Fact::DestructionOrdered(e) => json!({"date": e.since, "approved": e.staff_id, "cite": e.cite}),
        Fact::DestructionRefused(e) => json!({"staff": e.staff_id, "date": e.again_on, "cite": e.cite}),
        Fact::CasePurged(e) => json!({"cite": e.cite}),
        Fact::EventSkipped(e) => json!({"producer": e.producer, "event": e.r#type}),
        Fact::SubmissionReceived(_)
        | Fact::CaseSupplemented(_)
        | Fact::ComplainantChased(_)
        | Fact::RegimePublished(_)
        | Fact::UnitChanged(_)
        | Fact::StaffChanged(_)
        | Fact::CalendarPublished(_)
        | Fact::ForkSettled(_) => Value::Null,
        other => taking_args(other),
    }
}

/// Triage and assignment.
fn taking_args(fact: &Fact) -> Value {
    match fact {
        Fact::CaseAccepted(e) => json!({"courtesy": if e.is_courtesy { json!(true) } else { json!("") }}),
        Fact::CaseDeclined(e) => json!({"ground": e.ground}),
        Fact::CaseMoved(e) => json!({
            "staff": e.staff_id, "regime": e.regime_id, "version": e.regime_version, "from_regime": e.from_regime_id,
            "from_version": e.from_regime_version,
        }),
        Fact::CaseReferred(e) => json!({"ground": e.ground, "body": e.body, "unit": e.unit_id, "cite": e.cite}),
        Fact::ReportBackReceived(e) => json!({"ground": e.ground, "staff": e.staff_id}),
        Fact::CaseClassified(e) => json!({"kind": e.kind, "category": e.category}),
        Fact::FactsStated(e) => {
            json!({"staff": e.staff_id, "stated": e.facts.iter().map(|fact| &fact.name).collect::<Vec<_>>()})
        }
        Fact::CaseGraded(e) => json!({"severity": e.severity, "cite": e.cite}),
        Fact::ValidityJudged(e) => json!({"validity": e.validity}),
        Fact::CaseDispatched(e) => json!({"unit": e.unit_id, "staff": e.staff_id, "slip": e.slip, "cite": e.cite}),
        Fact::CaseSigned(e) => json!({"staff": e.staff_id}),
        Fact::CaseReturned(e) => json!({"staff": e.staff_id}),
        Fact::HandlerNamed(e) => json!({"staff": e.staff_id, "by": e.named_by}),
        Fact::DispatchRuled(e) => json!({"staff": e.staff_id, "ruling": e.outcome}),
        Fact::HandlerRecused(e) => json!({"staff": e.staff_id, "cite": e.cite}),
        Fact::RecusalAsked(e) => json!({"staff": e.staff_id}),
        Fact::RecusalGranted(e) => json!({"staff": e.staff_id, "by": e.ruled_by}),
        Fact::RecusalRefused(e) => json!({"staff": e.staff_id, "by": e.ruled_by}),
        Fact::TeamFormed(e) => json!({"team": e.team, "staff": e.staff_ids, "by": e.formed_by}),
        Fact::OrderGiven(e) => json!({
            "order": e.order, "role": e.to, "date": e.due, "by": e.given_by, "cite": e.cite,
        }),
        Fact::OrderAnswered(e) => json!({"order": e.order, "staff": e.staff_id}),
        Fact::CaseEscalated(e) => {
            json!({"clock": e.clock, "rung": e.rung, "role": roles(&e.role, &e.roles), "cite": e.cite})
        }
        other => handling_args(other),
    }
}

/// Resolution.
fn handling_args(fact: &Fact) -> Value {
    match fact {
        Fact::InvestigationOpened(e) => json!({"staff": e.staff_id}),
        Fact::MeasuresOrdered(e) => json!({"measures": e.measures}),
        Fact::MeasureDone(e) => json!({"measures": [e.measure], "staff": e.staff_id}),
        Fact::MeasureChecked(e) => json!({"measures": [e.measure], "staff": e.staff_id, "checked": e.is_satisfactory}),
        Fact::DecisionProposed(e) => json!({"finding": e.finding}),
        Fact::DecisionApproved(e) => json!({"staff": e.staff_id, "is_partial": e.is_partial}),
        Fact::DecisionRefused(e) => json!({"staff": e.staff_id}),
        Fact::CaseResolved(e) => json!({"finding": e.finding}),
        Fact::StepDone(e) => json!({
            "step": e.step, "outcome_of": format!("{}({})", e.step, e.outcome), "staff": e.staff_id, "date": e.on_date,
            "amount": amount(e.amount, &e.currency), "cite": if e.is_automatic { e.cite.as_str() } else { "" },
        }),
        Fact::ComplainantTold(e) => json!({"way": e.way, "staff": e.staff_id}),
        Fact::CaseCalledBack(e) => json!({"satisfaction": e.satisfaction}),
        Fact::CaseClosed(e) => json!({"outcome": e.outcome, "cite": e.cite}),
        Fact::ApprovalAsked(e) => json!({"act": e.act, "role": e.role, "staff": e.asked_by, "cite": e.cite}),
        Fact::ApprovalGiven(e) => json!({"act": e.act, "staff": e.staff_id, "is_last": e.is_last}),
        Fact::ApprovalRefused(e) => json!({"act": e.act, "staff": e.staff_id}),
        Fact::CaseReopened(e) => json!({"stage": e.stage, "round": e.round, "cite": e.cite}),
        Fact::AppealDecided(e) => {
            json!({"tier": e.tier, "tier_outcome": format!("{}({})", e.tier, e.outcome), "staff": e.staff_id})
        }
        Fact::LinkedCaseOwed(e) => json!({"kind": e.kind, "cite": e.cite, "relation": e.relation}),
        Fact::ContainmentRecorded(_) | Fact::NoteAdded(_) | Fact::ComplainantAnswered(_) => Value::Null,
        clock => clock_args(clock),
    }
}

/// All roles of a rung.
fn roles<'a>(one: &'a String, all: &'a [String]) -> Vec<&'a String> {
    if all.is_empty() { vec![one] } else { all.iter().collect() }
}

fn some_points(points: u32) -> Value {
    if points == 0 { json!("") } else { json!(points) }
}

/// A sum in the units of its currency.
fn amount(amount: i64, currency: &str) -> String {
    match (amount, currency) {
        (_, "") => String::new(),
        (amount, currency) => format!("{}.{:02} {currency}", amount / 100, amount % 100),
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
        Fact::CaseAccepted(e) => return of_parts(&e.parts),
        Fact::ComplainantTold(e) => return of_parts(&e.parts),
        Fact::AppealDecided(e) => return std::iter::once(e.text.as_ref()).chain(of_parts(&e.parts)).collect(),
        Fact::CaseDeclined(e) => {
            return std::iter::once(e.reason.as_ref()).chain(of_parts(&e.parts)).collect();
        }
        Fact::StepDone(e) => return std::iter::once(e.text.as_ref()).chain(e.files.iter().map(Some)).collect(),
        Fact::AppealLodged(e) => return vec![e.reasons.as_ref(), e.request.as_ref()],
        Fact::CaseSupplemented(e) => &e.text,
        Fact::IdentityRead(e) => &e.reason,
        Fact::NarrativeRead(e) => &e.reason,
        Fact::AnsweredAtOnce(e) => &e.text,
        Fact::ComplainantAsked(e) => &e.text,
        Fact::ComplainantChased(e) => &e.text,
        Fact::CaseLinked(e) => &e.reason,
        Fact::CaseReferred(e) => &e.reason,
        Fact::ReportBackReceived(e) => &e.text,
        Fact::CaseGraded(e) => &e.reason,
        Fact::ValidityJudged(e) => &e.reason,
        Fact::ContainmentRecorded(e) => &e.text,
        Fact::CaseMoved(e) => &e.reason,
        Fact::CaseReturned(e) => &e.reason,
        Fact::DispatchRuled(e) => &e.reason,
        Fact::HandlerRecused(e) => &e.reason,
        Fact::RecusalAsked(e) => &e.ground,
        Fact::RecusalRefused(e) => &e.reason,
        Fact::OrderGiven(e) => &e.text,
        Fact::OrderAnswered(e) => &e.text,
        Fact::CaseEscalated(e) => &e.text,
        other => return vec![handling_ref(other)],
    };
    vec![text.as_ref()]
}

fn handling_ref(fact: &Fact) -> Option<&VaultRef> {
    let text = match fact {
        Fact::NoteAdded(e) => &e.text,
        Fact::MeasuresOrdered(e) => &e.text,
        Fact::MeasureDone(e) => &e.text,
        Fact::MeasureChecked(e) => &e.text,
        Fact::DecisionProposed(e) => &e.text,
        Fact::DecisionRefused(e) => &e.reason,
        Fact::ComplainantAnswered(e) => &e.text,
        Fact::CaseResolved(e) => &e.text,
        Fact::ApprovalAsked(e) => &e.text,
        Fact::ApprovalRefused(e) => &e.reason,
        Fact::ExtensionAsked(e) => &e.reason,
        Fact::SuspensionAsked(e) => &e.reason,
        Fact::LedgerEntered(e) => &e.text,
        Fact::CaseWithheld(e) => &e.reason,
        _ => return None,
    };
    text.as_ref()
}

/// The parts of an answer, in the order of their names.
fn of_parts(parts: &BTreeMap<String, VaultRef>) -> Vec<Option<&VaultRef>> {
    parts.values().map(Some).collect()
}

fn instant(at: Option<&Timestamp>) -> String {
    at.and_then(kit_grpc::instant).map(|at| at.to_rfc3339()).unwrap_or_default()
}
