//! Records on a real Postgres, asked over real gRPC.

mod dossiers;
mod duties;
mod harness;
mod keeping;
mod ledgers;
mod lists;
mod publicity;
mod statistics;
mod to_publish;
