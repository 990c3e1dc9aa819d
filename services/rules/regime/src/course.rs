//! The course of a case, the steps of its handling, and what rules bring about by themselves.

use crate::{Assessed, Condition, FactRef, Recipient};
use kit_core::Text;
use serde::{Deserialize, Serialize};

/// A stage of the course (办理流程). It is reached by any one of its facts; until it is, nothing that reaches a later
/// stage may be done.
#[derive(Clone, Debug)]
pub struct Stage {
    pub id: String,
    pub title: Text,
    pub reached: Vec<FactRef>,
    /// Where it does not hold, this is no stage of the case.
    pub condition: Condition,
    /// Shown, and waited for by nobody.
    pub is_loose: bool,
    pub cite: String,
}

/// A step: the general act, which leaves a fact of its own name.
#[derive(Clone, Debug)]
pub struct Step {
    pub id: String,
    pub title: Text,
    /// It is open only where this holds.
    pub condition: Condition,
    /// What whoever tries it elsewhere is told.
    pub say: Option<Text>,
    /// What must be filled in.
    pub takes: Vec<Take>,
    /// So many members of staff take part, at least.
    pub staff: u32,
    /// They have shown who they are.
    pub credentials: bool,
    /// One of them must be chosen; none, the step has no outcome.
    pub outcomes: Vec<Ending>,
    /// Whose act it is, where it is not ours: we write it down.
    pub of: Option<Party>,
    /// It may be done several times.
    pub again: bool,
    pub amount: Option<Amount>,
    /// The form that it fills.
    pub form: Option<String>,
    pub cite: String,
}

/// What a step asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Take {
    Text,
    Files,
    Date,
    Staff,
    Amount,
    Form,
}

/// Somebody who is not of the house.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Party {
    Complainant,
    Respondent,
    Outside,
}

/// An outcome of a step, an order or an appeal.
#[derive(Clone, Debug)]
pub struct Ending {
    pub id: String,
    pub title: Text,
    /// Suggested where it holds, or, with `only`, possible only there.
    pub condition: Condition,
    pub only: bool,
    pub cite: String,
}

/// Between which sums of money, in the smallest unit of the currency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Amount {
    pub from: i64,
    /// None: without a limit.
    pub to: Option<i64>,
    /// ISO 4217, such as `CNY`.
    pub currency: String,
    pub note: Option<Text>,
}

/// What a rule makes happen when a fact happens.
#[derive(Clone, Debug)]
pub struct EffectRule {
    pub on: Vec<FactRef>,
    pub condition: Condition,
    pub effect: Effect,
    pub cite: String,
}

/// What a text makes happen of itself. The service that owns it does it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Effect {
    /// To this rung of the ladder, counted from 1.
    Climb(u32),
    /// An order is given.
    Order(String),
    /// A step happens, with its outcome.
    Do(FactRef),
    /// The case goes back to this stage, for another round.
    Reopen(String),
    /// The case is closed with this outcome.
    End(String),
    /// A linked case of this kind is opened, under this regime or the one in force.
    Open { kind: String, regime: Option<String> },
    /// Somebody is told by a template.
    Tell { to: Vec<Recipient>, template: String },
    /// An entry in somebody's assessment.
    Assess { ledger: String, points: u32, against: Assessed },
    /// A row of a ledger.
    Enter(String),
}

/// Acts of one case that nobody does two of.
#[derive(Clone, Debug)]
pub struct Apart {
    pub acts: Vec<String>,
    pub condition: Condition,
    pub cite: String,
}

/// How an answer is given, and what it must hold.
#[derive(Clone, Debug)]
pub struct Answer {
    /// `tell`, `accept`, `decline` or a step.
    pub of: String,
    pub condition: Condition,
    /// The forms that may be chosen; empty: any.
    pub ways: Vec<TellForm>,
    /// Parts that must be filled; see `vocabulary::PARTS`.
    pub holds: Vec<String>,
    pub cite: String,
}

/// How somebody was told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TellForm {
    Written,
    Oral,
}

impl TellForm {
    /// As packs and contracts name it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Written => "written",
            Self::Oral => "oral",
        }
    }

    /// Of a way of telling: a call and a visit are oral, what is sent is written.
    pub fn of(way: &str) -> Self {
        if matches!(way, "call" | "visit" | "in-person") { Self::Oral } else { Self::Written }
    }
}

/// What of a case is for few (保密).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Confided {
    /// Who complains.
    Identity,
    /// What was said.
    Content,
    /// Whom it is about.
    Respondent,
}

/// A rule that narrows who may learn something of a case, below what their roles would let them.
#[derive(Clone, Debug)]
pub struct Confidence {
    pub of: Vec<Confided>,
    /// Roles, and those that the case gives.
    pub only: Vec<String>,
    /// Others as well, after this has happened.
    pub unless: Option<FactRef>,
    /// Others as well, as far as they handle the case: alone, in a team, or with an order to answer.
    pub unless_handling: bool,
    pub cite: String,
}

/// A way outside of the house in which somebody may turn against what was decided (救济途径).
#[derive(Clone, Debug)]
pub struct Redress {
    pub say: Text,
    pub of: Party,
    pub condition: Condition,
    pub cite: String,
}
