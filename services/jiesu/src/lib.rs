//! The one binary: any service alone, or all of them in one process over private servers, and the commands that talk to
//! a running installation.

pub mod bench;
pub mod client;
pub mod cmd;
pub mod demo_org;
pub mod desk;
pub mod generator;
pub mod health;
pub mod house;
pub mod matrix;
pub mod private;
pub mod rebuild;
pub mod scenario;
pub mod secrets;
pub mod seed;
pub mod services;
pub mod walker;

pub use house::{Options, Running, start_all};
