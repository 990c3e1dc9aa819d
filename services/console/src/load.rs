//! Gathers what a page or an answer needs from several services at once. A service that is away leaves a gap that is
//! named; the rest is shown.

use crate::{
    app::App,
    asker::Asker,
    view::{
        case::{Case, SealedText},
        clock::{self, Clock},
        lists::{CaseRow, Cases, Late, LateRow},
        queue::{self, Queue, Row},
        statistics::Statistics,
    },
    wordbook::Shelf,
    words::{self, Named},
};
use contracts::{assignment, deadline_watcher, intake, notification, records, resolution, triage};
use futures::future::join_all;
use kit_core::{Class, Problem, Text};

/// Rows of one page of a list.
const PAGE: i32 = 50;

/// Keeps the answer of a part of the page, or notes that it is missing. What a service has not heard of yet is no gap.
fn part<T>(answer: Result<T, Problem>, service: &str, missing: &mut Vec<Text>) -> Option<T> {
    match answer {
        Ok(answer) => Some(answer),
        Err(problem) if matches!(problem.class, Class::NotFound | Class::Denied) => None,
        Err(problem) => {
            tracing::warn!(service, code = problem.code, "a part of a page is missing");
            let said = words::part_missing(service);
            if !missing.contains(&said) {
                missing.push(said);
            }
            None
        }
    }
}

/// A problem that no part of a page can stand beside: nobody is signed in.
fn fatal<T>(answer: &Result<T, Problem>) -> Result<(), Problem> {
    match answer {
        Err(problem) if problem.class == Class::Unauthenticated => Err(problem.clone()),
        _ => Ok(()),
    }
}

/// The names of the branches, their doors and their channels, learned once and again when asked for.
pub(crate) async fn doors(app: &App, asker: &Asker, unit_id: &str) -> Result<Vec<intake::Door>, Problem> {
    let doors = asker.get_door(intake::GetDoorRequest { unit_id: unit_id.to_owned() }).await?.doors;
    app.words.hear_doors(&doors);
    Ok(doors)
}

async fn hear_units(app: &App, asker: &Asker) -> Result<Vec<assignment::Unit>, Problem> {
    let units = asker.list_units(assignment::ListUnitsRequest {}).await?.units;
    app.words.hear_units(&units);
    Ok(units)
}

/// The units, for a choice.
pub(crate) async fn units(app: &App, asker: &Asker) -> Vec<Named> {
    let units = hear_units(app, asker).await.unwrap_or_default();
    units.into_iter().filter(|u| !u.is_closed).map(|u| app.words.name(Shelf::Unit, &u.unit_id)).collect()
}

