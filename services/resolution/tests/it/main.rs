//! Resolution on a real Postgres, asked over real gRPC.

mod access;
mod appeals;
mod decisions;
mod harness;
mod steps;
mod stream;
mod telling;
