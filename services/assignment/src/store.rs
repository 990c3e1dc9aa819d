//! The tables of assignment: rows in, rows out, nothing decided.

pub(crate) mod case;
pub(crate) mod organisation;
pub(crate) mod queue;
pub(crate) mod slip;