/// What waits for the person.
pub(crate) async fn queue(app: &App, asker: &Asker) -> Result<Queue, Problem> {
    let list = |view: &str| {
        asker.list_queue(assignment::ListQueueRequest { view: view.to_owned(), page_size: PAGE, ..Default::default() })
    };
    let (mine, watched, to_dispatch, pending, tasks, units) = tokio::join!(
        list("mine"),
        list("watched"),
        list("to-dispatch"),
        asker.list_pending(triage::ListPendingRequest { page_size: PAGE, ..Default::default() }),
        asker.list_tasks(notification::ListTasksRequest { page_size: PAGE, ..Default::default() }),
        hear_units(app, asker),
    );
    fatal(&mine)?;
    fatal(&pending)?;
    let mut missing = Vec::new();
    part(units, "assignment", &mut missing);
    let lists = [("mine", mine), ("watched", watched), ("to-dispatch", to_dispatch)];
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

/// The clocks of one case, each with how it was counted.
pub(crate) async fn clocks(app: &App, asker: &Asker, case_id: &str) -> Result<Vec<Clock>, Problem> {
    let case_ids = vec![case_id.to_owned()];
    let answer = asker.list_clocks(deadline_watcher::ListClocksRequest { case_ids }).await?;
    let mut clocks = clock::clocks(answer.clocks, app.env.now());
    explain(asker, case_id, &mut clocks).await;
    Ok(clocks)
}

async fn explain(asker: &Asker, case_id: &str, clocks: &mut [Clock]) {
    let questions = clocks.iter().map(|clock| {
        let (case_id, clock) = (case_id.to_owned(), clock.clock.clone());
        asker.explain_clock(deadline_watcher::ExplainClockRequest { case_id, clock })
    });
    let answers = join_all(questions).await;
    for (clock, answer) in clocks.iter_mut().zip(answers) {
        clock.lines = answer.map(|answer| crate::convert::texts(answer.lines)).unwrap_or_default();
    }
}

/// One case from all services. `reason` opens the texts of a case one does not handle.
pub(crate) async fn case(app: &App, asker: &Asker, case_id: &str, reason: &str) -> Result<Case, Problem> {
    let id = || case_id.to_owned();
    let task_list = notification::ListTasksRequest { case_id: id(), page_size: PAGE, ..Default::default() };
    let (taken, triaged, assigned, resolved, timed, dossier, tasks, deliveries, texts, _, _) = tokio::join!(
        asker.intake_case(intake::GetCaseRequest { case_id: id() }),
        asker.triage_of(triage::GetCaseRequest { case_id: id() }),
        asker.assignment_of(assignment::GetCaseRequest { case_id: id() }),
        asker.resolution_of(resolution::GetCaseRequest { case_id: id() }),
        asker.clocks_of(deadline_watcher::GetCaseRequest { case_id: id() }),
        asker.get_dossier(records::GetDossierRequest { case_id: id(), ..Default::default() }),
        asker.list_tasks(task_list),
        asker.list_deliveries(notification::ListDeliveriesRequest { case_id: id() }),
        read_texts(asker, case_id, Vec::new(), reason),
        doors(app, asker, ""),
        hear_units(app, asker),
    );
    let mut case = Case { case_id: id(), number: id(), ..Case::default() };
    let mut missing = Vec::new();
    match taken {
        Ok(taken) => case.hear_intake(taken, &app.words),
        // Only a service that is away leaves a gap; a refusal is the answer.
        Err(problem) if problem.class != Class::Transient => return Err(problem),
        Err(_) => missing.push(words::part_missing("intake")),
    }
    if let Some(triaged) = part(triaged, "triage", &mut missing) {
        case.hear_triage(triaged, &app.words);
    }
    if let Some(assigned) = part(assigned, "assignment", &mut missing) {
        case.hear_assignment(assigned, &app.words);
    }
    if let Some(resolved) = part(resolved, "resolution", &mut missing) {
        case.hear_resolution(resolved, &app.words);
    }
    if let Some(timed) = part(timed, "deadline-watcher", &mut missing) {
        case.hear_clocks(timed, app.env.now());
    }
    if let Some(dossier) = part(dossier, "records", &mut missing) {
        case.hear_dossier(dossier, &app.words);
    }
    if let Some(deliveries) = part(deliveries, "notification", &mut missing) {
        case.hear_deliveries(deliveries);
    }
    let tasks = part(tasks, "notification", &mut missing).map(|list| list.tasks).unwrap_or_default();
    case.tasks = tasks.into_iter().map(|task| queue::task(task, &app.words)).collect();
    match texts {
        Ok(texts) => case.texts = texts,
        Err(problem) => case.texts_closed = Some(problem),
    }
    case.missing = missing;
    case.sort_actions();
    second_look(asker, &mut case, reason).await;
    Ok(case)
}

/// What can only be asked once the first answers are there: how clocks were counted, the texts that entries name, and
/// whom a complaint may be about.
async fn second_look(asker: &Asker, case: &mut Case, reason: &str) {
    let may_triage = case.actions.iter().any(|action| action.command == "triage" && action.is_allowed);
    let named: Vec<String> = case.entries.iter().flat_map(|entry| entry.ref_ids.clone()).collect();
    let shown = |id: &String| case.texts.iter().any(|text| text.ref_id == *id);
    let wanted: Vec<String> = named.into_iter().filter(|id| !shown(id)).collect();
    let is_open = case.texts_closed.is_none();
    let unit_id = case.unit.id.clone();
    let case_id = case.case_id.clone();
    let texts = async {
        if wanted.is_empty() || !is_open {
            return Vec::new();
        }
        read_texts(asker, &case_id, wanted, reason).await.unwrap_or_default()
    };
    let staff = async {
        if !may_triage {
            return Vec::new();
        }
        asker.list_staff(assignment::ListStaffRequest { unit_id }).await.map(|list| list.staff).unwrap_or_default()
    };
    let ((), texts, staff) = tokio::join!(explain(asker, &case_id, &mut case.clocks), texts, staff);
    for entry in &mut case.entries {
        entry.texts = texts.iter().filter(|text| entry.ref_ids.contains(&text.ref_id)).cloned().collect();
    }
    case.staff = staff.into_iter().map(|s| Named::new(s.staff_id, Text::new(s.name.clone(), s.name))).collect();
}

/// Reads sealed texts; each reading is written down by intake.
pub(crate) async fn read_texts(
    asker: &Asker,
    case_id: &str,
    ref_ids: Vec<String>,
    reason: &str,
) -> Result<Vec<SealedText>, Problem> {
    let message = intake::ReadTextsRequest { case_id: case_id.to_owned(), ref_ids, reason: reason.to_owned() };
    Ok(asker.read_texts(message).await?.texts.into_iter().map(SealedText::from).collect())
}

/// A page of the list of cases.
pub(crate) async fn cases(app: &App, asker: &Asker, mut wanted: records::ListCasesRequest) -> Result<Cases, Problem> {
    if wanted.page_size == 0 {
        wanted.page_size = PAGE;
    }
    let (list, _, _) = tokio::join!(asker.list_cases(wanted), hear_units(app, asker), doors(app, asker, ""));
    let list = list?;
    let severities = list.cases.iter().map(|row| (row.severity.clone(), row.case_id.clone()));
    app.words.ask_severities(asker, severities).await;
    let cases = list.cases.into_iter().map(|row| CaseRow::new(row, &app.words)).collect();
    Ok(Cases { cases, next_page_token: list.next_page_token })
}

/// The figures of a month.
pub(crate) async fn statistics(app: &App, asker: &Asker, unit_id: &str, month: &str) -> Result<Statistics, Problem> {
    let message = records::GetStatisticsRequest { unit_id: unit_id.to_owned(), month: month.to_owned() };
    let (answer, _, _) = tokio::join!(asker.get_statistics(message), hear_units(app, asker), doors(app, asker, ""));
    let answer = answer?;
    let samples = answer.by_severity.iter().map(|count| {
        let wanted = records::ListCasesRequest { severity: count.id.clone(), page_size: 1, ..Default::default() };
        asker.list_cases(wanted)
    });
    let samples = join_all(samples).await.into_iter().flatten().flat_map(|list| list.cases);
    app.words.ask_severities(asker, samples.map(|row| (row.severity, row.case_id))).await;
    Ok(Statistics::new(unit_id, answer, &app.words))
}

/// What is late, with the numbers of the cases.
pub(crate) async fn late(app: &App, asker: &Asker, unit_id: &str, page_token: &str) -> Result<Late, Problem> {
    let message = deadline_watcher::ListLateRequest {
        unit_id: unit_id.to_owned(),
        page_size: PAGE,
        page_token: page_token.to_owned(),
    };
    let (list, _) = tokio::join!(asker.list_late(message), hear_units(app, asker));
    let list = list?;
    let clocks = clock::clocks(list.clocks, app.env.now());
    let dossiers = join_all(clocks.iter().map(|clock| {
        asker.get_dossier(records::GetDossierRequest { case_id: clock.case_id.clone(), ..Default::default() })
    }))
    .await;
    let row = |(clock, dossier): (Clock, Result<records::GetDossierResponse, Problem>)| {
        let (number, unit) = dossier.map_or_else(
            |_| (clock.case_id.clone(), Named::default()),
            |dossier| (dossier.number, app.words.name(Shelf::Unit, &dossier.unit_id)),
        );
        LateRow { number, unit, clock }
    };
    Ok(Late { clocks: clocks.into_iter().zip(dossiers).map(row).collect(), next_page_token: list.next_page_token })
}
