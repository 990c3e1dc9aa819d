//! What is wrong with a pack: where, under which clause, and in words that help the person who writes it.

use std::fmt;

/// One mistake in a pack.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PackError {
    pub file: String,
    /// Counted from 1.
    pub line: u32,
    /// The clause that the rule cites; empty where it cites none.
    pub clause: String,
    pub zh: String,
    pub en: String,
}

impl fmt::Display for PackError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file, self.line)?;
        if !self.clause.is_empty() {
            write!(f, " [{}]", self.clause)?;
        }
        write!(f, " {} / {}", self.zh, self.en)
    }
}

impl std::error::Error for PackError {}
