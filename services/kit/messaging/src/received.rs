//! An event as a handler gets it: decoded, numbered, and with the span that continues its producer's trace.

use crate::{partition_of, trace};
use chrono::{DateTime, Utc};
use contracts::{ANY_SERVICE, Event, Fact, common::Envelope};
use kit_ids::CaseId;
use prost::Message as _;
use std::collections::BTreeSet;
use tracing::{Span, field};

/// An event of another service, next in its partition.
#[derive(Clone, Debug)]
pub struct Received {
    pub producer: String,
    pub partition: u16,
    pub seq: u64,
    pub envelope: Envelope,
    pub fact: Fact,
    /// When it happened, by its producer's clock.
    pub at: DateTime<Utc>,
    /// `consume`, a child of the span that published it.
    pub span: Span,
}

/// What became of the bytes of one record.
#[derive(Debug)]
pub(crate) enum Decoded {
    Known(Box<Received>),
    /// A type this build does not know, from a newer producer, and additive by its own word.
    Unknown,
    /// It needs something that this build does not know: it waits until this service is upgraded.
    Newer {
        key: String,
        missing: String,
    },
    /// Not what its type says, with what is known of its key.
    Unreadable {
        key: String,
        reason: &'static str,
    },
}

impl Decoded {
    /// What it is about, unless it is not for us.
    pub(crate) fn key(&self) -> Option<&str> {
        match self {
            Self::Known(received) => Some(received.key()),
            Self::Unreadable { key, .. } | Self::Newer { key, .. } => Some(key),
            Self::Unknown => None,
        }
    }
}

impl Received {
    /// What the event is about.
    pub fn key(&self) -> &str {
        &self.envelope.key
    }

    /// The case that it is about; none for an event of the organisation, of a regime or of a duty.
    ///
    /// # Errors
    /// It names a case by something that is no id.
    pub fn case_id(&self) -> kit_db::Result<Option<CaseId>> {
        let wrong = |_| kit_db::Error::Corrupt("an event names a case by something that is not an id".to_owned());
        let id = Some(self.fact.case_id()).filter(|id| !id.is_empty());
        id.map(|id| id.parse().map_err(wrong)).transpose()
    }

    /// An event made by hand, for handlers that are tried without a broker.
    pub fn sample<E: Event>(seq: u64, key: &str, event: &E, at: DateTime<Utc>) -> Option<Self> {
        let data = event.encode_to_vec();
        let fact = Fact::decode(&E::full_name(), &data).ok().flatten()?;
        let envelope = Envelope {
            event_id: format!("00000000-0000-7000-8000-{seq:012x}"),
            key: key.to_owned(),
            r#type: E::full_name(),
            occurred_at: Some(prost_types::Timestamp { seconds: at.timestamp(), nanos: 0 }),
            actor: E::OWNER.to_owned(),
            data,
            ..Envelope::default()
        };
        let partition = partition_of(key);
        Some(Self { producer: E::OWNER.to_owned(), partition, seq, envelope, fact, at, span: Span::none() })
    }
}

/// The cases that a batch is about, each once, in the order of their ids.
///
/// # Errors
/// One of the events names a case by something that is no id.
pub fn case_ids(events: &[Received]) -> kit_db::Result<Vec<CaseId>> {
    let ids = events.iter().filter_map(|event| event.case_id().transpose()).collect::<kit_db::Result<BTreeSet<_>>>()?;
    Ok(ids.into_iter().collect())
}

pub(crate) fn decode(service: &str, producer: &str, partition: u16, seq: u64, bytes: &[u8]) -> Decoded {
    let Ok(envelope) = Envelope::decode(bytes) else {
        let key = format!("unreadable {producer} {partition} {seq}");
        return Decoded::Unreadable { key, reason: "the envelope cannot be read" };
    };
    let unreadable = |envelope: Envelope, reason| Decoded::Unreadable { key: envelope.key, reason };
    let Some(at) = envelope.occurred_at.as_ref().and_then(instant) else {
        return unreadable(envelope, "the event has no instant");
    };
    if partition_of(&envelope.key) != partition {
        return unreadable(envelope, "the event stands in another partition than its key's");
    }
    if let Some(missing) = envelope.needs.iter().find(|name| !contracts::knows(name)) {
        return Decoded::Newer { missing: missing.clone(), key: envelope.key };
    }
    match Fact::decode(&envelope.r#type, &envelope.data) {
        Ok(Some(fact)) if fact.owner() != producer && fact.owner() != ANY_SERVICE => {
            unreadable(envelope, "the event is not its producer's to publish")
        }
        Ok(Some(fact)) => {
            let span = span_of(service, producer, seq, &envelope, &fact);
            Decoded::Known(Box::new(Received {
                producer: producer.to_owned(),
                partition,
                seq,
                envelope,
                fact,
                at,
                span,
            }))
        }
        Ok(None) => Decoded::Unknown,
        Err(_) => unreadable(envelope, "the event is not what its type says"),
    }
}

fn span_of(service: &str, producer: &str, seq: u64, envelope: &Envelope, fact: &Fact) -> Span {
    let span = tracing::info_span!(
        "consume",
        otel.name = field::Empty,
        service = %service,
        event.type = %fact.word(),
        event.id = %envelope.event_id,
        case.id = %fact.case_id(),
        event.producer = %producer,
        event.seq = seq,
    );
    if !span.is_disabled() {
        span.record("otel.name", format!("consume.{}", fact.word().replace('-', "_")));
        trace::continue_from(&span, &envelope.traceparent);
    }
    span
}

fn instant(at: &prost_types::Timestamp) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp(at.seconds, u32::try_from(at.nanos).ok()?)
}
