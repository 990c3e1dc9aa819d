//! A regime as it was compiled: every name in it is known, every condition reads, every parameter has its value.

use crate::{
    Answer, Apart, Appeal, Breach, Channel, Clock, Condition, Confidence, EffectRule, FactRef, Ground, Length, Manner,
    Numbering, Order, Parameter, Pending, Rating, Recusal, Redress, Repeat, Route, Rung, Split, Stage, Step, Survey,
    Team, Upkeep, Withdrawal, Words, vocabulary,
};
use chrono::NaiveDate;
use kit_core::Text;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One regime, ready to be asked.
#[derive(Clone, Debug)]
pub struct Regime {
    pub id: String,
    pub title: Text,
    /// Where the text of the rules stands.
    pub source: String,
    pub in_force_from: Option<NaiveDate>,
    /// The last day on which it is in force; none until another follows.
    pub in_force_to: Option<NaiveDate>,
    /// What becomes of the cases under way when another version follows.
    pub pending: Pending,
    /// Who looks after the rules themselves.
    pub upkeep: Option<Upkeep>,
    /// The calendar by which its days are counted, such as `cn`.
    pub calendar: String,
    pub counting: Manner,
    /// What the text leaves open, as decided here.
    pub parameters: BTreeMap<String, String>,
    /// The same in the order of the pack, with what the text says.
    pub left_open: Vec<Parameter>,
    pub words: Words,
    /// Every fact that may be named, bare and with each argument, as in `clock-missed(one-month)`.
    pub facts: Vec<String>,
    pub numbering: Numbering,
    /// The stages of a case, in their order; none, the house's own are shown and bind nobody.
    pub course: Vec<Stage>,
    pub steps: Vec<Step>,
    pub channels: Vec<Channel>,
    pub splitting: Vec<Split>,
    pub repeats: Vec<Repeat>,
    pub withdrawal: Vec<Withdrawal>,
    pub rating: Option<Rating>,
    pub scope: Vec<Ground>,
    pub grading: Vec<Grading>,
    pub routing: Vec<Route>,
    pub recusal: Vec<Recusal>,
    pub ladder: Vec<Rung>,
    pub apart: Vec<Apart>,
    pub teams: Vec<Team>,
    pub orders: Vec<Order>,
    pub guards: Vec<Guard>,
    pub approvals: Vec<Approval>,
    pub answers: Vec<Answer>,
    pub appeals: Vec<Appeal>,
    /// Ways outside of the house, for those to whom a result is told.
    pub redress: Vec<Redress>,
    pub effects: Vec<EffectRule>,
    pub clocks: Vec<Clock>,
    /// Failures that are no time limits.
    pub breaches: Vec<Breach>,
    pub notices: Vec<Notice>,
    pub templates: BTreeMap<String, Template>,
    pub callbacks: Vec<Callback>,
    /// Asked of no case and of nobody by name.
    pub surveys: Vec<Survey>,
    pub records: Records,
    pub guidance: Vec<Guidance>,
    /// Which roles may give which command; ask with `roles_for`.
    pub who: BTreeMap<String, Vec<String>>,
}

#[derive(Clone, Debug)]
pub struct Grading {
    pub rule: Grade,
    /// The severity that it gives.
    pub then: String,
    /// Whether the engine does it itself, rather than suggest it.
    pub is_automatic: bool,
    pub cite: String,
}

/// When a grading rule speaks.
#[derive(Clone, Debug)]
pub enum Grade {
    If(Condition),
    Otherwise,
    /// When the fact happens, in a case of which the condition holds.
    On(FactRef, Condition),
}

/// What the rules give.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Graded {
    pub severity: String,
    pub cite: String,
    pub is_automatic: bool,
}

/// What must have happened before a step.
#[derive(Clone, Debug)]
pub struct Guard {
    /// Commands or steps, some for one object alone, as in `order(supervision)`.
    pub before: Vec<String>,
    pub condition: Condition,
    /// Empty: they are forbidden while the condition holds.
    pub needs: Vec<FactRef>,
    pub say: Text,
    pub cite: String,
}

/// What is missing before a step may be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    /// None where the rule forbids the step whatever happened.
    pub needs: Option<FactRef>,
    pub say: Text,
    pub cite: String,
}

#[derive(Clone, Debug)]
pub struct Approval {
    /// An act, a step, or one of `vocabulary::APPROVALS`, which may name its clock: `extension(handling)`.
    pub of: String,
    pub condition: Condition,
    /// Who signs off, in their order; the last frees the act.
    pub by: Vec<String>,
    pub cite: String,
}

#[derive(Clone, Debug)]
pub struct Notice {
    /// Unique in the regime and stable between its versions, as long as the rule keeps its facts and its recipients.
    pub id: String,
    /// It speaks on each of them.
    pub on: Vec<FactRef>,
    pub condition: Condition,
    pub telling: Telling,
    pub cite: String,
}

