//! Notification: who is told what, and that it reached them. It owns notices and their delivery, and the calls and
//! visits that people owe, and anonymous surveys. What is told, to whom and by which way is the regime's; no regime is named here.
//!
//! It follows intake, triage, assignment, resolution and deadline-watcher, and publishes the facts of
//! `jiesu.notification.v1`. It is the one service with effects outside: mail.

mod closer;
mod consume;
mod convert;
mod domain;
mod grpc;
mod mail;
mod publish;
mod sender;
mod store;
mod usecase;
mod wiring;

pub use wiring::Notification;
