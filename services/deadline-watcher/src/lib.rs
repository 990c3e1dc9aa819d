//! Deadline-watcher: by when, and whether it is late. It folds the facts of each case, derives its clocks from them
//! with the legal-time calculus, and publishes the difference to the last derivation; what time alone changes, its
//! sweep finds.
//!
//! Owns clocks, extensions, suspensions and calendars. What it publishes is listed in its README.

mod consume;
mod convert;
mod domain;
mod duties;
mod duty;
mod grpc;
mod guard;
mod law;
mod publish;
mod restate;
mod spent;
mod store;
mod sweep;
mod usecase;
mod walk;
mod wiring;

pub use wiring::DeadlineWatcher;

/// The tables of this service, numbered from 1001.
static MIGRATOR: sqlx::migrate::Migrator = sqlx::migrate!();
