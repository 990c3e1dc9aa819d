//! The clocks of a case, derived: the regime, the calendar, the facts and the present in, the state of every run out.
//! Nothing is patched, so replaying, restating and simulating are this one function.

use crate::count::{Counting, Due};
use crate::pauses::{Standstill, pauses};
use crate::runs::{Run, runs};
use crate::state::{ClockState, Mark, Stop, What};
use crate::story::{Matter, Story};
use chrono::{DateTime, Utc};
use regime::{Clock, Length, Reminder, ReminderAt, Together};

/// The state of every run of every clock, as of `now`. Which term governs is asked of the case as it now is, so that
/// another grade restates the clocks that run.
pub fn derive(clocks: &[Clock], counting: &Counting<'_>, case: &dyn Matter, now: DateTime<Utc>) -> Vec<ClockState> {
    let story = case.story();
    let of_clock = |clock| {
        let runs = runs(clock, &story.happened).into_iter().zip(1..);
        let (story, counting) = (&story, counting);
        let known = move |mut run: Run| {
            run.pauses = pauses(clock, counting, case, &story.happened, &run, now);
            run
        };
        runs.map(move |(run, number)| (known(run), number))
            .filter_map(move |(run, number)| Some((governing(clock, case, counting, story, &run)?, run, number)))
            .map(move |(term, run, number)| state(clock, counting, story, term, run, number, now))
            .collect::<Vec<_>>()
    };
    clocks.iter().flat_map(of_clock).collect()
}

/// The next instant at which any of them changes by itself.
pub fn next_change(clocks: &[ClockState]) -> Option<DateTime<Utc>> {
    clocks.iter().filter_map(ClockState::next_change).min()
}

/// The length that governs a run and where it ends.
struct Governing {
    taken: Length,
    due: Due,
    is_advisory: bool,
    cite: String,
}

fn governing(
    clock: &Clock,
    case: &dyn Matter,
    counting: &Counting<'_>,
    story: &Story<'_>,
    run: &Run,
) -> Option<Governing> {
    let term = clock.term(case, || counting.office(run.started_at))?;
    let whiles: Vec<_> = run.pauses.iter().filter_map(Standstill::closed).collect();
    let due = |length: &Length| counting.due_paused(length, run.started_at, story.asked_by, &whiles);
    let ends = |length: &Length| Some((*length, due(length)?));
    let all = || term.take.iter().filter_map(ends);
    let asked = || all().find(|(length, _)| *length == Length::Asked);
    let (taken, due) = match term.together {
        Together::Asked => asked().or_else(|| all().min_by_key(|(_, due)| due.at)),
        Together::Earlier => all().min_by_key(|(_, due)| due.at),
        Together::Later => all().max_by_key(|(_, due)| due.at),
    }?;
    let cite = if term.cite.is_empty() { &clock.cite } else { &term.cite };
    Some(Governing { taken, due, is_advisory: clock.advisory || term.advisory, cite: cite.clone() })
}

fn state(
    clock: &Clock,
    counting: &Counting<'_>,
    story: &Story<'_>,
    term: Governing,
    run: Run,
    number: u32,
    now: DateTime<Utc>,
) -> ClockState {
    let granted = granted(clock, counting, story, &run).filter(|due| due.at > term.due.at);
    let (due, ungranted) = match granted {
        Some(due) => (due, Some(term.due)),
        None => (term.due, None),
    };
    // At the due instant itself the period is over, so whatever stops a clock then stops it late.
    let stopped = run.stopped.map(|(at, word)| Stop { at, word, is_on_time: at < due.at });
    // What begins when the period is over pauses nothing any more.
    let mut pauses = run.pauses;
    pauses.retain(|pause| pause.from < due.at);
    let still = pauses.iter().filter(|pause| pause.until.is_none()).map(|pause| pause.from).min();
    let seen = stopped.as_ref().map_or(still.unwrap_or(now), |stop| stop.at);
    let mut marks = marks(clock, counting, run.started_at, &due);
    for mark in &mut marks {
        mark.is_fired = mark.at <= seen;
    }
    ClockState {
        clock: clock.name.clone(),
        run: number,
        started_at: run.started_at,
        taken: term.taken,
        due,
        ungranted,
        stopped,
        pauses,
        is_advisory: term.is_advisory,
        cite: term.cite,
        marks,
    }
}

/// The longest time that was granted while the run lasted.
fn granted(clock: &Clock, counting: &Counting<'_>, story: &Story<'_>, run: &Run) -> Option<Due> {
    let whiles: Vec<_> = run.pauses.iter().filter_map(Standstill::closed).collect();
    let during = |at| at >= run.started_at && run.stopped.as_ref().is_none_or(|(stopped, _)| at <= *stopped);
    let of_run = story.granted.iter().filter(|granted| granted.clock == clock.name && during(granted.at));
    of_run.map(|granted| counting.ending_paused(granted.until, granted.at, &whiles)).max_by_key(|due| due.at)
}

/// Everything that becomes true of a run while it lasts: its reminders, its miss, and what an unended miss brings.
fn marks(clock: &Clock, counting: &Counting<'_>, start: DateTime<Utc>, due: &Due) -> Vec<Mark> {
    let near = clock.remind.iter().zip(1..).filter_map(|(reminder, number)| {
        let at = reminded_at(reminder, counting, start, due)?;
        Some(mark(at, What::Near { reminder: number, tell: reminder.tell.clone() }))
    });
    let at_once = clock.missed.iter().filter(|step| step.after.is_none()).map(|step| step.climb).max();
    let missed = mark(due.at, What::Missed { climb: at_once.unwrap_or(0) });
    let later = clock.missed.iter().filter_map(|step| Some((step.after?, step.climb))).zip(1..);
    let overdue = later
        .filter_map(|((after, climb), step)| Some(mark(counting.after(due, &after)?, What::Overdue { step, climb })));
    let mut marks: Vec<_> = near.chain([missed]).chain(overdue).collect();
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
