//! Compares what a step expects with what the services say.

use super::{
    command::COMPLAINANT,
    play::{Case, Failure, Passed, Play, Stop},
    script::{ClockWanted, Expect, Happened, NoticeWanted},
    seen::{Entry, Seen},
};
use crate::desk::{Answer, told};
use chrono::{DateTime, Utc};
use contracts::{assignment, common::Action, deadline_watcher as watcher, intake, records, resolution, triage};
use kit_core::Class;

/// Looks at everything that is expected of a case, and remembers how far its dossier was looked at.
pub(super) async fn expect(play: &mut Play<'_>, name: &str, expect: &Expect) -> Passed {
    let case = play.cases.get(name).cloned().unwrap_or_default();
    let seen = Seen::of(&play.world, &case.id).await?;
    let new = seen.entries.get(case.seen..).unwrap_or_default();
    let failure = |line, expected, happened| Err(Stop::Unexpected(Failure::new(line, expected, happened)));
    if let Some((line, expected)) = missing_fact(play, &expect.facts, new) {
        return failure(line, expected, listed(play, new));
    }
    for fact in &expect.no_facts {
        if let Some(entry) = new.iter().find(|entry| fact.matches(&entry.fact.word, entry.fact.arg.as_deref())) {
            return failure(expect.line, format!("no {fact}"), told_of(play, entry));
        }
    }
    notices(play, expect, new)?;
    for (field, wanted) in &expect.fields {
        let mut found: Vec<String> = seen.field(field).iter().map(|value| play.name_of(value)).collect();
        let mut wanted = wanted.clone();
        found.sort();
        wanted.sort();
        if found != wanted {
            return failure(expect.line, format!("{field}: {}", shown(&wanted)), format!("{field}: {}", shown(&found)));
        }
    }
    clocks(play, &case, &expect.clocks).await?;
    people(play, name, &case, expect).await?;
    if let Some(stage) = &expect.stage {
        let request = intake::FollowRequest { receipt_code: case.receipt_code.clone() };
        let followed = play.world.client.intake().follow(kit_grpc::Call::default().request(request)).await;
        let found = told(followed).map_or_else(|problem| super::play::spelled(&problem), |reply| reply.stage);
        if found != *stage {
            return failure(expect.line, format!("stage: {stage}"), format!("stage: {found}"));
        }
    }
    if !expect.guidance.is_empty() {
        let handler = play.who(name, regime::vocabulary::HANDLER).await?;
        let read = guidance(play, &case, &handler).await;
        if let Some(say) = expect.guidance.iter().find(|say| !read.iter().any(|text| text.contains(*say))) {
            return failure(expect.line, format!("guidance: {say}"), shown(&read));
        }
    }
    if let Some(case) = play.cases.get_mut(name) {
        case.seen = seen.entries.len();
    }
    Ok(())
}

/// The first of the facts that is not there in its turn. What happens at one instant is told by several services, in no
/// order between them; so a fact may stand anywhere at its instant, and never before one that is expected earlier.
fn missing_fact(play: &Play<'_>, wanted: &[Happened], new: &[Entry]) -> Option<(u32, String)> {
    let mut left: Vec<&Entry> = new.iter().collect();
    let mut since = DateTime::<Utc>::MIN_UTC;
    for one in wanted {
        let found = left.iter().position(|entry| entry.at >= since && is_it(play, one, entry));
        let Some(place) = found else { return Some((one.line, fact_text(play, one))) };
        since = left.remove(place).at;
    }
    None
}

fn fact_text(play: &Play<'_>, wanted: &Happened) -> String {
    let at = wanted.at.map(|at| format!(" at {}", play.local(at))).unwrap_or_default();
    let by = wanted.by.as_ref().map(|by| format!(" by {by}")).unwrap_or_default();
    let details = wanted.details.iter().map(|(name, value)| format!(", {name}: {}", detail_text(play, value)));
    format!("{}{at}{by}{}", wanted.fact, details.collect::<String>())
}

fn is_it(play: &Play<'_>, wanted: &Happened, entry: &Entry) -> bool {
    // Both in the words of a scenario.
    let is_same = |found: String, wanted: &str| detail_text(play, &found) == detail_text(play, wanted);
    wanted.fact.matches(&entry.fact.word, entry.fact.arg.as_deref())
        && wanted.at.is_none_or(|at| at == entry.at)
        && wanted.by.as_ref().is_none_or(|by| *by == play.name_of(&entry.actor))
        && wanted.details.iter().all(|(name, value)| entry.detail(name).is_some_and(|found| is_same(found, value)))
}

