//! The clocks of a case, derived: the regime, the calendar, the facts and the present in, the state of every run out.
//! Nothing is patched, so replaying, restating and simulating are this one function.

use crate::count::{Counting, Due};
use crate::pauses::{Standstill, pauses, spans};
use crate::runs::{Run, runs};
use crate::state::{ClockState, Mark, Stop, What};
use crate::story::Matter;
use crate::term::{Governing, Ground, closed};
use chrono::{DateTime, Utc};
use regime::{Clock, Reminder, ReminderAt};

/// The state of every run of every clock, as of `now`. Which term governs is asked of the case as it now is, so that
/// another grade restates the clocks that run.
pub fn derive(clocks: &[Clock], counting: &Counting<'_>, case: &dyn Matter, now: DateTime<Utc>) -> Vec<ClockState> {
    let story = case.story();
    let mut states = Vec::new();
    for clock in clocks {
        let runs = runs(clock, counting, &story);
        if runs.is_empty() {
            continue;
        }
        let spans = spans(clock, counting, case, &story);
        let mut before = None;
        for (run, number) in runs.iter().zip(1..) {
            let pauses = pauses(&spans, run, now);
            let whiles = closed(&pauses);
            let ground = Ground { clock, counting, story: &story, run, before, whiles: &whiles };
            before = run.stopped.map(|stop| stop.at);
            if let Some(term) = ground.governing(case) {
                states.push(state(&ground, &term, pauses, number, now));
            }
        }
    }
    states
}

/// The next instant at which any of them changes by itself.
pub fn next_change(clocks: &[ClockState]) -> Option<DateTime<Utc>> {
    clocks.iter().filter_map(ClockState::next_change).min()
}

fn state(
    ground: &Ground<'_>,
    term: &Governing<'_>,
    mut pauses: Vec<Standstill>,
    number: u32,
    now: DateTime<Utc>,
) -> ClockState {
    let (clock, run) = (ground.clock, ground.run);
    let grants = ground.grants(term);
    let (due, ungranted) = match grants.last() {
        Some(grant) => (grant.due, Some(term.due)),
        None => (term.due, None),
    };
    // At the due instant itself the period is over, so whatever stops a clock then stops it late.
    let stopped = run.stopped.map(|stop| Stop {
        at: stop.at,
        word: stop.word.to_owned(),
        is_on_time: stop.at < due.at,
        is_dropped: stop.is_dropped,
    });
    // What begins when the period is over pauses nothing any more.
    pauses.retain(|pause| pause.from < due.at);
    let still = pauses.iter().filter(|pause| pause.until.is_none()).map(|pause| pause.from).min();
    let seen = stopped.as_ref().map_or(still.unwrap_or(now), |stop| stop.at);
    let mut marks = marks(clock, ground.counting, run, &due);
    for mark in &mut marks {
        mark.is_fired = mark.at <= seen;
    }
    ClockState {
        clock: clock.name.clone(),
        run: number,
        started_at: run.started_at,
        started_by: run.by.to_owned(),
        taken: term.taken,
        due,
        ungranted,
        grants,
        stopped,
        pauses,
        is_advisory: term.is_advisory,
        cite: term.cite.to_owned(),
        marks,
    }
}

/// Everything that becomes true of a run while it lasts: its reminders, its miss, and what an unended miss brings.
fn marks(clock: &Clock, counting: &Counting<'_>, run: &Run<'_>, due: &Due) -> Vec<Mark> {
    let mut marks = Vec::with_capacity(clock.remind.len() + clock.missed.len() + 1);
    marks.extend(clock.remind.iter().zip(1..).filter_map(|(reminder, number)| {
        let at = reminded_at(reminder, counting, run.started_at, due)?;
        Some(mark(at, What::Near { reminder: number, tell: reminder.tell.clone() }))
    }));
    let at_once = || clock.missed.iter().filter(|step| step.after.is_none());
    let climb = at_once().map(|step| step.climb).max().unwrap_or(0);
    let effects = at_once().flat_map(|step| step.effects.clone()).collect();
    marks.push(mark(due.at, What::Missed { climb, effects }));
    let later = clock.missed.iter().filter_map(|step| Some((step.after?, step))).zip(1..);
    marks.extend(later.filter_map(|((after, step), number)| {
        let what = What::Overdue { step: number, climb: step.climb, effects: step.effects.clone() };
        Some(mark(counting.after(due, &after)?, what))
    }));
    marks.sort_by_key(|mark| mark.at);
    marks
}

fn mark(at: DateTime<Utc>, what: What) -> Mark {
    Mark { at, what, is_fired: false }
}

/// When a reminder is due: never before the run began, for a period may be shorter than its warning.
fn reminded_at(reminder: &Reminder, counting: &Counting<'_>, start: DateTime<Utc>, due: &Due) -> Option<DateTime<Utc>> {
    let at = match reminder.at {
        ReminderAt::Percent(percent) => {
            // Divides before it multiplies, so that a century in milliseconds stays far from the end of the range.
            let part = (due.at - start).num_milliseconds() / 100 * i64::from(percent.min(100));
            start + chrono::TimeDelta::milliseconds(part)
        }
        ReminderAt::Before(length) => counting.before(due, &length)?,
    };
    Some(at.max(start))
}

#[cfg(test)]
mod tests;
