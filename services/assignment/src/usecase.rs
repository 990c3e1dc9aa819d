//! What can be done: one file for each command, and one for what follows from the events of others.

pub(crate) mod answer_order;
pub(crate) mod change_organisation;
pub(crate) mod delegate_case;
pub(crate) mod dispatch_case;
pub(crate) mod escalate_case;
pub(crate) mod follow;
pub(crate) mod form_team;
pub(crate) mod give_order;
pub(crate) mod outcome;
pub(crate) mod recuse_handler;
pub(crate) mod return_case;
pub(crate) mod rule_dispatch;
pub(crate) mod rule_recusal;
pub(crate) mod sign_case;
pub(crate) mod sign_in;
