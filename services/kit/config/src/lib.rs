//! Settings: where they are read from ([`Source`]), and the sections that several services share. Each section says
//! which keys it reads; an error names the key, and never the value of a secret.

mod error;
mod sections;
mod source;

pub use error::ConfigError;
pub use secrecy::{ExposeSecret, SecretString};
pub use sections::{DbSettings, GrpcSettings, NatsSettings, OpsSettings, Provision, service_key, stream_name};
pub use source::{EnvSource, MapSource, Source, parse, parse_optional, required, secret};
