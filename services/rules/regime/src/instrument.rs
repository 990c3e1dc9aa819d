//! What people and misses do to clocks: more time, standing still at somebody's word, and what a failure brings about.

use crate::{Condition, Effect, FactRef, Length};
use kit_core::Text;
use serde::{Deserialize, Serialize};

/// More time that somebody may grant. Tiers are granted in the order of the pack, each as often as it says.
#[derive(Clone, Debug)]
pub struct Extend {
    pub condition: Condition,
    /// Why more time is given, as the text puts it: a complex matter.
    pub ground: Option<Text>,
    pub by: ExtendBy,
    /// How often; none for as often as it is granted.
    pub times: Option<u32>,
    pub counts: Counts,
    /// The role that grants it; without it, whom `approvals` of `extension` name.
    pub approve: Option<String>,
    /// Nobody has to approve: it is granted as soon as it is asked for.
    pub on_notice: bool,
    pub cite: String,
}

/// How much more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExtendBy {
    /// So much, and neither more nor less.
    Whole(Length),
    /// Until a day that is decided for the case, at most so long after the end of the term.
    Date { cap: Option<Length> },
}

/// From where the longer term counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Counts {
    /// It goes on from the end of the term that it lengthens.
    #[default]
    FromEnd,
    /// Both lengths are counted from the start, as one.
    FromStart,
}

/// Whether a clock may stand still at somebody's word (挂账).
#[derive(Clone, Debug)]
pub struct Suspend {
    pub condition: Condition,
    pub ground: Option<Text>,
    /// The most that one suspension lasts; after it the clock goes on by itself.
    pub cap: Option<Length>,
    /// How often in a case; none for as often as it is granted.
    pub times: Option<u32>,
    /// The role that grants it; without it, whom `approvals` of `suspension` name.
    pub approve: Option<String>,
    pub cite: String,
}

/// Whose assessment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Assessed {
    Handler,
    /// Whoever took the matter in.
    FirstContact,
    Unit,
}

impl Assessed {
    /// As packs and contracts name it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Handler => "handler",
            Self::FirstContact => "first-contact",
            Self::Unit => "unit",
        }
    }
}

/// A failure that is no time limit: it happens with a fact, each time or only once in a case.
#[derive(Clone, Debug)]
pub struct Breach {
    /// Unique in the regime, such as `chased`.
    pub name: String,
    pub title: Text,
    pub on: Vec<FactRef>,
    pub condition: Condition,
    /// Only the first counts in a case.
    pub is_once: bool,
    /// The rung to which the case climbs; 0 for none.
    pub climb: u32,
    pub effects: Vec<Effect>,
    pub cite: String,
}
