//! What the clocks read of a case: what happened and when, the date that was asked for, the time that was granted, and
//! what people set or suspended.

use crate::day;
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use facts::{CaseView, Extension, ExtensionState, Suspension};
use regime::{Case, FactRef, Length};

/// Something that happened in a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Happening<'a> {
    pub word: &'a str,
    pub arg: Option<&'a str>,
    pub at: DateTime<Utc>,
    /// The case went back behind it.
    pub is_lapsed: bool,
    /// Only its day is known, of which `at` is the beginning.
    pub is_dated: bool,
}

impl<'a> Happening<'a> {
    /// A fact that counts, and of which the instant is known.
    pub fn new(word: &'a str, arg: Option<&'a str>, at: DateTime<Utc>) -> Self {
        Self { word, arg, at, is_lapsed: false, is_dated: false }
    }

    /// Whether it is one of these.
    pub(crate) fn is(&self, of: &[FactRef]) -> bool {
        FactRef::any(of, self.word, self.arg)
    }

    /// Whether, of a fact that stands before `other`, no more is known than that both are of one day: it may as well have
    /// happened after it, and whoever wrote down the day alone says nothing else.
    pub(crate) fn may_follow(&self, other: &Self, zone: Tz) -> bool {
        let is_of_day = self.is_dated && day::local(self.at, zone) == day::local(other.at, zone);
        is_of_day && self.at <= other.at && (!self.is_lapsed || other.is_lapsed)
    }
}

/// More time that was granted on a clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Granted<'a> {
    pub clock: &'a str,
    pub more: More,
    /// The tier of the regime, counted from 1; 0 for an overrun.
    pub tier: u32,
    pub at: DateTime<Utc>,
}

/// How much more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum More {
    /// Until the end of this day.
    Until(NaiveDate),
    /// So much, whole.
    By(Length),
}

/// A clock that stood still at somebody's word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Suspended<'a> {
    pub clock: &'a str,
    pub from: DateTime<Utc>,
    /// When somebody ended it.
    pub until: Option<DateTime<Utc>>,
    /// The last day for which it was granted.
    pub last_day: Option<NaiveDate>,
}

/// A day that a person set for a clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dated<'a> {
    pub clock: &'a str,
    pub date: NaiveDate,
    pub at: DateTime<Utc>,
}

/// A case as its clocks see it. Each list is in the order of its instants; of the same instant, in the order in which
/// things became known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Story<'a> {
    pub happened: Vec<Happening<'a>>,
    pub asked_by: Option<NaiveDate>,
    pub granted: Vec<Granted<'a>>,
    pub suspended: Vec<Suspended<'a>>,
    pub dated: Vec<Dated<'a>>,
}

/// A case that rules can be asked about and that tells its story.
pub trait Matter: Case {
    /// What happened in it so far.
    fn story(&self) -> Story<'_>;
}

impl Matter for CaseView {
    fn story(&self) -> Story<'_> {
        let told = self.history.iter().map(|h| Happening {
            is_lapsed: h.lapsed,
            is_dated: h.dated,
            ..Happening::new(&h.word, h.arg.as_deref(), h.at)
        });
        let mut happened: Vec<_> = told.collect();
        // Learned in another order than it happened, after a repair of the log: the periods run by what happened.
        happened.sort_by_key(|fact| fact.at);
        let mut granted: Vec<_> = self.extensions.iter().filter_map(granted).collect();
        granted.sort_by_key(|one| one.at);
        let mut suspended: Vec<_> = self.suspensions.iter().flat_map(suspended).collect();
        suspended.sort_by_key(|one| one.from);
        let mut dated: Vec<_> =
            self.dates.iter().map(|set| Dated { clock: &set.clock, date: set.date, at: set.at }).collect();
        dated.sort_by_key(|set| set.at);
        Story { asked_by: self.asked_by, granted, suspended, dated, happened }
    }
}

fn granted(one: &Extension) -> Option<Granted<'_>> {
    let more = one.by.map(More::By).or(one.until.map(More::Until))?;
    let is_granted = one.state == ExtensionState::Granted;
    is_granted.then_some(Granted { clock: &one.clock, more, tier: one.tier, at: one.at })
}

fn suspended(one: &Suspension) -> impl Iterator<Item = Suspended<'_>> {
    let (until, last_day) = (one.ended_at, one.until);
    let of = move |from| one.clocks.iter().map(move |clock| Suspended { clock, from, until, last_day });
    one.granted_at.into_iter().flat_map(of)
}
