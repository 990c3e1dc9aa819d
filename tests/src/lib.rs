//! The whole house in one process, for the system tests: every service by its production wiring, over a database and a
//! namespace of the test's own, with a clock that the test moves.

mod collector;
mod house;
mod looking;
mod web;

pub use collector::Collector;
pub use house::{House, choice, flag, word};
pub use web::Desk;
