//! Resolution: what is done about a case. It owns the course of the handling: notes, measures, the decision and its
//! approval, the answer, the regime's own steps, the telling, the callback and the close. Each step is guarded by the
//! regime that the case is pinned to; no regime is named here.
//!
//! It follows intake, triage, assignment, deadline-watcher and notification, and publishes the facts of
//! `jiesu.resolution.v1`.

mod consume;
mod convert;
mod domain;
mod grpc;
mod publish;
mod store;
mod usecase;
mod wiring;

pub use wiring::Resolution;
