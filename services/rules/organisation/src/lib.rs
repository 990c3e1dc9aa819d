//! The organisation as one directory: the tree of units, the staff, and who holds which role where. Pure lookups over
//! what the organisation's events said last.

mod directory;
mod people;

pub use directory::{Directory, Unit};
pub use people::{Grant, Staff};
