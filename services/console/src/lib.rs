//! Pages and JSON for people: the public's doors, the desk of the staff, and the same as an HTTP API.
//!
//! Owns: browser sessions. Publishes nothing, follows nothing, decides nothing: it asks the other services over gRPC
//! with the token of the person who asks, and shows what they answer.

mod api;
mod app;
mod asker;
mod body;
mod command;
mod convert;
mod desk;
mod dress;
mod form;
mod grpc;
mod hand_in;
mod language;
mod layers;
mod load;
mod moment;
mod origin;
mod public;
mod qr;
mod refusal;
mod render;
mod routes;
#[cfg(test)]
mod samples;
mod session;
mod settings;
mod store;
#[cfg(test)]
mod tests;
mod typed;
mod upload;
mod view;
mod wiring;
mod wordbook;
mod words;

pub use wiring::Console;
