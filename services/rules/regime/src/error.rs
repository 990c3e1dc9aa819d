//! What is wrong with a pack: where, under which clause, and in words that help the person who writes it.

use std::fmt;

/// How much it matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Gravity {
    /// The pack is wrong.
    Error,
    /// The pack is well formed, and something that it leaves to the organisation has no value yet: it cannot be
    /// published before it has.
    Blank,
    /// The pack may be used; this is probably not what its author meant.
    Warning,
}

/// Something that was found in a pack.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PackError {
    pub file: String,
    /// Counted from 1.
    pub line: u32,
    /// The clause that the rule cites; empty where it cites none.
    pub clause: String,
    pub gravity: Gravity,
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
