//! The house in which the tests play.

pub(crate) use test_house::{House, case, pack, problem, staff, text_ref};
