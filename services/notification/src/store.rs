//! The tables of notification. Nothing here begins or commits.

pub(crate) mod cases;
pub(crate) mod notices;
pub(crate) mod sending;
pub(crate) mod surveys;
pub(crate) mod tasks;

use kit_db::Error;

/// A number that its column cannot hold.
pub(crate) fn out_of_range(_: std::num::TryFromIntError) -> Error {
    Error::Corrupt("a stored number is out of range".to_owned())
}
