//! One run of one clock as it was derived: plain data that a row can hold and a later derivation can be compared with.

use crate::count::Due;
use crate::pauses::Standstill;
use chrono::{DateTime, Utc};
use regime::{Effect, Length};
use serde::{Deserialize, Serialize};
use std::ops::Not;

/// A run of a clock.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClockState {
    /// The clock's name in its regime.
    pub clock: String,
    /// A clock may run several times in a case; the first run is 1.
    pub run: u32,
    pub started_at: DateTime<Utc>,
    /// The fact that started it: the clock's own, or the one that stands in for it. Empty in an older row.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub started_by: String,
    /// The length that governs, of those that the regime gives.
    pub taken: Length,
    /// Where it is due, more time that was granted included.
    pub due: Due,
    /// Where it was due before more time was granted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ungranted: Option<Due>,
    /// The time that was granted, in its order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub grants: Vec<Grant>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stopped: Option<Stop>,
    /// Whiles that were not counted. One that has no end yet is not in `due`, which moves when the run goes on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pauses: Vec<Standstill>,
    /// A target that warns but is no breach.
    #[serde(default, skip_serializing_if = "Not::not")]
    pub is_advisory: bool,
    pub cite: String,
    /// Everything that becomes true while it runs, in the order of its instants.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub marks: Vec<Mark>,
}

/// What stopped a clock.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stop {
    pub at: DateTime<Utc>,
    /// The fact: the clock's own, or one that ended the case.
    pub word: String,
    #[serde(default, skip_serializing_if = "Not::not")]
    pub is_on_time: bool,
    /// What the clock asks for was not done: the case went back. Neither kept nor missed.
    #[serde(default, skip_serializing_if = "Not::not")]
    pub is_dropped: bool,
}

/// More time that was granted, and where the run ended with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    /// The tier of the regime, counted from 1; 0 for an overrun.
    pub tier: u32,
    /// How much more, where it was given whole; otherwise a day was set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<Length>,
    pub at: DateTime<Utc>,
    pub due: Due,
}

/// Something that becomes true of a running clock at an instant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    pub at: DateTime<Utc>,
    pub what: What,
    /// It came while the clock ran.
    #[serde(default, skip_serializing_if = "Not::not")]
    pub is_fired: bool,
}

/// What becomes true of a running clock.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum What {
    /// The reminder of this number, from 1, and the roles to tell.
    Near { reminder: u32, tell: Vec<String> },
    /// It is due and still runs; the rung to climb to at once, 0 for none, and what else that brings.
    Missed {
        climb: u32,
        #[serde(default)]
        effects: Vec<Effect>,
    },
    /// It is overdue for so long that the step of this number, from 1, is taken.
    Overdue {
        step: u32,
        climb: u32,
        #[serde(default)]
        effects: Vec<Effect>,
    },
}

/// Where a clock stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    Running,
    /// It stands still: time passes that is not counted.
    Paused,
    Stopped,
    /// It was due and still runs.
    Missed,
}

impl Phase {
    /// As contracts name it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Paused => "paused",
            Self::Stopped => "stopped",
            Self::Missed => "missed",
        }
    }
}

impl ClockState {
    /// Where it stands.
    pub fn phase(&self) -> Phase {
        match (&self.stopped, self.is_missed()) {
            (Some(_), _) => Phase::Stopped,
            (None, true) => Phase::Missed,
            (None, false) if self.still().next().is_some() => Phase::Paused,
            (None, false) => Phase::Running,
        }
    }

    /// Whether it was due while it ran, whether or not it has stopped since.
    pub fn is_missed(&self) -> bool {
        self.marks.iter().any(|mark| mark.is_fired && matches!(mark.what, What::Missed { .. }))
    }

    /// The next instant at which something becomes true of it.
    pub fn next_change(&self) -> Option<DateTime<Utc>> {
        if self.phase() == Phase::Paused {
            return self.still().filter_map(|pause| pause.at_most).min();
        }
        let open = self.marks.iter().filter(|mark| !mark.is_fired && self.stopped.is_none());
        open.map(|mark| mark.at).min()
    }

    /// The pauses that have no end yet.
    fn still(&self) -> impl Iterator<Item = &Standstill> {
        self.pauses.iter().filter(|pause| pause.until.is_none())
    }

    /// Whether `other` is the same run of the same clock.
    pub(crate) fn is_same_run(&self, other: &Self) -> bool {
        self.clock == other.clock && self.run == other.run
    }
}

impl What {
    /// Whether both are the same reminder, miss or step, whatever it now says.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Near { reminder: a, .. }, Self::Near { reminder: b, .. }) => a == b,
            (Self::Missed { .. }, Self::Missed { .. }) => true,
            (Self::Overdue { step: a, .. }, Self::Overdue { step: b, .. }) => a == b,
            _ => false,
        }
    }
}
