//! What stands still between the services, as an administrator reads it: events that could not be applied, forks, and
//! what was decided about them.

use crate::{
    convert::at,
    words::{self, Named},
};
use chrono::{DateTime, Utc};
use contracts::log;
use kit_core::Text;
use serde::Serialize;
use std::collections::BTreeSet;

/// What lies parked in one service; `problem` where it does not answer.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Parked {
    pub(crate) service: String,
    pub(crate) title: Text,
    pub(crate) keys: Vec<Key>,
    pub(crate) has_more: bool,
    pub(crate) problem: Option<Text>,
}

/// All that stands parked under one key, oldest first.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Key {
    pub(crate) key: String,
    pub(crate) events: Vec<Event>,
}

#[derive(Clone, Debug, Serialize)]
pub(crate) struct Event {
    pub(crate) producer: String,
    pub(crate) partition: u32,
    pub(crate) seq: u64,
    #[serde(rename = "type")]
    pub(crate) kind: String,
    pub(crate) state: Named,
    pub(crate) reason: String,
    pub(crate) attempts: i32,
    pub(crate) parked_at: Option<DateTime<Utc>>,
    pub(crate) failures: Vec<Failure>,
    /// It is the first of its producer and in the way itself, not only behind another.
    pub(crate) can_be_skipped: bool,
}

/// One thing it failed of, however often in a row.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Failure {
    pub(crate) reason: String,
    pub(crate) times: i32,
    pub(crate) first_at: Option<DateTime<Utc>>,
    pub(crate) last_at: Option<DateTime<Utc>>,
}

impl Key {
    pub(crate) fn new(key: String, events: Vec<log::ParkedEvent>) -> Self {
        let mut producers = BTreeSet::new();
        let event = |event: log::ParkedEvent| {
            let is_first = producers.insert(event.producer.clone());
            Event {
                can_be_skipped: is_first && event.state != "behind",
                producer: event.producer,
                partition: event.partition,
                seq: event.seq,
                kind: event.r#type,
                state: words::state(&event.state),
                reason: event.reason,
                attempts: event.attempts,
                parked_at: at(event.parked_at),
                failures: event.failures.into_iter().map(Failure::from).collect(),
            }
        };
        Self { key, events: events.into_iter().map(event).collect() }
    }
}

impl From<log::ParkedFailure> for Failure {
    fn from(failure: log::ParkedFailure) -> Self {
        let (first_at, last_at) = (at(failure.first_at), at(failure.last_at));
        Self { reason: failure.reason, times: failure.times, first_at, last_at }
    }
}

/// A partition that a service does not follow any further.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Fork {
    pub(crate) service: String,
    pub(crate) title: Text,
    pub(crate) producer: String,
    pub(crate) producer_title: Text,
    pub(crate) partition: u32,
    pub(crate) kind: Named,
    pub(crate) seq: u64,
    pub(crate) hash: String,
    pub(crate) resume_seq: u64,
    pub(crate) resume_hash: String,
    pub(crate) found_at: Option<DateTime<Utc>>,
}

impl Fork {
    pub(crate) fn new(service: &str, fork: log::Fork) -> Self {
        Self {
            service: service.to_owned(),
            title: words::service(service),
            producer_title: words::service(&fork.producer),
            producer: fork.producer,
            partition: fork.partition,
            kind: words::fork(&fork.kind),
            seq: fork.seq,
            hash: short(&fork.hash),
            resume_seq: fork.resume_seq,
            resume_hash: short(&fork.resume_hash),
            found_at: at(fork.found_at),
        }
    }
}

/// A link as a person compares it.
fn short(hash: &[u8]) -> String {
    hash.iter().take(6).map(|byte| format!("{byte:02x}")).collect()
}

/// What an operator decided about a service's log.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Decision {
    pub(crate) title: Text,
    pub(crate) decided_at: Option<DateTime<Utc>>,
    pub(crate) actor: String,
    pub(crate) what: Named,
    pub(crate) subject: String,
    pub(crate) reason: String,
}

impl Decision {
    pub(crate) fn new(service: &str, decision: log::Decision) -> Self {
        Self {
            title: words::service(service),
            decided_at: at(decision.decided_at),
            actor: decision.actor,
            what: words::decision(&decision.what),
            subject: decision.subject,
            reason: decision.reason,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_first_of_a_producer_that_is_in_the_way_itself_can_be_skipped() {
        let event = |producer: &str, state: &str| log::ParkedEvent {
            producer: producer.into(),
            state: state.into(),
            ..Default::default()
        };
        let events = [("intake", "failed"), ("intake", "behind"), ("triage", "behind"), ("records", "waiting")];
        let key = Key::new("case_1".into(), events.map(|(producer, state)| event(producer, state)).into());
        let can: Vec<bool> = key.events.iter().map(|event| event.can_be_skipped).collect();
        assert_eq!(can, [true, false, false, true]);
    }
}
