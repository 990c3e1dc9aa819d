//! The end of every use case: number the slips, append what happened, save the cases.

use crate::domain::case::{Case, State};
use crate::domain::event::Event;
use crate::domain::moment::Moment;
use crate::domain::{dispatch, effects, refusal};
use crate::publish;
use crate::store;
use chrono::{DateTime, Datelike as _, NaiveDate, Utc};
use contracts::Fact;
use facts::authorise;
use house::House;
use kit_core::{Problem, Text};
use kit_db::{Error, Result};
use kit_ids::CaseId;
use kit_messaging::{Received, Tx};
use regime::{Case as _, Effect, FactRef, Missing, Regime};
use std::collections::{BTreeMap, VecDeque};
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
    law: &House,
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

/// How the names of what the law lacks begin, which is waited for.
pub(crate) const LAW: [&str; 3] = [REGIME, "calendar ", "unit "];
const REGIME: &str = "regime ";

/// The instant of an act in the case.
pub(crate) fn moment(house: &House, regime: &Regime, case: &Case, at: DateTime<Utc>) -> Result<Moment> {
    Moment::of(house, regime, &case.view, at).map_err(Error::NotYet)
}

/// The regime version that the case is pinned to.
pub(crate) fn regime_of(law: &House, case: &Case) -> Result<Arc<Regime>> {
    let (id, version) = (&case.view.regime_id, case.view.regime_version);
    law.regime(id, version).ok_or_else(|| Error::NotYet(format!("{REGIME}{id} version {version}")))
}

/// Refuses an act whose turn has not come: by a guard, by the course, or for want of a sign-off.
pub(crate) fn unless_ready(regime: &Regime, case: &Case, act: &str) -> std::result::Result<(), Problem> {
    refusal::unless_missing(&missing(regime, case, act))
}

/// Everything that must come before the act.
pub(crate) fn missing(regime: &Regime, case: &Case, act: &str) -> Vec<Missing> {
    if act == "dispatch" {
        return dispatch::missing(regime, &case.view);
    }
    let mut missing = regime.guard(act, &case.view);
    missing.extend(regime.out_of_course(act, &case.view));
    let given = FactRef::about("approval-given", act);
    if let Some((by, cite)) = regime.approvers(act, &case.view)
        && !case.view.has(&given)
    {
        let by: Vec<Text> = by.iter().map(|role| regime.role_title(role)).collect();
        let zh: Vec<&str> = by.iter().map(|role| role.zh.as_str()).collect();
        let en: Vec<&str> = by.iter().map(|role| role.en.as_str()).collect();
        let say = Text::new(format!("须先经{}批准", zh.join("、")), format!("approved by {} first", en.join(", ")));
        missing.push(Missing { needs: Some(given), say, cite: cite.to_owned() });
    }
    missing
}

/// What these facts make happen of themselves, and what that makes happen in turn: each thing once, so that nothing goes
/// round for ever.
pub(crate) fn ripple(
    tx: &Tx,
    law: &House,
    regime: &Regime,
    case: &mut Case,
    facts: impl IntoIterator<Item = Fact>,
    events: &mut Vec<Event>,
) -> Result<()> {
    let mut facts: VecDeque<Fact> = facts.into_iter().collect();
    let mut done: Vec<Effect> = Vec::new();
    while let Some(fact) = facts.pop_front() {
        for due in facts::effects(regime, &case.view, &fact) {
            if case.state == State::Done || done.contains(&due.effect) {
                continue;
            }
            done.push(due.effect.clone());
            let now = moment(law, regime, case, tx.now())?;
            if let Some(event) = effects::event(law, regime, &case.view, now, &fact, &due) {
                publish::happen(tx, case, &event);
                facts.push_back(publish::fact(case.case_id, &event));
                events.push(event);
            }
        }
    }
    Ok(())
}

/// Writes one case, what happened in it by a command and what follows of itself; answers the slips given, in order.
pub(crate) async fn write_one(
    tx: &mut Tx,
    law: &House,
    regime: &Regime,
    mut case: Case,
    mut events: Vec<Event>,
) -> Result<Vec<String>> {
    let case_id = case.case_id;
    let facts: Vec<Fact> = events.iter().map(|event| publish::fact(case_id, event)).collect();
    ripple(tx, law, regime, &mut case, facts, &mut events)?;
    let planned = events.into_iter().map(|event| Planned { cause: None, case_id, event }).collect();
    write(tx, law, BTreeMap::from([(case_id, case)]), planned, &[]).await
}

/// Writes cases and what happened in them, caused by these events; answers the slips given, in order.
pub(crate) async fn write(
    tx: &mut Tx,
    law: &House,
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
    law: &House,
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
fn series(law: &House, unit_id: &str, now: DateTime<Utc>) -> (String, i32) {
    (unit_id.to_owned(), today(law, unit_id, now).year())
}

/// The day in the unit's own zone.
pub(crate) fn today(law: &House, unit_id: &str, now: DateTime<Utc>) -> NaiveDate {
    let zone: chrono_tz::Tz = law.directory().zone(unit_id).parse().unwrap_or(chrono_tz::UTC);
    now.with_timezone(&zone).date_naive()
}
