//! Anonymous surveys over the API: answering one needs no token, holding one does.

use super::{
    caller::{Anyone, Key, Signed},
    json, ok,
};
use crate::{
    app::App,
    body::{Checked, Field, Json, Kind, must},
    refusal::Refusal,
    view::surveys::{Results, Sheet, Surveys},
};
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use contracts::notification as n;
use serde_json::json;

pub(crate) const ANSWERS: &[Field] = &[must("answers", Kind::Parts, "By question: a choice, a mark, or a text")];
pub(crate) const OPEN: &[Field] = &[
    must("regime_id", Kind::Text, "The regime in force in the unit"),
    must("survey", Kind::Text, "One of its surveys"),
    must("unit_id", Kind::Text, "Where it is held"),
    must("until", Kind::Day, "The last day on which it is answered"),
];

pub(crate) async fn sheet(Anyone(asker): Anyone, Path(code): Path<String>) -> Result<Response, Refusal> {
    Ok(ok(&Sheet::from(asker.get_survey(n::GetSurveyRequest { code }).await?)))
}

pub(crate) async fn answer(
    Anyone(asker): Anyone,
    Path(code): Path<String>,
    Key(sheet): Key,
    Json(body): Json,
) -> Result<Response, Refusal> {
    let answers = Checked::new(ANSWERS, body)?.parts("answers").into_iter().collect();
    asker.answer_survey(n::AnswerSurveyRequest { code, sheet, answers }).await?;
    Ok(ok(&json!({})))
}

pub(crate) async fn list(State(app): State<App>, Signed(asker): Signed) -> Result<Response, Refusal> {
    let list = asker.list_surveys(n::ListSurveysRequest {}).await?;
    Ok(ok(&Surveys::new(list, &app.settings.public_url)))
}

pub(crate) async fn open(Signed(asker): Signed, Key(request_id): Key, Json(body): Json) -> Result<Response, Refusal> {
    let body = Checked::new(OPEN, body)?;
    let (regime_id, survey, unit_id) = (body.text("regime_id"), body.text("survey"), body.text("unit_id"));
    let asked = n::OpenSurveyRequest { request_id, regime_id, survey, unit_id, until: body.text("until") };
    let opened = asker.open_survey(asked).await?;
    Ok(json(StatusCode::CREATED, &json!({"survey_id": opened.survey_id, "code": opened.code})))
}

pub(crate) async fn results(
    State(app): State<App>,
    Signed(asker): Signed,
    Path(survey_id): Path<String>,
) -> Result<Response, Refusal> {
    let results = asker.survey_results(n::SurveyResultsRequest { survey_id }).await?;
    Ok(ok(&Results::new(results, &app.settings.public_url)))
}

pub(crate) async fn close(
    Signed(asker): Signed,
    Path(survey_id): Path<String>,
    Key(request_id): Key,
) -> Result<Response, Refusal> {
    asker.close_survey(n::CloseSurveyRequest { request_id, survey_id }).await?;
    Ok(ok(&json!({})))
}
