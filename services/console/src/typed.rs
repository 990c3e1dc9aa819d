//! What stands in a form: the values it begins with, or what was typed together with what is wrong with it.

use crate::form::Form;
use kit_core::Problem;
use serde::Serialize;
use std::collections::BTreeMap;

/// One form on one page.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Typed {
    /// Prefix of the ids of its controls, so that several forms can stand on one page.
    pub(crate) form: String,
    pub(crate) request_id: String,
    pub(crate) values: BTreeMap<String, Vec<String>>,
    pub(crate) problem: Option<Problem>,
}

impl Typed {
    /// An empty form.
    pub(crate) fn new(form: &str, request_id: String) -> Self {
        Self { form: form.to_owned(), request_id, ..Self::default() }
    }

    /// The form as it was sent.
    pub(crate) fn sent(form: &str, sent: &Form, request_id: String) -> Self {
        let mut typed = Self::new(form, request_id);
        for (name, value) in &sent.0 {
            typed.values.entry(name.clone()).or_default().push(value.clone());
        }
        typed
    }

    /// The form as it was sent, with what is wrong.
    pub(crate) fn refused(form: &str, sent: &Form, request_id: String, problem: Problem) -> Self {
        Self { problem: Some(problem), ..Self::sent(form, sent, request_id) }
    }

    /// The form with `value` under `name` from the start.
    #[must_use]
    pub(crate) fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.values.insert(name.to_owned(), vec![value.into()]);
        self
    }
}

/// The last part of a dotted field name, by which problems and controls find each other: services say `phone` or
/// `identity.phone` for the control `identity.phone`.
pub(crate) fn tail(name: &str) -> &str {
    let name = name.strip_suffix("[]").unwrap_or(name);
    // The other parties have names and addresses too.
    if name.starts_with("respondent.") || name.starts_with("agent.") {
        return name;
    }
    name.rsplit('.').next().unwrap_or(name)
}
