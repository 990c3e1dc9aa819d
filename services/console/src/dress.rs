//! The last hand on every answer: a problem becomes a page or `application/problem+json` in the visitor's language,
//! a plain refusal of a lower layer becomes a problem, and a choice of language is remembered.

use crate::{app::App, language::Language, refusal::Refusal, render::Shell};
use axum::{
    body::Body,
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header},
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
};
use kit_core::Class;
use serde::Serialize;
use serde_json::json;

/// What the error page shows.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct ErrorView {
    pub(crate) status: u16,
    pub(crate) problem: kit_core::Problem,
}

/// The middleware around all routes.
pub(crate) async fn dress(State(app): State<App>, request: Request, next: Next) -> Response {
    let (uri, language) = (request.uri().clone(), Language::of(request.uri(), request.headers()));
    let is_get = request.method() == Method::GET;
    let mut response = next.run(request).await;
    let refusal = response.extensions_mut().remove::<Refusal>();
    let refusal = refusal.or_else(|| is_bare(&response).then(|| Refusal::of_status(response.status())));
    if let Some(refusal) = refusal {
        response = write(&app, &uri, language, &refusal, response.headers());
    }
    if is_get && let Some(chosen) = Language::chosen(&uri) {
        let cookie = format!("lang={}; Path=/; Max-Age=31536000; SameSite=Lax", chosen.code());
        if let Ok(value) = HeaderValue::from_str(&cookie) {
            response.headers_mut().append(header::SET_COOKIE, value);
        }
    }
    response
}

/// A failure that is not one of our own pages or problems.
fn is_bare(response: &Response) -> bool {
    let status = response.status();
    let kind = response.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    (status.is_client_error() || status.is_server_error())
        && !kind.starts_with("text/html")
        && !kind.starts_with("application/problem+json")
}

fn write(app: &App, uri: &Uri, language: Language, refusal: &Refusal, headers: &HeaderMap) -> Response {
    let path = uri.path();
    let mut response = if is_api(path) {
        problem_json(language, refusal)
    } else if refusal.problem.class == Class::Unauthenticated && path.starts_with("/desk") {
        Redirect::to(&format!("/sign-in?next={path}")).into_response()
    } else {
        let shell = Shell { language, ..Shell::default() };
        let view = ErrorView { status: refusal.status.as_u16(), problem: refusal.problem.clone() };
        app.page(refusal.status, "error.html", &shell, &view)
    };
    for kept in [header::ALLOW, header::WWW_AUTHENTICATE, header::SET_COOKIE] {
        if let Some(value) = headers.get(&kept) {
            response.headers_mut().insert(kept, value.clone());
        }
    }
    response
}

fn is_api(path: &str) -> bool {
    path.starts_with("/api/") || path == "/openapi.json"
}

/// RFC 9457.
pub(crate) fn problem_json(language: Language, refusal: &Refusal) -> Response {
    let Refusal { status, problem } = refusal;
    let fields: Vec<_> =
        problem.fields.iter().map(|f| json!({"field": f.field, "message": f.text.get(language.code())})).collect();
    let body = json!({
        "type": format!("urn:jiesu:problem:{}", problem.code),
        "title": title(*status).get(language.code()),
        "status": status.as_u16(),
        "detail": problem.text.get(language.code()),
        "code": problem.code,
        "fields": fields,
    });
    let headers = [(header::CONTENT_TYPE, "application/problem+json"), (header::CONTENT_LANGUAGE, language.tag())];
    (*status, headers, Body::from(body.to_string())).into_response()
}

fn title(status: StatusCode) -> kit_core::Text {
    let (zh, en) = match status.as_u16() {
        401 => ("需要登录", "Sign in first"),
        403 => ("无权办理", "Not allowed"),
        404 => ("没有找到", "Not found"),
        405 => ("方法不可用", "Method not allowed"),
        409 => ("与现状冲突", "Conflict with the present state"),
        413 => ("内容过大", "Too large"),
        415 => ("内容类型不支持", "Unsupported content type"),
        422 => ("内容需要改正", "Needs attention"),
        429 => ("尝试过多", "Too many attempts"),
        503 | 504 => ("暂时不可用", "Not available for the moment"),
        500..=599 => ("系统出错", "Something went wrong"),
        _ => ("请求有误", "Bad request"),
    };
    kit_core::Text::new(zh, en)
}
