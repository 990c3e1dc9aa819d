//! The tables of triage: rows in, rows out, nothing decided.

pub(crate) mod case;
pub(crate) mod regime;
pub(crate) mod upkeep;
