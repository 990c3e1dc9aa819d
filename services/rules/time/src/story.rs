//! What the clocks read of a case: what happened and when, the date that was asked for, and the time that was granted.

use chrono::{DateTime, NaiveDate, Utc};
use facts::{CaseView, ExtensionState};
use regime::Case;

/// Something that happened in a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Happening<'a> {
    pub word: &'a str,
    pub arg: Option<&'a str>,
    pub at: DateTime<Utc>,
}

/// More time that was granted on a clock: until the end of the day `until`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Granted<'a> {
    pub clock: &'a str,
    pub until: NaiveDate,
    pub at: DateTime<Utc>,
}

/// A case as its clocks see it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Story<'a> {
    /// In the order of their instants; of the same instant, in the order in which they became known.
    pub happened: Vec<Happening<'a>>,
    pub asked_by: Option<NaiveDate>,
    pub granted: Vec<Granted<'a>>,
}

/// A case that rules can be asked about and that tells its story.
pub trait Matter: Case {
    /// What happened in it so far.
    fn story(&self) -> Story<'_>;
}

impl Matter for CaseView {
    fn story(&self) -> Story<'_> {
        let told = self.history.iter().map(|h| Happening { word: &h.word, arg: h.arg.as_deref(), at: h.at });
        let mut happened: Vec<_> = told.collect();
        // Learned in another order than it happened, after a repair of the log: the periods run by what happened.
        happened.sort_by_key(|fact| fact.at);
        let granted = self.extensions.iter().filter(|one| one.state == ExtensionState::Granted);
        let granted = granted.filter_map(|one| Some(Granted { clock: &one.clock, until: one.until?, at: one.at }));
        Story { asked_by: self.asked_by, granted: granted.collect(), happened }
    }
}
