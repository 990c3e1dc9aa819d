//! Following a case by its receipt code. The code travels only in the body of a POST.

use crate::{
    app::App,
    form::Form,
    hand_in::receipt_code,
    language::Language,
    origin,
    refusal::{Refusal, status},
    render::Shell,
    typed::Typed,
    view::follow::{Followed, Step, steps},
};
use axum::{
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use contracts::intake;
use kit_core::{Problem, Text};
use serde::Serialize;

/// The form that asks for the code.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct AskView {
    pub(crate) typed: Typed,
}

/// The followed case.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct FollowedView {
    pub(crate) case: Followed,
    pub(crate) steps: Vec<Step>,
    pub(crate) code: String,
    /// What has just been done, if anything.
    pub(crate) done: Option<Text>,
    pub(crate) supplement: Typed,
    pub(crate) withdraw: Typed,
}

pub(crate) async fn ask(State(app): State<App>, language: Language) -> Response {
    let shell = Shell { language, switch: "/follow".to_owned(), ..Shell::default() };
    let page =
        app.page(StatusCode::OK, "public/follow.html", &shell, &AskView { typed: Typed::new("follow", String::new()) });
    ([(header::CACHE_CONTROL, "no-cache")], page).into_response()
}

pub(crate) async fn show(
    State(app): State<App>,
    language: Language,
    headers: HeaderMap,
    form: Form,
) -> Result<Response, Refusal> {
    origin::check(&headers)?;
    Ok(followed(&app, language, &form, None, None).await)
}

pub(crate) async fn supplement(
    State(app): State<App>,
    language: Language,
    headers: HeaderMap,
    form: Form,
) -> Result<Response, Refusal> {
    origin::check(&headers)?;
    let message = intake::SupplementRequest {
        request_id: form.get("request_id").to_owned(),
        receipt_code: receipt_code(form.get("code")),
        case_id: String::new(),
        text: form.get("text").trim().to_owned(),
    };
    Ok(match app.ask_as(None, language).supplement(message).await {
        Ok(_) => {
            followed(&app, language, &form, Some(Text::new("补充已收到。", "Your addition has been received.")), None)
                .await
        }
        Err(problem) => followed(&app, language, &form, None, Some(("supplement", problem))).await,
    })
}

pub(crate) async fn withdraw(
    State(app): State<App>,
    language: Language,
    headers: HeaderMap,
    form: Form,
) -> Result<Response, Refusal> {
    origin::check(&headers)?;
    if form.get("confirm") != "true" {
        let problem =
            Problem::field("confirm", "not-confirmed", "请先勾选“我确认撤回”", "Tick “I do want to withdraw” first");
        return Ok(followed(&app, language, &form, None, Some(("withdraw", problem))).await);
    }
    let message = intake::WithdrawRequest {
        request_id: form.get("request_id").to_owned(),
        receipt_code: receipt_code(form.get("code")),
        case_id: String::new(),
    };
    Ok(match app.ask_as(None, language).withdraw(message).await {
        Ok(_) => followed(&app, language, &form, Some(Text::new("已撤回。", "It has been withdrawn.")), None).await,
        Err(problem) => followed(&app, language, &form, None, Some(("withdraw", problem))).await,
    })
}

/// The page of the case whose code `form` carries, with what was done or what went wrong in one of its own forms.
async fn followed(
    app: &App,
    language: Language,
    form: &Form,
    done: Option<Text>,
    refused: Option<(&'static str, Problem)>,
) -> Response {
    let shell = Shell { language, ..Shell::default() };
    let code = receipt_code(form.get("code"));
    let answer = app.ask_as(None, language).follow(intake::FollowRequest { receipt_code: code.clone() }).await;
    let case = match answer {
        Ok(case) => Followed::from(case),
        Err(problem) => {
            let status = status(&problem);
            let view = AskView { typed: Typed::refused("follow", form, String::new(), problem) };
            return app.page(status, "public/follow.html", &shell, &view);
        }
    };
    let mut view = FollowedView {
        steps: steps(&case.stage),
        case,
        code,
        done,
        supplement: Typed::new("supplement", app.request_id()),
        withdraw: Typed::new("withdraw", app.request_id()),
    };
    let mut code = StatusCode::OK;
    if let Some((which, problem)) = refused {
        code = status(&problem);
        let request_id = app.next_request_id(form.get("request_id"), &problem);
        let typed = Typed::refused(which, form, request_id, problem);
        if which == "withdraw" { view.withdraw = typed } else { view.supplement = typed }
    }
    app.page(code, "public/followed.html", &shell, &view)
}
