//! What is different between two trials of the same cases.

use crate::sheet::{Deadline, Sheet, Work};
use chrono::{DateTime, Utc};
use std::collections::{BTreeMap, BTreeSet};

/// Two trials side by side.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Comparison {
    pub cases: usize,
    /// Breaches by clock, and failures that are no time limits by name: before and after.
    pub breaches: BTreeMap<String, (usize, usize)>,
    /// Notices by recipient.
    pub told: BTreeMap<String, (usize, usize)>,
    pub work: BTreeMap<String, (Work, Work)>,
    /// The cases for which something is different.
    pub changed: Vec<CaseChange>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseChange {
    pub case: String,
    pub changes: Vec<Change>,
}

/// What is different for a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    Graded {
        was: String,
        is: String,
    },
    Moved {
        clock: String,
        run: u32,
        was: DateTime<Utc>,
        is: DateTime<Utc>,
    },
    /// It has a deadline that it had not.
    Gained {
        clock: String,
        run: u32,
        due: DateTime<Utc>,
    },
    Lost {
        clock: String,
        run: u32,
        due: DateTime<Utc>,
    },
    Breached {
        clock: String,
        run: u32,
    },
    /// It was a breach, and is none any more.
    Kept {
        clock: String,
        run: u32,
    },
}

/// Compares the sheets of the same cases, in the same order.
pub fn compare(was: &[Sheet], is: &[Sheet]) -> Comparison {
    let mut all = Comparison { cases: was.len(), ..Comparison::default() };
    for (side, sheets) in [was, is].into_iter().enumerate() {
        for sheet in sheets {
            add(&mut all, sheet, side == 1);
        }
    }
    for (was, is) in was.iter().zip(is) {
        let changes = changes(was, is);
        if !changes.is_empty() {
            all.changed.push(CaseChange { case: was.case.clone(), changes });
        }
    }
    all
}

fn add(all: &mut Comparison, sheet: &Sheet, is_new: bool) {
    for deadline in &sheet.deadlines {
        // A clock without a breach is in the table too: none is a number.
        *side(all.breaches.entry(deadline.clock.clone()).or_default(), is_new) += usize::from(deadline.is_breached);
    }
    for (name, times) in &sheet.failures {
        *side(all.breaches.entry(name.clone()).or_default(), is_new) += times;
    }
    for (name, times) in &sheet.told {
        *side(all.told.entry(name.clone()).or_default(), is_new) += times;
    }
    for (role, work) in &sheet.work {
        let sum = side(all.work.entry(role.clone()).or_default(), is_new);
        sum.cases += work.cases;
        sum.tasks += work.tasks;
        sum.messages += work.messages;
        sum.climbs += work.climbs;
    }
}

fn side<T>(pair: &mut (T, T), is_new: bool) -> &mut T {
    if is_new { &mut pair.1 } else { &mut pair.0 }
}

fn changes(was: &Sheet, is: &Sheet) -> Vec<Change> {
    let mut changes = Vec::new();
    if was.severity != is.severity {
        changes.push(Change::Graded { was: was.severity.clone(), is: is.severity.clone() });
    }
    let runs = |sheet: &Sheet| -> BTreeMap<(String, u32), Deadline> {
        sheet.deadlines.iter().map(|one| ((one.clock.clone(), one.run), one.clone())).collect()
    };
    let (old, new) = (runs(was), runs(is));
    let all: BTreeSet<&(String, u32)> = old.keys().chain(new.keys()).collect();
    for key in all {
        let (clock, run) = (key.0.clone(), key.1);
        match (old.get(key), new.get(key)) {
            (Some(old), Some(new)) => changes.extend(of_run(old, new)),
            (Some(old), None) => changes.push(Change::Lost { clock, run, due: old.due }),
            (None, Some(new)) => {
                changes.push(Change::Gained { clock: clock.clone(), run, due: new.due });
                if new.is_breached {
                    changes.push(Change::Breached { clock, run });
                }
            }
            (None, None) => {}
        }
    }
    changes
}

fn of_run(old: &Deadline, new: &Deadline) -> Vec<Change> {
    let (clock, run) = (|| old.clock.clone(), old.run);
    let mut changes = Vec::new();
    if old.due != new.due {
        changes.push(Change::Moved { clock: clock(), run, was: old.due, is: new.due });
    }
    match (old.is_breached, new.is_breached) {
        (false, true) => changes.push(Change::Breached { clock: clock(), run }),
        (true, false) => changes.push(Change::Kept { clock: clock(), run }),
        _ => {}
    }
    changes
}
