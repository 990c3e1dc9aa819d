//! `/desk/duties`: the recurring duties that I owe, or those of a unit; and one of them, with its draft and the form in which
//! it is done.

use crate::{
    app::App,
    desk::lists::me,
    form::Form,
    load,
    refusal::{Refusal, status},
    session::Staff,
    typed::Typed,
    view::duties::{Duties, Duty, OneDuty},
    words::Named,
};
use axum::{
    extract::{Path, State},
    http::{StatusCode, Uri},
    response::{IntoResponse, Redirect, Response},
};
use contracts::records::{DoDutyRequest, GetDutyRequest, ListDutiesRequest};
use serde::Serialize;

#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct DutiesView {
    pub(crate) list: Duties,
    pub(crate) units: Vec<Named>,
    /// Empty for those that I owe.
    pub(crate) unit: String,
    pub(crate) state: String,
    /// Why there is no list, beside the form that asks for it.
    pub(crate) typed: Typed,
}

#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct DutyView {
    pub(crate) one: OneDuty,
    pub(crate) typed: Typed,
}

/// Unit, regime, duty, and the first day of the period.
type Key = (String, String, String, String);

fn named((unit_id, regime_id, duty, period): &Key) -> GetDutyRequest {
    let (unit_id, regime_id) = (unit_id.clone(), regime_id.clone());
    GetDutyRequest { unit_id, regime_id, duty: duty.clone(), period: period.clone() }
}

pub(crate) async fn list(State(app): State<App>, staff: Staff, uri: Uri) -> Result<Response, Refusal> {
    let query = Form::parse(uri.query().unwrap_or_default().as_bytes())?;
    let (unit, state) = (query.get("unit").to_owned(), query.get("state").to_owned());
    let asked = ListDutiesRequest {
        unit_id: unit.clone(),
        state: state.clone(),
        page_size: load::PAGE,
        page_token: query.get("page").to_owned(),
    };
    let (list, units, me) = tokio::join!(staff.asker.list_duties(asked), load::units(&app, &staff.asker), me(&staff));
    let mut view =
        DutiesView { units, unit, state, typed: Typed::new("duties", String::new()), ..DutiesView::default() };
    let code = match list {
        Ok(list) => {
            let duties = list.duties.into_iter().map(|row| Duty::new(row, app.env.now())).collect();
            view.list = Duties { duties, next_page_token: list.next_page_token };
            StatusCode::OK
        }
        Err(problem) => {
            let code = status(&problem);
            view.typed = Typed::refused("duties", &query, String::new(), problem);
            code
        }
    };
    Ok(app.page(code, "desk/duties.html", &staff.shell(&me), &view))
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

async fn page(app: &App, staff: &Staff, key: &Key, code: StatusCode, typed: Typed) -> Result<Response, Refusal> {
    let (one, me) = tokio::join!(staff.asker.get_duty(named(key)), me(staff));
    let one = OneDuty::new(one?, &app.words, app.env.now());
    Ok(app.page(code, "desk/duty.html", &staff.shell(&me), &DutyView { one, typed }))
}
