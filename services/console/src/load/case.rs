//! One case, put together from what every service says about it.

use super::{PAGE, doors, hear_units, part};
use crate::{
    app::App,
    asker::Asker,
    view::{
        case::{Case, SealedText},
        clock::{self, Clock},
        linked::Other,
        queue,
        version::{ClockMove, Version},
    },
    wordbook::Shelf,
    words::{self, Named},
};
use contracts::{assignment, deadline_watcher, intake, notification, records, resolution, triage};
use futures::future::join_all;
use kit_core::{Class, Problem, Text};
use std::collections::{BTreeMap, BTreeSet};

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

/// What each service said about one case.
struct Answers {
    taken: Result<intake::GetCaseResponse, Problem>,
    triaged: Result<triage::GetCaseResponse, Problem>,
    assigned: Result<assignment::GetCaseResponse, Problem>,
    resolved: Result<resolution::GetCaseResponse, Problem>,
    timed: Result<deadline_watcher::GetCaseResponse, Problem>,
    dossier: Result<records::GetDossierResponse, Problem>,
    tasks: Result<notification::ListTasksResponse, Problem>,
    deliveries: Result<notification::ListDeliveriesResponse, Problem>,
    texts: Result<Vec<SealedText>, Problem>,
    units: Result<Vec<assignment::Unit>, Problem>,
}

/// One case from all services. The texts are read, and the reading written down, where `reading` gives a reason; an
/// empty one will do for a case one handles.
pub(crate) async fn case(app: &App, asker: &Asker, case_id: &str, reading: Option<&str>) -> Result<Case, Problem> {
    let answers = ask_all(app, asker, case_id, reading).await;
    let mut case = Case { case_id: case_id.to_owned(), number: case_id.to_owned(), ..Case::default() };
    hear_all(app, &mut case, answers)?;
    case.sort_actions();
    let mut linked = std::mem::take(&mut case.linked);
    tokio::join!(second_look(asker, &mut case, reading), super::linked::fill(app, asker, &mut linked));
    case.linked = linked;
    Ok(case)
}

async fn ask_all(app: &App, asker: &Asker, case_id: &str, reading: Option<&str>) -> Answers {
    let id = || case_id.to_owned();
    let read = async {
        match reading {
            Some(reason) => read_texts(asker, case_id, Vec::new(), reason).await,
            None => Ok(Vec::new()),
        }
    };
    let task_list = notification::ListTasksRequest { case_id: id(), page_size: PAGE, ..Default::default() };
    let (taken, triaged, assigned, resolved, timed, dossier, tasks, deliveries, texts, _, units) = tokio::join!(
        asker.intake_case(intake::GetCaseRequest { case_id: id() }),
        asker.triage_of(triage::GetCaseRequest { case_id: id() }),
        asker.assignment_of(assignment::GetCaseRequest { case_id: id() }),
        asker.resolution_of(resolution::GetCaseRequest { case_id: id() }),
        asker.clocks_of(deadline_watcher::GetCaseRequest { case_id: id() }),
        asker.get_dossier(records::GetDossierRequest { case_id: id(), ..Default::default() }),
        asker.list_tasks(task_list),
        asker.list_deliveries(notification::ListDeliveriesRequest { case_id: id() }),
        read,
        doors(app, asker, ""),
        hear_units(app, asker),
    );
    Answers { taken, triaged, assigned, resolved, timed, dossier, tasks, deliveries, texts, units }
}

fn hear_all(app: &App, case: &mut Case, answers: Answers) -> Result<(), Problem> {
    let (words, mut missing) = (&app.words, Vec::new());
    match answers.taken {
        Ok(taken) => case.hear_intake(taken, words),
        // Only a service that is away leaves a gap; a refusal is the answer.
        Err(problem) if problem.class != Class::Transient => return Err(problem),
        Err(_) => missing.push(words::part_missing("intake")),
    }
    if let Some(triaged) = part(answers.triaged, "triage", &mut missing) {
        case.hear_triage(triaged, words);
    }
    if let Some(assigned) = part(answers.assigned, "assignment", &mut missing) {
        case.hear_assignment(assigned, words);
    }
    if let Some(resolved) = part(answers.resolved, "resolution", &mut missing) {
        case.hear_resolution(resolved, words);
    }
    if let Some(timed) = part(answers.timed, "deadline-watcher", &mut missing) {
        case.hear_clocks(timed, app.env.now());
    }
    if let Some(dossier) = part(answers.dossier, "records", &mut missing) {
        case.hear_dossier(dossier, words);
    }
    if let Some(deliveries) = part(answers.deliveries, "notification", &mut missing) {
        case.hear_deliveries(deliveries);
    }
    let tasks = part(answers.tasks, "notification", &mut missing).map(|list| list.tasks).unwrap_or_default();
    case.tasks = tasks.into_iter().map(|task| queue::task(task, words)).collect();
    match answers.texts {
        Ok(texts) => case.texts = texts,
        Err(problem) => case.texts_closed = Some(problem),
    }
    let open = answers.units.unwrap_or_default().into_iter().filter(|unit| !unit.is_closed);
    case.units = open.map(|unit| words.name(Shelf::Unit, &unit.unit_id)).collect();
    case.missing = missing;
    Ok(())
}

