//! The two ways in which a case changes: a person acts, or another service's fact asks for a fact of ours.

use crate::{
    domain::{self, Act, Case, Event, Ground, approval, event::Done, refusal},
    publish, store,
};
use facts::Law;
use kit_core::Problem;
use kit_db::{Error, Result};
use kit_ids::{CaseId, RefId};
use kit_messaging::Tx;
use regime::Regime;
use std::collections::BTreeMap;
use std::sync::Arc;

/// An act of `staff` on a case of which they saw `version` (0: whichever it is).
pub(crate) async fn act(tx: &mut Tx, law: &Law, staff: &str, id: CaseId, version: u64, act: Act) -> Result<Case> {
    let mut cases = store::lock(tx.conn(), &[id]).await?;
    let case = cases.get_mut(&id).ok_or_else(Problem::unknown_case)?;
    if !facts::may_read(law, &case.view, staff) {
        return Err(Problem::unknown_case().into());
    }
    let regime = regime_of(law, case)?;
    domain::known_step(&regime, &act)?;
    for one in act.each() {
        facts::authorise(law, &case.view, staff, &one)?;
    }
    if version != 0 && version != case.version {
        return Err(Problem::stale(case.version).into());
    }
    match &act {
        Act::Rule { .. } => approver(law, &regime, case, staff)?,
        Act::SignOff { act, .. } => sign_off(law, &regime, case, staff, act)?,
        Act::DecideAppeal { .. } => {
            let appeal = facts::pending_appeal(&regime, &case.view);
            appeal.map_or(Ok(()), |appeal| approval::judge(law, case, &regime, staff, appeal))?;
        }
        _ => {}
    }
    let zone = law.directory().zone(&case.view.unit_id).parse().unwrap_or(chrono_tz::UTC);
    let ground = Ground { regime: &regime, staff, zone, now: tx.now() };
    let events = domain::act(case, ground, act)?;
    case.version += 1;
    publish::append(tx, None, case, &regime, events);
    let case = case.clone();
    store::save(tx.conn(), &cases).await?;
    Ok(case)
}

/// Only a holder of the role that the regime names for this case approves its decision.
fn approver(law: &Law, regime: &Regime, case: &Case, staff: &str) -> Result<()> {
    let Some((roles, _)) = regime.approvers("decision", &case.view) else { return Ok(()) };
    let given = case.course.pending().map_or(0, |proposal| proposal.given);
    let role = usize::try_from(given).ok().and_then(|given| roles.get(given));
    role.map_or(Ok(()), |role| holds(law, regime, case, staff, role))
}

/// Only a holder of the role whose turn it is signs off.
fn sign_off(law: &Law, regime: &Regime, case: &Case, staff: &str, act: &str) -> Result<()> {
    let waiting = approval::waiting(case, regime, act);
    waiting.map_or(Ok(()), |(role, _)| holds(law, regime, case, staff, role))
}

fn holds(law: &Law, regime: &Regime, case: &Case, staff: &str, role: &str) -> Result<()> {
    if facts::acts_by(law.directory(), regime, &case.view, staff, role) {
        return Ok(());
    }
    Err(refusal::not_approver(&regime.role_title(role)).into())
}

/// The law of a case: the version in force when it was received, or the one to which it was moved.
pub(crate) fn regime_of(law: &Law, case: &Case) -> Result<Arc<Regime>> {
    law.regime(&case.view.regime_id, case.view.regime_version)
        .ok_or_else(|| Error::NotYet(format!("regime {} version {}", case.view.regime_id, case.view.regime_version)))
}

/// What a fact of another service makes happen here, beyond being remembered.
pub(crate) fn react(case: &Case, regime: &Regime, reaction: Reaction<'_>) -> Vec<Event> {
    let ended = case.view.has_word("case-declined") || !case.view.is_open() && !case.is_closed();
    match reaction {
        Reaction::Told { way, by, parts } if !ended && !case.is_closed() => told(way, by, parts),
        Reaction::CalledBack { satisfaction, by } if !ended => {
            vec![Event::CaseCalledBack { satisfaction: satisfaction.to_owned(), by: by.to_owned() }]
        }
        Reaction::Proved { step, by } if !case.view.has_word(step) => {
            let Some(rule) = regime.step(step) else { return Vec::new() };
            let (step, by, cite) = (step.to_owned(), by.to_owned(), rule.cite.clone());
            let form = rule.form.clone().unwrap_or_default();
            vec![Event::StepDone(Box::new(Done { step, by, form, cite, ..Done::default() }))]
        }
        Reaction::AnsweredAtOnce { way, by } if !case.is_closed() => {
            let mut events = told(way, by, BTreeMap::new());
            events.extend(ended_by("answered-at-once"));
            events
        }
        Reaction::Ended { outcome } if !case.is_closed() => ended_by(outcome),
        _ => Vec::new(),
    }
}

fn told(way: &str, by: &str, parts: BTreeMap<String, RefId>) -> Vec<Event> {
    let (way, by) = (way.to_owned(), by.to_owned());
    vec![Event::ComplainantTold { way, by, text: None, parts }]
}

fn ended_by(outcome: &str) -> Vec<Event> {
    vec![Event::CaseClosed { outcome: outcome.to_owned(), by: String::new(), cite: String::new() }]
}

/// The facts of others that resolution answers with a fact of its own.
#[derive(Clone)]
pub(crate) enum Reaction<'a> {
    Told {
        way: &'a str,
        by: &'a str,
        parts: BTreeMap<String, RefId>,
    },
    CalledBack {
        satisfaction: &'a str,
        by: &'a str,
    },
    /// A step of the regime was done by sending or saying something.
    Proved {
        step: &'a str,
        by: &'a str,
    },
    AnsweredAtOnce {
        way: &'a str,
        by: &'a str,
    },
    Ended {
        outcome: &'static str,
    },
}
