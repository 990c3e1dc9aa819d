//! The beginning and the end of every command on a case.

use crate::domain::case::{Case, Event};
use crate::domain::grade;
use crate::publish;
use crate::store;
use facts::{Law, authorise};
use kit_core::Problem;
use kit_db::{Error, Result};
use kit_ids::CaseId;
use kit_messaging::Tx;
use regime::Regime;
use std::sync::Arc;

/// How the name of a regime that is waited for begins.
pub(crate) const REGIME: &str = "regime ";

/// The case of a command, locked; the caller may give the command.
pub(crate) async fn open(
    tx: &mut Tx,
    law: &Law,
    case_id: CaseId,
    staff_id: &str,
    command: &str,
) -> Result<(Case, Arc<Regime>)> {
    let case = store::case::lock(tx, &[case_id]).await?.remove(&case_id).ok_or_else(Problem::unknown_case)?;
    authorise(law, &case.view, staff_id, command)?;
    let regime = regime_of(law, &case)?;
    Ok((case, regime))
}

/// The regime version that the case is pinned to.
pub(crate) fn regime_of(law: &Law, case: &Case) -> Result<Arc<Regime>> {
    let (id, version) = (&case.view.regime_id, case.view.regime_version);
    law.regime(id, version).ok_or_else(|| Error::NotYet(format!("{REGIME}{id} version {version}")))
}

/// Refuses a step while something that the rules ask for before it is missing.
pub(crate) fn unless_missing(regime: &Regime, case: &Case, step: &str) -> std::result::Result<(), Problem> {
    let missing = regime.guard(step, &case.view);
    if missing.is_empty() {
        return Ok(());
    }
    let zh: Vec<&str> = missing.iter().map(|m| m.say.zh.as_str()).collect();
    let en: Vec<&str> = missing.iter().map(|m| m.say.en.as_str()).collect();
    Err(Problem::conflict(
        "missing-before-step",
        format!("此前还须:{}", zh.join(";")),
        format!("Needed before this: {}", en.join("; ")),
    ))
}

/// The grade that the newest fact gives by itself, as an event that has happened in the case.
pub(crate) fn grade_anew(tx: &Tx, regime: &Regime, case: &mut Case) -> Option<Event> {
    let graded = grade::anew(regime, &case.view)?;
    let event = Event::Graded {
        severity: graded.severity,
        previous: case.view.severity.clone(),
        cite: graded.cite,
        is_automatic: true,
        reason_ref: None,
    };
    publish::happen(tx, case, &event);
    Some(event)
}

/// Lets the events happen in the case, with the grade that they give by themselves, and writes it all.
pub(crate) async fn write(tx: &mut Tx, regime: &Regime, mut case: Case, events: Vec<Event>) -> Result<()> {
    let mut happened = Vec::with_capacity(events.len());
    for event in events {
        publish::happen(tx, &mut case, &event);
        happened.push(event);
        happened.extend(grade_anew(tx, regime, &mut case));
    }
    store::case::save(tx, &[&case]).await?;
    for event in &happened {
        publish::append(tx, None, case.case_id, event);
    }
    Ok(())
}
