//! The follower that is measured: it follows `intake`, works like a service, and counts what it has committed.

use super::{
    bed::PATIENCE,
    statement::{self, Told},
};
use anyhow::{Context as _, Result};
use contracts::{Fact, intake::CaseRegistered, triage::CaseGraded};
use futures::future::BoxFuture;
use kit_db::Error;
use kit_ids::CaseId;
use kit_messaging::{Handler, Received, Tx};
use serde_json::{Value, json};
use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Instant,
};
use tokio::{sync::watch, time::timeout};

/// What a follower says of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answers {
    None,
    /// One event for each that it applies; only `triage` may, whose events these are.
    Each,
}

/// What has been committed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Progress {
    pub(super) events: u64,
    pub(super) batches: u64,
    /// When the first batch had been committed, and how many events it had.
    pub(super) first: Option<(Instant, u64)>,
}

pub(super) struct Follower {
    answers: Answers,
    stamps: Option<Arc<Stamps>>,
    progress: watch::Sender<Progress>,
}

impl Follower {
    pub(super) fn new(answers: Answers) -> Arc<Self> {
        Self::stamping(answers, None)
    }

    /// One that also notes when each numbered event was committed.
    pub(super) fn stamping(answers: Answers, stamps: Option<Arc<Stamps>>) -> Arc<Self> {
        let progress = watch::Sender::new(Progress { events: 0, batches: 0, first: None });
        Arc::new(Self { answers, stamps, progress })
    }

    pub(super) fn progress(&self) -> Progress {
        *self.progress.borrow()
    }

    /// Waits until so many events have been committed since it was made; answers when that was seen.
    pub(super) async fn reaches(&self, events: usize) -> Result<Instant> {
        let mut progress = self.progress.subscribe();
        let reached = progress.wait_for(|at| at.events >= events as u64);
        let reached = timeout(PATIENCE, reached).await.map(|reached| reached.map(drop));
        reached.with_context(|| format!("{} of {events} events applied", self.progress().events))??;
        Ok(Instant::now())
    }
}

impl Handler for Follower {
    fn follows(&self) -> &'static [&'static str] {
        &["intake"]
    }

    fn apply<'a>(&'a self, tx: &'a mut Tx, events: &'a [Received]) -> BoxFuture<'a, kit_db::Result<()>> {
        Box::pin(async move {
            let args: Vec<Value> = events.iter().map(args).collect();
            let told: kit_db::Result<Vec<Told<'_>>> = events.iter().zip(&args).map(told).collect();
            statement::write(tx.conn(), &told?).await?;
            if self.answers == Answers::Each {
                for event in events {
                    tx.publish_after(event, event.key(), &answer(event.key()));
                }
            }
            Ok(())
        })
    }

    fn committed(&self, events: &[Received]) -> BoxFuture<'_, ()> {
        let now = Instant::now();
        if let Some(stamps) = &self.stamps {
            for registered in events.iter().filter_map(registered) {
                stamps.note(&registered.number, now);
            }
        }
        self.progress.send_modify(|progress| {
            let count = events.len() as u64;
            progress.events += count;
            progress.batches += 1;
            progress.first.get_or_insert((now, count));
        });
        Box::pin(async {})
    }
}

fn registered(event: &Received) -> Option<&CaseRegistered> {
    match &event.fact {
        Fact::CaseRegistered(registered) => Some(registered),
        _ => None,
    }
}

/// The parts of the line that a person reads, as records keeps them.
fn args(event: &Received) -> Value {
    registered(event)
        .map_or(Value::Null, |it| json!({ "number": it.number, "channel": it.channel, "unit": it.unit_id }))
}

fn told<'a>((event, args): (&'a Received, &'a Value)) -> kit_db::Result<Told<'a>> {
    let registered = registered(event).ok_or_else(|| Error::Corrupt("not an event of this benchmark".to_owned()))?;
    let case_id: CaseId = event.key().parse().map_err(|_| Error::Corrupt("not a case".to_owned()))?;
    Ok(Told {
        case_id: case_id.uuid(),
        unit_id: &registered.unit_id,
        partition: i16::try_from(event.partition).unwrap_or(i16::MAX),
        seq: i64::try_from(event.seq).unwrap_or(i64::MAX),
        at: event.at,
        args,
        actor: &event.envelope.actor,
    })
}

fn answer(case_id: &str) -> CaseGraded {
    CaseGraded {
        case_id: case_id.to_owned(),
        severity: "serious".to_owned(),
        previous: String::new(),
        cite: "第十二条第二款".to_owned(),
        is_automatic: true,
        reason: None,
    }
}

/// When each numbered event had been committed by the follower.
#[derive(Debug)]
pub(super) struct Stamps {
    start: Instant,
    /// Nanoseconds since the start; 0 for not yet.
    at: Vec<AtomicU64>,
}

impl Stamps {
    pub(super) fn new(capacity: usize) -> Arc<Self> {
        Arc::new(Self { start: Instant::now(), at: (0..capacity).map(|_| AtomicU64::new(0)).collect() })
    }

    fn note(&self, number: &str, now: Instant) {
        let slot = number.parse::<usize>().ok().and_then(|number| self.at.get(number));
        let nanoseconds = u64::try_from((now - self.start).as_nanos()).unwrap_or(u64::MAX);
        if let Some(slot) = slot {
            slot.store(nanoseconds, Ordering::Relaxed);
        }
    }

    /// Milliseconds from `since` until the event was committed; 0 if the writer heard of its own commit later than that.
    pub(super) fn milliseconds(&self, number: usize, since: Instant) -> Option<f64> {
        let nanoseconds = self.at.get(number).map(|slot| slot.load(Ordering::Relaxed)).filter(|at| *at > 0)?;
        let applied = self.start + std::time::Duration::from_nanos(nanoseconds);
        Some(applied.saturating_duration_since(since).as_secs_f64() * 1000.0)
    }
}
