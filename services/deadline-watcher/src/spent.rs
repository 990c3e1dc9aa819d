//! Promises that have been kept to the letter and are open again: a reminder, a miss or a step that was told, and of which it
//! turned out later that its instant has not come, while the due instant it was told for stays. A pause that becomes known
//! late does that, or another unit, whose days end later. When the instant does come, it is no news.

use chrono::{DateTime, Utc};
use legal_time::{Change, Changed, ClockState, What};
use serde::{Deserialize, Serialize};

/// One of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Spent {
    clock: String,
    run: u32,
    due: DateTime<Utc>,
    /// `near 1`, `missed`, `overdue 2`.
    mark: String,
}

/// Keeps what was told of `old` and has not come of `new`, and drops what a new due instant promises afresh.
pub(crate) fn keep(spent: &mut Vec<Spent>, old: &[ClockState], new: &[ClockState]) {
    let same = |clock: &str, run, due| new.iter().find(|is| is.clock == clock && is.run == run && is.due.at == due);
    spent.retain(|one| same(&one.clock, one.run, one.due).is_some());
    for was in old {
        let Some(is) = same(&was.clock, was.run, was.due.at) else { continue };
        for mark in was.marks.iter().filter(|mark| mark.is_fired).map(|mark| name(&mark.what)) {
            if !has_come(is, &mark) {
                spent.push(Spent { clock: was.clock.clone(), run: was.run, due: was.due.at, mark });
            }
        }
    }
}

/// Whether the change only repeats what was told of the same due instant.
pub(crate) fn is_repeated(spent: &[Spent], change: &Change<'_>) -> bool {
    let mark = match &change.what {
        Changed::Near { reminder, .. } => format!("near {reminder}"),
        Changed::Missed { .. } => "missed".to_owned(),
        Changed::Overdue { step, .. } => format!("overdue {step}"),
        _ => return false,
    };
    let is = change.clock;
    spent.iter().any(|one| one.clock == is.clock && one.run == is.run && one.due == is.due.at && one.mark == mark)
}

/// Forgets what has come after all: the derivation itself knows it from now on.
pub(crate) fn settle(spent: &mut Vec<Spent>, new: &[ClockState]) {
    spent.retain(|one| !new.iter().any(|is| is.clock == one.clock && is.run == one.run && has_come(is, &one.mark)));
}

fn has_come(is: &ClockState, mark: &str) -> bool {
    is.marks.iter().any(|one| one.is_fired && name(&one.what) == mark)
}

fn name(what: &What) -> String {
    match what {
        What::Near { reminder, .. } => format!("near {reminder}"),
        What::Missed { .. } => "missed".to_owned(),
        What::Overdue { step, .. } => format!("overdue {step}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use legal_time::{Due, Mark, diff};
    use regime::Length;

    fn clock(due: i64, is_fired: bool) -> Vec<ClockState> {
        let at = DateTime::from_timestamp(due, 0).unwrap();
        let due = Due { at, last_day: None, rolled_from: None, is_provisional: false, is_cut: false };
        let what = What::Missed { climb: 1, effects: Vec::new() };
        vec![ClockState {
            clock: "reply".to_owned(),
            run: 1,
            started_at: DateTime::UNIX_EPOCH,
            started_by: String::new(),
            taken: Length::Days(1),
            due,
            ungranted: None,
            grants: Vec::new(),
            stopped: None,
            pauses: Vec::new(),
            is_advisory: false,
            cite: String::new(),
            marks: vec![Mark { at, what, is_fired }],
        }]
    }

    /// How often the miss is told over the derivations.
    fn misses(derivations: &[Vec<ClockState>]) -> usize {
        let mut spent = Vec::new();
        let pairs = derivations.windows(2).map(|pair| {
            keep(&mut spent, &pair[0], &pair[1]);
            let changes = diff(&pair[0], &pair[1]);
            let told = changes.iter().filter(|change| matches!(change.what, Changed::Missed { .. }));
            let count = told.filter(|change| !is_repeated(&spent, change)).count();
            settle(&mut spent, &pair[1]);
            count
        });
        pairs.sum()
    }

    #[test]
    fn a_miss_comes_once_for_a_due_instant_though_its_instant_goes_and_comes_back() {
        let never = || clock(100, false);
        assert_eq!(
            misses(&[never(), clock(100, true), never(), never(), clock(100, true), never(), clock(100, true)]),
            1
        );
        // Another deadline is another promise, even one that was promised before.
        assert_eq!(misses(&[never(), clock(100, true), clock(200, false), clock(200, true)]), 2);
        assert_eq!(misses(&[never(), clock(100, true), clock(200, false), clock(100, true)]), 2);
    }
}
