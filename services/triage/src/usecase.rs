//! What can be done: one file for each command, and one for what follows from the events of others.

pub(crate) mod accept_case;
pub(crate) mod amend_regime;
pub(crate) mod decline_case;
pub(crate) mod follow;
pub(crate) mod judge_validity;
pub(crate) mod move_to_version;
pub(crate) mod outcome;
pub(crate) mod publish_regime;
pub(crate) mod record_containment;
pub(crate) mod refer_case;
pub(crate) mod regrade_case;
pub(crate) mod state_facts;
pub(crate) mod triage_case;
