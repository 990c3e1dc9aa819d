//! From what fact to what fact a clock runs, as often as it does in a case.

use crate::count::Counting;
use crate::day;
use crate::story::Story;
use chrono::{DateTime, Utc};
use regime::Clock;

/// The facts that end a case, and with it every clock that ran before them.
const ENDINGS: [&str; 3] = ["case-closed", "case-declined", "case-withdrawn"];

/// One run: when it started, and when and by what it stopped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Run<'a> {
    pub(crate) started_at: DateTime<Utc>,
    /// The fact that started it: the clock's own, or the one that stands in for it.
    pub(crate) by: &'a str,
    pub(crate) stopped: Option<Stopped<'a>>,
}

/// When a run stopped, and by what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stopped<'a> {
    pub(crate) at: DateTime<Utc>,
    pub(crate) word: &'a str,
    pub(crate) is_dropped: bool,
}

/// The runs of `clock`. While it runs, its starting fact changes nothing, unless the regime counts anew from it; once it
/// has stopped, the next one starts it again.
pub(crate) fn runs<'a>(clock: &'a Clock, counting: &Counting<'_>, story: &Story<'a>) -> Vec<Run<'a>> {
    let mut runs: Vec<Run<'a>> = Vec::new();
    if clock.is_from_date {
        // The last date that was set corrects those before it. What happened earlier is no part of the run.
        let Some(set) = story.dated.iter().rfind(|set| set.clock == clock.name) else { return runs };
        let started_at = day::end_of(day::add(set.date, -1), counting.zone);
        runs.push(Run { started_at, by: &clock.from.word, stopped: None });
    }
    for fact in &story.happened {
        let start = Run { started_at: fact.at, by: fact.word, stopped: None };
        match runs.last_mut().filter(|run| run.stopped.is_none()) {
            Some(run) if fact.at < run.started_at => {}
            Some(run) => {
                let is = |other: &regime::FactRef| other.matches(fact.word, fact.arg);
                let is_anew = clock.anew.as_ref().is_some_and(is);
                let is_dropped = clock.dropped.iter().any(is);
                if is_anew || is_dropped || is(&clock.until) || ENDINGS.contains(&fact.word) {
                    run.stopped = Some(Stopped { at: fact.at, word: fact.word, is_dropped });
                }
                if is_anew {
                    runs.push(start);
                }
            }
            None if clock.is_from_date => {}
            None => {
                let is_late = || clock.or_after.as_ref().is_some_and(|other| other.matches(fact.word, fact.arg));
                if clock.from.matches(fact.word, fact.arg) || runs.is_empty() && is_late() {
                    runs.push(start);
                }
            }
        }
    }
    runs
}
