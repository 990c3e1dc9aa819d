//! What triage knows and decides, without any IO: where a case stands, whether the words chosen for it are the
//! regime's, and what its rules would give.

pub(crate) mod case;
pub(crate) mod grade;
pub(crate) mod upkeep;
pub(crate) mod version;
pub(crate) mod words;
