//! Triage as it is wired, on a Postgres of its own, driven by its gRPC face and by events made by hand.

mod acceptance;
mod grading;
mod harness;
mod moving;
mod pending;
mod referring;
mod regimes;
mod triage_case;
mod upkeep;
mod wire;
