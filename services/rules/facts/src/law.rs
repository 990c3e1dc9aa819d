//! The law as a service knows it: the organisation and every published version of every regime.

use chrono::NaiveDate;
use contracts::Fact;
use contracts::assignment::{StaffChanged, UnitChanged};
use contracts::triage::RegimePublished;
use kit_core::Entry;
use organisation::Directory;
use prost::Message;
use regime::Regime;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, LazyLock, Mutex, PoisonError, Weak};

const UNIT: &str = "unit";
const STAFF: &str = "staff";
const REGIME: &str = "regime";

/// The row that an event leaves behind; none for an event of a case. A unit and a person are replaced (version 0);
/// each version of a regime stays, since cases are pinned to it.
pub fn law_entry(fact: &Fact) -> Option<Entry> {
    let (kind, id, version, body) = match fact {
        Fact::UnitChanged(e) => (UNIT, &e.unit_id, 0, e.encode_to_vec()),
        Fact::StaffChanged(e) => (STAFF, &e.staff_id, 0, e.encode_to_vec()),
        Fact::RegimePublished(e) => (REGIME, &e.regime_id, i64::from(e.version), e.encode_to_vec()),
        _ => return None,
    };
    Some(Entry { kind: kind.to_owned(), id: id.clone(), version, body })
}

/// What is in force, where and since when.
#[derive(Clone, Debug, Default)]
pub struct Law {
    directory: Directory,
    regimes: BTreeMap<(String, u32), Published>,
}

#[derive(Clone, Debug)]
struct Published {
    regime: Arc<Regime>,
    /// Empty: the whole organisation.
    unit: String,
    from: NaiveDate,
    to: Option<NaiveDate>,
}

impl Law {
    /// Builds it from the rows.
    ///
    /// # Errors
    /// A row that cannot be read, by kind, id and version.
    pub fn build(rows: &[Entry]) -> Result<Self, String> {
        let mut law = Self::default();
        for Entry { kind, id, version, body } in rows {
            law.take(kind, body).map_err(|cause| format!("{kind} {id} version {version}: {cause}"))?;
        }
        Ok(law)
    }

    fn take(&mut self, kind: &str, body: &[u8]) -> Result<(), String> {
        let unreadable = |error: prost::DecodeError| error.to_string();
        match kind {
            UNIT => self.directory.put_unit(UnitChanged::decode(body).map_err(unreadable)?.into()),
            STAFF => self.directory.put_staff(StaffChanged::decode(body).map_err(unreadable)?.into()),
            REGIME => self.publish(&RegimePublished::decode(body).map_err(unreadable)?)?,
            // A later build may keep more kinds of rows in the same table.
            _ => {}
        }
        Ok(())
    }

    fn publish(&mut self, event: &RegimePublished) -> Result<(), String> {
        let from = event.in_force_from.parse().map_err(|_| "its first day in force is no date".to_owned())?;
        let file = format!("{}@{}", event.regime_id, event.version);
        let regime = parsed(&file, &event.pack)?;
        let to = event.in_force_to.parse().ok();
        let published = Published { regime, unit: event.unit_id.clone(), from, to };
        self.regimes.insert((event.regime_id.clone(), event.version), published);
        Ok(())
    }

    /// One version of a regime.
    pub fn regime(&self, id: &str, version: u32) -> Option<Arc<Regime>> {
        self.regimes.get(&(id.to_owned(), version)).map(|published| Arc::clone(&published.regime))
    }

    /// The regime in force for a kind of matter in a unit on a day, with its version.
    pub fn regime_for(&self, unit: &str, kind: &str, day: NaiveDate) -> Option<(Arc<Regime>, u32)> {
        self.regimes_for(unit, kind, day).into_iter().next()
    }

    /// The regimes in force for a kind of matter (empty: any kind) in a unit on a day: those of the unit itself or,
    /// where it has none, of the nearest unit above that has one. The latest in force comes first, each once.
    pub fn regimes_for(&self, unit: &str, kind: &str, day: NaiveDate) -> Vec<(Arc<Regime>, u32)> {
        let places = self.directory.chain(unit).into_iter().map(|unit| unit.id.as_str()).chain([""]);
        places.map(|place| self.regimes_at(place, kind, day)).find(|found| !found.is_empty()).unwrap_or_default()
    }

    fn regimes_at(&self, place: &str, kind: &str, day: NaiveDate) -> Vec<(Arc<Regime>, u32)> {
        let mut in_force: BTreeMap<&str, (NaiveDate, u32, &Published)> = BTreeMap::new();
        for ((id, version), published) in &self.regimes {
            if published.unit == place && published.from <= day {
                let one = (published.from, *version, published);
                let best = in_force.entry(id).or_insert(one);
                if (one.0, one.1) > (best.0, best.1) {
                    *best = one;
                }
            }
        }
        in_force.retain(|_, (_, _, one)| one.to.is_none_or(|to| day <= to));
        let takes = |regime: &Regime| kind.is_empty() || regime.words.kinds.iter().any(|word| word.id == kind);
        let mut found: Vec<_> = in_force.into_values().filter(|(_, _, one)| takes(&one.regime)).collect();
        found.sort_by_key(|(from, _, _)| std::cmp::Reverse(*from));
        found.into_iter().map(|(_, version, one)| (Arc::clone(&one.regime), version)).collect()
    }

    /// Every published version: regime, version, unit (empty: the whole organisation), first day in force.
    pub fn published(&self) -> impl Iterator<Item = (&Arc<Regime>, u32, &str, NaiveDate)> {
        self.regimes.iter().map(|((_, version), one)| (&one.regime, *version, one.unit.as_str(), one.from))
    }

    pub fn directory(&self) -> &Directory {
        &self.directory
    }
}

/// Packs that a law of this process still holds, by their text. A law is built anew whenever a person or a unit
/// changes, and compiling a pack is the dear part of it; the same text always gives the same regime.
static PARSED: LazyLock<Mutex<HashMap<String, Weak<Regime>>>> = LazyLock::new(Mutex::default);

fn parsed(file: &str, pack: &str) -> Result<Arc<Regime>, String> {
    let mut known = PARSED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(regime) = known.get(pack).and_then(Weak::upgrade) {
        return Ok(regime);
    }
    let regime = Regime::parse(file, pack)
        .map_err(|errors| errors.first().map_or_else(|| "the pack is wrong".to_owned(), ToString::to_string))?;
    let regime = Arc::new(regime);
    known.retain(|_, regime| regime.strong_count() > 0);
    known.insert(pack.to_owned(), Arc::downgrade(&regime));
    Ok(regime)
}

#[cfg(test)]
mod tests;
