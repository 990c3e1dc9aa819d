//! Whiles in which a run stood still: from the facts that pause it to those that let it go on.

use crate::count::Counting;
use crate::runs::Run;
use crate::story::Happening;
use chrono::{DateTime, Utc};
use regime::{Case, Clock, Pause};
use serde::{Deserialize, Serialize};

/// A while that is not counted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standstill {
    pub from: DateTime<Utc>,
    /// When the run went on, or was stopped; none while it stands still.
    pub until: Option<DateTime<Utc>>,
    /// When it goes on by itself, whatever happens.
    pub at_most: Option<DateTime<Utc>>,
    pub cite: String,
}

impl Standstill {
    /// Both ends, of one that is over.
    pub(crate) fn closed(&self) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
        Some((self.from, self.until?))
    }
}

/// The pauses of a run as of `now`, in the order of their beginnings.
pub(crate) fn pauses(
    clock: &Clock,
    counting: &Counting<'_>,
    case: &dyn Case,
    happened: &[Happening<'_>],
    run: &Run,
    now: DateTime<Utc>,
) -> Vec<Standstill> {
    let rules = clock.paused.iter().filter(|rule| rule.condition.holds(case));
    let all = rules.flat_map(|rule| spans(rule, happened).into_iter().map(move |span| (rule, span)));
    let within = all.filter_map(|(rule, (from, until))| of_run(rule, counting, run, from, until, now));
    let mut within: Vec<Standstill> = within.collect();
    within.sort_by_key(|pause| pause.from);
    within
}

/// From each fact that pauses to the next that ends it.
fn spans(rule: &Pause, happened: &[Happening<'_>]) -> Vec<(DateTime<Utc>, Option<DateTime<Utc>>)> {
    let mut spans: Vec<(DateTime<Utc>, Option<DateTime<Utc>>)> = Vec::new();
    for fact in happened {
        match spans.last_mut().filter(|(_, until)| until.is_none()) {
            Some((_, until)) if rule.until.matches(fact.word, fact.arg) => *until = Some(fact.at),
            None if rule.from.matches(fact.word, fact.arg) => spans.push((fact.at, None)),
            _ => {}
        }
    }
    spans
}

/// The part of a span that falls into the run. A cap runs from the fact, not from the run that it finds.
fn of_run(
    rule: &Pause,
    counting: &Counting<'_>,
    run: &Run,
    from: DateTime<Utc>,
    until: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> Option<Standstill> {
    let at_most = rule.cap.and_then(|cap| counting.capped(from, cap));
    let stopped = run.stopped.as_ref().map(|(at, _)| *at);
    let ends = [until, stopped, at_most.filter(|at| *at <= now)];
    let until = ends.into_iter().flatten().min();
    let from = from.max(run.started_at);
    let at_most = at_most.filter(|_| until.is_none());
    until.is_none_or(|until| until > from).then(|| Standstill { from, until, at_most, cite: rule.cite.clone() })
}

#[cfg(test)]
mod tests;
