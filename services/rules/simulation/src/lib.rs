//! A regime tried on cases before it is put in force: their deadlines, breaches and notices, the work of each role, and
//! what would be different under another. Pure: regimes, calendar, cases and the present are handed in.

mod compare;
mod generate;
mod sheet;

pub use compare::{CaseChange, Change, Comparison, compare};
pub use generate::{Season, generate};
pub use sheet::{Deadline, Sheet, Trial, Work};

#[cfg(test)]
mod tests;
