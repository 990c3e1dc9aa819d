//! The tables of records. Nothing here begins or commits.

pub(crate) mod cases;
pub(crate) mod destructions;
pub(crate) mod duties;
pub(crate) mod entries;
pub(crate) mod ledgers;
pub(crate) mod lists;
pub(crate) mod own;
pub(crate) mod publications;
pub(crate) mod statistics;
pub(crate) mod surveys;

use kit_db::Error;

/// A number that its column cannot hold.
pub(crate) fn out_of_range(_: std::num::TryFromIntError) -> Error {
    Error::Corrupt("a stored number is out of range".to_owned())
}
