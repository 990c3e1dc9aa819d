//! `/desk/duties`: the recurring duties that I owe, or those of a unit; and one of them, with its draft and the form in which
//! it is done.

use super::head::{Head, Narrowed};
use crate::{
    api::records::{PUBLISH, publishing},
    app::App,
    body::Checked,
    desk::lists::me,
    form::Form,
    load,
    refusal::{Refusal, status},
    session::Staff,
    typed::Typed,
    view::duties::{Duties, Duty, OneDuty},
};
use axum::{
    extract::{Path, State},
    http::{StatusCode, Uri},
    response::{IntoResponse, Redirect, Response},
};
use contracts::records::{DoDutyRequest, GetDutyRequest, ListDutiesRequest, ListDutiesResponse};
use serde::Serialize;

pub(crate) type DutiesView = Narrowed<Duties>;

#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct DutyView {
    pub(crate) one: OneDuty,
    /// The form in which it is done, or in which what it reported is published.
    pub(crate) typed: Typed,
}

/// Unit, regime, duty, and the first day of the period.
type Key = (String, String, String, String);

fn named((unit_id, regime_id, duty, period): &Key) -> GetDutyRequest {
    let (unit_id, regime_id) = (unit_id.clone(), regime_id.clone());
    GetDutyRequest { unit_id, regime_id, duty: duty.clone(), period: period.clone() }
}

pub(crate) async fn list(State(app): State<App>, staff: Staff, uri: Uri) -> Result<Response, Refusal> {
    let head = Head::read(&app, &staff, &uri).await?;
    let asked = ListDutiesRequest {
        unit_id: head.get("unit"),
        state: head.get("state"),
        page_size: load::PAGE,
        page_token: head.get("page"),
    };
    let shown = |list: ListDutiesResponse| {
        let duties = list.duties.into_iter().map(|row| Duty::new(row, app.env.now())).collect();
        Duties { duties, next_page_token: list.next_page_token }
    };
    let found = async { staff.asker.list_duties(asked).await.map(shown) };
    let (code, view): (_, DutiesView) = head.narrowed("duties", found).await;
    Ok(head.page(code, "desk/duties.html", &view))
}

pub(crate) async fn show(State(app): State<App>, staff: Staff, Path(key): Path<Key>) -> Result<Response, Refusal> {
    let typed = Typed::new("duty", app.request_id());
    page(&app, &staff, &key, StatusCode::OK, typed).await
}

pub(crate) async fn send(
    State(app): State<App>,
    staff: Staff,
    Path(key): Path<Key>,
    form: Form,
) -> Result<Response, Refusal> {
    staff.check(&form)?;
    let GetDutyRequest { unit_id, regime_id, duty, period } = named(&key);
    let files = form.get("files").lines().map(str::to_owned).collect();
    let (request_id, text) = (form.get("request_id").to_owned(), form.get("text").to_owned());
    let asked = DoDutyRequest { request_id, unit_id, regime_id, duty, period, text, files };
    match staff.asker.do_duty(asked).await {
        Ok(_) => Ok(Redirect::to(&format!("/desk/duties/{}/{}/{}/{}", key.0, key.1, key.2, key.3)).into_response()),
        Err(problem) => {
            let (code, request_id) = (status(&problem), app.next_request_id(form.get("request_id"), &problem));
            page(&app, &staff, &key, code, Typed::refused("duty", &form, request_id, problem)).await
        }
    }
}

/// Shows the public what it reported.
pub(crate) async fn publish(
    State(app): State<App>,
    staff: Staff,
    Path(key): Path<Key>,
    form: Form,
) -> Result<Response, Refusal> {
    staff.check(&form)?;
    let request_id = form.get("request_id").to_owned();
    let body = form.to_json().and_then(|body| Checked::new(PUBLISH, body));
    let answer = match body {
        Ok(body) => staff.asker.publish_figures(publishing(named(&key), request_id, &body)).await,
        Err(problem) => Err(problem),
    };
    match answer {
        Ok(_) => Ok(Redirect::to("/desk/publicity").into_response()),
        Err(problem) => {
            let (code, request_id) = (status(&problem), app.next_request_id(form.get("request_id"), &problem));
            page(&app, &staff, &key, code, Typed::refused("publish", &form, request_id, problem)).await
        }
    }
}

async fn page(app: &App, staff: &Staff, key: &Key, code: StatusCode, typed: Typed) -> Result<Response, Refusal> {
    let (one, me) = tokio::join!(staff.asker.get_duty(named(key)), me(staff));
    let one = OneDuty::new(one?, &app.words, app.env.now());
    Ok(app.page(code, "desk/duty.html", &staff.shell(&me), &DutyView { one, typed }))
}
