//! Surveys are opened, answered and closed. Who answers is nobody: of an answer nothing is kept but what it adds to the
//! tally, and no event tells of it.

use crate::{
    domain::{
        refusal,
        survey::{self, Held, Tally},
    },
    publish, store,
};
use chrono::{DateTime, NaiveDate, Utc};
use contracts::notification::OpenSurveyRequest;
use facts::Law;
use kit_db::{Error, Result};
use kit_messaging::Tx;
use regime::{Regime, Survey};
use std::{collections::BTreeMap, sync::Arc};
use uuid::Uuid;

/// The day that it is in a unit.
pub(crate) fn today(law: &Law, unit: &str, now: DateTime<Utc>) -> NaiveDate {
    now.with_timezone(&zone(law, unit)).date_naive()
}

fn zone(law: &Law, unit: &str) -> legal_time::Tz {
    legal_time::zone(law.directory().zone(unit)).unwrap_or(legal_time::Tz::UTC)
}

/// The law under which it was opened.
pub(crate) fn regime_of(law: &Law, held: &Held) -> Result<Arc<Regime>> {
    let (id, version) = (&held.regime_id, held.regime_version);
    law.regime(id, version).ok_or_else(|| Error::NotYet(format!("regime {id} version {version}")))
}

/// The survey as its regime has it.
pub(crate) fn rule<'r>(regime: &'r Regime, id: &str) -> Result<&'r Survey> {
    let known = || regime.surveys.iter().map(|survey| survey.id.as_str()).collect::<Vec<_>>();
    Ok(regime.survey(id).ok_or_else(|| refusal::unknown_near("survey", ("调查", "survey"), id, &known()))?)
}

/// The regime in force in a unit today.
fn in_force(law: &Law, unit: &str, id: &str, day: NaiveDate) -> Result<(Arc<Regime>, u32)> {
    let all = law.regimes_for(unit, "", day);
    let known = || all.iter().map(|(regime, _)| regime.id.as_str()).collect::<Vec<_>>();
    let found = all.iter().find(|(regime, _)| regime.id == id).cloned();
    Ok(found.ok_or_else(|| refusal::unknown_near("regime_id", ("制度", "regime in force there"), id, &known()))?)
}

/// Opens one, from today to its last day.
pub(crate) async fn open(tx: &mut Tx, law: &Law, staff: &str, asked: &OpenSurveyRequest) -> Result<Held> {
    if law.directory().unit(&asked.unit_id).is_none() {
        let units: Vec<&str> = law.directory().units().map(|unit| unit.id.as_str()).collect();
        return Err(refusal::unknown_near("unit_id", ("单位", "unit"), &asked.unit_id, &units).into());
    }
    let today = today(law, &asked.unit_id, tx.now());
    let (regime, regime_version) = in_force(law, &asked.unit_id, &asked.regime_id, today)?;
    let rule = rule(&regime, &asked.survey)?;
    if !law.directory().holds(staff, &rule.role, &asked.unit_id) {
        return Err(refusal::not_your_survey(&regime, &rule.role, &rule.cite).into());
    }
    let last_day = survey::until(&asked.until, today)?;
    let held = Held {
        survey_id: tx.id(),
        code: survey::code(tx.id()),
        regime_id: regime.id.clone(),
        regime_version,
        survey: rule.id.clone(),
        unit_id: asked.unit_id.clone(),
        first_day: today,
        last_day,
        open_until: legal_time::end_of(last_day, zone(law, &asked.unit_id)),
        closed_on: None,
        tally: Tally::default(),
    };
    if !store::surveys::insert(tx.conn(), &held).await? {
        return Err(refusal::survey_open(&rule.cite).into());
    }
    publish::survey_opened(tx, &held.opened(rule));
    Ok(held)
}

/// Closes one before its time.
pub(crate) async fn close(tx: &mut Tx, law: &Law, staff: &str, id: Uuid) -> Result<()> {
    let held = store::surveys::lock(tx.conn(), id).await?.ok_or_else(refusal::unknown_survey)?;
    let regime = regime_of(law, &held)?;
    let rule = rule(&regime, &held.survey)?;
    if !held.is_of(rule, law.directory(), staff) {
        return Err(refusal::not_your_survey(&regime, &rule.role, &rule.cite).into());
    }
    if held.closed_on.is_some() {
        return Err(refusal::survey_over().into());
    }
    end(tx, law, held).await
}

/// Closes those whose last day is over.
pub(crate) async fn close_over(tx: &mut Tx, law: &Law) -> Result<()> {
    let now = tx.now();
    for held in store::surveys::over(tx.conn(), now).await? {
        end(tx, law, held).await?;
    }
    Ok(())
}

async fn end(tx: &mut Tx, law: &Law, mut held: Held) -> Result<()> {
    let regime = regime_of(law, &held)?;
    let today = today(law, &held.unit_id, tx.now());
    let closed = held.close(rule(&regime, &held.survey)?, today);
    store::surveys::save(tx.conn(), &held).await?;
    publish::survey_closed(tx, &closed);
    Ok(())
}

/// Counts one sheet; the same one a second time changes nothing.
pub(crate) async fn answer(
    tx: &mut Tx,
    law: &Law,
    id: Uuid,
    sheet: &str,
    answers: &BTreeMap<String, String>,
) -> Result<()> {
    let mut held = store::surveys::lock(tx.conn(), id).await?.ok_or_else(refusal::unknown_survey)?;
    if !held.is_open(tx.now()) {
        return Err(refusal::survey_over().into());
    }
    let regime = regime_of(law, &held)?;
    if held.count(rule(&regime, &held.survey)?, sheet, answers)? {
        store::surveys::save(tx.conn(), &held).await?;
    }
    Ok(())
}
