//! Assignment as it is wired, on a Postgres of its own, driven by its gRPC face and by events made by hand.

mod appeals;
mod dispatch;
mod escalation;
mod harness;
mod hours;
mod orders;
mod organisation;
mod queue;
mod recusal;
mod routes;
mod ruling;
mod sign_in;
mod teams;
mod wire;
