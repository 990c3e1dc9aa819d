//! The head of a page whose list is narrowed by a form: who asks, what the form says, and beside it what was found or why
//! nothing was.

use crate::{
    app::App,
    desk::lists::{Me, me},
    form::Form,
    load,
    refusal::status,
    session::Staff,
    typed::Typed,
    words::Named,
};
use axum::{
    http::{StatusCode, Uri},
    response::Response,
};
use kit_core::Problem;
use serde::Serialize;
use std::future::Future;

/// What was found, below the form that asks for it.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Narrowed<T> {
    pub(crate) found: T,
    /// The units to choose from.
    pub(crate) units: Vec<Named>,
    /// What was chosen, and what is wrong with it.
    pub(crate) typed: Typed,
}

/// Who asks, and for what.
pub(crate) struct Head<'a> {
    app: &'a App,
    staff: &'a Staff,
    me: Me,
    query: Form,
}

impl<'a> Head<'a> {
    pub(crate) async fn read(app: &'a App, staff: &'a Staff, uri: &Uri) -> Result<Self, Problem> {
        let query = Form::parse(uri.query().unwrap_or_default().as_bytes())?;
        Ok(Self { app, staff, me: me(staff).await, query })
    }

    /// Takes `value` where nothing is chosen under `name`.
    #[must_use]
    pub(crate) fn or(mut self, name: &str, value: String) -> Self {
        if self.query.get(name).is_empty() {
            self.query.0.push((name.to_owned(), value));
        }
        self
    }

    /// Takes the person's own unit where none is chosen.
    #[must_use]
    pub(crate) fn in_own_unit(self) -> Self {
        let unit = self.me.unit.clone();
        self.or("unit", unit)
    }

    pub(crate) fn get(&self, name: &str) -> String {
        self.query.get(name).to_owned()
    }

    /// What is found, or why nothing is; the controls of the form have ids that begin with `form`.
    pub(crate) async fn narrowed<T: Default>(
        &self,
        form: &str,
        found: impl Future<Output = Result<T, Problem>>,
    ) -> (StatusCode, Narrowed<T>) {
        let (found, units) = tokio::join!(found, load::units(self.app, &self.staff.asker));
        match found {
            Ok(found) => {
                (StatusCode::OK, Narrowed { found, units, typed: Typed::sent(form, &self.query, String::new()) })
            }
            Err(problem) => {
                let code = status(&problem);
                let typed = Typed::refused(form, &self.query, String::new(), problem);
                (code, Narrowed { found: T::default(), units, typed })
            }
        }
    }

    /// The page, in the frame of whoever asks.
    pub(crate) fn page(&self, code: StatusCode, template: &str, view: &impl Serialize) -> Response {
        self.app.page(code, template, &self.staff.shell(&self.me), view)
    }
}
