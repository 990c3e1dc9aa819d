//! What waits for one person: cases from several services as one list by next deadline, and calls and visits.

use super::work::Part;
use crate::{
    convert::{at, text},
    view::clock::Clock,
    wordbook::{Shelf, Wordbook},
    words::{self, Named},
};
use chrono::{DateTime, Utc};
use contracts::{assignment, notification, triage};
use kit_core::Text;
use serde::Serialize;
use std::collections::BTreeMap;

#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Queue {
    pub(crate) cases: Vec<Row>,
    pub(crate) tasks: Vec<Task>,
    /// Which parts could not be read.
    pub(crate) missing: Vec<Text>,
}

/// One case; `why` says which lists it stands in: `mine`, `to-triage`, `to-dispatch`, `ordered`,
/// `watched`.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Row {
    pub(crate) case_id: String,
    pub(crate) number: String,
    pub(crate) unit: Named,
    pub(crate) severity: Named,
    pub(crate) state: Named,
    pub(crate) why: Vec<&'static str>,
    pub(crate) received_at: Option<DateTime<Utc>>,
    /// The next deadline; none where no clock runs.
    pub(crate) clock: Option<Clock>,
}

#[derive(Clone, Debug, Serialize)]
pub(crate) struct Task {
    pub(crate) task_id: String,
    pub(crate) case_id: String,
    pub(crate) number: String,
    pub(crate) purpose: String,
    pub(crate) title: Text,
    pub(crate) ways: Vec<Named>,
    pub(crate) role: String,
    pub(crate) unit: Named,
    pub(crate) state: Named,
    pub(crate) opened_at: Option<DateTime<Utc>>,
    pub(crate) may_complete: bool,
    pub(crate) asks_satisfaction: bool,
    pub(crate) satisfactions: Vec<Named>,
    /// What the regime wants an answer to hold.
    pub(crate) parts: Vec<Part>,
}

impl Row {
    pub(crate) fn queued(case: assignment::QueuedCase, why: &'static str, words: &Wordbook) -> Self {
        let unit = if case.handling_unit_id.is_empty() { &case.unit_id } else { &case.handling_unit_id };
        Self {
            unit: words.name(Shelf::Unit, unit),
            severity: words.name(Shelf::Severity, &case.severity),
            state: words::state(&case.state),
            why: vec![why],
            received_at: at(case.received_at),
            clock: None,
            case_id: case.case_id,
            number: case.number,
        }
    }

    pub(crate) fn pending(case: triage::PendingCase, words: &Wordbook) -> Self {
        Self {
            unit: words.name(Shelf::Unit, &case.unit_id),
            severity: Named::default(),
            state: words::state("pending"),
            why: vec!["to-triage"],
            received_at: at(case.received_at),
            clock: None,
            case_id: case.case_id,
            number: case.number,
        }
    }
}

/// One row for each case, with every reason it is here and its next deadline, the most pressing first.
pub(crate) fn merge(rows: Vec<Row>, clocks: Vec<Clock>) -> Vec<Row> {
    let mut merged: BTreeMap<String, Row> = BTreeMap::new();
    for row in rows {
        match merged.get_mut(&row.case_id) {
            Some(known) => known.why.extend(row.why),
            None => {
                merged.insert(row.case_id.clone(), row);
            }
        }
    }
    for clock in clocks.into_iter().filter(Clock::is_running) {
        if let Some(row) = merged.get_mut(&clock.case_id) {
            let is_sooner = row.clock.as_ref().is_none_or(|known| is_before(&clock, known));
            if is_sooner {
                row.clock = Some(clock);
            }
        }
    }
    let mut rows: Vec<_> = merged.into_values().collect();
    rows.sort_by_key(|row| {
        let due = row.clock.as_ref().and_then(|clock| clock.due_at);
        (due.is_none(), due, row.received_at, row.case_id.clone())
    });
    rows
}

/// A binding deadline goes before an advisory one of any date.
fn is_before(a: &Clock, b: &Clock) -> bool {
    (a.is_advisory, a.due_at.is_none(), a.due_at) < (b.is_advisory, b.due_at.is_none(), b.due_at)
}

/// A call or a visit, in words.
pub(crate) fn task(task: notification::Task, words: &Wordbook) -> Task {
    Task {
        task_id: task.task_id,
        case_id: task.case_id,
        number: task.number,
        purpose: task.purpose,
        title: text(task.title),
        ways: task.ways.iter().map(|way| words::way(way)).collect(),
        role: task.role,
        unit: words.name(Shelf::Unit, &task.unit_id),
        state: words::state(&task.state),
        opened_at: at(task.opened_at),
        may_complete: task.may_complete,
        asks_satisfaction: task.asks_satisfaction,
        parts: task.parts.into_iter().map(|part| Part::named(part.id)).collect(),
        satisfactions: task
            .satisfactions
            .into_iter()
            .map(|word| Named { id: word.id, title: text(word.title) })
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeDelta;
    use contracts::deadline_watcher::CaseClock;

    fn row(id: &str, why: &'static str) -> Row {
        let case = assignment::QueuedCase { case_id: id.into(), number: id.into(), ..Default::default() };
        Row::queued(case, why, &Wordbook::default())
    }

    fn clock(id: &str, hours: i64, is_advisory: bool) -> Clock {
        let due = kit_grpc::timestamp(DateTime::UNIX_EPOCH + TimeDelta::hours(hours));
        let clock = CaseClock {
            case_id: id.into(),
            state: "running".into(),
            due_at: Some(due),
            is_advisory,
            ..Default::default()
        };
        Clock::new(clock, DateTime::UNIX_EPOCH)
    }

    #[test]
    fn a_case_in_two_lists_is_one_row_and_the_most_pressing_stands_first() {
        let rows = vec![row("a", "mine"), row("b", "mine"), row("c", "to-dispatch"), row("a", "watched")];
        let clocks = vec![clock("a", 9, false), clock("a", 5, false), clock("b", 2, false)];
        let merged = merge(rows, clocks);
        let ids: Vec<_> = merged.iter().map(|row| row.case_id.as_str()).collect();
        assert_eq!(ids, ["b", "a", "c"]);
        let a = merged.get(1).unwrap();
        assert_eq!(a.why, ["mine", "watched"]);
        assert_eq!(a.clock.as_ref().unwrap().due_at, Some(DateTime::UNIX_EPOCH + TimeDelta::hours(5)));
    }

    #[test]
    fn a_binding_deadline_is_shown_before_an_earlier_advisory_one() {
        let merged = merge(vec![row("a", "mine")], vec![clock("a", 1, true), clock("a", 5, false)]);
        assert!(!merged.first().unwrap().clock.as_ref().unwrap().is_advisory);
    }
}
