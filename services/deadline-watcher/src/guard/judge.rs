//! What the present is, from two witnesses: the clock, which anybody can set, and the time elapsed, which nobody can.

use chrono::{DateTime, TimeDelta, Utc};
use std::time::Duration;

/// The most that a clock may be put ahead at once and still be believed: a correction, not a mistake.
const CORRECTION: TimeDelta = TimeDelta::minutes(5);

/// What a process wrote down of the present, for the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Mark {
    pub(crate) reached: DateTime<Utc>,
    /// Of the machine's run in which it was written.
    pub(crate) elapsed: Duration,
    /// Written in this run of the machine: only then does `elapsed` compare.
    pub(crate) is_same_boot: bool,
}

/// How the clock stands to the present.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// It is believed.
    Believed,
    /// It was put ahead by so much; what it says counts for nothing until it returns or somebody confirms it.
    Held { by: TimeDelta },
    /// It was put back by so much; the time that elapses counts.
    Behind { by: TimeDelta },
}

impl Standing {
    pub(crate) fn is_held(&self) -> bool {
        matches!(self, Self::Held { .. })
    }

    /// As contracts name it.
    pub(crate) fn word(&self) -> &'static str {
        match self {
            Self::Believed => "believed",
            Self::Held { .. } => "held",
            Self::Behind { .. } => "behind",
        }
    }

    /// How far the clock is ahead of the present; negative where it is behind.
    pub(crate) fn ahead(&self) -> TimeDelta {
        match self {
            Self::Believed => TimeDelta::zero(),
            Self::Held { by } => *by,
            Self::Behind { by } => -*by,
        }
    }
}

/// The present, as of the last look.
#[derive(Clone, Debug)]
pub(crate) struct Judge {
    at: DateTime<Utc>,
    elapsed: Duration,
    /// A clock that was put back was confirmed: the present waits for it.
    is_waiting: bool,
}

impl Judge {
    /// Begins with what the last process wrote down. Over a restart of the machine nothing tells how long it was off, so
    /// a clock that is ahead is believed, and one that is behind is not.
    pub(crate) fn begin(mark: Option<Mark>, wall: DateTime<Utc>, elapsed: Duration) -> Self {
        let (at, elapsed) = match mark {
            Some(mark) if mark.is_same_boot => (mark.reached, mark.elapsed),
            Some(mark) => (mark.reached.max(wall), elapsed),
            None => (wall, elapsed),
        };
        Self { at, elapsed, is_waiting: false }
    }

    /// The present, as the clock shows `wall` and so much has elapsed.
    pub(crate) fn read(&mut self, wall: DateTime<Utc>, elapsed: Duration) -> DateTime<Utc> {
        let passed = TimeDelta::from_std(elapsed.saturating_sub(self.elapsed)).unwrap_or_default();
        let due = self.at + passed;
        self.at = if self.is_waiting {
            self.is_waiting = wall < self.at;
            self.at.max(wall)
        } else if wall >= due && wall <= due + CORRECTION {
            wall
        } else if wall < due && wall > due - CORRECTION {
            // Put back a little: it goes at half its pace until the clock has caught up.
            wall.max(self.at + passed / 2)
        } else {
            due
        };
        self.elapsed = self.elapsed.max(elapsed);
        self.at
    }

    /// How the clock stands to the present of the last look.
    pub(crate) fn standing(&self, wall: DateTime<Utc>) -> Standing {
        let ahead = wall - self.at;
        if ahead > CORRECTION {
            Standing::Held { by: ahead }
        } else if ahead <= -CORRECTION {
            Standing::Behind { by: -ahead }
        } else {
            Standing::Believed
        }
    }

    /// Somebody confirmed that it was `confirmed`, not long ago: a clock that agrees is believed from now on.
    pub(crate) fn believe(&mut self, confirmed: DateTime<Utc>, wall: DateTime<Utc>, elapsed: Duration) {
        let since = wall - confirmed;
        if (-CORRECTION..=TimeDelta::hours(1)).contains(&since) {
            self.is_waiting = wall < self.at;
            self.at = self.at.max(wall);
            self.elapsed = elapsed;
        }
    }
}

#[cfg(test)]
mod tests;
