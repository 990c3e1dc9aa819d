//! What a regime calls things: its vocabulary, its questions, and what its text leaves open.

use crate::Value;
use kit_core::Text;

/// Something that a text leaves open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameter {
    pub name: String,
    pub value: String,
    /// What the text says, where it says anything.
    pub reads: String,
    pub cite: String,
}

/// An id of the regime's own vocabulary, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    pub id: String,
    pub title: Text,
    /// What the text means by it, where it says.
    pub meaning: Option<Text>,
    pub cite: String,
}

/// The vocabulary. Lists keep the order of the pack; severities stand from the lightest to the gravest.
#[derive(Clone, Debug, Default)]
pub struct Words {
    pub kinds: Vec<Word>,
    pub categories: Vec<Word>,
    pub severities: Vec<Word>,
    pub validity: Vec<Word>,
    pub facts: Vec<Question>,
    pub findings: Vec<Word>,
    pub measures: Vec<Word>,
    pub steps: Vec<Word>,
    pub roles: Vec<Word>,
    pub satisfaction: Vec<Word>,
    /// The forms of the text, with nothing of their content.
    pub forms: Vec<Word>,
}

/// A fact about a case, asked as a question.
#[derive(Clone, Debug)]
pub struct Question {
    pub name: String,
    pub title: Text,
    pub kind: QuestionKind,
    /// The choices, for a word.
    pub words: Vec<Word>,
    pub default: Value,
    pub asked: Vec<Asked>,
    pub cite: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QuestionKind {
    Flag,
    Number,
    Word,
}

/// When a question is put.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    HandIn,
    Triage,
}
