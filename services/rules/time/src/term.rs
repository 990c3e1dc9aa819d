//! Which length governs a run, and where it ends with the time that was granted on it.

use crate::count::{Counting, Due};
use crate::pauses::Standstill;
use crate::runs::{Run, counted_from};
use crate::state::Grant;
use crate::story::{Granted, More, Story};
use chrono::{DateTime, Utc};
use regime::{Case, Clock, Counts, Length, Together};

/// The whiles of a run that are not counted, as far as they are over.
pub(crate) type Whiles<'a> = &'a [(DateTime<Utc>, DateTime<Utc>)];

/// What a run is counted by.
#[derive(Clone, Copy)]
pub(crate) struct Ground<'a> {
    pub(crate) clock: &'a Clock,
    pub(crate) counting: &'a Counting<'a>,
    pub(crate) story: &'a Story<'a>,
    pub(crate) run: &'a Run<'a>,
    /// When the run before it stopped: what was set for the clock since then was set for this one.
    pub(crate) before: Option<DateTime<Utc>>,
    pub(crate) whiles: Whiles<'a>,
}

/// The length that governs a run and where it ends.
pub(crate) struct Governing<'a> {
    pub(crate) taken: Length,
    pub(crate) due: Due,
    pub(crate) is_advisory: bool,
    pub(crate) cite: &'a str,
}

impl<'a> Ground<'a> {
    /// The term that governs; none where no term speaks, or no length of it has a date.
    pub(crate) fn governing(&self, case: &dyn Case) -> Option<Governing<'a>> {
        let clock = self.clock;
        let term = clock.term(case, || self.counting.office(self.run.started_at))?;
        let ends = |length: &Length| Some((*length, self.ends(*length)?));
        let all = || term.take.iter().filter_map(ends);
        let (taken, due) = match term.together {
            // A date that somebody named is more particular than what the text says of all.
            Together::Asked => {
                let named = |named: Length| all().find(|(length, _)| *length == named);
                named(Length::Set).or_else(|| named(Length::Asked)).or_else(|| all().min_by_key(|(_, due)| due.at))
            }
            Together::Earlier => all().min_by_key(|(_, due)| due.at),
            Together::Later => all().max_by_key(|(_, due)| due.at),
        }?;
        let cite = if term.cite.is_empty() { &clock.cite } else { &term.cite };
        Some(Governing { taken, due, is_advisory: clock.advisory || term.advisory, cite })
    }

    fn ends(&self, length: Length) -> Option<Due> {
        let (start, whiles) = (self.run.started_at, self.whiles);
        if length != Length::Set {
            return self.counting.due_paused(&length, self.counted_from(&length), self.story.asked_by, whiles);
        }
        let is_of_run = |at: DateTime<Utc>| {
            let is_after = at == start || self.before.is_none_or(|before| at > before);
            is_after && self.run.stopped.is_none_or(|stop| at < stop.at || at == start)
        };
        let set = self.story.dated.iter().rfind(|set| set.clock == self.clock.name && is_of_run(set.at))?;
        Some(self.counting.named(set.date, start, set.at, whiles))
    }

    fn counted_from(&self, length: &Length) -> DateTime<Utc> {
        counted_from(length, self.run.started_at, self.run.by, self.counting.zone)
    }

    /// The ends to which grants moved the run, in the order in which they were granted. None moves it forward.
    pub(crate) fn grants(&self, term: &Governing<'_>) -> Vec<Grant> {
        let mut grants: Vec<Grant> = Vec::new();
        let (mut due, mut total) = (term.due, term.taken);
        for granted in self.story.granted.iter().filter(|granted| self.is_of_run(granted)) {
            let next = match granted.more {
                More::Until(date) => Some(self.counting.ending_paused(date, granted.at, self.whiles)),
                More::By(by) => self.longer(&due, &mut total, by, granted.tier),
            };
            if let Some(next) = next.filter(|next| next.at > due.at) {
                due = next;
                let by = if let More::By(by) = granted.more { Some(by) } else { None };
                grants.push(Grant { tier: granted.tier, by, at: granted.at, due });
            }
        }
        grants
    }

    fn is_of_run(&self, granted: &Granted<'_>) -> bool {
        let is_before_stop = self.run.stopped.is_none_or(|stop| granted.at <= stop.at);
        granted.clock == self.clock.name && granted.at >= self.run.started_at && is_before_stop
    }

    fn longer(&self, due: &Due, total: &mut Length, by: Length, tier: u32) -> Option<Due> {
        let tier = usize::try_from(tier).ok().and_then(|tier| self.clock.extend.get(tier.checked_sub(1)?));
        let counts = tier.map_or(Counts::FromEnd, |tier| tier.counts);
        let whole = total.plus(by).filter(|_| counts == Counts::FromStart);
        match whole {
            Some(whole) => {
                *total = whole;
                self.counting.due_paused(&whole, self.counted_from(&whole), None, self.whiles)
            }
            None => self.counting.extended_paused(due, by, self.run.started_at, self.whiles),
        }
    }
}

/// The ends of the pauses that are over.
pub(crate) fn closed(pauses: &[Standstill]) -> Vec<(DateTime<Utc>, DateTime<Utc>)> {
    pauses.iter().filter_map(Standstill::closed).collect()
}

#[cfg(test)]
mod tests;
