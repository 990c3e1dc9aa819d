//! Which doors a unit has open on a day: the regimes in force there, its own or those of the units above it.

use chrono::NaiveDate;
use chrono_tz::Tz;
use facts::Law;
use organisation::Directory;
use regime::{Regime, Word};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// A regime in force at a unit, and the kinds of matter that it takes there.
#[derive(Clone)]
pub(crate) struct InForce {
    pub(crate) regime: Arc<Regime>,
    pub(crate) kinds: Vec<Word>,
}

/// Every regime in force at the unit. A kind that the unit's own regimes leave out may still be taken under one from
/// above, so each kind is asked for by itself.
pub(crate) fn in_force(law: &Law, unit: &str, day: NaiveDate) -> Vec<InForce> {
    let every: BTreeSet<&str> =
        law.published().flat_map(|(regime, ..)| regime.words.kinds.iter().map(|kind| kind.id.as_str())).collect();
    let mut found: BTreeMap<String, InForce> = BTreeMap::new();
    for kind in every {
        for (regime, _) in law.regimes_for(unit, kind, day) {
            let Some(word) = regime.words.kinds.iter().find(|word| word.id == kind).cloned() else { continue };
            let one = found.entry(regime.id.clone()).or_insert_with(|| InForce { regime, kinds: Vec::new() });
            one.kinds.push(word);
        }
    }
    found.into_values().collect()
}

/// The unit's zone; an unknown name counts as China's, where the house stands.
pub(crate) fn zone(directory: &Directory, unit: &str) -> Tz {
    directory.zone(unit).parse().unwrap_or(Tz::Asia__Shanghai)
}
