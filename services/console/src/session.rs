//! Who sits at the desk: a session cookie, and the token in every form of theirs.

use crate::{
    app::App,
    asker::Asker,
    desk::lists::Me,
    form::Form,
    language::{Language, cookie},
    refusal::Refusal,
    render::Shell,
    store,
};
use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, HeaderValue, request::Parts},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use contracts::assignment;
use kit_core::{Class, Problem};
use rand::RngCore as _;
use sha2::{Digest as _, Sha256};
use subtle_eq::equal;

/// A day at the desk ends after this long, even if the token would live longer.
const LONGEST: TimeDelta = TimeDelta::hours(12);

/// A person signed in at a browser.
#[derive(Clone)]
pub(crate) struct Staff {
    pub(crate) asker: Asker,
    pub(crate) language: Language,
    csrf: String,
    path: String,
}

impl Staff {
    /// The frame of this person's pages.
    pub(crate) fn shell(&self, me: &Me) -> Shell {
        Shell {
            language: self.language,
            person: if me.name.is_empty() { "—".to_owned() } else { me.name.clone() },
            csrf: self.csrf.clone(),
            switch: self.path.clone(),
            is_keeper: me.is_keeper,
        }
    }

    /// Refuses a form that was not made on one of this person's pages.
    pub(crate) fn check(&self, form: &Form) -> Result<(), Problem> {
        if equal(form.get("csrf"), &self.csrf) {
            return Ok(());
        }
        Err(Problem::denied(
            "foreign-form",
            "表单已失效，请刷新页面后再提交",
            "This form is out of date; reload the page and send it again",
        ))
    }
}

impl FromRequestParts<App> for Staff {
    type Rejection = Refusal;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refusal> {
        let language = Language::of(&parts.uri, &parts.headers);
        let unknown = || Refusal::from(signed_out());
        let id = cookie(&parts.headers, name(app)).ok_or_else(unknown)?;
        let session = store::find(&app.pool, &digest(&id), app.env.now()).await.map_err(|e| database(&e))?;
        let session = session.ok_or_else(unknown)?;
        let path = if parts.method == axum::http::Method::GET { parts.uri.path().to_owned() } else { String::new() };
        Ok(Self { asker: app.ask_as(Some(session.token), language), language, csrf: session.csrf, path })
    }
}

/// Opens a session and answers with its cookie.
pub(crate) async fn open(app: &App, answer: &assignment::SignInResponse) -> Result<HeaderValue, Refusal> {
    let now = app.env.now();
    let ends = crate::convert::at(answer.expires_at).unwrap_or(now + LONGEST).min(now + LONGEST);
    let id = random();
    let session = store::Session { token: answer.token.clone(), csrf: random() };
    let staff_id = answer.staff.as_ref().map(|staff| staff.staff_id.as_str()).unwrap_or_default();
    store::insert(&app.pool, &digest(&id), &session, staff_id, (now, ends)).await.map_err(|e| database(&e))?;
    header(app, &id, ends, now)
}

/// Ends the session of this browser and answers with a cookie that forgets it.
pub(crate) async fn close(app: &App, headers: &HeaderMap) -> Result<HeaderValue, Refusal> {
    if let Some(id) = cookie(headers, name(app)) {
        store::delete(&app.pool, &digest(&id)).await.map_err(|e| database(&e))?;
    }
    header(app, "", DateTime::UNIX_EPOCH, DateTime::UNIX_EPOCH)
}

fn header(app: &App, id: &str, ends: DateTime<Utc>, now: DateTime<Utc>) -> Result<HeaderValue, Refusal> {
    let secure = if app.settings.is_https() { "; Secure" } else { "" };
    let age = (ends - now).num_seconds();
    let cookie = format!("{}={id}; Path=/; Max-Age={age}; HttpOnly; SameSite=Lax{secure}", name(app));
    HeaderValue::from_str(&cookie).map_err(|_| Refusal::of_status(axum::http::StatusCode::INTERNAL_SERVER_ERROR))
}

/// Behind HTTPS the browser itself is told that nobody else may set it.
fn name(app: &App) -> &'static str {
    if app.settings.is_https() { "__Host-jiesu" } else { "jiesu" }
}

/// Nobody is signed in.
pub(crate) fn signed_out() -> Problem {
    Problem::new(Class::Unauthenticated, "signed-out", "请先登录", "Sign in first")
}

/// The session table does not answer.
fn database(error: &sqlx::Error) -> Refusal {
    tracing::error!(%error, "the session table does not answer");
    Problem::new(
        Class::Transient,
        "sessions-unavailable",
        "登录状态暂时无法读取，请稍后再试",
        "Sessions cannot be read for the moment; please try again",
    )
    .into()
}

fn random() -> String {
    let mut bytes = [0; 32];
    rand::rng().fill_bytes(&mut bytes);
    URL_SAFE_NO_PAD.encode(bytes)
}

fn digest(id: &str) -> Vec<u8> {
    Sha256::digest(id.as_bytes()).to_vec()
}

mod subtle_eq {
    //! Comparison that takes the same time wherever the texts differ.

    pub(super) fn equal(a: &str, b: &str) -> bool {
        let same = a.bytes().zip(b.bytes()).fold(0, |seen, (a, b)| seen | (a ^ b)) == 0;
        same && a.len() == b.len() && !b.is_empty()
    }
}
