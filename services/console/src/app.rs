//! What every handler is handed: the other services, the templates, the sessions and the learned words.

use crate::{
    asker::Asker,
    language::Language,
    render::{Shell, Templates},
    settings::Settings,
    wordbook::Wordbook,
};
use axum::{
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use chrono::TimeDelta;
use kit_core::{Env, Problem};
use kit_grpc::{Peers, Tokens};
use serde::Serialize;
use sqlx::PgPool;
use std::{ops::Deref, sync::Arc};

/// The state of the console, cheap to clone.
#[derive(Clone)]
pub(crate) struct App(Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) env: Env,
    pub(crate) peers: Peers,
    pub(crate) tokens: Tokens,
    pub(crate) pool: PgPool,
    pub(crate) settings: Settings,
    pub(crate) templates: Templates,
    pub(crate) words: Wordbook,
}

impl Deref for App {
    type Target = Inner;
    fn deref(&self) -> &Inner {
        &self.0
    }
}

impl App {
    pub(crate) fn new(inner: Inner) -> Self {
        Self(Arc::new(inner))
    }

    /// Someone who asks with `token`, or as the public.
    pub(crate) fn ask_as(&self, token: Option<String>, language: Language) -> Asker {
        Asker::new(self.peers.clone(), token, language)
    }

    /// The console itself, for what services tell only one another. Ask first whether the person may.
    pub(crate) fn ask_as_console(&self, language: Language) -> Asker {
        let token = self.tokens.issue("service:console", self.env.now(), TimeDelta::minutes(1));
        self.ask_as(Some(token), language)
    }

    /// A request id for a form that has not been sent yet.
    pub(crate) fn request_id(&self) -> String {
        format!("form-{}", self.env.id().simple())
    }

    /// The request id for a form that comes back: where the outcome is unknown, the same one, so that a second press
    /// cannot do it twice; otherwise a new one, since what was typed will change.
    pub(crate) fn next_request_id(&self, sent: &str, problem: &Problem) -> String {
        let is_unknown = problem.class == kit_core::Class::Transient && !sent.is_empty();
        if is_unknown { sent.to_owned() } else { self.request_id() }
    }

    /// A page; a template that cannot be rendered is our fault and reads as such.
    pub(crate) fn page<V: Serialize>(&self, status: StatusCode, template: &str, shell: &Shell, view: &V) -> Response {
        match self.templates.render(template, shell, view) {
            Ok(html) => (status, [(header::CONTENT_TYPE, "text/html; charset=utf-8")], html).into_response(),
            Err(error) => {
                tracing::error!(template, error = %format!("{error:#}"), "a template could not be rendered");
                StatusCode::INTERNAL_SERVER_ERROR.into_response()
            }
        }
    }
}
