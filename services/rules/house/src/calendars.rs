//! The published layers of calendars, and the calendars that they make: a nation's by its name, and under it that of every
//! unit that has a layer of its own or stands below one that has.

use chrono::DateTime;
use contracts::deadline_watcher::CalendarPublished;
use facts::{Law, instant};
use kit_core::Entry;
use legal_time::{Calendar, CalendarError, Layer, Shelf};
use organisation::Directory;
use prost::Message as _;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Under which versions of layers stand in the reference table.
const KIND: &str = "calendar";

/// The most mistakes that are told at once.
const MISTAKES: usize = 200;

/// A layer that nobody has published.
#[derive(Clone, Debug)]
pub struct Proposed {
    pub calendar_id: String,
    pub layer: Layer,
}

/// What is published, put together.
#[derive(Clone, Debug, Default)]
pub struct Calendars {
    shelf: Shelf,
    /// By the nation's name, and then by the unit whose layer is the last; the empty unit is the nation's own.
    made: BTreeMap<String, BTreeMap<String, Made>>,
}

type Made = Result<Arc<Calendar>, Vec<CalendarError>>;

/// The row that a published version leaves.
pub(crate) fn entry(event: &CalendarPublished) -> Entry {
    let (kind, id) = (KIND.to_owned(), event.calendar_id.clone());
    Entry { kind, id, version: i64::from(event.version), body: event.encode_to_vec() }
}

impl Calendars {
    /// Puts the published versions together.
    ///
    /// # Errors
    /// A row that cannot be read, by its name.
    pub(crate) fn build(rows: &[Entry], law: &Law) -> Result<Self, String> {
        let mut shelf = Shelf::default();
        for Entry { id, version, body, .. } in rows.iter().filter(|row| row.kind == KIND) {
            let named = |cause: String| format!("calendar {id} version {version}: {cause}");
            let event = CalendarPublished::decode(body.as_slice()).map_err(|error| named(error.to_string()))?;
            let layer = Layer::from_csv(&event.calendar_id, &event.body).map_err(|errors| named(first(&errors)))?;
            let known_from = event.known_from.as_ref().and_then(instant).unwrap_or_default();
            shelf.publish(event.version, known_from, layer);
        }
        Ok(Self::make(shelf, law))
    }

    /// These, with a layer that is only proposed.
    pub(crate) fn with(&self, proposed: &Proposed, law: &Law) -> Self {
        let mut shelf = self.shelf.clone();
        let version = shelf.layer(&proposed.calendar_id, None).map_or(1, |(version, _)| version + 1);
        shelf.publish(version, DateTime::UNIX_EPOCH, proposed.layer.clone());
        Self::make(shelf, law)
    }

    fn make(shelf: Shelf, law: &Law) -> Self {
        let directory = law.directory();
        let layers: BTreeSet<&str> = shelf.latest_of_all().map(|(id, ..)| id).collect();
        // A name that a regime counts by is a nation's, even if somebody calls a unit the same.
        let named = named_by_regimes(law);
        let is_unit = |id: &&str| directory.unit(id).is_some() && !named.contains(id);
        let units: Vec<&str> = layers.iter().copied().filter(is_unit).collect();
        let nations = layers.iter().copied().filter(|id| !is_unit(id));
        let of_nation = |nation: &str| {
            let own = (String::new(), made(&shelf, &[nation]));
            let of_units = units.iter().map(|unit| {
                let above: Vec<&str> = directory.chain(unit).iter().rev().map(|unit| unit.id.as_str()).collect();
                let layers = above.into_iter().filter(|unit| units.contains(unit));
                let chain: Vec<&str> = [nation].into_iter().chain(layers).collect();
                ((*unit).to_owned(), made(&shelf, &chain))
            });
            [own].into_iter().chain(of_units).collect::<BTreeMap<_, _>>()
        };
        let made = nations.map(|nation| (nation.to_owned(), of_nation(nation))).collect();
        Self { shelf, made }
    }

    /// The calendar of a unit under regimes of this nation.
    ///
    /// # Errors
    /// It is not published, or its layers do not fit together.
    pub fn of(&self, nation: &str, unit: &str, directory: &Directory) -> Result<Arc<Calendar>, String> {
        let made = self.made.get(nation).ok_or_else(|| format!("calendar {nation}"))?;
        let mut above = directory.chain(unit).into_iter().filter_map(|unit| made.get(&unit.id));
        let made = above.next().or_else(|| made.get("")).ok_or_else(|| format!("calendar {nation}"))?;
        made.clone().map_err(|errors| format!("a calendar that fits together: {}", first(&errors)))
    }

    /// What does not fit together, each mistake once; of a file full of them, the first two hundred.
    pub fn mistakes(&self) -> Vec<CalendarError> {
        let (mut seen, mut found) = (BTreeSet::new(), Vec::new());
        for error in self.made.values().flat_map(BTreeMap::values).filter_map(|made| made.as_ref().err()).flatten() {
            if found.len() < MISTAKES && seen.insert((&error.id, error.line, &error.en)) {
                found.push(error.clone());
            }
        }
        found
    }

    /// Whether some version says just this.
    pub fn is_published(&self, id: &str, layer: &Layer) -> bool {
        self.shelf.versions(id).any(|published| published.to_csv() == layer.to_csv())
    }

    /// How many versions of layers are published.
    pub fn count(&self) -> usize {
        self.shelf.latest_of_all().map(|(id, ..)| self.shelf.versions(id).count()).sum()
    }

    /// What has been published.
    pub fn shelf(&self) -> &Shelf {
        &self.shelf
    }
}

/// The calendars that published regimes count by.
pub(crate) fn named_by_regimes(law: &Law) -> BTreeSet<&str> {
    law.published().map(|(regime, ..)| regime.calendar.as_str()).collect()
}

fn made(shelf: &Shelf, chain: &[&str]) -> Made {
    shelf.calendar(chain, None).map(Arc::new)
}

fn first(errors: &[CalendarError]) -> String {
    errors.first().map(ToString::to_string).unwrap_or_default()
}
