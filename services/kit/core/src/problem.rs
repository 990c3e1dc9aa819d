//! What went wrong, as a caller is told it: a class that decides what the machine does, a stable code, and a text in
//! both languages. Never a narrative, an identity or an internal cause.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A text in both languages of the product.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Text {
    pub zh: String,
    pub en: String,
}

impl Text {
    /// Both languages at once.
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { zh: zh.into(), en: en.into() }
    }

    /// The text in `language`, Chinese unless English is asked for.
    pub fn get(&self, language: &str) -> &str {
        if language.starts_with("en") { &self.en } else { &self.zh }
    }
}

/// What kind of failure it is; the gRPC status, the HTTP status and the retry decision follow from this word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Class {
    /// The request itself is wrong; repeating it helps nobody.
    Invalid,
    /// What it names is not here.
    NotFound,
    /// Right in form, but not in this state: out of order, stale, or done already.
    Conflict,
    /// The caller is not known.
    Unauthenticated,
    /// The caller is known and may not.
    Denied,
    /// Too many attempts for now.
    Exhausted,
    /// A dependency failed; later it may work.
    Transient,
    /// Stored data contradicts itself; a person must look.
    Corrupt,
}

/// One field of the request and what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldProblem {
    pub field: String,
    pub text: Text,
}

/// A refusal that a caller can understand and act on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    pub class: Class,
    /// Stable, kebab case, such as `unknown-branch`.
    pub code: String,
    pub text: Text,
    pub fields: Vec<FieldProblem>,
}

impl Problem {
    /// A problem of `class` with a stable `code` and its text in both languages.
    pub fn new(class: Class, code: &str, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { class, code: code.to_owned(), text: Text::new(zh, en), fields: Vec::new() }
    }

    /// The request is wrong.
    pub fn invalid(code: &str, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self::new(Class::Invalid, code, zh, en)
    }

    /// The request is wrong in one field.
    pub fn field(field: &str, code: &str, zh: impl Into<String>, en: impl Into<String>) -> Self {
        let mut problem = Self::new(Class::Invalid, code, zh, en);
        let text = problem.text.clone();
        problem.fields.push(FieldProblem { field: field.to_owned(), text });
        problem
    }

    /// What the request names is not here.
    pub fn not_found(code: &str, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self::new(Class::NotFound, code, zh, en)
    }

    /// Not in this state.
    pub fn conflict(code: &str, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self::new(Class::Conflict, code, zh, en)
    }

    /// The caller may not.
    pub fn denied(code: &str, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self::new(Class::Denied, code, zh, en)
    }

    /// The problem of a case that is not here, or that the caller may not know of: both read the same.
    pub fn unknown_case() -> Self {
        Self::not_found("unknown-case", "没有这个案件,或您无权查看", "There is no such case, or you may not see it")
    }

    /// The problem of a command against a version that has moved on.
    pub fn stale(current: u64) -> Self {
        Self::conflict(
            "stale",
            format!("案件已被他人更新(现为第 {current} 版),请刷新后再操作"),
            format!("The case has changed since you read it (now version {current}); reload and try again"),
        )
    }

    /// Adds what is wrong with one more field.
    #[must_use]
    pub fn with_field(mut self, field: &str, zh: impl Into<String>, en: impl Into<String>) -> Self {
        self.fields.push(FieldProblem { field: field.to_owned(), text: Text::new(zh, en) });
        self
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.text.en)
    }
}

impl std::error::Error for Problem {}
