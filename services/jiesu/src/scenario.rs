//! Scenarios: what a pack makes happen, step by step, on all services in one process, in simulated time.
//!
//! A file names its pack and its start, and then steps: something is handed in, somebody does something, time passes, and
//! what must be true after it. Each plays in a world of its own. The format is described in `tests/scenarios/README.md`.

mod check;
mod command;
mod cover;
mod ground;
mod play;
mod read;
mod reader;
mod rest;
mod run;
mod script;
mod seen;
mod setting;
mod world;

pub(crate) use cover::{Rule, parts};
pub use run::{Ended, Report, Settings, mistakes, run};
