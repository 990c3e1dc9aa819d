//! The law as this service holds it: regimes, the organisation and the calendars, and the ground on which the clocks of
//! one case are derived.

use facts::{CaseView, Law};
use kit_reference::Entry;
use legal_time::{Calendar, Counting, Tz};
use regime::Regime;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Deref;
use std::sync::Arc;

/// The local copy of the law, as it is now.
pub(crate) type Reference = kit_reference::Reference<House>;

/// [`Law`] as a snapshot of the reference table, with the calendars that its regimes count by.
pub(crate) struct House {
    law: Law,
    calendars: BTreeMap<String, Arc<Calendar>>,
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
    /// A row or a calendar that cannot be read, by its name.
    pub(crate) fn build(entries: &[Entry]) -> Result<Self, String> {
        let law = Law::build(entries.iter().map(Entry::parts))?;
        let names: BTreeSet<&str> = law.published().map(|(regime, ..)| regime.calendar.as_str()).collect();
        let shipped = names.into_iter().filter_map(|name| Some((name.to_owned(), packs::calendar(name)?)));
        let read = |(name, text): (String, String)| {
            let calendar = Calendar::parse(&name, &text)
                .map_err(|errors| errors.first().map_or_else(|| name.clone(), ToString::to_string))?;
            Ok((name, Arc::new(calendar)))
        };
        let calendars = shipped.map(read).collect::<Result<_, String>>()?;
        Ok(Self { law, calendars })
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
    /// The ground of a case: the regime version it is pinned to, that regime's calendar, and its unit's zone.
    ///
    /// # Errors
    /// What is not here yet. A unit that is not known is waited for: its zone is never guessed.
    pub(crate) fn ground(&self, case: &CaseView) -> Result<Ground, String> {
        let (id, version) = (&case.regime_id, case.regime_version);
        let regime = self.law.regime(id, version).ok_or_else(|| format!("regime {id} version {version}"))?;
        let name = &regime.calendar;
        let calendar = self.calendars.get(name).cloned().ok_or_else(|| format!("calendar {name}"))?;
        let unit = self.law.directory().unit(&case.unit_id).ok_or_else(|| format!("unit {}", case.unit_id))?;
        let name = self.law.directory().zone(&unit.id);
        let zone = legal_time::zone(name).ok_or_else(|| format!("a time zone of the name {name}"))?;
        Ok(Ground { regime, calendar, zone })
    }

    /// The digests of the calendars in use.
    pub(crate) fn fingerprints(&self) -> Vec<String> {
        self.calendars.values().map(|calendar| calendar.fingerprint().to_owned()).collect()
    }
}
