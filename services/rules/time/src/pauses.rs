//! Whiles in which a run stood still: from the facts that pause it to those that let it go on, and at somebody's word.

use crate::count::Counting;
use crate::runs::{REOPENED, Run};
use crate::story::{Happening, Story};
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
    /// At somebody's word, and not by a fact of the matter.
    #[serde(default)]
    pub is_suspension: bool,
}

impl Standstill {
    /// Both ends, of one that is over.
    pub(crate) fn closed(&self) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
        Some((self.from, self.until?))
    }
}

/// A while in which a clock would stand still if it ran.
pub(crate) struct Span<'a> {
    from: DateTime<Utc>,
    until: Option<DateTime<Utc>>,
    at_most: Option<DateTime<Utc>>,
    cite: &'a str,
    is_suspension: bool,
}

/// All of them, for one clock. A cap runs from the fact, not from the run that it finds.
pub(crate) fn spans<'a>(
    clock: &'a Clock,
    counting: &Counting<'_>,
    case: &dyn Case,
    story: &Story<'_>,
) -> Vec<Span<'a>> {
    let mut spans = Vec::new();
    for rule in clock.paused.iter().filter(|rule| rule.condition.holds(case)) {
        spans.extend(between(rule, counting, story).into_iter().map(|(from, until)| {
            let at_most = rule.cap.and_then(|cap| counting.capped(from, cap));
            Span { from, until, at_most, cite: &rule.cite, is_suspension: false }
        }));
    }
    if let Some(rule) = &clock.suspend {
        spans.extend(story.suspended.iter().filter(|one| one.clock == clock.name).map(|one| {
            let cap = rule.cap.and_then(|cap| counting.capped(one.from, cap));
            let last = one.last_day.map(|day| counting.ending(day).at);
            let at_most = cap.into_iter().chain(last).min();
            Span { from: one.from, until: one.until, at_most, cite: &rule.cite, is_suspension: true }
        }));
    }
    spans
}

/// From each fact that pauses to the next that ends it. A case that goes back behind the first ends it as well.
fn between(rule: &Pause, counting: &Counting<'_>, story: &Story<'_>) -> Vec<(DateTime<Utc>, Option<DateTime<Utc>>)> {
    let mut spans: Vec<(DateTime<Utc>, Option<DateTime<Utc>>)> = Vec::new();
    let mut is_lapsed = false;
    for fact in &story.happened {
        match spans.last_mut().filter(|(_, until)| until.is_none()) {
            Some((_, until)) if fact.is(&rule.until) || fact.word == REOPENED && is_lapsed => *until = Some(fact.at),
            None if fact.is(&rule.from) => {
                let ended = |other: &Happening<'_>| other.is(&rule.until) && other.may_follow(fact, counting.zone);
                let until = story.happened.iter().any(ended).then_some(fact.at);
                spans.push((fact.at, until));
                is_lapsed = fact.is_lapsed;
            }
            _ => {}
        }
    }
    spans
}

/// The pauses of a run as of `now`, in the order of their beginnings.
pub(crate) fn pauses(spans: &[Span<'_>], run: &Run<'_>, now: DateTime<Utc>) -> Vec<Standstill> {
    let mut within: Vec<Standstill> = spans.iter().filter_map(|span| of_run(span, run, now)).collect();
    within.sort_by_key(|pause| pause.from);
    within
}

/// The part of a span that falls into the run.
fn of_run(span: &Span<'_>, run: &Run<'_>, now: DateTime<Utc>) -> Option<Standstill> {
    let stopped = run.stopped.map(|stop| stop.at);
    let ends = [span.until, stopped, span.at_most.filter(|at| *at <= now)];
    let until = ends.into_iter().flatten().min();
    let from = span.from.max(run.started_at);
    let at_most = span.at_most.filter(|_| until.is_none());
    let (cite, is_suspension) = (span.cite.to_owned(), span.is_suspension);
    until.is_none_or(|until| until > from).then_some(Standstill { from, until, at_most, cite, is_suspension })
}

#[cfg(test)]
mod tests;
