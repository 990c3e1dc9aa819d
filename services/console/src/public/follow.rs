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
use std::collections::BTreeMap;

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
    /// The form of each thing that may be done, by its name.
    pub(crate) forms: BTreeMap<&'static str, Typed>,
}

/// What the holder of the code may do.
pub(crate) const FORMS: [&str; 5] = ["supplement", "chase", "rate", "appeal", "withdraw"];

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
        number: form.get("number").to_owned(),
        case_id: String::new(),
        text: form.get("text").trim().to_owned(),
    };
    let answer = app.ask_as(None, language).supplement(message).await;
    let said = answer.map(|_| Text::new("补充已收到。", "Your addition has been received."));
    Ok(after(&app, language, &form, "supplement", said).await)
}

pub(crate) async fn chase(
    State(app): State<App>,
    language: Language,
    headers: HeaderMap,
    form: Form,
) -> Result<Response, Refusal> {
    origin::check(&headers)?;
    let message = intake::ChaseRequest {
        request_id: form.get("request_id").to_owned(),
        receipt_code: receipt_code(form.get("code")),
        number: form.get("number").to_owned(),
        case_id: String::new(),
        text: form.get("text").trim().to_owned(),
    };
    let answer = app.ask_as(None, language).chase(message).await;
    let said = answer.map(|_| Text::new("催问已收到，已转告承办人。", "Your question has reached whoever handles it."));
    Ok(after(&app, language, &form, "chase", said).await)
}

pub(crate) async fn rate(
    State(app): State<App>,
    language: Language,
    headers: HeaderMap,
    form: Form,
) -> Result<Response, Refusal> {
    origin::check(&headers)?;
    let message = intake::RateRequest {
        request_id: form.get("request_id").to_owned(),
        receipt_code: receipt_code(form.get("code")),
        number: form.get("number").to_owned(),
        satisfaction: form.get("satisfaction").to_owned(),
        text: form.get("text").trim().to_owned(),
    };
    let answer = app.ask_as(None, language).rate(message).await;
    let said = answer.map(|_| Text::new("评价已收到，谢谢。", "Your rating has been received; thank you."));
    Ok(after(&app, language, &form, "rate", said).await)
}

pub(crate) async fn appeal(
    State(app): State<App>,
    language: Language,
    headers: HeaderMap,
    form: Form,
) -> Result<Response, Refusal> {
    origin::check(&headers)?;
    let message = intake::AppealRequest {
        request_id: form.get("request_id").to_owned(),
        receipt_code: receipt_code(form.get("code")),
        number: form.get("number").to_owned(),
        tier: form.get("tier").to_owned(),
        reasons: form.get("reasons").trim().to_owned(),
        request: form.get("request").trim().to_owned(),
        ..Default::default()
    };
    let answer = app.ask_as(None, language).appeal(message).await;
    let said = answer.map(|_| Text::new("申诉已收到。", "Your appeal has been received."));
    Ok(after(&app, language, &form, "appeal", said).await)
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
        return Ok(after(&app, language, &form, "withdraw", Err(problem)).await);
    }
    let message = intake::WithdrawRequest {
        request_id: form.get("request_id").to_owned(),
        receipt_code: receipt_code(form.get("code")),
        number: form.get("number").to_owned(),
        case_id: String::new(),
    };
    let answer = app.ask_as(None, language).withdraw(message).await;
    let said = answer.map(|done| match done.then.as_str() {
        "decide" => {
            Text::new("撤回申请已收到，由承办人决定。", "Your wish has been received; whoever handles it decides.")
        }
        "go-on" => Text::new(
            "已记下；按制度，此事仍将继续办理。",
            "It has been noted; by the rules the matter goes on all the same.",
        ),
        _ => Text::new("已撤回。", "It has been withdrawn."),
    });
    Ok(after(&app, language, &form, "withdraw", said).await)
}

/// The page after one of its forms was sent.
async fn after(
    app: &App,
    language: Language,
    form: &Form,
    which: &'static str,
    answer: Result<Text, Problem>,
) -> Response {
    match answer {
        Ok(done) => followed(app, language, form, Some(done), None).await,
        Err(problem) => followed(app, language, form, None, Some((which, problem))).await,
    }
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
    let asked = intake::FollowRequest { receipt_code: code.clone(), number: form.get("number").to_owned() };
    let answer = app.ask_as(None, language).follow(asked).await;
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
        forms: FORMS.into_iter().map(|name| (name, Typed::new(name, app.request_id()))).collect(),
    };
    let mut code = StatusCode::OK;
    if let Some((which, problem)) = refused {
        code = status(&problem);
        let request_id = app.next_request_id(form.get("request_id"), &problem);
        view.forms.insert(which, Typed::refused(which, form, request_id, problem));
    }
    app.page(code, "public/followed.html", &shell, &view)
}
