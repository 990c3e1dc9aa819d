//! The state of a case that all services agree on, and the questions it answers.

use chrono::{DateTime, NaiveDate, Utc};
use regime::vocabulary::VARIABLES;
use regime::{Case, FactRef, Length, Value};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A case as the events so far tell it. Stored as JSON; a field that an older row lacks takes its default.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CaseView {
    pub case_id: String,
    pub number: String,
    pub regime_id: String,
    pub regime_version: u32,
    /// The branch that the matter concerns.
    pub unit_id: String,
    pub channel: String,
    pub kind: String,
    pub category: String,
    pub severity: String,
    pub validity: String,
    pub about_unit_id: Option<String>,
    pub handling_unit_id: Option<String>,
    /// The person the case is dispatched to.
    pub handler: Option<String>,
    pub handler_signed: bool,
    /// The day by which the complainant asked for a result, in the unit's zone.
    pub asked_by: Option<NaiveDate>,
    pub is_anonymous: bool,
    /// Ways to reach the complainant: `email`, `phone`, `visit`.
    pub reach: Vec<String>,
    /// Staff complained of, or recused.
    pub excluded: BTreeSet<String>,
    /// Staff to whom the case climbed.
    pub watchers: BTreeSet<String>,
    /// Answers to the regime's questions.
    pub facts: BTreeMap<String, Value>,
    pub received_at: DateTime<Utc>,
    /// How far the case has climbed; 0 is nowhere.
    pub rung: u32,
    pub finding: Option<String>,
    pub measures: Vec<String>,
    /// The ground of a refusal, and what then happens.
    pub ground: Option<String>,
    /// How it ended: `resolved`, `declined` or `withdrawn`.
    pub outcome: Option<String>,
    pub satisfaction: Option<String>,
    pub extensions: Vec<Extension>,
    pub suspensions: Vec<Suspension>,
    /// Dates that were set for clocks, in the order in which they were learned.
    pub dates: Vec<SetDate>,
    /// Everything that happened, in the order in which it was learned.
    pub history: Vec<Happened>,
}

/// A fact of the case: its word in packs, what it happened to, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Happened {
    pub word: String,
    /// The clock, for what happens to a clock; the purpose of a task; the template of a notice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub arg: Option<String>,
    pub at: DateTime<Utc>,
}

/// More time on a clock, asked for and perhaps granted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extension {
    pub extension_id: String,
    pub clock: String,
    /// The last day, in the unit's zone; none if the event named no date.
    pub until: Option<NaiveDate>,
    /// The tier of the regime, counted from 1; 0 for an overrun.
    #[serde(default)]
    pub tier: u32,
    /// How much more, where it is given whole.
    #[serde(default)]
    pub by: Option<Length>,
    pub state: ExtensionState,
    pub asked_by: String,
    pub approver_role: String,
    /// When it came into this state.
    pub at: DateTime<Utc>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ExtensionState {
    Asked,
    Granted,
    Refused,
}

/// Clocks that stand still at somebody's word, or shall.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Suspension {
    pub suspension_id: String,
    pub clocks: Vec<String>,
    /// The last day on which they stand still, in the unit's zone.
    pub until: Option<NaiveDate>,
    pub is_refused: bool,
    pub granted_at: Option<DateTime<Utc>>,
    pub ended_at: Option<DateTime<Utc>>,
    pub asked_by: String,
    pub approver_role: String,
}

impl Suspension {
    /// Whether nobody has ruled on it yet.
    pub fn is_asked(&self) -> bool {
        !self.is_refused && self.granted_at.is_none()
    }
}

/// A day that a person set for a clock.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetDate {
    pub clock: String,
    pub date: NaiveDate,
    pub at: DateTime<Utc>,
    pub set_by: String,
}

impl CaseView {
    /// Whether a fact of this word has happened.
    pub fn has_word(&self, word: &str) -> bool {
        self.history.iter().any(|happened| happened.word == word)
    }

    /// When it happened first.
    pub fn first(&self, fact: &FactRef) -> Option<DateTime<Utc>> {
        self.all(fact).min()
    }

    /// When it happened last.
    pub fn last(&self, fact: &FactRef) -> Option<DateTime<Utc>> {
        self.all(fact).max()
    }

    /// When it happened, each time, in the order learned.
    pub fn all(&self, fact: &FactRef) -> impl Iterator<Item = DateTime<Utc>> {
        let fact = fact.clone();
        self.history.iter().filter(move |h| fact.matches(&h.word, h.arg.as_deref())).map(|h| h.at)
    }

    /// The units whose staff may have to do with the case: its own, and the one that handles it.
    pub fn units(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.unit_id.as_str()).chain(self.handling_unit_id.as_deref())
    }
}

impl Case for CaseView {
    fn variables(&self) -> BTreeMap<String, Value> {
        let mut variables = self.facts.clone();
        let own = VARIABLES.iter().filter_map(|name| Some(((*name).to_owned(), self.variable(name)?)));
        variables.extend(own);
        variables
    }

    fn variable(&self, name: &str) -> Option<Value> {
        let word = |text: &str| Some(Value::Word(text.to_owned()));
        match name {
            "kind" => word(&self.kind),
            "category" => word(&self.category),
            "severity" => word(&self.severity),
            "validity" => word(&self.validity),
            "valid" => Some(Value::Flag(self.validity == "valid")),
            "channel" => word(&self.channel),
            "anonymous" => Some(Value::Flag(self.is_anonymous)),
            other => self.facts.get(other).cloned(),
        }
    }

    fn has(&self, fact: &FactRef) -> bool {
        self.history.iter().any(|happened| fact.matches(&happened.word, happened.arg.as_deref()))
    }
}
