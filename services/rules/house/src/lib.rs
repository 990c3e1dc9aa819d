//! The law with the calendars by which its days are counted: what a service knows that counts legal time, built from its
//! own copy of what was published. Pure lookups; nothing is counted here, and nothing is guessed.

mod calendars;

pub use calendars::{Calendars, Proposed};

use chrono::{DateTime, Utc};
use contracts::Fact;
use facts::{CaseView, Law};
use kit_core::Entry;
use legal_time::{Calendar, Counting, Office, Tz};
use regime::Regime;
use std::collections::BTreeSet;
use std::ops::Deref;
use std::sync::Arc;

/// [`Law`] with the calendars.
#[derive(Debug)]
pub struct House {
    law: Arc<Law>,
    calendars: Calendars,
}

impl Deref for House {
    type Target = Law;

    fn deref(&self) -> &Law {
        &self.law
    }
}

/// The row that a fact puts into the copy: a unit, a member of staff, a regime or a calendar.
pub fn entry(fact: &Fact) -> Option<Entry> {
    match fact {
        Fact::CalendarPublished(event) => Some(calendars::entry(event)),
        fact => facts::law_entry(fact),
    }
}

impl House {
    /// The law that the rows make, with its calendars.
    ///
    /// # Errors
    /// A row that cannot be read, by its name.
    pub fn build(rows: &[Entry]) -> Result<Self, String> {
        let law = Law::build(rows)?;
        let calendars = Calendars::build(rows, &law)?;
        Ok(Self { law: Arc::new(law), calendars })
    }

    /// The same house with a calendar that is only proposed.
    #[must_use]
    pub fn with(&self, proposed: &Proposed) -> Self {
        Self { law: Arc::clone(&self.law), calendars: self.calendars.with(proposed, &self.law) }
    }

    /// The calendars.
    pub fn calendars(&self) -> &Calendars {
        &self.calendars
    }

    /// The calendars that published regimes count by.
    pub fn named_by_regimes(&self) -> BTreeSet<&str> {
        calendars::named_by_regimes(&self.law)
    }

    /// The ground of a case: the regime version it is pinned to, that regime's calendar with the layers of the unit that
    /// handles it, and that unit's zone.
    ///
    /// # Errors
    /// What is not here yet. A unit that is not known is waited for: its zone is never guessed.
    pub fn ground(&self, case: &CaseView) -> Result<Ground, String> {
        let (id, version) = (&case.regime_id, case.regime_version);
        let regime = self.law.regime(id, version).ok_or_else(|| format!("regime {id} version {version}"))?;
        self.ground_in(regime, case.handling_unit_id.as_ref().unwrap_or(&case.unit_id))
    }

    /// The ground of a regime in a unit: the regime's calendar with the layers of the unit, and its zone.
    ///
    /// # Errors
    /// What is not here yet.
    pub fn ground_in(&self, regime: Arc<Regime>, unit: &str) -> Result<Ground, String> {
        let directory = self.law.directory();
        if directory.unit(unit).is_none() {
            return Err(format!("unit {unit}"));
        }
        let calendar = self.calendars.of(&regime.calendar, unit, directory)?;
        let name = directory.zone(unit);
        let zone = legal_time::zone(name).ok_or_else(|| format!("a time zone of the name {name}"))?;
        Ok(Ground { regime, calendar, zone })
    }
}

/// What legal time is counted on, beside the facts of a case.
#[derive(Clone, Debug)]
pub struct Ground {
    pub regime: Arc<Regime>,
    pub calendar: Arc<Calendar>,
    pub zone: Tz,
}

impl Ground {
    /// How days are counted on it.
    pub fn counting(&self) -> Counting<'_> {
        Counting::of(&self.regime, &self.calendar, self.zone)
    }

    /// What the unit does at an instant.
    pub fn office(&self, at: DateTime<Utc>) -> Office {
        self.counting().office(at)
    }
}

#[cfg(test)]
mod tests;
