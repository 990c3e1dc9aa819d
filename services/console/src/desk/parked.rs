//! `/desk/parked`: events that could not be applied and forks, over all services, with what an administrator can do
//! about them, and what was decided before.

use crate::{
    app::App,
    asker::Asker,
    desk::{
        forks,
        lists::{Me, me},
    },
    form::Form,
    refusal::Refusal,
    session::Staff,
    view::parked::{Decision, Fork, Key, Parked},
    words,
};
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use contracts::log;
use futures::future::join_all;
use kit_core::Problem;
use serde::Serialize;

/// Every service that follows others.
pub(crate) const SERVICES: [&str; 7] =
    ["intake", "triage", "assignment", "resolution", "deadline-watcher", "notification", "records"];
/// Keys of one service that are shown, each with its whole history.
const KEYS: usize = 30;
/// Decisions that are shown, over all services.
const DECISIONS: usize = 30;

#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct ParkedView {
    pub(crate) forks: Vec<Fork>,
    pub(crate) services: Vec<Parked>,
    pub(crate) count: usize,
    pub(crate) decisions: Vec<Decision>,
}

pub(crate) async fn show(State(app): State<App>, staff: Staff) -> Result<Response, Refusal> {
    let name = keeper(&staff).await?;
    let asker = app.ask_as_console(staff.language);
    let (forks, services, decisions) =
        tokio::join!(forks::all(&asker), join_all(SERVICES.map(|service| one(&asker, service))), decisions(&asker));
    let count = services.iter().flat_map(|service| &service.keys).map(|key| key.events.len()).sum();
    let view = ParkedView { forks, services, count, decisions };
    Ok(app.page(StatusCode::OK, "desk/parked.html", &staff.shell(&name), &view))
}

/// The log of a service is told to services only, and kit knows no roles; so it is asked here who looks.
pub(crate) async fn keeper(staff: &Staff) -> Result<Me, Problem> {
    let me = me(staff).await;
    if me.is_keeper {
        return Ok(me);
    }
    Err(Problem::denied("administrators-only", "只有系统管理员可以查看", "Only an administrator may see this"))
}

async fn one(asker: &Asker, service: &str) -> Parked {
    let (keys, has_more, problem) = match keys(asker, service).await {
        Ok((keys, has_more)) => (keys, has_more, None),
        Err(problem) => (Vec::new(), false, Some(problem.text)),
    };
    Parked { service: service.to_owned(), title: words::service(service), keys, has_more, problem }
}

/// The first keys under which something stands parked, and whether there are more.
async fn keys(asker: &Asker, service: &str) -> Result<(Vec<Key>, bool), Problem> {
    let list = asker.list_parked(service, log::ListParkedRequest { page_size: 100, ..Default::default() }).await?;
    let mut keys: Vec<String> = Vec::new();
    for event in list.events {
        if !keys.contains(&event.key) {
            keys.push(event.key);
        }
    }
    let has_more = !list.next_page_token.is_empty() || keys.len() > KEYS;
    keys.truncate(KEYS);
    let told = join_all(keys.into_iter().map(|key| async move {
        let told = asker.get_parked(service, log::GetParkedRequest { key: key.clone() }).await;
        (key, told)
    }));
    // What was applied since the list was made is not there any more, and not missed.
    let known = told.await.into_iter().filter_map(|(key, told)| Some(Key::new(key, told.ok()?.events)));
    Ok((known.collect(), has_more))
}

/// The last decisions over all services, newest first; a service that does not answer is told of above.
async fn decisions(asker: &Asker) -> Vec<Decision> {
    let size = i32::try_from(DECISIONS).unwrap_or(i32::MAX);
    let told = join_all(SERVICES.map(|service| async move {
        let request = log::ListDecisionsRequest { page_size: size, ..Default::default() };
        let list = asker.list_decisions(service, request).await.unwrap_or_default().decisions;
        list.into_iter().map(|decision| Decision::new(service, decision)).collect::<Vec<_>>()
    }));
    let mut all: Vec<Decision> = told.await.into_iter().flatten().collect();
    all.sort_by_key(|decision| std::cmp::Reverse(decision.decided_at));
    all.truncate(DECISIONS);
    all
}

/// The service that a form names.
pub(crate) fn service(name: &str) -> Result<&'static str, Refusal> {
    let known = SERVICES.into_iter().find(|service| *service == name);
    known.ok_or_else(|| Refusal::of_status(StatusCode::NOT_FOUND))
}

/// A number that a form carries in a hidden field.
pub(crate) fn number<T: std::str::FromStr>(form: &Form, name: &str) -> Result<T, Refusal> {
    form.get(name).parse().map_err(|_| Refusal::of_status(StatusCode::BAD_REQUEST))
}

pub(crate) async fn retry(State(app): State<App>, staff: Staff, form: Form) -> Result<Response, Refusal> {
    staff.check(&form)?;
    keeper(&staff).await?;
    let request = log::RetryParkedRequest { key: form.get("key").to_owned() };
    app.ask_as_console(staff.language).retry_parked(service(form.get("service"))?, request).await?;
    Ok(Redirect::to("/desk/parked").into_response())
}

pub(crate) async fn skip(State(app): State<App>, staff: Staff, form: Form) -> Result<Response, Refusal> {
    staff.check(&form)?;
    let me = keeper(&staff).await?;
    let request = log::SkipParkedRequest {
        key: form.get("key").to_owned(),
        producer: form.get("producer").to_owned(),
        partition: number(&form, "partition")?,
        seq: number(&form, "seq")?,
        reason: form.get("reason").to_owned(),
        actor: me.staff_id,
    };
    app.ask_as_console(staff.language).skip_parked(service(form.get("service"))?, request).await?;
    Ok(Redirect::to("/desk/parked").into_response())
}
