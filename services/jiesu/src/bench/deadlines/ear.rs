//! Hears what the watcher publishes, as a plain subscriber of the stream's subjects, and notes when.

use crate::bench::log::signed_in;
use anyhow::{Context as _, Result};
use chrono::{DateTime, Utc};
use contracts::Fact;
use contracts::common::{Batch, Envelope};
use futures::StreamExt as _;
use kit_config::NatsSettings;
use kit_core::Env;
use kit_grpc::instant;
use prost::Message as _;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::watch;

/// A miss that was heard.
#[derive(Clone, Copy, Debug)]
pub(super) struct Heard {
    pub(super) due_at: DateTime<Utc>,
    pub(super) at: DateTime<Utc>,
}

pub(super) struct Ear {
    heard: Arc<Mutex<Vec<Heard>>>,
    count: watch::Receiver<u64>,
    task: tokio::task::JoinHandle<()>,
}

impl Ear {
    /// Listens from now on.
    pub(super) async fn open(nats: &NatsSettings) -> Result<Self> {
        let options = signed_in(nats)?;
        // A herd comes faster than it is read.
        let client = options.subscription_capacity(1_000_000).connect(&nats.url).await?;
        let mut messages = client.subscribe(format!("{}.events.deadline-watcher.>", nats.namespace)).await?;
        client.flush().await?;
        let heard: Arc<Mutex<Vec<Heard>>> = Arc::default();
        let (tell, count) = watch::channel(0);
        let into = Arc::clone(&heard);
        let task = tokio::spawn(async move {
            let _client = client;
            while let Some(message) = messages.next().await {
                let at = Env::system().now();
                let misses = misses(&message.payload, at);
                let mut heard = into.lock().unwrap_or_else(PoisonError::into_inner);
                heard.extend(misses);
                tell.send_replace(heard.len() as u64);
            }
        });
        Ok(Self { heard, count, task })
    }

    /// Waits until so many misses were heard, and gives all of them.
    pub(super) async fn hear(mut self, count: u64, patience: Duration) -> Result<Vec<Heard>> {
        let waited = tokio::time::timeout(patience, self.count.wait_for(|heard| *heard >= count)).await;
        let heard = std::mem::take(&mut *self.heard.lock().unwrap_or_else(PoisonError::into_inner));
        self.task.abort();
        waited.with_context(|| format!("{} of {count} misses were heard", heard.len()))??;
        Ok(heard)
    }
}

fn misses(payload: &[u8], at: DateTime<Utc>) -> Vec<Heard> {
    let records = Batch::decode(payload).map(|batch| batch.records).unwrap_or_default();
    let due = |envelope: &[u8]| {
        let envelope = Envelope::decode(envelope).ok()?;
        match Fact::decode(&envelope.r#type, &envelope.data).ok()?? {
            Fact::ClockMissed(missed) => instant(missed.due_at.as_ref()?),
            _ => None,
        }
    };
    records.iter().filter_map(|record| Some(Heard { due_at: due(&record.envelope)?, at })).collect()
}
