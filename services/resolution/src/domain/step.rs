//! A step of the regime as it is done: what it asks for is there, and nothing that it does not allow.

use super::{Case, Event, act::Ground, event::Done, refusal};
use chrono::{DateTime, NaiveDate, TimeZone as _, Utc};
use kit_core::{Problem, Text};
use kit_ids::RefId;
use regime::{Regime, Step, Take};
use std::collections::BTreeSet;

/// What whoever did a step filled in.
#[derive(Clone, Debug, Default)]
pub(crate) struct Filled {
    pub(crate) outcome: String,
    pub(crate) on: Option<NaiveDate>,
    pub(crate) amount: i64,
    pub(crate) staff: Vec<String>,
    pub(crate) credentials_shown: bool,
    pub(crate) text: Option<RefId>,
    pub(crate) files: Vec<RefId>,
}

/// Refuses a step that the regime does not know in such a case: nobody is sent to get a signature for it.
pub(crate) fn open(case: &Case, regime: &Regime, id: &str) -> Result<(), Problem> {
    match regime.step(id).filter(|step| !step.condition.holds(&case.view)) {
        Some(step) => Err(refusal::not_available(step.say.as_ref(), &step.cite)),
        None => Ok(()),
    }
}

/// The step, done.
pub(crate) fn done(case: &Case, ground: Ground<'_>, id: &str, filled: Filled) -> Result<Event, Problem> {
    let step = ground.regime.step(id).ok_or_else(|| refusal::unknown_word("step", id, &[]))?;
    if !step.again && case.view.has_word(id) {
        return Err(refusal::already_done());
    }
    outcome(case, step, &filled.outcome)?;
    let empty = empty(step, &filled);
    if !empty.is_empty() {
        return Err(refusal::missing_input(&empty, &step.cite));
    }
    // Whoever takes part is one person, and may know of the case; a step that wants nobody to take part may name whoever is
    // to blame.
    let taking_part: BTreeSet<&String> =
        filled.staff.iter().filter(|staff| !case.view.excluded.contains(*staff)).collect();
    if step.staff > 0 && taking_part.len() < filled.staff.len() {
        return Err(refusal::wrong_staff(&step.cite));
    }
    if usize::try_from(step.staff).is_ok_and(|least| filled.staff.len() < least) {
        return Err(refusal::too_few_staff(step.staff, &step.cite));
    }
    if let Some(range) = &step.amount
        && (filled.amount < range.from || range.to.is_some_and(|to| filled.amount > to))
    {
        return Err(refusal::out_of_range(range.from, range.to, &step.cite));
    }
    Ok(Event::StepDone(Box::new(Done {
        step: id.to_owned(),
        by: ground.staff.to_owned(),
        outcome: filled.outcome,
        on: since(ground, filled.on),
        amount: filled.amount,
        currency: step.amount.as_ref().map(|range| range.currency.clone()).unwrap_or_default(),
        staff: filled.staff,
        text: filled.text,
        files: filled.files,
        form: step.form.clone().unwrap_or_default(),
        cite: step.cite.clone(),
    })))
}

fn outcome(case: &Case, step: &Step, chosen: &str) -> Result<(), Problem> {
    let known: Vec<&str> = step.outcomes.iter().map(|outcome| outcome.id.as_str()).collect();
    match step.outcomes.iter().find(|outcome| outcome.id == chosen) {
        Some(outcome) if outcome.only && !outcome.condition.holds(&case.view) => {
            let title = &outcome.title;
            let say = Text::new(
                format!("本案不能认定为“{}”", title.zh),
                format!("\"{}\" is not open in this case", title.en),
            );
            Err(refusal::not_available(Some(&say), &step.cite))
        }
        Some(_) => Ok(()),
        None if chosen.is_empty() && known.is_empty() => Ok(()),
        None if chosen.is_empty() => {
            let wanted = ("outcome".to_owned(), Text::new("结果", "the outcome"));
            Err(refusal::missing_input(&[wanted], &step.cite))
        }
        None => Err(refusal::unknown_word("outcome", chosen, &known)),
    }
}

/// Everything that the step takes and nobody gave.
fn empty(step: &Step, filled: &Filled) -> Vec<(String, Text)> {
    let mut empty = Vec::new();
    let mut want = |is_there: bool, field: &str, zh: &str, en: &str| {
        if !is_there {
            empty.push((field.to_owned(), Text::new(zh, en)));
        }
    };
    for take in &step.takes {
        match take {
            Take::Text => want(filled.text.is_some(), "text_ref", "说明", "a text"),
            Take::Date => want(filled.on.is_some(), "on_date", "日期", "the day"),
            Take::Staff => want(!filled.staff.is_empty(), "staff_ids", "参与人员", "who took part"),
            Take::Amount => want(filled.amount > 0, "amount", "金额", "the sum"),
            Take::Form => want(filled.text.is_some() || !filled.files.is_empty(), "text_ref", "表单内容", "the form"),
            Take::Files => {
                want(filled.text.is_some() || !filled.files.is_empty(), "file_refs", "材料", "the material");
            }
        }
    }
    want(filled.credentials_shown || !step.credentials, "credentials_shown", "出示证件", "that credentials were shown");
    empty
}

/// The day that was named, and since when the step counts if it was an earlier one.
fn since(ground: Ground<'_>, on: Option<NaiveDate>) -> Option<(NaiveDate, DateTime<Utc>)> {
    let on = on?;
    let today = ground.now.with_timezone(&ground.zone).date_naive();
    // A day that lies ahead is one that was agreed on: the step itself is done now.
    if on >= today {
        return Some((on, ground.now));
    }
    let midnight = on.and_time(chrono::NaiveTime::MIN);
    let start = ground.zone.from_local_datetime(&midnight).earliest().map(|start| start.with_timezone(&Utc));
    Some((on, start.unwrap_or(ground.now).min(ground.now)))
}
