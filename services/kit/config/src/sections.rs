//! The sections that several services share. `<SERVICE>` in a key is the service's name in upper case with `_`, as
//! in `JIESU_DEADLINE_WATCHER_DATABASE_URL`.

use crate::{ConfigError, Source, parse, parse_optional, source::secret};
use secrecy::SecretString;
use std::{fmt, net::SocketAddr, str::FromStr};

/// The key `JIESU_<SERVICE>_<suffix>` of a service.
pub fn service_key(service: &str, suffix: &str) -> String {
    format!("JIESU_{}_{suffix}", service.to_uppercase().replace('-', "_"))
}

/// How a service reaches its database.
///
/// | key | default |
/// |---|---|
/// | `JIESU_<SERVICE>_DATABASE_URL` | required |
/// | `JIESU_<SERVICE>_COMMAND_CONNECTIONS` | 8 |
/// | `JIESU_<SERVICE>_FOLLOW_CONNECTIONS` | 3 |
#[derive(Clone, Debug)]
pub struct DbSettings {
    pub url: SecretString,
    /// Connections for commands and queries.
    pub command_connections: u32,
    /// Connections for the follower and the relay, so that a burst of commands cannot starve them.
    pub follow_connections: u32,
}

impl DbSettings {
    /// Reads the section of `service`.
    ///
    /// # Errors
    /// A key is missing or malformed.
    pub fn read(source: &dyn Source, service: &str) -> Result<Self, ConfigError> {
        Ok(Self {
            url: secret(source, &service_key(service, "DATABASE_URL"))?,
            command_connections: parse(source, &service_key(service, "COMMAND_CONNECTIONS"), 8)?,
            follow_connections: parse(source, &service_key(service, "FOLLOW_CONNECTIONS"), 3)?,
        })
    }
}

/// Whether a service may create the stream and its consumers, or only checks what operators made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Provision {
    #[default]
    Create,
    Verify,
}

impl FromStr for Provision {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "create" => Ok(Self::Create),
            "verify" => Ok(Self::Verify),
            _ => Err("use create or verify".to_owned()),
        }
    }
}

impl fmt::Display for Provision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Create => "create",
            Self::Verify => "verify",
        })
    }
}

/// How a service reaches the stream between services.
///
/// | key | default |
/// |---|---|
/// | `JIESU_NATS_URL` | `nats://127.0.0.1:4222` |
/// | `JIESU_NATS_NAMESPACE` | `jiesu` |
/// | `JIESU_NATS_REPLICAS` | 1 |
/// | `JIESU_NATS_PROVISION` | `create` |
#[derive(Clone, Debug)]
pub struct NatsSettings {
    pub url: String,
    /// First word of every subject: `<namespace>.events.<service>.<partition>`.
    pub namespace: String,
    pub replicas: usize,
    pub provision: Provision,
}

impl NatsSettings {
    /// Reads the section.
    ///
    /// # Errors
    /// A key is malformed.
    pub fn read(source: &dyn Source) -> Result<Self, ConfigError> {
        Ok(Self {
            url: source.get("JIESU_NATS_URL").unwrap_or_else(|| "nats://127.0.0.1:4222".to_owned()),
            namespace: source.get("JIESU_NATS_NAMESPACE").unwrap_or_else(|| "jiesu".to_owned()),
            replicas: parse(source, "JIESU_NATS_REPLICAS", 1)?,
            provision: parse(source, "JIESU_NATS_PROVISION", Provision::Create)?,
        })
    }

    /// The name of the one stream: `JIESU_EVENTS` for the namespace `jiesu`.
    pub fn stream(&self) -> String {
        stream_name(&self.namespace)
    }
}

/// The name of the stream of a namespace: upper case, `-` becomes `_`.
pub fn stream_name(namespace: &str) -> String {
    format!("{}_EVENTS", namespace.to_uppercase().replace('-', "_"))
}

/// Where a service listens for gRPC and where its peers find it.
///
/// | key | default |
/// |---|---|
/// | `JIESU_<SERVICE>_LISTEN` | `0.0.0.0:7400` |
/// | `JIESU_<SERVICE>_URL` | `http://<service>:7400` |
#[derive(Clone, Debug)]
pub struct GrpcSettings {
    pub listen: SocketAddr,
    /// The address that peers use.
    pub public_url: String,
}

impl GrpcSettings {
    /// Reads the section of `service`.
    ///
    /// # Errors
    /// A key is malformed.
    pub fn read(source: &dyn Source, service: &str) -> Result<Self, ConfigError> {
        Ok(Self {
            listen: parse(source, &service_key(service, "LISTEN"), SocketAddr::from(([0, 0, 0, 0], 7400)))?,
            public_url: Self::public_url(source, service),
        })
    }

    /// The address at which peers find `service`.
    pub fn public_url(source: &dyn Source, service: &str) -> String {
        source.get(&service_key(service, "URL")).unwrap_or_else(|| format!("http://{service}:7400"))
    }
}

/// What a service serves beside gRPC; each is off where its key is not set.
///
/// | key | serves |
/// |---|---|
/// | `JIESU_<SERVICE>_OPS_LISTEN` | `/livez`, `/readyz`, `/metrics` |
/// | `JIESU_<SERVICE>_HTTP_LISTEN` | the service's own pages, if it has any |
#[derive(Clone, Debug)]
pub struct OpsSettings {
    pub ops: Option<SocketAddr>,
    pub http: Option<SocketAddr>,
}

impl OpsSettings {
    /// Reads the section of `service`.
    ///
    /// # Errors
    /// A key is malformed.
    pub fn read(source: &dyn Source, service: &str) -> Result<Self, ConfigError> {
        Ok(Self {
            ops: parse_optional(source, &service_key(service, "OPS_LISTEN"))?,
            http: parse_optional(source, &service_key(service, "HTTP_LISTEN"))?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::MapSource;

    #[test]
    fn sections_have_defaults_and_name_the_key_that_is_missing() {
        let source = MapSource::default().with("JIESU_DEADLINE_WATCHER_DATABASE_URL", "postgres://x");
        assert_eq!(DbSettings::read(&source, "deadline-watcher").unwrap().command_connections, 8);
        let missing = DbSettings::read(&source, "intake").unwrap_err();
        assert!(missing.to_string().contains("JIESU_INTAKE_DATABASE_URL"), "{missing}");
        assert_eq!(NatsSettings::read(&source).unwrap().stream(), "JIESU_EVENTS");
        assert_eq!(stream_name("test-7"), "TEST_7_EVENTS");
        assert_eq!(GrpcSettings::read(&source, "triage").unwrap().public_url, "http://triage:7400");
    }
}
