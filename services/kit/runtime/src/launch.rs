//! What a start is given: the clock, the settings, the stop, and ports that may have been bound beforehand.

use anyhow::Context as _;
use kit_config::Source;
use kit_core::Env;
use std::{
    collections::HashMap,
    net::{SocketAddr, TcpListener},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio_util::sync::CancellationToken;

/// What services are started with. Cheap to clone.
#[derive(Clone)]
pub struct Launch {
    pub env: Env,
    pub settings: Arc<dyn Source>,
    /// Stops every service that was started with this launch.
    pub stop: CancellationToken,
    /// Ports bound beforehand, so that peers have addresses before anyone serves.
    pub listeners: Listeners,
    /// How long a start waits for Postgres and NATS to come up.
    pub patience: Duration,
    /// That the schemas are up to date is known: the database is a copy of one in which these services ran.
    pub is_migrated: bool,
}

impl Launch {
    /// A launch that binds as the settings say and waits five seconds for its dependencies.
    pub fn new(env: Env, settings: Arc<dyn Source>) -> Self {
        Self {
            env,
            settings,
            stop: CancellationToken::new(),
            listeners: Listeners::default(),
            patience: Duration::from_secs(5),
            is_migrated: false,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Port {
    Grpc,
    Http,
    Ops,
}

/// Ports that are bound and not yet served.
#[derive(Clone, Debug, Default)]
pub struct Listeners(Arc<Mutex<HashMap<(String, Port), TcpListener>>>);

impl Listeners {
    /// Binds the gRPC port of `service`; 0 picks a free one.
    ///
    /// # Errors
    /// The port cannot be bound.
    pub fn bind_grpc(&self, service: &str, at: SocketAddr) -> anyhow::Result<SocketAddr> {
        self.bind(service, Port::Grpc, at)
    }

    /// Binds the HTTP port of `service`; 0 picks a free one.
    ///
    /// # Errors
    /// The port cannot be bound.
    pub fn bind_http(&self, service: &str, at: SocketAddr) -> anyhow::Result<SocketAddr> {
        self.bind(service, Port::Http, at)
    }

    fn bind(&self, service: &str, port: Port, at: SocketAddr) -> anyhow::Result<SocketAddr> {
        let listener = open(service, at)?;
        let at = listener.local_addr()?;
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert((service.to_owned(), port), listener);
        Ok(at)
    }

    /// The port bound beforehand, or one bound now at `at`.
    pub(crate) fn take(
        &self,
        service: &str,
        port: Port,
        at: Option<SocketAddr>,
    ) -> anyhow::Result<Option<tokio::net::TcpListener>> {
        let held = self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&(service.to_owned(), port));
        let listener = match (held, at) {
            (Some(listener), _) => listener,
            (None, Some(at)) => open(service, at)?,
            (None, None) => return Ok(None),
        };
        Ok(Some(tokio::net::TcpListener::from_std(listener)?))
    }
}

fn open(service: &str, at: SocketAddr) -> anyhow::Result<TcpListener> {
    let listener = TcpListener::bind(at).with_context(|| format!("{service} cannot listen on {at}"))?;
    listener.set_nonblocking(true)?;
    Ok(listener)
}
