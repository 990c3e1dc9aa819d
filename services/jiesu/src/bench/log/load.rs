//! The events that are measured with, and who appends them: as fast as it goes, or on a schedule that does not wait.

use super::float;
use anyhow::Result;
use contracts::{
    common::{Fact, FactValue, fact_value::Kind},
    intake::CaseRegistered,
};
use kit_core::Env;
use kit_ids::CaseId;
use kit_messaging::{Log, PARTITIONS, partition_of};
use std::{
    collections::BTreeSet,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// Events that a case has in its life.
pub(super) const EVENTS_OF_A_CASE: usize = 10;
/// Clients on a schedule; also as many connections as a service has for its commands.
const CLIENTS: usize = 8;
const ACTOR: &str = "staff_0192f0c15a7b7c3d8e4f5a6b7c8d9e0f";

/// Cases that nobody else has, with ids that follow one another as those of one day do.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cases {
    first: u128,
    count: usize,
}

impl Cases {
    /// As many as `events` events belong to.
    pub(super) fn of(events: usize) -> Self {
        Self { first: Env::system().id().as_u128() & !0xffff_ffff, count: events.div_ceil(EVENTS_OF_A_CASE) }
    }

    pub(super) fn id(&self, number: usize) -> CaseId {
        CaseId::new(Uuid::from_u128(self.first | (number % self.count) as u128))
    }

    /// The case of an event in transactions of `size`: a command's events are of one case, and who writes more at once
    /// writes of many cases.
    pub(super) fn of_event(&self, number: usize, size: usize) -> CaseId {
        self.id(if size <= 2 { number / size } else { number })
    }
}

/// An event of 600 bytes with its envelope: the registration of a case with answers to eight questions.
pub(super) fn event(case_id: CaseId, number: String) -> CaseRegistered {
    let fact = |name: &str, kind| Fact { name: name.to_owned(), value: Some(FactValue { kind: Some(kind) }) };
    let word = |word: &str| Kind::Word(word.to_owned());
    CaseRegistered {
        case_id: case_id.to_string(),
        submission_id: "sub_0192f0c15a7b7c3d8e4f5a6b7c8d9e0f".to_owned(),
        number,
        regime_id: "a-regime-of-a-benchmark".to_owned(),
        regime_version: 3,
        unit_id: "b01".to_owned(),
        channel: "web".to_owned(),
        kind: "complaint".to_owned(),
        reach: vec!["email".to_owned(), "phone".to_owned()],
        about_unit_id: Some("b01-service".to_owned()),
        facts: vec![
            fact("harm_goes_on", Kind::Flag(false)),
            fact("people_affected", Kind::Number(3)),
            fact("kind_of_damage", word("property")),
            fact("was_reported_before", Kind::Flag(true)),
            fact("where_it_happened", word("public-area")),
            fact("wish_of_the_complainant", word("repair-and-apology")),
            fact("since_when", word("some-weeks-at-least-three")),
            fact("may_be_called_in_the_evening", Kind::Flag(true)),
        ],
        ..CaseRegistered::default()
    }
}

/// Appends `count` events as fast as `writers` clients can, `size` in a transaction.
pub(super) async fn append(log: &Log, count: usize, size: usize, writers: usize) -> Result<()> {
    let (cases, next) = (Cases::of(count), Arc::new(AtomicUsize::new(0)));
    let mut running = JoinSet::new();
    for _ in 0..writers {
        let (log, next) = (log.clone(), Arc::clone(&next));
        running.spawn(async move {
            loop {
                let first = next.fetch_add(size, Ordering::Relaxed);
                if first >= count {
                    return anyhow::Ok(());
                }
                let numbers = first..(first + size).min(count);
                let events = numbers.map(|number| event(cases.of_event(number, size), "–".to_owned()));
                commit(&log, events.collect()).await?;
            }
        });
    }
    while let Some(ended) = running.join_next().await {
        ended??;
    }
    Ok(())
}

/// Appends one event in each partition, so that everything on the way is open; answers how many.
pub(super) async fn probe(log: &Log) -> Result<usize> {
    let (cases, mut seen) = (Cases::of(100_000), BTreeSet::new());
    let ids = (0..).map(|number| cases.id(number)).filter(|id| seen.insert(partition_of(&id.to_string())));
    let events: Vec<_> = ids.take(usize::from(PARTITIONS)).map(|id| event(id, "–".to_owned())).collect();
    let count = events.len();
    commit(log, events).await?;
    Ok(count)
}

async fn commit(log: &Log, events: Vec<CaseRegistered>) -> Result<()> {
    let work = log.in_tx(ACTOR, move |tx| {
        Box::pin(async move {
            for event in events {
                tx.publish(&event.case_id, &event);
            }
            Ok(())
        })
    });
    Ok(work.await?)
}

/// An event that was appended on a schedule.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sent {
    pub(super) number: usize,
    /// When it should have been appended.
    pub(super) due: Instant,
    /// When its writer knew that it was committed.
    pub(super) committed: Instant,
}

/// Appends numbered events one by one, `rate` a second, `limit` at most, until `stop`. A writer that is late goes on at
/// once with what is due and leaves nothing out, so its lateness is part of what is measured.
pub(super) async fn on_schedule(log: &Log, rate: u32, limit: usize, stop: &CancellationToken) -> Result<Vec<Sent>> {
    let (cases, start) = (Cases::of(limit), Instant::now());
    let mut running = JoinSet::new();
    for client in 0..CLIENTS {
        let (log, stop) = (log.clone(), stop.clone());
        running.spawn(async move {
            let mut sent = Vec::new();
            for number in (client..limit).step_by(CLIENTS) {
                let due = start + Duration::from_secs_f64(float(number) / f64::from(rate));
                tokio::select! {
                    biased;
                    () = tokio::time::sleep_until(due.into()) => {}
                    () = stop.cancelled() => break,
                }
                commit(&log, vec![event(cases.id(number), number.to_string())]).await?;
                sent.push(Sent { number, due, committed: Instant::now() });
            }
            anyhow::Ok(sent)
        });
    }
    let mut all = Vec::new();
    while let Some(sent) = running.join_next().await {
        all.extend(sent??);
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;
    use kit_messaging::Received;
    use prost::Message as _;

    #[test]
    fn an_event_has_600_bytes_and_a_commands_events_are_of_one_case() {
        let cases = Cases::of(40);
        let event = event(cases.id(1), "–".to_owned());
        let envelope = Received::sample(1, &event.case_id, &event, Env::system().now()).unwrap().envelope;
        let bytes = envelope.encoded_len() + ACTOR.len() - envelope.actor.len();
        assert!((585..=615).contains(&bytes), "{bytes}");
        let ids = |size| (0..6).map(|number| cases.of_event(number, size)).collect::<BTreeSet<_>>().len();
        assert_eq!((ids(1), ids(2), ids(100)), (4, 3, 4));
    }
}