/// A detail in the words of a scenario: people by login, instants in its zone.
fn detail_text(play: &Play<'_>, value: &str) -> String {
    match DateTime::parse_from_rfc3339(value) {
        Ok(at) => play.local(at.to_utc()),
        Err(_) => play.name_of(value),
    }
}

fn notices(play: &Play<'_>, expect: &Expect, new: &[Entry]) -> Passed {
    let mut left: Vec<&Entry> = new.iter().collect();
    for wanted in &expect.notices {
        match left.iter().position(|entry| is_notice(wanted, entry)) {
            Some(place) => drop(left.remove(place)),
            None => {
                let all: Vec<Entry> = new.iter().filter(|entry| is_telling(entry)).cloned().collect();
                return Err(Stop::Unexpected(Failure::new(wanted.line, notice_text(wanted), listed(play, &all))));
            }
        }
    }
    for wanted in &expect.no_notices {
        if let Some(entry) = new.iter().find(|entry| is_notice(wanted, entry)) {
            let expected = format!("no {}", notice_text(wanted));
            return Err(Stop::Unexpected(Failure::new(wanted.line, expected, told_of(play, entry))));
        }
    }
    Ok(())
}

fn is_telling(entry: &Entry) -> bool {
    entry.fact.word.starts_with("notice-") || entry.fact.word == "task-opened"
}

fn is_notice(wanted: &NoticeWanted, entry: &Entry) -> bool {
    let is_task = wanted.task.is_some();
    let word = if is_task { "task-opened".to_owned() } else { format!("notice-{}", wanted.state) };
    let (arg, to) = if is_task { (&wanted.task, "role") } else { (&wanted.template, "recipient") };
    let by = entry.detail("way").unwrap_or_default();
    entry.fact.word == word
        && arg.as_ref().is_none_or(|arg| entry.fact.arg.as_ref() == Some(arg))
        && wanted.to.as_ref().is_none_or(|wanted| entry.detail(to).as_ref() == Some(wanted))
        && (is_task || wanted.by.is_empty() || wanted.by.contains(&by))
}

fn notice_text(wanted: &NoticeWanted) -> String {
    let to = wanted.to.as_ref().map(|to| format!(" to {to}")).unwrap_or_default();
    let by = if wanted.by.is_empty() { String::new() } else { format!(" by {}", wanted.by.join(", ")) };
    match (&wanted.task, &wanted.template) {
        (Some(task), _) => format!("task {task}{to}{by}"),
        (None, template) => {
            format!("notice {} ({}){to}{by}", template.as_deref().unwrap_or("of any template"), wanted.state)
        }
    }
}

async fn clocks(play: &Play<'_>, case: &Case, wanted: &[(String, ClockWanted)]) -> Passed {
    if wanted.is_empty() {
        return Ok(());
    }
    let request = watcher::ListClocksRequest { case_ids: vec![case.id.clone()] };
    let call = play.world.installation().request(request);
    let listed = told(play.world.client.deadline_watcher().list_clocks(call).await);
    let listed = listed.map_err(|problem| anyhow::anyhow!("{problem}"))?.clocks;
    for (name, wanted) in wanted {
        let runs = listed.iter().filter(|clock| clock.clock == *name);
        let found = runs.filter(|clock| wanted.run.is_none_or(|run| run == clock.run)).max_by_key(|clock| clock.run);
        let (expected, happened) = (clock_wanted(play, wanted), clock_found(play, wanted, found));
        if expected != happened {
            let named = |text: String| format!("{name}: {text}");
            let whole = clock_found(play, &everything(), found);
            return Err(Stop::Unexpected(Failure::new(wanted.line, named(expected), named(whole))));
        }
    }
    Ok(())
}

/// What is to be shown of a clock when something about it is wrong.
fn everything() -> ClockWanted {
    let (some, at) = (Some(String::new()), Some(DateTime::UNIX_EPOCH));
    ClockWanted {
        line: 0,
        state: some.clone(),
        run: Some(0),
        started: at,
        due: at,
        stopped: at,
        is_advisory: Some(true),
        cite: some,
    }
}

