//! A case under watch: its facts, its clocks as last derived, and what a new derivation makes happen.

use crate::convert;
use crate::law::Ground;
use crate::spent::{self, Spent};
use chrono::{DateTime, Utc};
use contracts::Fact;
use facts::{CaseView, Extension, ExtensionState};
use kit_ids::CaseId;
use legal_time::{Change, Changed, ClockState, Phase, What, derive, diff, next_change};

/// A clock may start or end on what happens to another, and that takes a round each to settle. A pack in which clocks chase
/// each other for ever is refused; this is only where even a mistake of ours would end.
const ROUNDS: usize = 64;

/// One case.
#[derive(Clone, Debug)]
pub(crate) struct Watched {
    pub(crate) case_id: CaseId,
    pub(crate) view: CaseView,
    pub(crate) clocks: Vec<ClockState>,
    /// What was told of them and will not be told again for the same due instant.
    pub(crate) spent: Vec<Spent>,
    /// The instant for which the clocks were last derived.
    pub(crate) derived_at: DateTime<Utc>,
    /// The calendar by which they were counted.
    pub(crate) calendar: String,
    pub(crate) version: u64,
}

/// When a difference came about; none for what is decided now: a deadline that moves, a clock that is for other cases.
fn since(change: &Change<'_>) -> Option<DateTime<Utc>> {
    let clock = change.clock;
    match &change.what {
        Changed::Started => Some(clock.started_at),
        Changed::Near { reminder, .. } => {
            let is_it = |what: &What| matches!(what, What::Near { reminder: number, .. } if number == reminder);
            clock.marks.iter().find(|mark| is_it(&mark.what)).map(|mark| mark.at)
        }
        Changed::Missed { .. } => Some(clock.due.at),
        Changed::Overdue { at, .. } => Some(*at),
        Changed::Paused { since: at } | Changed::Resumed { at } => Some(*at),
        Changed::Stopped { .. } => clock.stopped.as_ref().map(|stop| stop.at),
        Changed::Moved { .. } => None,
    }
}

/// Where a difference is told that is not told at its instant: a deadline that moves comes before all that its run is
/// judged by it, however long ago that was.
fn place(change: &Change<'_>) -> Option<DateTime<Utc>> {
    matches!(change.what, Changed::Moved { .. }).then_some(change.clock.started_at)
}

impl Watched {
    /// A case that was just heard of.
    pub(crate) fn open(case_id: CaseId, view: CaseView) -> Self {
        let derived_at = view.received_at;
        Self { case_id, view, clocks: Vec::new(), spent: Vec::new(), derived_at, calendar: String::new(), version: 1 }
    }

    /// Derives the clocks anew, and answers what happened by it, already folded into the case.
    pub(crate) fn derive(&mut self, ground: &Ground, now: DateTime<Utc>) -> Vec<Fact> {
        // A machine whose clock was set back must not take back a miss: it would come a second time.
        let now = now.max(self.derived_at);
        let counting = ground.counting();
        let id = self.case_id.to_string();
        let mut happened = Vec::new();
        for _ in 0..ROUNDS {
            let clocks = derive(&ground.regime.clocks, &counting, &self.view, now);
            spent::keep(&mut self.spent, &self.clocks, &clocks);
            let mut facts: Vec<(DateTime<Utc>, DateTime<Utc>, Fact)> = diff(&self.clocks, &clocks)
                .iter()
                .filter(|change| !spent::is_repeated(&self.spent, change))
                .map(|change| {
                    let at = since(change).map_or(now, |at| at.min(now));
                    (place(change).unwrap_or(at), at, convert::fact(&id, change))
                })
                .collect();
            spent::settle(&mut self.spent, &clocks);
            self.clocks = clocks;
            let found = legal_time::breaches(&ground.regime.breaches, &self.view);
            facts.extend(found.iter().map(|found| (found.at, found.at, convert::breach(&id, found))));
            if facts.is_empty() {
                break;
            }
            // It happened when its instant came, however late it was found: what starts on a miss runs from the miss.
            facts.sort_by_key(|(place, ..)| *place);
            for (_, at, fact) in facts {
                self.view.apply(&fact, at);
                happened.push(fact);
            }
        }
        if happened.iter().any(facts::moves) {
            self.version += 1;
        }
        self.derived_at = now;
        ground.calendar.fingerprint().clone_into(&mut self.calendar);
        happened
    }

    /// When a clock changes next by itself.
    pub(crate) fn next_at(&self) -> Option<DateTime<Utc>> {
        next_change(&self.clocks)
    }

    /// Since when it is late, by the earliest of its missed clocks that still run.
    pub(crate) fn late_since(&self) -> Option<DateTime<Utc>> {
        self.late().map(|clock| clock.due.at).min()
    }

    /// The clocks that are missed and still run.
    pub(crate) fn late(&self) -> impl Iterator<Item = &ClockState> {
        self.clocks.iter().filter(|clock| clock.phase() == Phase::Missed)
    }

    /// Whether any clock runs.
    pub(crate) fn is_running(&self) -> bool {
        self.clocks.iter().any(|clock| clock.phase() != Phase::Stopped)
    }

    /// The last run of a clock.
    pub(crate) fn clock(&self, name: &str) -> Option<&ClockState> {
        self.clocks.iter().rfind(|clock| clock.clock == name)
    }

    /// More time that somebody asked for.
    pub(crate) fn extension(&self, id: &str) -> Option<&Extension> {
        self.view.extensions.iter().find(|one| one.extension_id == id)
    }

    /// A request on the clock that nobody has ruled on yet.
    pub(crate) fn pending(&self, clock: &str) -> Option<&Extension> {
        self.view.extensions.iter().find(|one| one.clock == clock && one.state == ExtensionState::Asked)
    }
}
