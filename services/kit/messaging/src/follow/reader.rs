//! One consumer of the stream for all that an instance follows: named, in memory, without acknowledgements, and made
//! anew whenever anything about it is in doubt. What it loses, the judge sees as a gap.

use super::cursor::Mark;
use crate::{broker::Broker, error::BrokerError, log::Log, meters, pace::Backoff, pace::sleep};
use async_nats::jetstream::consumer::{AckPolicy, DeliverPolicy, pull};
use contracts::common::Batch;
use futures::StreamExt as _;
use prost::Message as _;
use std::{sync::Arc, time::Duration};
use tokio::{sync::mpsc, task::JoinHandle};

/// A message of the stream, where it stood, and how many the stream had after it.
#[derive(Debug)]
pub(super) struct Message {
    pub(super) batch: Batch,
    pub(super) mark: Mark,
    pub(super) pending: u64,
}

/// A running consumer; dropping it ends it.
#[derive(Debug)]
pub(super) struct Reader {
    messages: mpsc::Receiver<Message>,
    task: JoinHandle<()>,
}

impl Reader {
    /// Starts to read `subjects` after `mark`, or at the beginning of the stream.
    pub(super) fn start(broker: &Broker, log: &Log, lane: u16, subjects: Vec<String>, mark: Option<Mark>) -> Self {
        // With up to fifty events a message this is the whole memory of a backlog, however long it is.
        let (sender, messages) = mpsc::channel(64);
        let mark = mark.unwrap_or_else(|| Mark { created: Arc::from(""), seq: 0 });
        let source = Source {
            broker: broker.clone(),
            service: log.service().to_owned(),
            lane,
            name: format!("{}-{lane}", log.instance),
            subjects,
            mark,
            sender,
        };
        Self { messages, task: tokio::spawn(source.run()) }
    }

    /// Completes only with a message: the reading itself never ends.
    pub(super) async fn next(&mut self) -> Message {
        match self.messages.recv().await {
            Some(message) => message,
            None => std::future::pending().await,
        }
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
    lane: u16,
    /// What the consumer's name begins with.
    name: String,
    subjects: Vec<String>,
    /// The last message handed on.
    mark: Mark,
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
        if created != self.mark.created || self.mark.seq > info.state.last_sequence {
            self.mark = Mark { created, seq: 0 };
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
            meters::pending(&self.service, self.lane, pending);
            self.mark.seq = seq;
            let Some(batch) = self.read(&message) else {
                tracing::error!(service = self.service, seq, "a message of the stream is not its subject's batch");
                continue;
            };
            if self.sender.send(Message { batch, mark: self.mark.clone(), pending }).await.is_err() {
                return Ok(());
            }
        }
        Err(doubt("the stream of messages ended"))
    }

    /// A batch that speaks for another producer than its subject's is nobody's word.
    fn read(&self, message: &async_nats::Message) -> Option<Batch> {
        let batch = Batch::decode(message.payload.clone()).ok()?;
        let subject = self.broker.subject(&batch.producer, u16::try_from(batch.partition).ok()?);
        (*message.subject == *subject).then_some(batch)
    }

    fn consumer(&self) -> pull::Config {
        pull::Config {
            name: Some(format!("{}-{}", self.name, rand::random::<u32>() % 100_000)),
            ack_policy: AckPolicy::None,
            memory_storage: true,
            num_replicas: 1,
            inactive_threshold: Duration::from_secs(30),
            filter_subjects: self.subjects.clone(),
            deliver_policy: match self.mark.seq {
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
