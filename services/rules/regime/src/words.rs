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
    /// The wider word that it falls under, where words make a tree.
    pub under: Option<String>,
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
    pub measures: Vec<Measure>,
    /// Who may file, and whom a matter may be about.
    pub complainants: Vec<Word>,
    pub respondents: Vec<Word>,
    /// Bodies outside, to which a matter is referred or which are told.
    pub bodies: Vec<Word>,
    pub roles: Vec<Word>,
    pub satisfaction: Vec<Word>,
    /// The forms of the text.
    pub forms: Vec<Form>,
}

/// What may be ordered because of a case: a remedy, a sanction, a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Measure {
    pub word: Word,
    /// Whom or what it is for, such as `remedy` or `person`.
    pub of: Option<String>,
    /// It must be carried out and looked at before the case is closed.
    pub is_tracked: bool,
}

/// A form of the text: what it asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Form {
    pub word: Word,
    /// Fields of the hand-in or facts of the case.
    pub fields: Vec<String>,
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

impl QuestionKind {
    /// As packs and contracts name it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Flag => "flag",
            Self::Number => "number",
            Self::Word => "word",
        }
    }
}

/// When a question is put.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    HandIn,
    Triage,
    /// While it is handled: it may be stated or corrected.
    Handling,
}
