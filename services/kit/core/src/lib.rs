//! What every layer may use, the pure ones included: the clock and id source that are handed in, and the word for
//! what went wrong. No IO and no async runtime beyond the sleeping of a clock.

pub mod budget;
pub mod clock;
pub mod entry;
pub mod env;
pub mod problem;

pub use budget::Budget;
pub use clock::{Clock, ManualClock, SystemClock};
pub use entry::Entry;
pub use env::{Env, Ids, RandomIds, SeededIds};
pub use problem::{Class, FieldProblem, Problem, Text};

/// What a command did: something, or nothing because it had been done before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Applied<T> {
    Executed(T),
    AlreadyApplied,
}
