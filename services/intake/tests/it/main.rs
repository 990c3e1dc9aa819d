//! Intake as it runs: the real service over a real Postgres and a real NATS server.

mod at_the_door;
mod bad_input;
mod doors;
mod files;
mod following;
mod hand_in;
mod harness;
mod linking;
mod many;
mod pack;
mod parties;
mod receipts;
mod secrets;
mod splitting;
mod staff;
mod terms;
mod vault;
mod waiting;
mod withdrawing;
