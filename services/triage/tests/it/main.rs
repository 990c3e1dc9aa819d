//! Triage as it is wired, on a Postgres of its own, driven by its gRPC face and by events made by hand.

mod grading;
mod harness;
mod pending;
mod regimes;
mod triage_case;
mod wire;
