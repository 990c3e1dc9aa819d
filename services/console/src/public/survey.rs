//! `/survey/{code}`: an anonymous survey. Nothing is asked of whoever answers, and no cookie is set.

use crate::{
    app::App,
    form::Form,
    language::Language,
    origin,
    refusal::{Refusal, status},
    render::Shell,
    typed::Typed,
    view::surveys::Sheet,
};
use axum::{
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use contracts::notification::{AnswerSurveyRequest, GetSurveyRequest};
use serde::Serialize;
use std::collections::BTreeMap;

#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct SurveyView {
    pub(crate) sheet: Sheet,
    pub(crate) code: String,
    pub(crate) typed: Typed,
    /// It has been counted.
    pub(crate) is_done: bool,
}

/// The answers of a form, by question.
fn answers(form: &Form) -> BTreeMap<String, String> {
    let said = form.0.iter().filter_map(|(name, said)| Some((name.strip_prefix("answers.")?, said)));
    said.map(|(question, said)| (question.to_owned(), said.clone())).collect()
}

pub(crate) async fn show(
    State(app): State<App>,
    language: Language,
    Path(code): Path<String>,
) -> Result<Response, Refusal> {
    let typed = Typed::new("survey", app.request_id());
    page(&app, language, &code, StatusCode::OK, SurveyView { typed, ..SurveyView::default() }).await
}

pub(crate) async fn send(
    State(app): State<App>,
    language: Language,
    Path(code): Path<String>,
    headers: HeaderMap,
    form: Form,
) -> Result<Response, Refusal> {
    origin::check(&headers)?;
    let sheet = form.get("request_id").to_owned();
    let message = AnswerSurveyRequest { code: code.clone(), sheet: sheet.clone(), answers: answers(&form) };
    let (at, view) = match app.ask_as(None, language).answer_survey(message).await {
        Ok(_) => (StatusCode::OK, SurveyView { is_done: true, ..SurveyView::default() }),
        Err(problem) if problem.fields.is_empty() && problem.class != kit_core::Class::Exhausted => {
            return Err(problem.into());
        }
        // What was refused was not counted: the same sheet may be sent again.
        Err(problem) => (
            status(&problem),
            SurveyView { typed: Typed::refused("survey", &form, sheet, problem), ..SurveyView::default() },
        ),
    };
    page(&app, language, &code, at, view).await
}

async fn page(
    app: &App,
    language: Language,
    code: &str,
    at: StatusCode,
    view: SurveyView,
) -> Result<Response, Refusal> {
    let asked = GetSurveyRequest { code: code.to_owned() };
    let sheet = Sheet::from(app.ask_as(None, language).get_survey(asked).await?);
    let shell = Shell { language, switch: format!("/survey/{code}"), ..Shell::default() };
    Ok(app.page(at, "public/survey.html", &shell, &SurveyView { sheet, code: code.to_owned(), ..view }))
}
