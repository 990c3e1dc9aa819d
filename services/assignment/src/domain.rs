//! What assignment knows and decides, without any IO: the organisation, who may take a case, and how it moves.

pub(crate) mod case;
pub(crate) mod dispatch;
pub(crate) mod escalation;
pub(crate) mod organisation;
pub(crate) mod throttle;
