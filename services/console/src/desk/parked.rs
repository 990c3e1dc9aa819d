//! `/desk/parked`: events that could not be applied, over all services, and the button that tries them again.

use crate::{
    app::App,
    asker::Asker,
    desk::lists::{Me, me},
    form::Form,
    refusal::Refusal,
    session::Staff,
    view::lists::{Parked, ParkedEvent},
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

#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct ParkedView {
    pub(crate) services: Vec<Parked>,
    pub(crate) count: usize,
}

pub(crate) async fn show(State(app): State<App>, staff: Staff) -> Result<Response, Refusal> {
    let name = keeper(&staff).await?;
    let asker = app.ask_as_console(staff.language);
    let services = join_all(SERVICES.map(|service| one(&asker, service))).await;
    let count = services.iter().map(|service| service.events.len()).sum();
    Ok(app.page(StatusCode::OK, "desk/parked.html", &staff.shell(&name), &ParkedView { services, count }))
}

/// The log of a service is told to services only, and kit knows no roles; so it is asked here who looks.
async fn keeper(staff: &Staff) -> Result<Me, Problem> {
    let me = me(staff).await;
    if me.is_keeper {
        return Ok(me);
    }
    Err(Problem::denied("administrators-only", "只有系统管理员可以查看", "Only an administrator may see this"))
}

async fn one(asker: &Asker, service: &str) -> Parked {
    let answer = asker.list_parked(service, log::ListParkedRequest { page_size: 100, ..Default::default() }).await;
    let title = words::service(service);
    match answer {
        Ok(list) => Parked {
            service: service.to_owned(),
            title,
            events: list.events.into_iter().map(ParkedEvent::from).collect(),
            has_more: !list.next_page_token.is_empty(),
            problem: None,
        },
        Err(problem) => Parked {
            service: service.to_owned(),
            title,
            events: Vec::new(),
            has_more: false,
            problem: Some(problem.text),
        },
    }
}

pub(crate) async fn retry(State(app): State<App>, staff: Staff, form: Form) -> Result<Response, Refusal> {
    staff.check(&form)?;
    keeper(&staff).await?;
    let service = SERVICES.into_iter().find(|service| *service == form.get("service"));
    let service = service.ok_or_else(|| Refusal::of_status(StatusCode::NOT_FOUND))?;
    let asker = app.ask_as_console(staff.language);
    asker.retry_parked(service, log::RetryParkedRequest { key: form.get("key").to_owned() }).await?;
    Ok(Redirect::to("/desk/parked").into_response())
}
