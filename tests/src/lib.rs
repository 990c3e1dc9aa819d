//! What the system tests share. The whole house in one process, over a database and a namespace of the test's own, with
//! a clock that the test moves; and for the fault tests a fleet of real processes, load on it, and the oracle that counts.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "all of it is the tests' own: a failure here is a failed test, and says so where its reader looks"
)]

mod collector;
mod dice;
pub mod fleet;
mod house;
pub mod load;
mod looking;
pub mod net;
pub mod oracle;
mod scene;
mod web;
pub mod wire;

pub use collector::Collector;
pub use dice::{Dice, number};
pub use house::{House, choice, flag, word};
pub use scene::Scene;
pub use web::Desk;
