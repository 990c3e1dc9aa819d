//! Who calls the API, and under which idempotency key.

use crate::{app::App, asker::Asker, language::Language, refusal::Refusal, session::signed_out};
use axum::{
    extract::FromRequestParts,
    http::{StatusCode, header, request::Parts},
};
use kit_core::Problem;

/// The longest key; the id of the text sealed along with a command is made from it.
const LONGEST_KEY: usize = 80;

/// Anyone, with their token if they sent one.
pub(crate) struct Anyone(pub(crate) Asker);

/// Someone with a bearer token. Whether it is good, the services say.
pub(crate) struct Signed(pub(crate) Asker);

/// The `Idempotency-Key` of a request that changes something.
pub(crate) struct Key(pub(crate) String);

fn token(parts: &Parts) -> Result<Option<String>, Refusal> {
    let Some(value) = parts.headers.get(header::AUTHORIZATION) else { return Ok(None) };
    let token = value.to_str().ok().and_then(|text| text.split_once(' '));
    match token {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") && !token.trim().is_empty() => {
            Ok(Some(token.trim().to_owned()))
        }
        _ => Err(signed_out().into()),
    }
}

impl FromRequestParts<App> for Anyone {
    type Rejection = Refusal;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refusal> {
        Ok(Self(app.ask_as(token(parts)?, Language::of(&parts.uri, &parts.headers))))
    }
}

impl FromRequestParts<App> for Signed {
    type Rejection = Refusal;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refusal> {
        let token = token(parts)?.ok_or_else(|| Refusal::from(signed_out()))?;
        Ok(Self(app.ask_as(Some(token), Language::of(&parts.uri, &parts.headers))))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Key {
    type Rejection = Refusal;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refusal> {
        let key = parts.headers.get("idempotency-key").and_then(|value| value.to_str().ok()).unwrap_or_default();
        if key.is_empty() || key.len() > LONGEST_KEY {
            let problem = Problem::invalid(
                "idempotency-key",
                format!("请在 Idempotency-Key 头中给出 1 到 {LONGEST_KEY} 个字符的键，重试时用同一个键"),
                format!("Send an Idempotency-Key header of 1 to {LONGEST_KEY} characters, the same one when you retry"),
            );
            return Err(Refusal::new(StatusCode::BAD_REQUEST, problem));
        }
        Ok(Self(key.to_owned()))
    }
}
