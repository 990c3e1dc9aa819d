//! The pure part of intake: what a valid hand-in is, how texts are sealed, how receipts are derived and shown.

pub(crate) mod check;
pub(crate) mod doors;
pub(crate) mod draft;
pub(crate) mod file;
pub(crate) mod nearest;
pub(crate) mod pii;
pub(crate) mod progress;
pub(crate) mod receipt;
pub(crate) mod term;
pub(crate) mod text;
pub(crate) mod vault;
pub(crate) mod wrong;
