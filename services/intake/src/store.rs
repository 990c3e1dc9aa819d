//! The tables of intake, one file per group.

pub(crate) mod case;
pub(crate) mod file;
pub(crate) mod hand_in;
pub(crate) mod likeness;
pub(crate) mod receipt;
pub(crate) mod vault;
