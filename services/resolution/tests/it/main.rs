//! Resolution on a real Postgres, asked over real gRPC.

mod access;
mod decisions;
mod harness;
mod steps;
mod stream;
mod telling;
