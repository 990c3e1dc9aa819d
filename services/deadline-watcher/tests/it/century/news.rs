//! What the watcher learns of a case between two quiet moments.

use super::announce::Calendars;
use super::book::Regimes;
use chrono::{DateTime, Utc};
use contracts::Fact;

/// Something that the watcher learned between two quiet moments.
#[derive(Clone, Debug)]
pub(super) enum News {
    /// A fact of a service, and when it happened.
    Fact { fact: Fact, at: DateTime<Utc> },
    /// The time went on to this instant.
    Tick(DateTime<Utc>),
    /// Another calendar is in force.
    Calendar,
}

impl News {
    /// Whether a case begins with it.
    pub(super) fn is_first(&self) -> bool {
        matches!(self, Self::Fact { fact: Fact::CaseRegistered(_), .. })
    }
}

/// What is known beside the facts: the present, and whether the newest calendar.
#[derive(Clone, Copy)]
pub(super) struct Known {
    pub(super) present: DateTime<Utc>,
    pub(super) is_new: bool,
}

impl Known {
    pub(super) fn and(mut self, news: &[&News]) -> Self {
        for news in news {
            match news {
                News::Tick(at) => self.present = self.present.max(*at),
                News::Calendar => self.is_new = true,
                News::Fact { .. } => {}
            }
        }
        self
    }
}

/// What was so before and after.
pub(super) struct Window<'a> {
    /// The present at the quiet moment before; what it became since is news.
    pub(super) present: DateTime<Utc>,
    pub(super) calendars: (&'a Calendars, &'a Calendars),
    pub(super) regimes: &'a Regimes,
}
