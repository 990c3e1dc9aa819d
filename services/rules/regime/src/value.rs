//! What a rule may ask of a case: the values of its facts, and whether something has happened in it.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

/// The value of one fact of a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Value {
    Flag(bool),
    Number(i64),
    Word(String),
}

/// Something that happens in a case: `case-resolved`, `clock-missed(one-month)`, or the id of a regime's own step.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct FactRef {
    pub word: String,
    /// What it happened to, such as a clock; without it, any.
    pub arg: Option<String>,
}

impl FactRef {
    /// The fact `word`, whatever it happened to.
    pub fn new(word: impl Into<String>) -> Self {
        Self { word: word.into(), arg: None }
    }

    /// The fact `word` about `arg` alone.
    pub fn about(word: impl Into<String>, arg: impl Into<String>) -> Self {
        Self { word: word.into(), arg: Some(arg.into()) }
    }

    /// Whether a fact that happened, with its word and argument, is one of these.
    pub fn any(of: &[Self], word: &str, arg: Option<&str>) -> bool {
        of.iter().any(|one| one.matches(word, arg))
    }

    /// Whether a fact that happened, with its word and argument, is the one meant here.
    pub fn matches(&self, word: &str, arg: Option<&str>) -> bool {
        self.word == word && (self.arg.is_none() || self.arg.as_deref() == arg)
    }
}

impl fmt::Display for FactRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.arg {
            Some(arg) => write!(f, "{}({arg})", self.word),
            None => f.write_str(&self.word),
        }
    }
}

impl FromStr for FactRef {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        let (word, arg) = match text.split_once('(') {
            Some((word, rest)) => (word.trim(), Some(rest.strip_suffix(')').ok_or("a bracket is not closed")?.trim())),
            None => (text, None),
        };
        if word.is_empty() || arg == Some("") {
            return Err("a fact has a name, and a name in its brackets if it has brackets");
        }
        Ok(Self { word: word.to_owned(), arg: arg.map(str::to_owned) })
    }
}

/// A case as rules see it.
pub trait Case {
    /// The built-in variables (`kind`, `category`, `severity`, `validity`, `valid`, `channel`, `anonymous`) and the
    /// facts that are known. What is missing takes the default that the pack declares.
    fn variables(&self) -> BTreeMap<String, Value>;
    /// One of them.
    fn variable(&self, name: &str) -> Option<Value> {
        self.variables().remove(name)
    }
    /// Whether it has happened.
    fn has(&self, fact: &FactRef) -> bool;
}
