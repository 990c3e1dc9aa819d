//! Records on a real Postgres, asked over real gRPC.

mod dossiers;
mod harness;
mod lists;
mod statistics;
