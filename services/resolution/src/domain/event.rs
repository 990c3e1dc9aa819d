//! What resolution can say happened. `publish` turns each into the message of the contract.

use chrono::{DateTime, NaiveDate, Utc};
use kit_ids::RefId;
use std::collections::BTreeMap;

/// One fact of this service, in its own words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Event {
    InvestigationOpened {
        by: String,
    },
    NoteAdded {
        text: RefId,
        by: String,
    },
    MeasuresOrdered {
        measures: Vec<String>,
        text: Option<RefId>,
        by: String,
    },
    MeasureDone {
        measure: String,
        text: Option<RefId>,
        by: String,
    },
    MeasureChecked {
        measure: String,
        is_satisfactory: bool,
        text: Option<RefId>,
        by: String,
    },
    /// `is_final` where the regime asks nobody else.
    DecisionProposed {
        finding: String,
        text: RefId,
        by: String,
        is_final: bool,
    },
    /// `is_partial` while others have yet to sign off.
    DecisionApproved {
        by: String,
        tier: u32,
        is_partial: bool,
    },
    DecisionRefused {
        by: String,
        reason: Option<RefId>,
    },
    ComplainantAnswered {
        text: RefId,
    },
    CaseResolved {
        finding: String,
        text: Option<RefId>,
        by: String,
    },
    StepDone(Box<Done>),
    ComplainantTold {
        way: String,
        by: String,
        text: Option<RefId>,
        parts: BTreeMap<String, RefId>,
    },
    ApprovalAsked {
        act: String,
        tier: u32,
        role: String,
        by: String,
        text: Option<RefId>,
        cite: String,
    },
    ApprovalGiven {
        act: String,
        tier: u32,
        by: String,
        is_last: bool,
    },
    ApprovalRefused {
        act: String,
        tier: u32,
        by: String,
        reason: RefId,
    },
    AppealDecided {
        tier: String,
        outcome: String,
        by: String,
        text: RefId,
        parts: BTreeMap<String, RefId>,
    },
    /// The case goes back to a stage of its course.
    CaseReopened {
        stage: String,
        round: u32,
        lapsed: Vec<String>,
        cause: String,
        cite: String,
    },
    /// A rule wants a linked case.
    LinkedCaseOwed {
        kind: String,
        regime: String,
        cause: String,
        cite: String,
    },
    /// The complainant was reached; an attempt that failed is no fact of ours.
    CaseCalledBack {
        satisfaction: String,
        by: String,
    },
    CaseClosed {
        outcome: String,
        by: String,
        cite: String,
    },
}

/// A step as it was done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Done {
    pub(crate) step: String,
    /// Empty where a rule did it.
    pub(crate) by: String,
    pub(crate) outcome: String,
    /// The day on which it was done, and since when it counts, if that was before today.
    pub(crate) on: Option<(NaiveDate, DateTime<Utc>)>,
    pub(crate) amount: i64,
    pub(crate) currency: String,
    pub(crate) staff: Vec<String>,
    pub(crate) text: Option<RefId>,
    pub(crate) files: Vec<RefId>,
    pub(crate) form: String,
    pub(crate) cite: String,
}
