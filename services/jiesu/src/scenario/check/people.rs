//! Who can and who cannot know of a case, and what they are offered in it.

use super::{
    super::{
        play::{Case, Failure, Passed, Play, Stop},
        script::Expect,
    },
    shown,
};
use crate::desk::{Answer, told};
use contracts::{assignment, common::Action, deadline_watcher as watcher, intake, records, resolution, triage};
use kit_core::Class;

/// Who can and who cannot know of the case, and what they are offered.
pub(super) async fn people(play: &Play<'_>, name: &str, case: &Case, expect: &Expect) -> Passed {
    for who in &expect.sees {
        let login = play.who(name, who).await?;
        for (service, answer) in looks(play, case, &login).await {
            if let Err(problem) = answer {
                let happened = format!("{service} refuses: {}", super::super::play::spelled(&problem));
                return Err(Stop::Unexpected(Failure::new(
                    expect.at("sees"),
                    format!("{who} sees the case"),
                    happened,
                )));
            }
        }
    }
    for who in &expect.blind {
        let login = play.who(name, who).await?;
        for (service, answer) in looks(play, case, &login).await {
            let is_unknown = answer.as_ref().is_err_and(|problem| problem.class == Class::NotFound);
            if !is_unknown {
                let answer =
                    answer.map_or_else(|problem| super::super::play::spelled(&problem), |()| "shows it".to_owned());
                let expected = format!("to {who} the case does not exist");
                return Err(Stop::Unexpected(Failure::new(
                    expect.at("blind"),
                    expected,
                    format!("{service}: {answer}"),
                )));
            }
        }
        if let Some(where_found) = found_in_lists(play, case, &login).await? {
            let expected = format!("{who} finds the case in no list");
            return Err(Stop::Unexpected(Failure::new(expect.at("blind"), expected, where_found)));
        }
    }
    for (key, wanted, is_allowed) in [("may", &expect.may, true), ("may-not", &expect.may_not, false)] {
        for (who, commands) in wanted {
            let login = play.who(name, who).await?;
            let offered: Vec<String> =
                offers(play, case, &login).await.into_iter().filter(|one| one.is_allowed).map(|one| one.id).collect();
            if let Some(command) = commands.iter().find(|command| offered.contains(command) != is_allowed) {
                let not = if is_allowed { "" } else { " not" };
                let expected = format!("{who} may{not} `{command}`");
                return Err(Stop::Unexpected(Failure::new(
                    expect.at(key),
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
