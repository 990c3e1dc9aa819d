//! Signing in and out.

use crate::{
    app::App,
    form::Form,
    language::Language,
    origin,
    refusal::{Refusal, status},
    render::Shell,
    session::{self, Staff},
    typed::Typed,
};
use axum::{
    extract::State,
    http::{HeaderMap, StatusCode, Uri, header},
    response::{IntoResponse, Redirect, Response},
};
use contracts::assignment;
use serde::Serialize;

#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct SignInView {
    pub(crate) typed: Typed,
}

pub(crate) async fn show(State(app): State<App>, language: Language, uri: Uri) -> Result<Response, Refusal> {
    let query = Form::parse(uri.query().unwrap_or_default().as_bytes())?;
    let shell = Shell { language, switch: "/sign-in".to_owned(), ..Shell::default() };
    let typed = Typed::new("sign-in", String::new()).with("next", target(query.get("next")));
    Ok(app.page(StatusCode::OK, "desk/sign_in.html", &shell, &SignInView { typed }))
}

pub(crate) async fn send(
    State(app): State<App>,
    language: Language,
    headers: HeaderMap,
    form: Form,
) -> Result<Response, Refusal> {
    origin::check(&headers)?;
    let message = assignment::SignInRequest {
        login: form.get("login").trim().to_owned(),
        password: form.get("password").to_owned(),
    };
    match app.ask_as(None, language).sign_in(message).await {
        Ok(answer) => {
            let cookie = session::open(&app, &answer).await?;
            Ok(([(header::SET_COOKIE, cookie)], Redirect::to(&target(form.get("next")))).into_response())
        }
        Err(problem) => {
            let code = status(&problem);
            let mut typed = Typed::refused("sign-in", &form, String::new(), problem);
            typed.values.remove("password");
            let shell = Shell { language, ..Shell::default() };
            Ok(app.page(code, "desk/sign_in.html", &shell, &SignInView { typed }))
        }
    }
}

pub(crate) async fn leave(
    State(app): State<App>,
    staff: Staff,
    headers: HeaderMap,
    form: Form,
) -> Result<Response, Refusal> {
    staff.check(&form)?;
    let cookie = session::close(&app, &headers).await?;
    Ok(([(header::SET_COOKIE, cookie)], Redirect::to("/sign-in")).into_response())
}

/// Where to go after signing in: a page of the desk, and never another site.
fn target(next: &str) -> String {
    let is_ours = (next == "/desk" || next.starts_with("/desk/"))
        && next.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'/' | b'-' | b'_'));
    if is_ours { next.to_owned() } else { "/desk".to_owned() }
}

#[cfg(test)]
mod tests {
    use super::target;

    #[test]
    fn after_signing_in_one_stays_on_this_site() {
        assert_eq!(target("/desk/cases/case_01"), "/desk/cases/case_01");
        for foreign in ["https://evil.example", "//evil.example", "/desk/..\\evil", "/other", "/desk/?x=y"] {
            assert_eq!(target(foreign), "/desk");
        }
    }
}
