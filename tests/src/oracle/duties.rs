//! What must hold of recurring duties: records owes each that the watcher opened, once, and is done with those of which it
//! said so.

use super::{About, Findings, snapshot::Snapshot};
use contracts::Fact;
use std::collections::BTreeMap;

/// Unit, regime, duty and the first day of the period.
type Key = (String, String, String, String);

pub(super) fn duties(snapshot: &Snapshot, findings: &mut Findings) {
    let mut said: BTreeMap<Key, (usize, usize)> = BTreeMap::new();
    for (_, entry) in snapshot.logs() {
        match &entry.fact {
            Some(Fact::DutyDue(e)) => {
                said.entry(key(&e.unit_id, &e.regime_id, &e.duty, &e.period)).or_default().0 += 1;
            }
            Some(Fact::DutyDone(e)) => {
                said.entry(key(&e.unit_id, &e.regime_id, &e.duty, &e.period)).or_default().1 += 1;
            }
            _ => {}
        }
    }
    let mut owed: BTreeMap<&Key, usize> = BTreeMap::new();
    for (key, is_done) in &snapshot.duties {
        owed.insert(key, usize::from(*is_done));
    }
    for (key, (opened, done)) in &said {
        if (*opened, owed.get(key)) != (1, Some(done)) {
            let stored = owed.get(key);
            let text = format!("{key:?} was opened {opened} times and done {done}; records keeps {stored:?}");
            findings.add("duty", About::Everything, text);
        }
    }
    for stranger in owed.keys().filter(|key| !said.contains_key(**key)) {
        findings.add("duty", About::Everything, format!("nobody opened {stranger:?}"));
    }
}

fn key(unit: &str, regime: &str, duty: &str, period: &str) -> Key {
    (unit.to_owned(), regime.to_owned(), duty.to_owned(), period.to_owned())
}
