//! What resolution can say happened. `publish` turns each into the message of the contract.

use kit_ids::RefId;

/// One fact of this service, in its own words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Event {
    InvestigationOpened {
        by: String,
    },
    NoteAdded {
        text: RefId,
    },
    MeasuresOrdered {
        measures: Vec<String>,
        text: Option<RefId>,
    },
    /// `is_final` where the regime asks nobody else.
    DecisionProposed {
        finding: String,
        text: RefId,
        by: String,
        is_final: bool,
    },
    DecisionApproved {
        by: String,
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
    },
    StepDone {
        step: String,
        by: String,
    },
    ComplainantTold {
        way: String,
        by: String,
    },
    /// The complainant was reached; an attempt that failed is no fact of ours.
    CaseCalledBack {
        satisfaction: String,
        by: String,
    },
    CaseClosed {
        outcome: &'static str,
    },
}
