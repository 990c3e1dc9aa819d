//! What must be told when the clocks of a case turn out differently than they were last told, written down once more and
//! apart from the watcher.

use chrono::{DateTime, Utc};
use contracts::Fact;
use contracts::deadline_watcher as wire;
use kit_grpc::{instant, timestamp};
use legal_time::{ClockState, What};
use std::collections::{BTreeMap, BTreeSet};

/// Something told of one run of a clock.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Told {
    pub(super) clock: String,
    pub(super) run: u32,
    pub(super) said: Said,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Said {
    Started { at: DateTime<Utc>, due: DateTime<Utc> },
    Moved { due: DateTime<Utc>, previous: DateTime<Utc> },
    Near { reminder: u32, due: DateTime<Utc> },
    Missed { climb: u32, due: DateTime<Utc> },
    Overdue { at: DateTime<Utc>, step: u32, climb: u32 },
    Stopped { at: Option<DateTime<Utc>>, is_on_time: bool, is_dropped: bool },
    Paused,
    Resumed,
}

impl Told {
    /// None for what is said of extensions and calendars.
    pub(super) fn read(fact: &Fact) -> Option<Self> {
        let at = |at: &Option<prost_types::Timestamp>| instant(at.as_ref().unwrap()).unwrap();
        let (clock, run, said) = match fact {
            Fact::ClockStarted(e) => (&e.clock, e.run, Said::Started { at: at(&e.started_at), due: at(&e.due_at) }),
            Fact::DeadlineMoved(e) => {
                (&e.clock, e.run, Said::Moved { due: at(&e.due_at), previous: at(&e.previous_due_at) })
            }
            Fact::DeadlineNear(e) => (&e.clock, e.run, Said::Near { reminder: e.reminder, due: at(&e.due_at) }),
            Fact::ClockMissed(e) => (&e.clock, e.run, Said::Missed { climb: e.climb, due: at(&e.due_at) }),
            Fact::ClockOverdue(e) => (&e.clock, e.run, Said::Overdue { at: at(&e.at), step: e.step, climb: e.climb }),
            Fact::ClockStopped(e) => {
                let (at, is_on_time, is_dropped) =
                    (e.stopped_at.as_ref().and_then(instant), e.is_on_time, e.is_dropped);
                (&e.clock, e.run, Said::Stopped { at, is_on_time, is_dropped })
            }
            Fact::ClockPaused(e) => (&e.clock, e.run, Said::Paused),
            Fact::ClockResumed(e) => (&e.clock, e.run, Said::Resumed),
            _ => return None,
        };
        Some(Self { clock: clock.clone(), run, said })
    }

    /// The fact as the clocks of the case hear it: its word and its clock.
    pub(super) fn fact(&self, case_id: &str) -> Fact {
        let (case_id, clock, run) = (case_id.to_owned(), self.clock.clone(), self.run);
        match &self.said {
            Said::Started { due, .. } => {
                let due_at = Some(timestamp(*due));
                Fact::ClockStarted(wire::ClockStarted { case_id, clock, run, due_at, ..Default::default() })
            }
            Said::Moved { .. } => {
                Fact::DeadlineMoved(wire::DeadlineMoved { case_id, clock, run, ..Default::default() })
            }
            Said::Near { .. } => Fact::DeadlineNear(wire::DeadlineNear { case_id, clock, run, ..Default::default() }),
            Said::Missed { .. } => Fact::ClockMissed(wire::ClockMissed { case_id, clock, run, ..Default::default() }),
            Said::Overdue { .. } => {
                Fact::ClockOverdue(wire::ClockOverdue { case_id, clock, run, ..Default::default() })
            }
            Said::Paused => Fact::ClockPaused(wire::ClockPaused { case_id, clock, run, ..Default::default() }),
            Said::Resumed => Fact::ClockResumed(wire::ClockResumed { case_id, clock, run, ..Default::default() }),
            Said::Stopped { .. } => {
                Fact::ClockStopped(wire::ClockStopped { case_id, clock, run, ..Default::default() })
            }
        }
    }