/// What can only be asked once the first answers are there: how clocks were counted, the texts that entries name, and
/// the people whom a form may name.
async fn second_look(asker: &Asker, case: &mut Case, reading: Option<&str>) {
    let is_asked_for = NAMES_STAFF.iter().any(|name| case.actions.iter().any(|a| a.command == *name && a.is_allowed))
        || case.steps.iter().any(|step| step.takes.iter().any(|take| take == "staff") || step.least_staff > 0);
    let named: Vec<String> = case.entries.iter().flat_map(|entry| entry.ref_ids.clone()).collect();
    let shown = |id: &String| case.texts.iter().any(|text| text.ref_id == *id);
    let wanted: Vec<String> = named.into_iter().filter(|id| !shown(id)).collect();
    let is_open = case.texts_closed.is_none();
    let case_id = case.case_id.clone();
    let mut clocks = std::mem::take(&mut case.clocks);
    let texts = async {
        match reading {
            Some(reason) if is_open && !wanted.is_empty() => {
                read_texts(asker, &case_id, wanted, reason).await.unwrap_or_default()
            }
            _ => Vec::new(),
        }
    };
    let here = async {
        if is_asked_for { staff_of(asker, [&case.unit.id, &case.handling_unit.id]).await } else { Vec::new() }
    };
    let may_link = |name: &str| case.actions.iter().any(|a| a.command == name && a.is_allowed);
    let is_compared = ["triage", "link", "merge"].into_iter().any(may_link);
    let alike = async {
        if !is_compared {
            return Vec::new();
        }
        let message = intake::FindAlikeRequest { case_id: case_id.clone() };
        asker.find_alike(message).await.map(|found| found.cases).unwrap_or_default()
    };
    let mut versions = std::mem::take(&mut case.versions);
    let ((), (), texts, staff, alike) = tokio::join!(
        explain(asker, &case_id, &mut clocks),
        preview(asker, &case_id, &mut versions),
        texts,
        here,
        alike
    );
    (case.clocks, case.versions) = (clocks, versions);
    case.alike = alike.into_iter().map(Other::from).collect();
    for entry in &mut case.entries {
        entry.texts = texts.iter().filter(|text| entry.ref_ids.contains(&text.ref_id)).cloned().collect();
    }
    case.staff = staff;
}

/// What each version to which the case may move would do to its clocks.
async fn preview(asker: &Asker, case_id: &str, versions: &mut [Version]) {
    let open = versions.iter_mut().filter(|version| version.missing.is_empty());
    join_all(open.map(|version| async move {
        let (case_id, regime_id, regime_version) = (case_id.to_owned(), version.regime_id.clone(), version.version);
        let message = deadline_watcher::PreviewVersionRequest { case_id, regime_id, regime_version };
        let found = asker.preview_version(message).await;
        version.moves = found.ok().map(|found| found.clocks.into_iter().map(ClockMove::from).collect());
    }))
    .await;
}

/// Commands whose form names members of staff.
const NAMES_STAFF: [&str; 1] = ["triage"];

/// The people of the unit of the case and of the one that handles it, each once.
async fn staff_of(asker: &Asker, units: [&String; 2]) -> Vec<Named> {
    let units: BTreeSet<&String> = units.into_iter().filter(|unit| !unit.is_empty()).collect();
    let lists = units.into_iter().map(|unit| asker.list_staff(assignment::ListStaffRequest { unit_id: unit.clone() }));
    let people = join_all(lists).await.into_iter().flatten().flat_map(|list| list.staff).filter(|one| one.is_active);
    let named: BTreeMap<String, String> = people.map(|one| (one.staff_id, one.name)).collect();
    named.into_iter().map(|(id, name)| Named::new(id, Text::new(name.clone(), name))).collect()
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
