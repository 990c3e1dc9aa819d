//! What another calendar, or another version of the regime, does to the clocks of a case: the same derivation on the old
//! ground and on the new.

use crate::convert;
use crate::domain::Watched;
use crate::law::Ground;
use chrono::{DateTime, Utc};
use contracts::Fact;
use facts::CaseView;
use legal_time::{ClockState, Phase, derive, diff};
use regime::{FactRef, Regime};

/// A deadline that moves, or a breach that is made or undone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Move {
    pub(crate) clock: String,
    pub(crate) run: u32,
    pub(crate) before: DateTime<Utc>,
    pub(crate) after: DateTime<Utc>,
    pub(crate) breach: Option<Breach>,
    /// Notices that the regime has for what this brings.
    pub(crate) notices: u32,
}

/// What becomes of a miss.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Breach {
    Made,
    Undone,
}

impl Breach {
    /// What becomes of it, by whether the run was missed before and after.
    pub(crate) fn between(was: bool, is: bool) -> Option<Self> {
        match (was, is) {
            (false, true) => Some(Self::Made),
            (true, false) => Some(Self::Undone),
            _ => None,
        }
    }

    /// As contracts and rows name it.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Made => "made",
            Self::Undone => "undone",
        }
    }
}

/// Everything that moves in the case if it is counted on `new` instead of `old`, as of now.
pub(crate) fn moves(case: &Watched, old: &Ground, new: &Ground, now: DateTime<Utc>) -> Vec<Move> {
    let now = now.max(case.derived_at);
    let on = |ground: &Ground| derive(&ground.regime.clocks, &ground.counting(), &case.view, now);
    between(&case.view, &new.regime, &on(old), &on(new))
}

/// The runs that differ between two derivations of one case.
pub(crate) fn between(view: &CaseView, regime: &Regime, was: &[ClockState], is: &[ClockState]) -> Vec<Move> {
    let changes = diff(was, is);
    let pairs = is.iter().filter_map(|new| {
        let old = was.iter().find(|old| old.clock == new.clock && old.run == new.run)?;
        // What has ended stays as it ended; only a run that goes on has a deadline to move.
        let is_moved = old.due.at != new.due.at && new.phase() != Phase::Stopped;
        is_moved.then_some((old, new))
    });
    pairs
        .map(|(old, new)| {
            let of_run = changes.iter().filter(|change| change.clock.clock == new.clock && change.clock.run == new.run);
            let facts = of_run.map(|change| convert::fact(&view.case_id, change));
            Move {
                clock: new.clock.clone(),
                run: new.run,
                before: old.due.at,
                after: new.due.at,
                breach: Breach::between(old.is_missed(), new.is_missed()),
                notices: facts.map(|fact| notices(regime, view, &fact)).sum(),
            }
        })
        .collect()
}

/// How many of the regime's notices speak on the fact.
fn notices(regime: &Regime, view: &CaseView, fact: &Fact) -> u32 {
    let (word, clock) = facts::name(fact);
    let fact = clock.map_or_else(|| FactRef::new(word), |clock| FactRef::about(word, clock));
    u32::try_from(regime.notices_on(&fact, view).len()).unwrap_or(u32::MAX)
}

/// Names what restated it in what that brought, so that whoever counts can tell what was known then from what is restated.
/// A miss that was due by then anyway is none of its doing.
pub(crate) fn stamp(happened: &mut [Fact], by: &str, was: &[ClockState], now: DateTime<Utc>) {
    let is_due_anyway = |clock: &str, run: u32| {
        was.iter().any(|old| old.clock == clock && old.run == run && old.stopped.is_none() && old.due.at <= now)
    };
    for fact in happened {
        let id = match fact {
            Fact::DeadlineMoved(moved) => &mut moved.change_id,
            Fact::ClockMissed(missed) if !is_due_anyway(&missed.clock, missed.run) => &mut missed.change_id,
            _ => continue,
        };
        by.clone_into(id);
    }
}

/// A run of a clock before and after; none where there is no such run.
pub(crate) type Pair<'a> = (Option<&'a ClockState>, Option<&'a ClockState>);

/// The runs that differ, in the order of the clocks, and are not over on both sides.
pub(crate) fn compared<'a>(was: &'a [ClockState], is: &'a [ClockState]) -> Vec<Pair<'a>> {
    let same = |a: &ClockState, b: &ClockState| a.clock == b.clock && a.run == b.run;
    let gone = was.iter().filter(|old| !is.iter().any(|new| same(old, new))).map(|old| (Some(old), None));
    let kept = is.iter().map(|new| (was.iter().find(|old| same(old, new)), Some(new)));
    let is_over = |one: Option<&ClockState>| one.is_none_or(|one| one.phase() == Phase::Stopped);
    let differs = |(old, new): &Pair<'_>| match (old, new) {
        (Some(old), Some(new)) => (old.due.at, old.phase()) != (new.due.at, new.phase()),
        _ => true,
    };
    gone.chain(kept).filter(|(old, new)| !(is_over(*old) && is_over(*new))).filter(differs).collect()
}
