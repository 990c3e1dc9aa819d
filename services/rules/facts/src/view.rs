//! The state of a case that all services agree on, and the questions it answers.

use chrono::{DateTime, NaiveDate, Utc};
use regime::vocabulary::VARIABLES;
use regime::{Case, FactRef, Length, Value};
use serde::{Deserialize, Serialize};
use serde_with::apply;
use std::collections::{BTreeMap, BTreeSet};

/// A case as the events so far tell it. Stored as JSON, without what is empty; a field that a row lacks takes its default.
#[apply(
    Option => #[serde(skip_serializing_if = "Option::is_none")],
    String => #[serde(skip_serializing_if = "String::is_empty")],
    Vec => #[serde(skip_serializing_if = "Vec::is_empty")],
    BTreeSet => #[serde(skip_serializing_if = "BTreeSet::is_empty")],
    BTreeMap => #[serde(skip_serializing_if = "BTreeMap::is_empty")],
)]
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
    /// The role in which they were given it; empty where a person named somebody else.
    pub handler_role: String,
    pub handler_signed: bool,
    /// The day by which the complainant asked for a result, in the unit's zone.
    pub asked_by: Option<NaiveDate>,
    pub is_anonymous: bool,
    /// Ways to reach the complainant: `email`, `phone`, `visit`.
    pub reach: Vec<String>,
    /// Staff complained of, or recused.
    pub excluded: BTreeSet<String>,
    /// Those of them who are complained of.
    pub accused: BTreeSet<String>,
    /// Staff of whom somebody asks that they step back, until that is ruled on.
    pub recusals_asked: BTreeSet<String>,
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
    /// How it ended, in the words of `vocabulary::OUTCOMES`.
    pub outcome: Option<String>,
    /// Who files and whom it is about, in the regime's words.
    pub complainant: String,
    pub respondent: String,
    /// How well the complainant is known, in the words of `vocabulary::IDENTITIES`.
    pub identity: String,
    /// Ways to reach the respondent.
    pub respondent_reach: Vec<String>,
    /// The fields of its forms that were filled.
    pub form_fields: BTreeSet<String>,
    /// Only whoever handles it may read it.
    pub is_sealed: bool,
    /// Out of scope, and taken all the same.
    pub is_courtesy: bool,
    /// The member of staff who took it in.
    pub first_contact: Option<String>,
    /// Which round of handling it is in, counted from 1; 0 before it was first reopened.
    pub round: u32,
    /// Other cases that it has to do with: (relation, case).
    pub links: Vec<(String, String)>,
    pub chases: u32,
    /// The unit that returned it, until that was ruled on or it was dispatched again.
    pub returned_by: Option<String>,
    /// Units to which it was given back for good: they return it no more.
    pub upheld: BTreeSet<String>,
    /// Everybody who handled it, in any round.
    pub handlers: BTreeSet<String>,
    pub teams: BTreeMap<String, BTreeSet<String>>,
    pub orders: Vec<Order>,
    /// Sign-offs that were asked for, by act.
    pub sign_offs: BTreeMap<String, SignOff>,
    /// Tracked measures that are not both carried out and found in order: whether each is carried out.
    pub open_measures: BTreeMap<String, bool>,
    /// Who did what, by act or step.
    pub acted: BTreeMap<String, BTreeSet<String>>,
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
    /// It no longer counts for what must have happened: the case went back behind it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub lapsed: bool,
    /// Only its day is known, of which `at` is the beginning.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub dated: bool,
}

impl Happened {
    /// A fact that counts, and of which the instant is known.
    pub fn new(word: impl Into<String>, arg: Option<&str>, at: DateTime<Utc>) -> Self {
        Self { word: word.into(), arg: arg.map(str::to_owned), at, lapsed: false, dated: false }
    }
}

/// A demand within a case that somebody owes an answer to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Order {
    pub no: u32,
    pub order: String,
    pub ground: String,
    pub unit_id: String,
    pub staff: Vec<String>,
    /// A role, one that the case gives, or a body outside.
    pub to: String,
    /// The last day, in the unit's zone.
    pub due: Option<NaiveDate>,
    pub given_by: String,
    pub is_answered: bool,
}

/// The sign-offs of one act.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SignOff {
    pub asked_by: String,
    /// How many were given.
    pub given: u32,
    pub state: SignOffState,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SignOffState {
    #[default]
    Asked,
    Given,
    Refused,
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
    /// Whether a fact of this word has happened, and counts.
    pub fn has_word(&self, word: &str) -> bool {
        self.history.iter().any(|happened| happened.word == word && !happened.lapsed)
    }

    /// How often it happened, and counts.
    pub fn count(&self, word: &str) -> usize {
        self.history.iter().filter(|happened| happened.word == word && !happened.lapsed).count()
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
            "handler_role" => word(&self.handler_role),
            "identity" => word(&self.identity),
            "real_name" => Some(Value::Flag(self.identity == "real-name")),
            "complainant" => word(&self.complainant),
            "respondent" => word(&self.respondent),
            "courtesy" => Some(Value::Flag(self.is_courtesy)),
            "finding" => word(self.finding.as_deref().unwrap_or_default()),
            "satisfaction" => word(self.satisfaction.as_deref().unwrap_or_default()),
            "outcome" => word(self.outcome.as_deref().unwrap_or_default()),
            "rung" => Some(Value::Number(self.rung.into())),
            "round" => Some(Value::Number(self.round.max(1).into())),
            "chases" => Some(Value::Number(self.chases.into())),
            "repeats" => {
                let repeats = self.links.iter().filter(|(relation, _)| relation == "repeat").count();
                Some(Value::Number(i64::try_from(repeats).unwrap_or(i64::MAX)))
            }
            other => self.facts.get(other).cloned(),
        }
    }

    fn has(&self, fact: &FactRef) -> bool {
        self.history.iter().any(|happened| !happened.lapsed && fact.matches(&happened.word, happened.arg.as_deref()))
    }
}
