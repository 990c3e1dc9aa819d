//! The end of every use case: number the slips, append what happened, save the cases.

use crate::domain::case::{Case, Event};
use crate::publish;
use crate::store;
use chrono::{DateTime, Datelike as _, Utc};
use facts::{Law, authorise};
use kit_core::Problem;
use kit_db::{Error, Result};
use kit_ids::CaseId;
use kit_messaging::{Received, Tx};
use regime::{Missing, Regime};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Something that will have happened, and which of the received events caused it.
pub(crate) struct Planned {
    pub cause: Option<usize>,
    pub case_id: CaseId,
    pub event: Event,
}

/// The case of a command, locked; the caller may give the command, and has seen its present version.
pub(crate) async fn open(
    tx: &mut Tx,
    law: &Law,
    case_id: CaseId,
    version: u64,
    staff_id: &str,
    commands: &[&str],
) -> Result<(Case, Arc<Regime>)> {
    let case = store::case::lock(tx, &[case_id]).await?.remove(&case_id).ok_or_else(Problem::unknown_case)?;
    let mut refusal = Ok(());
    for command in commands {
        refusal = authorise(law, &case.view, staff_id, command);
        if refusal.is_ok() {
            break;
        }
    }
    refusal?;
    case.expect_version(version)?;
    let regime = regime_of(law, &case)?;
    Ok((case, regime))
}

/// How the name of a regime that is waited for begins.
pub(crate) const REGIME: &str = "regime ";

/// The regime version that the case is pinned to.
pub(crate) fn regime_of(law: &Law, case: &Case) -> Result<Arc<Regime>> {
    let (id, version) = (&case.view.regime_id, case.view.regime_version);
    law.regime(id, version).ok_or_else(|| Error::NotYet(format!("{REGIME}{id} version {version}")))
}

/// Refuses a step while something that the rules ask for before it is missing.
pub(crate) fn unless_missing(missing: &[Missing]) -> std::result::Result<(), Problem> {
    if missing.is_empty() {
        return Ok(());
    }
    let join = |take: fn(&Missing) -> &str, by: &str| missing.iter().map(take).collect::<Vec<_>>().join(by);
    let zh = join(|m| &m.say.zh, ";");
    let en = join(|m| &m.say.en, "; ");
    Err(Problem::conflict("missing-before-step", format!("此前还须:{zh}"), format!("Needed before this: {en}")))
}

/// Writes one case and what happened in it by a command; answers the slips given, in order.
pub(crate) async fn write_one(tx: &mut Tx, law: &Law, case: Case, events: Vec<Event>) -> Result<Vec<String>> {
    let case_id = case.case_id;
    let planned = events.into_iter().map(|event| Planned { cause: None, case_id, event }).collect();
    write(tx, law, BTreeMap::from([(case_id, case)]), planned, &[]).await
}

/// Writes cases and what happened in them, caused by these events; answers the slips given, in order.
pub(crate) async fn write(
    tx: &mut Tx,
    law: &Law,
    mut cases: BTreeMap<CaseId, Case>,
    mut planned: Vec<Planned>,
    causes: &[Received],
) -> Result<Vec<String>> {
    let slips = number(tx, law, &mut cases, &mut planned).await?;
    store::case::save(tx, &cases.values().collect::<Vec<_>>()).await?;
    for step in &planned {
        let cause = step.cause.and_then(|at| causes.get(at));
        publish::append(tx, cause, step.case_id, &step.event);
    }
    Ok(slips)
}

async fn number(
    tx: &mut Tx,
    law: &Law,
    cases: &mut BTreeMap<CaseId, Case>,
    planned: &mut [Planned],
) -> Result<Vec<String>> {
    let now = tx.now();
    let mut wanted: BTreeMap<(String, i32), i64> = BTreeMap::new();
    for step in planned.iter() {
        if let (Event::Dispatched { .. }, Some(case)) = (&step.event, cases.get(&step.case_id)) {
            *wanted.entry(series(law, &case.view.unit_id, now)).or_default() += 1;
        }
    }
    let mut next = store::slip::take(tx, &wanted).await?;
    let mut given = Vec::new();
    for step in planned.iter_mut() {
        let (Event::Dispatched { slip, .. }, Some(case)) = (&mut step.event, cases.get_mut(&step.case_id)) else {
            continue;
        };
        let series = series(law, &case.view.unit_id, now);
        let number = next.get_mut(&series).ok_or_else(|| Error::Corrupt("a slip without a number".into()))?;
        *slip = format!("{}转〔{}〕{:04}号", series.0, series.1, *number);
        *number += 1;
        case.slip.clone_from(slip);
        given.push(slip.clone());
    }
    Ok(given)
}

/// Slips are counted for the unit of the case and the year by its own zone.
fn series(law: &Law, unit_id: &str, now: DateTime<Utc>) -> (String, i32) {
    let zone: chrono_tz::Tz = law.directory().zone(unit_id).parse().unwrap_or(chrono_tz::UTC);
    (unit_id.to_owned(), now.with_timezone(&zone).year())
}
