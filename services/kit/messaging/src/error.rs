//! What can be wrong between a service and the broker. Always passing, but for a server that is too old or a stream
//! that operators made differently.

/// Why the broker cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum BrokerError {
    /// The server lacks what the log stands on.
    #[error("NATS server {name} is version {version}; Jiesu needs 2.12 or newer")]
    TooOld { name: String, version: String },
    /// The stream is there, but not as it must be.
    #[error("stream {stream} has {found}, wanted {wanted}")]
    Different { stream: String, found: String, wanted: String },
    /// The stream must be made by an operator, and is not there.
    #[error("stream {0} does not exist, and this installation is set to verify, not to create")]
    Missing(String),
    /// The server does not answer, or refuses for now.
    #[error("{doing}: {source}")]
    Unreachable { doing: &'static str, source: async_nats::Error },
    /// Postgres failed in the middle of the broker's work.
    #[error(transparent)]
    Store(#[from] kit_db::Error),
}

impl BrokerError {
    pub(crate) fn while_doing<E: Into<async_nats::Error>>(doing: &'static str) -> impl FnOnce(E) -> Self {
        move |source| Self::Unreachable { doing, source: source.into() }
    }

    /// Whether waiting can help.
    pub fn is_passing(&self) -> bool {
        matches!(self, Self::Unreachable { .. } | Self::Store(_))
    }
}

impl From<sqlx::Error> for BrokerError {
    fn from(error: sqlx::Error) -> Self {
        Self::Store(error.into())
    }
}
