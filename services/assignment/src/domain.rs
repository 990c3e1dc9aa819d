//! What assignment knows and decides, without any IO: the organisation, who may take a case, and how it moves.

pub(crate) mod case;
pub(crate) mod dispatch;
pub(crate) mod effects;
pub(crate) mod escalation;
pub(crate) mod event;
pub(crate) mod moment;
pub(crate) mod orders;
pub(crate) mod organisation;
pub(crate) mod recusal;
pub(crate) mod refusal;
pub(crate) mod route;
pub(crate) mod teams;
pub(crate) mod throttle;
