//! The clocks of a regime, as written: from which fact, until which, how long, and what a miss does. Counting is the
//! work of the legal-time crate.

use crate::{Condition, Effect, Extend, FactRef, Length, Suspend};
use kit_core::Text;

/// One clock.
#[derive(Clone, Debug)]
pub struct Clock {
    /// Unique in the regime, such as `one-month`.
    pub name: String,
    pub title: Text,
    /// The clock exists only while this holds.
    pub condition: Condition,
    /// Whichever of these comes first starts it.
    pub from: Vec<FactRef>,
    /// It starts with one of these facts instead where `from` has not come by then: what happens when somebody outside of
    /// the house never answers.
    pub or_after: Vec<FactRef>,
    /// The date that a person sets for this clock is the day on which it starts, not the one on which it ends.
    pub is_from_date: bool,
    /// Whichever of these comes first ends it.
    pub until: Vec<FactRef>,
    /// Facts that end the run without what it asks for being done, such as a return: told apart from keeping it.
    pub dropped: Vec<FactRef>,
    /// While it runs, each of these facts ends the run and begins the next: the period is counted anew.
    pub anew: Vec<FactRef>,
    /// The first term whose condition holds gives the length; where none holds, the clock does not run.
    pub within: Vec<Term>,
    /// Whiles that are not counted, such as testing and appraisal.
    pub paused: Vec<Pause>,
    /// A target that warns but is no breach; a term may say so for itself.
    pub advisory: bool,
    pub missed: Vec<MissStep>,
    pub remind: Vec<Reminder>,
    pub overrun: Option<Overrun>,
    /// Tiers of more time, in their order.
    pub extend: Vec<Extend>,
    pub suspend: Option<Suspend>,
    pub cite: String,
}

impl Clock {
    /// The term that governs a run of the case, if any does; `office` tells what the unit did when the run began, and is
    /// asked only where a term depends on it.
    pub fn term(&self, case: &dyn crate::Case, office: impl Fn() -> Office) -> Option<&Term> {
        if !self.condition.holds(case) {
            return None;
        }
        let speaks = |term: &&Term| term.during.is_empty() || term.during.contains(&office());
        let with_length = self.within.iter().filter(|term| !term.is_absent());
        with_length.filter(speaks).find(|term| term.condition.holds(case))
    }

    /// Whether the text sets it no length at all: it is known by its name, and never runs.
    pub fn is_absent(&self) -> bool {
        self.within.iter().all(Term::is_absent)
    }
}

/// A while that a clock does not count: from one fact to another.
#[derive(Clone, Debug)]
pub struct Pause {
    pub condition: Condition,
    /// Any of these begins it, and the first of those that come after ends it.
    pub from: Vec<FactRef>,
    pub until: Vec<FactRef>,
    /// The most that one pause lasts; after it the clock goes on by itself.
    pub cap: Option<Length>,
    pub cite: String,
}

/// How long, in which case.
#[derive(Clone, Debug)]
pub struct Term {
    pub condition: Condition,
    /// It governs only runs that began while the unit did one of these; empty: at any time.
    pub during: Vec<Office>,
    /// One length, or several of which `together` chooses; none where the text has no number (及时), and then it is as if
    /// the term were not there.
    pub take: Vec<Length>,
    pub together: Together,
    pub advisory: bool,
    pub cite: String,
}

impl Term {
    /// Whether the text has no number for it.
    pub fn is_absent(&self) -> bool {
        self.take.is_empty()
    }
}

/// What a unit does at an instant, by its hours and its calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Office {
    /// At work.
    Open,
    /// Between two spans of one day: the noon break.
    Break,
    /// Before the first or after the last hour of a working day.
    Closed,
    /// A day that is not worked.
    DayOff,
}

/// How several lengths of one term make one due date.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Together {
    /// The date that was set for the case governs where one was set, or the one that the complainant asked for where one
    /// was asked; otherwise the rest does.
    #[default]
    Asked,
    /// The earliest.
    Earlier,
    /// The latest.
    Later,
}

/// What a miss does, at once or after the clock has been overdue for a while.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MissStep {
    /// None: at the instant of the miss.
    pub after: Option<Length>,
    /// The rung to which the case climbs: n is the n-th rung of the ladder, counted from 1, wherever the case stands
    /// now; 0 for none. A case never climbs down.
    pub climb: u32,
    /// What else it brings about.
    pub effects: Vec<Effect>,
    pub cite: String,
}

/// A word of warning before the due instant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reminder {
    pub at: ReminderAt,
    /// Roles; `handler` is whoever handles the case.
    pub tell: Vec<String>,
}

/// When a reminder is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReminderAt {
    /// When so much of the time between start and due has passed.
    Percent(u32),
    /// So long before the due instant.
    Before(Length),
}

/// Whether the clock may be overrun with somebody's approval; `approvals` says whose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Overrun {
    pub on_approval: bool,
    /// The longest overrun; none where the text sets no maximum.
    pub cap: Option<Length>,
    pub cite: String,
}