fn clock_wanted(play: &Play<'_>, wanted: &ClockWanted) -> String {
    if wanted.state.as_deref() == Some("none") {
        return "none".to_owned();
    }
    let at = |name: &str, at: Option<DateTime<Utc>>| at.map(|at| format!("{name} {}", play.local(at)));
    let parts = [
        wanted.state.clone(),
        wanted.run.map(|run| format!("run {run}")),
        at("started", wanted.started),
        at("due", wanted.due),
        at("stopped", wanted.stopped),
        wanted.is_advisory.map(|is| if is { "advisory".to_owned() } else { "binding".to_owned() }),
        wanted.cite.as_ref().map(|cite| format!("cite {cite}")),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// The same, of the clock that there is, as far as something is wanted of it.
fn clock_found(play: &Play<'_>, wanted: &ClockWanted, found: Option<&watcher::CaseClock>) -> String {
    let Some(found) = found else { return "none".to_owned() };
    let at = |at: &Option<prost_types::Timestamp>| at.as_ref().and_then(kit_grpc::instant);
    let as_found = ClockWanted {
        line: 0,
        state: wanted.state.as_ref().map(|_| found.state.clone()),
        run: wanted.run.map(|_| found.run),
        started: wanted.started.and_then(|_| at(&found.started_at)),
        due: wanted.due.and_then(|_| at(&found.due_at)),
        stopped: wanted.stopped.and_then(|_| at(&found.stopped_at)),
        is_advisory: wanted.is_advisory.map(|_| found.is_advisory),
        cite: wanted.cite.as_ref().map(|_| found.cite.clone()),
    };
    clock_wanted(play, &as_found)
}

/// Who can and who cannot know of the case, and what they are offered.
async fn people(play: &Play<'_>, name: &str, case: &Case, expect: &Expect) -> Passed {
    for who in &expect.sees {
        let login = play.who(name, who).await?;
        for (service, answer) in looks(play, case, &login).await {
            if let Err(problem) = answer {
                let happened = format!("{service} refuses: {}", super::play::spelled(&problem));
                return Err(Stop::Unexpected(Failure::new(expect.line, format!("{who} sees the case"), happened)));
            }
        }
    }
    for who in &expect.blind {
        let login = play.who(name, who).await?;
        for (service, answer) in looks(play, case, &login).await {
            let is_unknown = answer.as_ref().is_err_and(|problem| problem.class == Class::NotFound);
            if !is_unknown {
                let answer = answer.map_or_else(|problem| super::play::spelled(&problem), |()| "shows it".to_owned());
                let expected = format!("to {who} the case does not exist");
                return Err(Stop::Unexpected(Failure::new(expect.line, expected, format!("{service}: {answer}"))));
            }
        }
        if let Some(where_found) = found_in_lists(play, case, &login).await? {
            let expected = format!("{who} finds the case in no list");
            return Err(Stop::Unexpected(Failure::new(expect.line, expected, where_found)));
        }
    }
    for (wanted, is_allowed) in [(&expect.may, true), (&expect.may_not, false)] {
        for (who, commands) in wanted {
            let login = play.who(name, who).await?;
            let offered: Vec<String> =
                offers(play, case, &login).await.into_iter().filter(|one| one.is_allowed).map(|one| one.id).collect();
            if let Some(command) = commands.iter().find(|command| offered.contains(command) != is_allowed) {
                let not = if is_allowed { "" } else { " not" };
                let expected = format!("{who} may{not} `{command}`");
                return Err(Stop::Unexpected(Failure::new(
                    expect.line,
                    expected,
                    format!("offered: {}", shown(&offered)),
                )));
            }
        }
    }
    Ok(())
}

/// The case as each service shows it to somebody.
async fn looks(play: &Play<'_>, case: &Case, login: &str) -> Vec<(&'static str, Answer<()>)> {
    let (client, id) = (&play.world.client, || case.id.clone());
    let call = || play.call(login);
    if login == COMPLAINANT {
        return Vec::new();
    }
    vec![
        (
            "intake",
            told(client.intake().get_case(call().request(intake::GetCaseRequest { case_id: id() })).await).map(drop),
        ),
        (
            "triage",
            told(client.triage().get_case(call().request(triage::GetCaseRequest { case_id: id() })).await).map(drop),
        ),
        (
            "assignment",
            told(client.assignment().get_case(call().request(assignment::GetCaseRequest { case_id: id() })).await)
                .map(drop),
        ),
        (
            "resolution",
            told(client.resolution().get_case(call().request(resolution::GetCaseRequest { case_id: id() })).await)
                .map(drop),
        ),
        (
            "deadline-watcher",
            told(client.deadline_watcher().get_case(call().request(watcher::GetCaseRequest { case_id: id() })).await)
                .map(drop),
        ),
        (
            "records",
            told(
                client
                    .records()
                    .get_dossier(call().request(records::GetDossierRequest { case_id: id(), number: String::new() }))
                    .await,
            )
            .map(drop),
        ),
    ]
}

/// The list in which somebody finds the case, if any does.
async fn found_in_lists(play: &Play<'_>, case: &Case, login: &str) -> anyhow::Result<Option<String>> {
    for view in ["mine", "to-dispatch", "watched"] {
        let request = assignment::ListQueueRequest { view: view.to_owned(), ..Default::default() };
        let listed = told(play.world.client.assignment().list_queue(play.call(login).request(request)).await);
        if listed.is_ok_and(|listed| listed.cases.iter().any(|one| one.case_id == case.id)) {
            return Ok(Some(format!("in the queue `{view}`")));
        }
    }
    let request = records::ListCasesRequest { search: case.number.clone(), ..Default::default() };
    let listed = told(play.world.client.records().list_cases(play.call(login).request(request)).await);
    let is_found = listed.is_ok_and(|listed| listed.cases.iter().any(|one| one.case_id == case.id));
    Ok(is_found.then(|| "in the list of cases, by its number".to_owned()))
}

/// What the services offer to somebody in the case.
async fn offers(play: &Play<'_>, case: &Case, login: &str) -> Vec<Action> {
    let (client, id) = (&play.world.client, || case.id.clone());
    let call = || play.call(login);
    let (intake, triage, assignment, resolution, watcher) = (
        told(client.intake().get_case(call().request(intake::GetCaseRequest { case_id: id() })).await)
            .map(|it| it.actions),
        told(client.triage().get_case(call().request(triage::GetCaseRequest { case_id: id() })).await)
            .map(|it| it.actions),
        told(client.assignment().get_case(call().request(assignment::GetCaseRequest { case_id: id() })).await)
            .map(|it| it.actions),
        told(client.resolution().get_case(call().request(resolution::GetCaseRequest { case_id: id() })).await)
            .map(|it| it.actions),
        told(client.deadline_watcher().get_case(call().request(watcher::GetCaseRequest { case_id: id() })).await)
            .map(|it| it.actions),
    );
    [intake, triage, assignment, resolution, watcher].into_iter().flatten().flatten().collect()
}

/// What the regime advises somebody in the case; it is evidence, too.
pub(super) async fn guidance(play: &mut Play<'_>, case: &Case, login: &str) -> Vec<String> {
    let request = resolution::GetCaseRequest { case_id: case.id.clone() };
    let read = told(play.world.client.resolution().get_case(play.call(login).request(request)).await);
    let read: Vec<_> = read.map(|reply| reply.guidance).unwrap_or_default();
    play.evidence.guidance.extend(read.iter().map(|text| text.zh.clone()));
    read.into_iter().map(|text| format!("{} / {}", text.zh, text.en)).collect()
}

fn shown(list: &[String]) -> String {
    if list.is_empty() { "none".to_owned() } else { list.join(", ") }
}

fn listed(play: &Play<'_>, entries: &[Entry]) -> String {
    if entries.is_empty() {
        return "nothing".to_owned();
    }
    entries.iter().map(|entry| format!("\n      {}", told_of(play, entry))).collect()
}

/// A line of the timeline.
pub(super) fn told_of(play: &Play<'_>, entry: &Entry) -> String {
    let details = entry.details.iter().filter(|(_, value)| !value.is_null());
    let details: String = details
        .filter_map(|(name, _)| {
            Some(format!("  {}: {}", name.replace('_', "-"), detail_text(play, &entry.detail(name)?)))
        })
        .collect();
    format!("{}  {}  ({}){details}", play.local(entry.at), entry.fact, play.name_of(&entry.actor))
}
