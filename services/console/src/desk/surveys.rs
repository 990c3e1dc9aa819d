//! `/desk/surveys`: the anonymous surveys that I hold or may know of; and one of them, with its address or its results.

use crate::{
    app::App,
    desk::lists::me,
    form::Form,
    refusal::{Refusal, status},
    session::Staff,
    typed::Typed,
    view::surveys::{Results, Surveys},
    words::Named,
};
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use contracts::notification::{CloseSurveyRequest, ListSurveysRequest, OpenSurveyRequest, SurveyResultsRequest};
use kit_core::Text;
use serde::Serialize;

#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct SurveysView {
    pub(crate) list: Surveys,
    /// Each offer as one choice.
    pub(crate) offers: Vec<Named>,
    pub(crate) typed: Typed,
}

#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct ResultsView {
    pub(crate) results: Results,
    pub(crate) typed: Typed,
}

impl SurveysView {
    pub(crate) fn new(list: Surveys, typed: Typed) -> Self {
        let named = |offer: &crate::view::surveys::Offer| {
            let (title, unit) = (&offer.title, &offer.unit.title);
            let id = format!("{}/{}/{}", offer.regime_id, offer.survey, offer.unit.id);
            Named::new(id, Text::new(format!("{} · {}", title.zh, unit.zh), format!("{} · {}", title.en, unit.en)))
        };
        Self { offers: list.offers.iter().map(named).collect(), list, typed }
    }
}

pub(crate) async fn list(State(app): State<App>, staff: Staff) -> Result<Response, Refusal> {
    let typed = Typed::new("surveys", app.request_id());
    listed(&app, &staff, StatusCode::OK, typed).await
}

async fn listed(app: &App, staff: &Staff, at: StatusCode, typed: Typed) -> Result<Response, Refusal> {
    let (list, me) = tokio::join!(staff.asker.list_surveys(ListSurveysRequest {}), me(staff));
    let view = SurveysView::new(Surveys::new(list?, &app.settings.public_url), typed);
    Ok(app.page(at, "desk/surveys.html", &staff.shell(&me), &view))
}

pub(crate) async fn open(State(app): State<App>, staff: Staff, form: Form) -> Result<Response, Refusal> {
    staff.check(&form)?;
    let mut which = form.get("which").splitn(3, '/').map(str::to_owned);
    let mut next = || which.next().unwrap_or_default();
    let asked = OpenSurveyRequest {
        request_id: form.get("request_id").to_owned(),
        regime_id: next(),
        survey: next(),
        unit_id: next(),
        until: form.get("until").to_owned(),
    };
    match staff.asker.open_survey(asked).await {
        Ok(opened) => Ok(Redirect::to(&format!("/desk/surveys/{}", opened.survey_id)).into_response()),
        Err(problem) => {
            let request_id = app.next_request_id(form.get("request_id"), &problem);
            listed(&app, &staff, status(&problem), Typed::refused("surveys", &form, request_id, problem)).await
        }
    }
}

pub(crate) async fn show(State(app): State<App>, staff: Staff, Path(id): Path<String>) -> Result<Response, Refusal> {
    let typed = Typed::new("survey", app.request_id());
    one(&app, &staff, &id, StatusCode::OK, typed).await
}

async fn one(app: &App, staff: &Staff, id: &str, at: StatusCode, typed: Typed) -> Result<Response, Refusal> {
    let asked = SurveyResultsRequest { survey_id: id.to_owned() };
    let (results, me) = tokio::join!(staff.asker.survey_results(asked), me(staff));
    let view = ResultsView { results: Results::new(results?, &app.settings.public_url), typed };
    Ok(app.page(at, "desk/survey.html", &staff.shell(&me), &view))
}

pub(crate) async fn close(
    State(app): State<App>,
    staff: Staff,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response, Refusal> {
    staff.check(&form)?;
    let request_id = form.get("request_id").to_owned();
    match staff.asker.close_survey(CloseSurveyRequest { request_id, survey_id: id.clone() }).await {
        Ok(_) => Ok(Redirect::to(&format!("/desk/surveys/{id}")).into_response()),
        Err(problem) => {
            let request_id = app.next_request_id(form.get("request_id"), &problem);
            one(&app, &staff, &id, status(&problem), Typed::refused("survey", &form, request_id, problem)).await
        }
    }
}
