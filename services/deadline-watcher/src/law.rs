//! The law as this service holds it: regimes, the organisation and the calendars, and the ground on which the clocks of
//! one case are derived.

mod calendars;

pub(crate) use calendars::{Calendars, Proposed, entry as calendar_entry};

use crate::store::published;
use facts::{CaseView, Law};
use kit_messaging::Tx;
use kit_reference::Entry;
use legal_time::{Calendar, Counting, Tz};
use regime::Regime;
use std::collections::BTreeSet;
use std::ops::Deref;
use std::sync::Arc;

/// The local copy of the law, as it is now.
pub(crate) type Reference = kit_reference::Reference<House>;

/// The law with every calendar that is published, which stay all of them until the transaction ends.
///
/// # Errors
/// The database refused.
pub(crate) async fn present(reference: &Reference, tx: &mut Tx) -> kit_db::Result<Arc<House>> {
    if reference.get().calendars().count() < published::hold(tx.conn()).await? {
        reference.reload().await?;
    }
    Ok(reference.get())
}

/// [`Law`] as a snapshot of the reference table, with the calendars by which days are counted.
pub(crate) struct House {
    law: Arc<Law>,
    calendars: Calendars,
}

impl Deref for House {
    type Target = Law;

    fn deref(&self) -> &Law {
        &self.law
    }
}

impl House {
    /// The law that the rows make, with its calendars.
    ///
    /// # Errors
    /// A row that cannot be read, by its name.
    pub(crate) fn build(entries: &[Entry]) -> Result<Self, String> {
        let law = Law::build(entries.iter().map(Entry::parts))?;
        let calendars = Calendars::build(entries, &law)?;
        Ok(Self { law: Arc::new(law), calendars })
    }

    /// The same house with a calendar that is only proposed.
    pub(crate) fn with(&self, proposed: &Proposed) -> Self {
        Self { law: Arc::clone(&self.law), calendars: self.calendars.with(proposed, &self.law) }
    }

    /// The calendars.
    pub(crate) fn calendars(&self) -> &Calendars {
        &self.calendars
    }

    /// The calendars that published regimes count by.
    pub(crate) fn named_by_regimes(&self) -> BTreeSet<&str> {
        calendars::named_by_regimes(&self.law)
    }
}

/// The row that a fact puts into the reference table: a unit, a member of staff or a regime.
pub(crate) fn entry(fact: &contracts::Fact) -> Option<Entry> {
    facts::law_entry(fact).map(|e| Entry { kind: e.kind, id: e.id, version: e.version, body: e.body })
}

/// What the clocks of one case are derived from, beside its facts.
#[derive(Clone)]
pub(crate) struct Ground {
    pub(crate) regime: Arc<Regime>,
    pub(crate) calendar: Arc<Calendar>,
    zone: Tz,
}

impl Ground {
    /// How days are counted on it.
    pub(crate) fn counting(&self) -> Counting<'_> {
        Counting::of(&self.regime, &self.calendar, self.zone)
    }
}

impl House {
    /// The ground of a case: the regime version it is pinned to, that regime's calendar with the layers of the unit that
    /// handles it, and that unit's zone.
    ///
    /// # Errors
    /// What is not here yet. A unit that is not known is waited for: its zone is never guessed.
    pub(crate) fn ground(&self, case: &CaseView) -> Result<Ground, String> {
        let (id, version) = (&case.regime_id, case.regime_version);
        let regime = self.law.regime(id, version).ok_or_else(|| format!("regime {id} version {version}"))?;
        self.ground_in(regime, case.handling_unit_id.as_ref().unwrap_or(&case.unit_id))
    }

    /// The ground of a regime in a unit: the regime's calendar with the layers of the unit, and its zone.
    ///
    /// # Errors
    /// What is not here yet.
    pub(crate) fn ground_in(&self, regime: Arc<Regime>, unit: &str) -> Result<Ground, String> {
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
