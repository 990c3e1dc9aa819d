//! What assignment makes happen in a case.

use chrono::NaiveDate;
use kit_ids::RefId;

/// Something that happens in a case by assignment's doing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Event {
    /// The slip is numbered as the last thing before it is published. `by` is empty where the rules chose.
    Dispatched {
        unit_id: String,
        role: String,
        staff_id: String,
        slip: String,
        by: String,
        cite: String,
    },
    Signed {
        staff_id: String,
    },
    Returned {
        staff_id: String,
        reason: RefId,
    },
    /// A returned case was ruled on; `unit_id` is the unit that returned it.
    Ruled {
        is_upheld: bool,
        unit_id: String,
        staff_id: String,
        reason: Option<RefId>,
    },
    /// Somebody of the unit that has it is named to handle it.
    Named {
        staff_id: String,
        by: String,
    },
    /// No reason where the rules recuse.
    Recused {
        staff_id: String,
        cite: String,
        reason: Option<RefId>,
    },
    RecusalAsked {
        staff_id: String,
        by: String,
        ground: RefId,
    },
    /// With a reason where it is refused.
    RecusalRuled {
        staff_id: String,
        by: String,
        is_granted: bool,
        reason: Option<RefId>,
    },
    /// To the clock that was missed, or by somebody; neither, where a rule says so.
    Escalated(Climb),
    Ordered(Given),
    OrderAnswered {
        no: u32,
        order: String,
        staff_id: String,
        text: Option<RefId>,
    },
    TeamFormed {
        team: String,
        staff_ids: Vec<String>,
        lead: String,
        by: String,
    },
}

/// A rung that is reached.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Climb {
    pub clock: String,
    pub rung: u32,
    pub roles: Vec<String>,
    pub staff_ids: Vec<String>,
    /// Who brought it there.
    pub by: String,
    pub text: Option<RefId>,
    pub proposal: Option<RefId>,
    pub cite: String,
}

/// An order as it is given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Given {
    pub no: u32,
    pub order: String,
    pub ground: String,
    pub unit_id: String,
    pub staff_ids: Vec<String>,
    /// A role, `handler` or another that the case gives, or a body outside.
    pub to: String,
    pub due: Option<NaiveDate>,
    /// Empty where a rule gives it.
    pub by: String,
    pub text: Option<RefId>,
    pub cite: String,
}
