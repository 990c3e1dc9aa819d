//! What is wrong with a calendar: in which, at which line, and in words that help whoever wrote it.

use kit_core::Text;
use std::fmt;

/// One mistake in a calendar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CalendarError {
    pub id: String,
    /// Counted from 1; 0 where the mistake is of the whole.
    pub line: u64,
    pub zh: String,
    pub en: String,
}

impl CalendarError {
    pub(super) fn new(id: &str, line: u64, text: Text) -> Self {
        Self { id: id.to_owned(), line, zh: text.zh, en: text.en }
    }
}

impl fmt::Display for CalendarError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{} {} / {}", self.id, self.line, self.zh, self.en)
    }
}

impl std::error::Error for CalendarError {}
