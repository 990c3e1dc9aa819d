//! Records: what is remembered. It owns the dossier of each case, one entry for each fact, and what lists and statistics
//! are made from. Texts and identities are not here: entries name references into intake's vault.
//!
//! It follows all other services that publish, and publishes `jiesu.records.v1`: a closed case is archived, for as long
//! as its regime says.

mod consume;
mod convert;
mod domain;
mod grpc;
mod keeping;
mod publish;
mod store;
mod usecase;
mod wiring;

pub use wiring::Records;
