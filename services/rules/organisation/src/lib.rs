//! The organisation as one directory: the tree of units, the staff, who holds which role where, and who is on duty
//! when. Pure lookups over what the organisation's events said last.

mod directory;
mod people;

pub use directory::{Directory, Unit};
pub use people::{Grant, Shift, Staff};