    /// Whether it is a reminder, a miss or a step.
    pub(super) fn is_fired(&self) -> bool {
        matches!(self.said, Said::Near { .. } | Said::Missed { .. } | Said::Overdue { .. })
    }

    /// Whether it stands still or goes on. Of several pauses that overlap, or become known late, only the ledger tells what
    /// that makes.
    pub(super) fn is_still(&self) -> bool {
        matches!(self.said, Said::Paused | Said::Resumed)
    }
}

/// The due instant of each run for which something was told last, and what.
pub(super) type Promises = BTreeMap<(String, u32), (DateTime<Utc>, BTreeSet<(u8, u32)>)>;

/// What must be told, each with the instant at which it came about, when clocks that were `old` turn out to be `new`
/// as of `now`.
/// Nothing that was told of a due instant is told of it again.
pub(super) fn tell(
    old: &[ClockState],
    new: &[ClockState],
    promises: &mut Promises,
    now: DateTime<Utc>,
) -> Vec<(DateTime<Utc>, Told)> {
    let mut told = Vec::new();
    let mut say = |at: DateTime<Utc>, of: &ClockState, said| {
        told.push((at.min(now), Told { clock: of.clock.clone(), run: of.run, said }));
    };
    let of = |all: &'_ [ClockState], one: &ClockState| {
        all.iter().position(|other| other.clock == one.clock && other.run == one.run)
    };
    for was in old.iter().filter(|was| was.stopped.is_none() && of(new, was).is_none()) {
        say(now, was, Said::Stopped { at: None, is_on_time: !was.is_missed(), is_dropped: false });
    }
    promises.retain(|(clock, run), _| new.iter().any(|is| is.clock == *clock && is.run == *run));
    for is in new {
        let was = of(old, is).map(|n| &old[n]);
        let due = is.due.at;
        match was {
            None => say(is.started_at, is, Said::Started { at: is.started_at, due }),
            Some(was) if was.stopped.is_some() && is.stopped.is_none() => {
                say(is.started_at, is, Said::Started { at: is.started_at, due });
            }
            Some(was) if was.due.at != due => say(now, is, Said::Moved { due, previous: was.due.at }),
            Some(_) => {}
        }
        let promise = promises.entry((is.clock.clone(), is.run)).or_insert((due, BTreeSet::new()));
        if promise.0 != due {
            *promise = (due, BTreeSet::new());
        }
        for mark in is.marks.iter().filter(|mark| mark.is_fired) {
            let is_old = was.is_some_and(|was| was.marks.iter().any(|m| m.is_fired && key(&m.what) == key(&mark.what)));
            if !promise.1.insert(key(&mark.what)) || is_old {
                continue;
            }
            let said = match &mark.what {
                What::Near { reminder, .. } => Said::Near { reminder: *reminder, due },
                What::Missed { climb, .. } => Said::Missed { climb: *climb, due },
                What::Overdue { step, climb, .. } => Said::Overdue { at: mark.at, step: *step, climb: *climb },
            };
            say(mark.at, is, said);
        }
        if let Some(stop) = &is.stopped {
            let (is_on_time, is_dropped) = (stop.is_on_time, stop.is_dropped);
            let before = was.and_then(|was| was.stopped.as_ref());
            let is_as_before =
                |b: &legal_time::Stop| (b.at, b.is_on_time, b.is_dropped) == (stop.at, is_on_time, is_dropped);
            if !before.is_some_and(is_as_before) {
                say(stop.at, is, Said::Stopped { at: Some(stop.at), is_on_time, is_dropped });
            }
        }
    }
    told
}

/// A reminder, a miss or a step by its kind and number.
pub(super) fn key(what: &What) -> (u8, u32) {
    match what {
        What::Near { reminder, .. } => (0, *reminder),
        What::Missed { .. } => (1, 0),
        What::Overdue { step, .. } => (2, *step),
    }
}