/// How somebody is told.
#[derive(Clone, Debug)]
pub enum Telling {
    /// The machine sends the template by the first of the ways that reaches them.
    Send(Sending),
    /// A holder of the role calls or visits the complainant or the respondent; when they were reached, `done` has happened.
    Task { to: Recipient, role: String, ways: Vec<String>, done: FactRef, title: Text },
}

/// What the machine sends.
#[derive(Clone, Debug)]
pub struct Sending {
    pub to: Vec<Recipient>,
    /// The pack's own, or one of the house.
    pub template: String,
    pub by: Vec<String>,
    /// What has happened once it is sent.
    pub done: Option<FactRef>,
    /// Who delivers it where no machine can; none: whoever handles the case.
    pub role: Option<String>,
    /// A numbered document (文书), which can be printed.
    pub is_document: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Recipient {
    Complainant,
    Respondent,
    Handler,
    FirstContact,
    Team,
    /// The head of the unit that handles the case.
    UnitHead,
    Role(String),
    /// A body outside: staff send it.
    Body(String),
}

impl Recipient {
    /// As packs name it.
    pub fn name(&self) -> &str {
        match self {
            Self::Complainant => vocabulary::COMPLAINANT,
            Self::Respondent => vocabulary::RESPONDENT,
            Self::Handler => vocabulary::HANDLER,
            Self::FirstContact => vocabulary::FIRST_CONTACT,
            Self::Team => vocabulary::TEAM,
            Self::UnitHead => vocabulary::UNIT_HEAD,
            Self::Role(name) | Self::Body(name) => name,
        }
    }
}

/// A text that is sent, with `{{ placeholders }}` from `vocabulary::PLACEHOLDERS`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    pub subject: Text,
    pub body: Text,
}

/// Asking afterwards whether it was well done (回访).
#[derive(Clone, Debug)]
pub struct Callback {
    /// Of which cases, in a hundred. Which they are, the case itself says, so that nobody chooses.
    pub share: u8,
    pub condition: Condition,
    pub after: FactRef,
    pub by: String,
    pub ordered_by: Option<String>,
    pub ways: Vec<String>,
    pub title: Text,
    pub cite: String,
}

#[derive(Clone, Debug)]
pub struct Records {
    /// What the file holds.
    pub holds: Vec<Held>,
    /// No case is closed whose file lacks anything of it.
    pub is_complete: bool,
    pub keep: Keep,
    /// The period is the least: what then becomes of the file, a person decides.
    pub is_least: bool,
    /// From when it is kept.
    pub from: FactRef,
    pub cite: String,
    pub duties: Vec<Duty>,
    pub ledgers: Vec<Ledger>,
    pub statistics: Option<Statistics>,
    pub publicity: Vec<Publicity>,
    pub confidential: Vec<Confidence>,
}

/// By what cases are counted: words of `vocabulary::AXES` and the regime's own word facts.
#[derive(Clone, Debug)]
pub struct Statistics {
    pub by: Vec<String>,
    pub cite: String,
}

/// Something that a file holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Held {
    Form(String),
    /// A step, or any other fact.
    Fact(FactRef),
}

/// What of a case, or of a period, is shown to the public.
#[derive(Clone, Debug)]
pub struct Publicity {
    pub of: PublicityOf,
    /// Only where somebody asks for it; else it is the rule.
    pub only_if_asked: bool,
    /// Words of `vocabulary::SHOWN`.
    pub shows: Vec<String>,
    pub needs: Vec<FactRef>,
    /// What must not be the case; whoever publishes says so of each. They are numbered from 1.
    pub never: Vec<Text>,
    /// A role, or whoever handles the case.
    pub by: String,
    pub cite: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PublicityOf {
    Case,
    /// Figures, not cases: those that a duty has reported.
    Summary,
}

/// A list that is kept over cases (台账): repeated problems, discipline, improvements.
#[derive(Clone, Debug)]
pub struct Ledger {
    pub id: String,
    pub title: Text,
    /// The facts that enter a row; a row may be entered by hand as well.
    pub on: Vec<FactRef>,
    pub condition: Condition,
    /// Whom a row is about: `complainant`, `respondent`, `unit`, `staff` or `problem`.
    pub of: String,
    pub cite: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    Forever,
    For(Length),
}

/// What recurs by the calendar.
#[derive(Clone, Debug)]
pub struct Duty {
    pub id: String,
    pub title: Text,
    /// Of how many months a period is; a year is divided from January on.
    pub months: u32,
    pub due: DutyDue,
    pub role: String,
    /// A role, or a body outside.
    pub to: String,
    /// `statistics`, ledgers, and surveys.
    pub holds: Vec<String>,
    pub cite: String,
}

/// By when it is due in each period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DutyDue {
    /// Before this day of the period's last month, or before the last day of a month that has no such day.
    BeforeDay(u32),
    /// So long after the period.
    Within(Length),
    /// By the period's last day.
    PeriodEnd,
}

/// Advice at a step, which binds nobody.
#[derive(Clone, Debug)]
pub struct Guidance {
    pub at: String,
    pub condition: Condition,
    pub say: Text,
    pub cite: String,
}
