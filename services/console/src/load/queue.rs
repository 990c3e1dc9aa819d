//! What waits for one person, from all services that keep lists for them.

use super::{PAGE, fatal, hear_units, part};
use crate::{
    app::App,
    asker::Asker,
    view::{
        clock::{self, Clock},
        queue::{self, Queue, Row},
    },
};
use contracts::{assignment, deadline_watcher, notification, triage};
use kit_core::{Problem, Text};

/// What waits for the person.
pub(crate) async fn queue(app: &App, asker: &Asker) -> Result<Queue, Problem> {
    let list = |view: &str| {
        asker.list_queue(assignment::ListQueueRequest { view: view.to_owned(), page_size: PAGE, ..Default::default() })
    };
    let (mine, watched, to_dispatch, ordered, pending, tasks, units) = tokio::join!(
        list("mine"),
        list("watched"),
        list("to-dispatch"),
        list("ordered"),
        asker.list_pending(triage::ListPendingRequest { page_size: PAGE, ..Default::default() }),
        asker.list_tasks(notification::ListTasksRequest { page_size: PAGE, ..Default::default() }),
        hear_units(app, asker),
    );
    fatal(&mine)?;
    fatal(&pending)?;
    let mut missing = Vec::new();
    part(units, "assignment", &mut missing);
    let lists = [("mine", mine), ("watched", watched), ("to-dispatch", to_dispatch), ("ordered", ordered)];
    let queued: Vec<_> = lists
        .into_iter()
        .filter_map(|(why, answer)| part(answer, "assignment", &mut missing).map(|list| (why, list.cases)))
        .flat_map(|(why, cases)| cases.into_iter().map(move |case| (why, case)))
        .collect();
    let severities = queued.iter().map(|(_, case)| (case.severity.clone(), case.case_id.clone()));
    app.words.ask_severities(asker, severities).await;
    let mut rows: Vec<Row> = queued.into_iter().map(|(why, case)| Row::queued(case, why, &app.words)).collect();
    let pending = part(pending, "triage", &mut missing).map(|list| list.cases).unwrap_or_default();
    rows.extend(pending.into_iter().map(|case| Row::pending(case, &app.words)));
    let mut case_ids: Vec<_> = rows.iter().map(|row| row.case_id.clone()).collect();
    case_ids.sort();
    case_ids.dedup();
    let clocks = clocks_of(app, asker, case_ids, &mut missing).await;
    let tasks = part(tasks, "notification", &mut missing).map(|list| list.tasks).unwrap_or_default();
    let tasks = tasks.into_iter().map(|task| queue::task(task, &app.words)).collect();
    Ok(Queue { cases: queue::merge(rows, clocks), tasks, missing })
}

async fn clocks_of(app: &App, asker: &Asker, case_ids: Vec<String>, missing: &mut Vec<Text>) -> Vec<Clock> {
    if case_ids.is_empty() {
        return Vec::new();
    }
    let answer = asker.list_clocks(deadline_watcher::ListClocksRequest { case_ids }).await;
    let list = part(answer, "deadline-watcher", missing).map(|answer| answer.clocks).unwrap_or_default();
    clock::clocks(list, app.env.now())
}
