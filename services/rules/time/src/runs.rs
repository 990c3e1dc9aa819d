//! From what fact to what fact a clock runs, as often as it does in a case.

use crate::count::Counting;
use crate::day;
use crate::story::{Happening, Story};
use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use regime::{Clock, Length};

/// The facts that end a case, and with it every clock that ran before them.
const ENDINGS: [&str; 3] = ["case-closed", "case-declined", "case-withdrawn"];
/// A case that was withdrawn and does not end with it: somebody decides, or it goes on.
const GOES_ON: [&str; 2] = ["decide", "go-on"];
/// A period is over, or was over for some time.
const MISSES: [&str; 2] = ["clock-missed", "clock-overdue"];
/// The case goes back to an earlier stage.
pub(crate) const REOPENED: &str = "case-reopened";

/// One run: when it started, and when and by what it stopped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Run<'a> {
    pub(crate) started_at: DateTime<Utc>,
    /// The fact that started it: the clock's own, or the one that stands in for it.
    pub(crate) by: &'a str,
    pub(crate) stopped: Option<Stopped<'a>>,
    /// What started it no longer counts.
    pub(crate) is_lapsed: bool,
}

/// When a run stopped, and by what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stopped<'a> {
    pub(crate) at: DateTime<Utc>,
    pub(crate) word: &'a str,
    pub(crate) is_dropped: bool,
}

/// The runs of `clock`. While it runs, its starting facts change nothing, unless the regime counts anew from them; once it
/// has stopped, the next one starts it again. A case that goes back takes with it the run that a fact behind it started.
pub(crate) fn runs<'a>(clock: &'a Clock, counting: &Counting<'_>, story: &Story<'a>) -> Vec<Run<'a>> {
    let mut runs: Vec<Run<'a>> = Vec::new();
    if clock.is_from_date {
        // The last date that was set corrects those before it. What happened earlier is no part of the run.
        let Some(set) = story.dated.iter().rfind(|set| set.clock == clock.name) else { return runs };
        let started_at = day::end_of(day::add(set.date, -1), counting.zone);
        let by = clock.from.first().map_or("", |fact| fact.word.as_str());
        runs.push(Run { started_at, by, stopped: None, is_lapsed: false });
    }
    let mut ended_by: Vec<&Happening<'a>> = Vec::new();
    for fact in &story.happened {
        let mut is_open = false;
        if let Some(run) = runs.last_mut().filter(|run| run.stopped.is_none()) {
            if fact.at < run.started_at {
                continue;
            }
            is_open = true;
            let is_taken_back = fact.word == REOPENED && run.is_lapsed;
            let is_anew = fact.is(&clock.anew);
            let is_dropped = fact.is(&clock.dropped) || is_taken_back;
            if is_anew || is_dropped || fact.is(&clock.until) || is_ending(fact) {
                run.stopped = Some(Stopped { at: fact.at, word: fact.word, is_dropped });
                ended_by.push(fact);
                is_open = !is_anew && !is_taken_back;
            }
            if is_anew {
                runs.push(start(fact));
                continue;
            }
        }
        if is_open || clock.is_from_date {
            continue;
        }
        let is_late = || runs.iter().all(|run| run.is_lapsed) && fact.is(&clock.or_after);
        if fact.is(&clock.from) || is_late() {
            let mut run = start(fact);
            let is_unused = |other: &&Happening<'a>| !ended_by.iter().any(|used| std::ptr::eq(*used, *other));
            let mut before = story.happened.iter().filter(|other| other.is(&clock.until) && is_unused(other));
            if let Some(other) = before.rfind(|other| other.may_follow(fact, counting.zone)) {
                run.stopped = Some(Stopped { at: fact.at, word: other.word, is_dropped: false });
                ended_by.push(other);
            }
            runs.push(run);
        }
    }
    runs
}

/// From when a run is counted. What begins when a period was missed begins at the end of that period's last day, at 24:00:
/// it is that day which is not counted (Civil Code, Arts. 201 and 203), not the one that the same instant opens.
pub(crate) fn counted_from(length: &Length, started_at: DateTime<Utc>, by: &str, zone: Tz) -> DateTime<Utc> {
    let is_in_days = matches!(length, Length::Days(_) | Length::WorkingDays(_) | Length::Months(_) | Length::Years(_));
    let before = started_at - TimeDelta::nanoseconds(1);
    let is_end = MISSES.contains(&by) && day::end_of(day::local(before, zone), zone) == started_at;
    if is_in_days && is_end { before } else { started_at }
}

fn start<'a>(fact: &Happening<'a>) -> Run<'a> {
    Run { started_at: fact.at, by: fact.word, stopped: None, is_lapsed: fact.is_lapsed }
}

fn is_ending(fact: &Happening<'_>) -> bool {
    ENDINGS.contains(&fact.word)
        && !fact.arg.is_some_and(|then| fact.word == "case-withdrawn" && GOES_ON.contains(&then))
}

#[cfg(test)]
mod tests;
