//! One consumer of the stream for all producers of a follower: named, in memory, without acknowledgements, and made
//! anew whenever anything about it is in doubt. What it loses, the judge sees as a gap.

use crate::{broker::Broker, error::BrokerError, meters, pace::Backoff, pace::sleep, position::Cursor};
use async_nats::jetstream::consumer::{AckPolicy, DeliverPolicy, pull};
use contracts::common::Batch;
use futures::StreamExt as _;
use prost::Message as _;
use std::{sync::Arc, time::Duration};
use tokio::{sync::mpsc, task::JoinHandle};

/// A message of the stream, and where it stood.
#[derive(Debug)]
pub(super) struct Message {
    pub(super) batch: Batch,
    created: Arc<str>,
    seq: u64,
}

impl Message {
    /// The cursor that resumes after this message.
    pub(super) fn cursor(&self, producers: &str) -> Cursor {
        Cursor { producers: producers.to_owned(), created: self.created.to_string(), seq: self.seq }
    }
}

/// A running consumer; dropping it ends it.
#[derive(Debug)]
pub(super) struct Reader {
    messages: mpsc::Receiver<Message>,
    task: JoinHandle<()>,
}

impl Reader {
    /// Starts to read after `cursor`, or at the beginning of the stream.
    pub(super) fn start(broker: &Broker, service: &str, producers: Vec<String>, cursor: Option<Cursor>) -> Self {
        let (sender, messages) = mpsc::channel(64);
        let (created, seq) = cursor.map_or_else(Default::default, |cursor| (cursor.created, cursor.seq));
        let source = Source {
            broker: broker.clone(),
            service: service.to_owned(),
            producers,
            created: created.into(),
            seq,
            sender,
        };
        Self { messages, task: tokio::spawn(source.run()) }
    }

    pub(super) async fn next(&mut self) -> Option<Message> {
        self.messages.recv().await
    }

    /// A message that is here already.
    pub(super) fn next_now(&mut self) -> Option<Message> {
        self.messages.try_recv().ok()
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        self.task.abort();
    }
}

struct Source {
    broker: Broker,
    service: String,
    producers: Vec<String>,
    /// The stream in which `seq` was the last message handed on.
    created: Arc<str>,
    seq: u64,
    sender: mpsc::Sender<Message>,
}

impl Source {
    async fn run(mut self) {
        let mut backoff = Backoff::default();
        loop {
            match self.session(&mut backoff).await {
                Ok(()) => return,
                Err(error) => tracing::warn!(service = self.service, %error, "making the consumer anew"),
            }
            sleep(backoff.next()).await;
        }
    }

    /// Reads until something is in doubt; `Ok` when nobody listens any more.
    async fn session(&mut self, backoff: &mut Backoff) -> Result<(), BrokerError> {
        let mut stream = self.broker.stream().await?;
        let info = stream.info().await.map_err(BrokerError::while_doing("looking at the stream"))?;
        let created: Arc<str> = info.created.to_string().into();
        // A sequence of an older stream would silently skip the new one.
        if created != self.created || self.seq > info.state.last_sequence {
            (self.created, self.seq) = (created, 0);
        }
        let consumer =
            stream.create_consumer(self.consumer()).await.map_err(BrokerError::while_doing("creating a consumer"))?;
        let mut messages = consumer
            .stream()
            .max_messages_per_batch(256)
            .heartbeat(Duration::from_secs(1))
            .expires(Duration::from_secs(30))
            .messages()
            .await
            .map_err(BrokerError::while_doing("reading from the stream"))?;
        let mut expected = 0;
        while let Some(message) = messages.next().await {
            let message = message.map_err(BrokerError::while_doing("reading from the stream"))?;
            let place = message.info().map_err(BrokerError::while_doing("reading from the stream"))?;
            expected += 1;
            if place.consumer_sequence != expected {
                return Err(doubt("a message was lost between the stream and us"));
            }
            let (seq, pending) = (place.stream_sequence, place.pending);
            backoff.reset();
            meters::pending(&self.service, pending);
            if let Ok(batch) = Batch::decode(message.payload.clone()) {
                let message = Message { batch, created: Arc::clone(&self.created), seq };
                if self.sender.send(message).await.is_err() {
                    return Ok(());
                }
            } else {
                tracing::error!(service = self.service, seq, "a message of the stream is not a batch");
            }
            self.seq = seq;
        }
        Err(doubt("the stream of messages ended"))
    }

    fn consumer(&self) -> pull::Config {
        pull::Config {
            name: Some(format!("{}-{}-{}", self.service, self.broker.instance, rand::random::<u32>() % 100_000)),
            ack_policy: AckPolicy::None,
            memory_storage: true,
            num_replicas: 1,
            inactive_threshold: Duration::from_secs(30),
            filter_subjects: self.producers.iter().map(|producer| self.broker.subjects(producer)).collect(),
            deliver_policy: match self.seq {
                0 => DeliverPolicy::All,
                seq => DeliverPolicy::ByStartSequence { start_sequence: seq + 1 },
            },
            ..pull::Config::default()
        }
    }
}

fn doubt(what: &'static str) -> BrokerError {
    BrokerError::while_doing("reading from the stream")(std::io::Error::other(what))
}
