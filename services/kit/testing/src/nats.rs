//! A stream for one test: its own namespace on a shared server.

use crate::{finally, server};
use kit_config::{NatsSettings, Provision};

const KEY: &str = "JIESU_TEST_NATS";
const EXAMPLE: &str = "nats://127.0.0.1:4222 (nats-server 2.12 or newer, with JetStream)";

/// A namespace that no other test has; its stream is deleted with this value.
#[derive(Debug)]
pub struct TestNats {
    settings: NatsSettings,
}

impl TestNats {
    /// A fresh namespace. Nothing is created until a service connects.
    pub fn new() -> Self {
        Self::at(server(KEY, EXAMPLE))
    }

    /// A fresh namespace on a server of the test's own.
    pub fn at(url: String) -> Self {
        let namespace = format!("test-{:016x}", rand::random::<u64>());
        Self { settings: NatsSettings { url, namespace, replicas: 1, provision: Provision::Create } }
    }

    /// What a service would read from its settings.
    pub fn settings(&self) -> &NatsSettings {
        &self.settings
    }

    /// Deletes the stream, as an accident would.
    ///
    /// # Errors
    /// The server does not answer, or there is no stream.
    pub async fn delete_stream(&self) -> anyhow::Result<()> {
        delete(&self.settings).await
    }
}

impl Default for TestNats {
    fn default() -> Self {
        Self::new()
    }
}

async fn delete(settings: &NatsSettings) -> anyhow::Result<()> {
    let client = async_nats::connect(&settings.url).await?;
    async_nats::jetstream::new(client).delete_stream(settings.stream()).await?;
    Ok(())
}

impl Drop for TestNats {
    fn drop(&mut self) {
        let settings = self.settings.clone();
        finally(move || async move { delete(&settings).await });
    }
}
