//! Assignment as it is wired, on a Postgres of its own, driven by its gRPC face and by events made by hand.

mod dispatch;
mod escalation;
mod harness;
mod organisation;
mod queue;
mod sign_in;
mod wire;
