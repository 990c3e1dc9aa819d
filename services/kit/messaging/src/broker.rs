//! The one place that knows how the stream is made and what its subjects are called. It is made, or only checked,
//! as the installation says; a server that is too old is refused by name.

use crate::{error::BrokerError, pace};
use async_nats::{
    Client, ConnectOptions, ServerAddr,
    connection::State,
    jetstream::{
        self,
        context::GetStreamErrorKind,
        stream::{Config, DiscardPolicy, RetentionPolicy, StorageType, Stream},
    },
};
use kit_config::{NatsSettings, Provision};
use std::{sync::Arc, time::Duration};

// Newer than 2.12.0: filter subjects are silently ignored before 2.10, and the repair of the file store came with 2.12.
const OLDEST: (u32, u32) = (2, 12);
const PATIENCE: Duration = Duration::from_secs(5);

/// The broker as one service instance uses it; cheap to clone.
#[derive(Clone)]
pub struct Broker {
    pub(crate) client: Client,
    pub(crate) js: jetstream::Context,
    settings: Arc<NatsSettings>,
}

impl Broker {
    /// Connects, and makes or checks the stream. A broker that is not there yet is waited for, half a minute long;
    /// afterwards the client reconnects by itself for ever.
    ///
    /// # Errors
    /// The server is too old or did not answer in time, or the stream is not as it must be.
    pub async fn connect(settings: &NatsSettings, service: &str) -> Result<Self, BrokerError> {
        let client = signed_in(&settings.url)
            .name(format!("jiesu-{service}"))
            .retry_on_initial_connect()
            .request_timeout(Some(PATIENCE))
            .connect(&settings.url)
            .await
            .map_err(BrokerError::while_doing("connecting to NATS"))?;
        for _ in 0..300 {
            if client.connection_state() == State::Connected {
                break;
            }
            pace::sleep(Duration::from_millis(100)).await;
        }
        let mut js = jetstream::new(client.clone());
        js.set_timeout(PATIENCE);
        let broker = Self { client, js, settings: Arc::new(settings.clone()) };
        broker.stream().await?;
        Ok(broker)
    }

    /// Whether the connection stands at this moment.
    pub fn is_connected(&self) -> bool {
        self.client.connection_state() == State::Connected
    }

    /// Where a producer's partition is published.
    pub(crate) fn subject(&self, producer: &str, partition: u16) -> String {
        format!("{}.events.{producer}.{partition:02}", self.settings.namespace)
    }

    /// All partitions of a producer.
    pub(crate) fn subjects(&self, producer: &str) -> String {
        format!("{}.events.{producer}.*", self.settings.namespace)
    }

    /// Where a producer is asked for the beginnings of its chains.
    pub(crate) fn genesis_subject(&self, producer: &str) -> String {
        format!("{}.log.{producer}.genesis", self.settings.namespace)
    }

    /// Where a producer is asked for what a follower misses.
    pub(crate) fn rewind_subject(&self, producer: &str) -> String {
        format!("{}.log.{producer}.rewind", self.settings.namespace)
    }

    /// Where a producer says how far it has come.
    pub(crate) fn heads_subject(&self, producer: &str) -> String {
        format!("{}.log.{producer}.heads", self.settings.namespace)
    }

    /// Says something to whoever listens, beside the stream.
    #[expect(clippy::disallowed_methods, reason = "a word between producers and followers, not an event")]
    pub(crate) async fn say(
        &self,
        subject: impl async_nats::subject::ToSubject,
        message: &impl prost::Message,
    ) -> Result<(), BrokerError> {
        let sent = self.client.publish(subject, message.encode_to_vec().into()).await;
        sent.map_err(BrokerError::while_doing("speaking to other services"))
    }

    /// The stream, made or checked. Asked for at the start of every session: someone may have deleted it, or put an
    /// older server in place of this one.
    pub(crate) async fn stream(&self) -> Result<Stream, BrokerError> {
        self.refuse_old_server()?;
        let wanted = self.wanted();
        match self.js.get_stream(&wanted.name).await {
            Ok(stream) => {
                differences(&wanted, &stream.cached_info().config)?;
                Ok(stream)
            }
            Err(error) if is_missing(&error) && self.settings.provision == Provision::Create => {
                tracing::info!(stream = wanted.name, "creating the stream");
                self.js.create_stream(wanted).await.map_err(BrokerError::while_doing("creating the stream"))
            }
            Err(error) if is_missing(&error) => Err(BrokerError::Missing(wanted.name)),
            Err(error) => Err(BrokerError::while_doing("looking for the stream")(error)),
        }
    }

    fn wanted(&self) -> Config {
        Config {
            name: self.settings.stream(),
            subjects: vec![format!("{}.events.*.*", self.settings.namespace)],
            description: Some("Events of all Jiesu services; can be refilled from their logs at any time".to_owned()),
            storage: StorageType::File,
            retention: RetentionPolicy::Limits,
            discard: DiscardPolicy::Old,
            num_replicas: self.settings.replicas,
            // The wire is no archive: who is behind by more than this asks the producer.
            max_age: Duration::from_secs(7 * 24 * 3600),
            // Nothing here relies on it, and it costs the server memory: positions tell repetitions apart.
            duplicate_window: Duration::from_secs(1),
            ..Config::default()
        }
    }

    fn refuse_old_server(&self) -> Result<(), BrokerError> {
        let info = self.client.server_info();
        if info.version.is_empty() {
            let nobody = std::io::Error::new(std::io::ErrorKind::NotConnected, "no NATS server has answered yet");
            return Err(BrokerError::while_doing("connecting to NATS")(nobody));
        }
        if is_old(&info.version) {
            return Err(BrokerError::TooOld { name: info.server_name, version: info.version });
        }
        Ok(())
    }
}

/// Options with the user and password of the URL, which the client by itself leaves unused.
fn signed_in(url: &str) -> ConnectOptions {
    let Ok(address) = url.parse::<ServerAddr>() else { return ConnectOptions::new() };
    match (address.username(), address.password()) {
        (Some(user), Some(password)) => ConnectOptions::with_user_and_password(user.to_owned(), password.to_owned()),
        _ => ConnectOptions::new(),
    }
}

fn is_missing(error: &jetstream::context::GetStreamError) -> bool {
    matches!(error.kind(), GetStreamErrorKind::JetStream(inner) if inner.error_code() == jetstream::ErrorCode::STREAM_NOT_FOUND)
}

fn is_old(version: &str) -> bool {
    let mut numbers = version.split('.').map(|part| part.parse::<u32>().unwrap_or(0));
    (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0)) < OLDEST
}

/// A server drops what it does not know without a word, so what came back is compared with what was asked.
fn differences(wanted: &Config, found: &Config) -> Result<(), BrokerError> {
    let describe = |config: &Config| {
        format!(
            "subjects {:?}, {:?} storage, {:?} retention, {} replicas",
            config.subjects, config.storage, config.retention, config.num_replicas
        )
    };
    let is_same = wanted.subjects == found.subjects
        && wanted.storage == found.storage
        && wanted.retention == found.retention
        && wanted.num_replicas == found.num_replicas;
    if is_same {
        return Ok(());
    }
    Err(BrokerError::Different { stream: wanted.name.clone(), found: describe(found), wanted: describe(wanted) })
}

impl std::fmt::Debug for Broker {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Broker").field("settings", &self.settings).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn servers_older_than_2_12_are_refused() {
        assert!(is_old("2.9.10") && is_old("2.11.99") && is_old("rubbish"));
        assert!(!is_old("2.12.0") && !is_old("2.15.1") && !is_old("3.0.0-RC.1"));
    }
}
