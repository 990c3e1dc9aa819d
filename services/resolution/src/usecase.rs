//! The two ways in which a case changes: a person acts, or another service's fact asks for a fact of ours.

use crate::{
    domain::{self, Act, Case, Event, refusal},
    publish, store,
};
use facts::Law;
use kit_core::Problem;
use kit_db::{Error, Result};
use kit_ids::CaseId;
use kit_messaging::Tx;
use regime::Regime;
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
    facts::authorise(law, &case.view, staff, act.step())?;
    if version != 0 && version != case.version {
        return Err(Problem::stale(case.version).into());
    }
    if let Act::Rule { .. } = act {
        approver(law, &regime, case, staff)?;
    }
    let events = domain::act(case, &regime, staff, act)?;
    case.version += 1;
    publish::append(tx, None, case, events);
    let case = case.clone();
    store::save(tx.conn(), &cases).await?;
    Ok(case)
}

/// Only a holder of the role that the regime names for this case approves its decision.
fn approver(law: &Law, regime: &Regime, case: &Case, staff: &str) -> Result<()> {
    let Some((role, _)) = regime.approver("decision", &case.view) else { return Ok(()) };
    if case.view.units().any(|unit| law.directory().holds(staff, &role, unit)) {
        return Ok(());
    }
    Err(refusal::not_approver(&regime.role_title(&role)).into())
}

/// The law of a case, as it was when the case was received.
pub(crate) fn regime_of(law: &Law, case: &Case) -> Result<Arc<Regime>> {
    law.regime(&case.view.regime_id, case.view.regime_version)
        .ok_or_else(|| Error::NotYet(format!("regime {} version {}", case.view.regime_id, case.view.regime_version)))
}

/// What a fact of another service makes happen here, beyond being remembered.
pub(crate) fn react(case: &Case, fact: &Reaction<'_>) -> Vec<Event> {
    let ended = case.view.has_word("case-declined") || case.view.has_word("case-withdrawn");
    match *fact {
        Reaction::Told { way, by } if !ended && !case.is_closed() => {
            vec![Event::ComplainantTold { way: way.to_owned(), by: by.to_owned() }]
        }
        Reaction::CalledBack { satisfaction, by } if !ended => {
            vec![Event::CaseCalledBack { satisfaction: satisfaction.to_owned(), by: by.to_owned() }]
        }
        Reaction::Ended { outcome } if !case.is_closed() => vec![Event::CaseClosed { outcome }],
        Reaction::Told { .. } | Reaction::CalledBack { .. } | Reaction::Ended { .. } => Vec::new(),
    }
}

/// The facts of others that resolution answers with a fact of its own.
pub(crate) enum Reaction<'a> {
    Told { way: &'a str, by: &'a str },
    CalledBack { satisfaction: &'a str, by: &'a str },
    Ended { outcome: &'static str },
}
