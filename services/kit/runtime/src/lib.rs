//! How a service lives: built from its parts, started with everything around it (pools, log, relay, follower, gRPC
//! with health and reflection), kept ready, drained, stopped. And the telemetry of the process.

mod launch;
mod lifecycle;
mod log_service;
mod ops;
mod ready;
mod running;
mod server;
mod service;
mod start;
mod tasks;
pub mod telemetry;

pub use launch::{Launch, Listeners};
pub use lifecycle::on_signals;
pub use running::Running;
pub use service::{Context, Derived, Parts, Service};
pub use start::start;
