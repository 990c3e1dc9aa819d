//! The stream without the log: what it takes when nothing is read from Postgres, and how it loses what it has.

use super::{
    bed::{Bed, PATIENCE},
    float,
};
use anyhow::{Context as _, Result};
use async_nats::{ConnectOptions, ServerAddr, jetstream};
use bytes::Bytes;
use contracts::common::{Batch, Record};
use kit_config::NatsSettings;
use kit_messaging::{Broker, PARTITIONS};
use prost::Message as _;
use std::{collections::VecDeque, time::Instant};
use tokio::time::timeout;

/// Messages that may be on their way without an acknowledgement.
const WINDOW: usize = 256;
/// An event with its envelope.
pub(super) const EVENT_BYTES: usize = 600;

/// Events a second that the stream acknowledges, published by one task with a full window, `events` in a message.
pub(super) async fn published_per_second(bed: &Bed<'_>, events: usize, messages: usize) -> Result<f64> {
    let nats = bed.namespace();
    // It makes the stream as every service would.
    Broker::connect(&nats, "bench").await?;
    let js = js(&nats).await?;
    let payload = payload(events);
    let (start, mut waiting) = (Instant::now(), VecDeque::with_capacity(WINDOW));
    for number in 0..messages {
        if waiting.len() == WINDOW
            && let Some(oldest) = waiting.pop_front()
        {
            acknowledged(oldest).await?;
        }
        let partition = number % usize::from(PARTITIONS);
        let subject = format!("{}.events.bench.{partition:02}", nats.namespace);
        waiting.push_back(js.publish(subject, payload.clone()).await?);
    }
    for ack in waiting {
        acknowledged(ack).await?;
    }
    let rate = float(messages * events) / start.elapsed().as_secs_f64();
    delete(&nats).await?;
    Ok(rate)
}

async fn acknowledged(ack: jetstream::context::PublishAckFuture) -> Result<()> {
    timeout(PATIENCE, ack.into_future()).await??;
    Ok(())
}

/// What the relay would send: events with their links.
fn payload(events: usize) -> Bytes {
    let record = Record { envelope: vec![7; EVENT_BYTES], hash: vec![7; 32] };
    let batch = Batch { producer: "bench".to_owned(), partition: 0, first_seq: 1, records: vec![record; events] };
    batch.encode_to_vec().into()
}

/// Takes everything out of the stream, as an accident would.
pub(super) async fn purge(settings: &NatsSettings) -> Result<()> {
    js(settings).await?.get_stream(settings.stream()).await?.purge().await?;
    Ok(())
}

/// Deletes the stream, if anyone has made it.
pub(super) async fn delete(settings: &NatsSettings) -> Result<()> {
    let _ = js(settings).await?.delete_stream(settings.stream()).await;
    Ok(())
}

async fn js(settings: &NatsSettings) -> Result<jetstream::Context> {
    Ok(jetstream::new(signed_in(settings)?.connect(&settings.url).await?))
}

/// Options with what the address says of user and password, which the client by itself does not use.
pub(in crate::bench) fn signed_in(settings: &NatsSettings) -> Result<ConnectOptions> {
    let address: ServerAddr = settings.url.parse().context("the address of NATS")?;
    Ok(match (address.username(), address.password()) {
        (Some(user), Some(password)) => ConnectOptions::with_user_and_password(user.to_owned(), password.to_owned()),
        _ => ConnectOptions::new(),
    })
}
