//! One reading: from the stream, and from the producers' answers where the stream has lost something, until the places
//! to read change.

use super::{
    Handler,
    apply::Applier,
    cursor::Cursor,
    reader::{Message, Reader},
    repair::{Answer, Round},
    wants::Wants,
};
use crate::{
    broker::Broker,
    crash, fork,
    heads::{self, Board},
    lease::Owned,
    log::Log,
    meters,
    partition::PARTITIONS,
    position::{Place, Positions, Standing},
};
use contracts::common::Batch;
use std::{collections::BTreeMap, time::Duration};
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;

/// More gains under 10 %, and holds locks longer.
const BATCH: usize = 200;
/// How often the wants are looked at while there are any; and while there are none, the heads.
const TICK: Duration = Duration::from_millis(100);
const REST: Duration = Duration::from_millis(500);

/// Why a reading ended.
pub(super) enum End {
    Stop,
    /// Its places are others now.
    Changed,
}

pub(super) struct Session<'a> {
    applier: Applier<'a>,
    broker: &'a Broker,
    lane: u16,
    reader: Reader,
    cursor: Cursor,
    wants: Wants,
    /// Messages that the stream has and we have not read.
    pending: u64,
    /// When a message came last.
    came: Instant,
    /// A place has just been found to have forked.
    has_forked: bool,
}

impl<'a> Session<'a> {
    pub(super) async fn open(
        log: &'a Log,
        broker: &'a Broker,
        handler: &'a dyn Handler,
        (lane, owned): (u16, Owned),
        positions: Positions,
    ) -> Self {
        let producers: Vec<String> = positions.producers().into_iter().map(str::to_owned).collect();
        let cursor = Cursor::new(&producers);
        // One that cannot be read only costs reading the stream from its beginning.
        let mark = cursor.load(log, &owned).await.ok().flatten();
        let subjects = subjects(broker, &producers, &owned);
        let reader = Reader::start(broker, log, lane, subjects, mark);
        let applier = Applier { log, handler, owned, positions };
        let (wants, came) = (Wants::default(), Instant::now());
        Self { applier, broker, lane, reader, cursor, wants, pending: 0, came, has_forked: false }
    }

    pub(super) async fn run(
        mut self,
        board: &Board,
        changed: impl Future<Output = ()>,
        stop: &CancellationToken,
    ) -> End {
        tokio::pin!(changed);
        let mut round = Round::default();
        let mut next_look = Instant::now();
        loop {
            if next_look <= Instant::now() {
                self.look(board);
                self.cursor.save(self.applier.log, &self.applier.owned).await;
                next_look = Instant::now() + if self.wants.is_empty() { REST } else { TICK };
            }
            if round.is_over() {
                round = Round::start(self.applier.log, self.broker, self.wants.due(&self.applier.positions));
            }
            let went_on = tokio::select! {
                () = stop.cancelled() => return End::Stop,
                () = &mut changed => return End::Changed,
                message = self.reader.next() => self.receive(message, stop).await,
                answers = round.answers() => match self.repair(answers, stop).await {
                    Some(next) => {
                        round = next;
                        Some(())
                    }
                    None => None,
                },
                () = sleep_until(next_look) => Some(()),
            };
            if went_on.is_none() {
                return End::Stop;
            }
            if self.has_forked {
                return End::Changed;
            }
        }
    }

    /// What came from the stream. `None` when stopped.
    async fn receive(&mut self, first: Message, stop: &CancellationToken) -> Option<()> {
        // The connection first, then the batch: what arrives while we wait for it travels along. One that cannot be had
        // now is asked for again by the applier.
        let connection = self.applier.log.pools.follow.acquire().await.ok();
        crash::point("follow.received");
        let messages = drain(first, &mut self.reader);
        let batches: Vec<&Batch> = messages.iter().map(|message| &message.batch).collect();
        let gaps = self.applier.process(connection, &batches, stop).await?;
        self.note(gaps);
        if let Some(last) = messages.into_iter().next_back() {
            (self.pending, self.came) = (last.pending, Instant::now());
            if self.wants.is_empty() {
                self.cursor.reached(last.mark);
            }
        }
        Some(())
    }

    /// What producers answered; the next questions are under way while it is applied. `None` when stopped.
    async fn repair(&mut self, answers: Vec<Answer>, stop: &CancellationToken) -> Option<Round> {
        let mut parts = Vec::new();
        for answer in answers {
            let found = answer.read();
            if found.is_silent {
                self.wants.silent(&answer.producer);
            }
            for (place, head) in found.ends {
                self.wants.ends(&place, head);
            }
            for place in &found.hungry {
                self.wants.hungry(place);
            }
            for fork in found.forks {
                self.stand_still(fork).await;
            }
            if !found.parts.is_empty() {
                meters::rewound(self.applier.log.service(), &answer.producer);
            }
            parts.extend(found.parts);
        }
        let merged = super::merge::merge(parts);
        let mut there = self.applier.positions.clone();
        there.0.extend(merged.iter().filter_map(end));
        let next = Round::start(self.applier.log, self.broker, self.wants.due(&there));
        for batches in in_batches(&merged) {
            // What is missing still stands in the wants.
            self.applier.process(None, &batches, stop).await?;
        }
        Some(next)
    }

    async fn stand_still(&mut self, found: fork::Fork) {
        let (producer, partition) = &found.place;
        let (service, kind) = (self.applier.log.service(), found.kind.as_str());
        match fork::insert(&self.applier.log.pools.follow, &found).await {
            Ok(true) => tracing::error!(
                service,
                producer,
                partition,
                kind,
                seq = found.at.seq,
                "a producer's history and what was applied of it have fallen apart; this partition stands still until an operator decides"
            ),
            // Known already, or the position has moved on since.
            Ok(false) => tracing::debug!(service, producer, partition, kind, "a fork that is none or no news"),
            Err(error) => {
                tracing::warn!(service, %error, "a fork was found and could not be stored; it will be found again");
                return;
            }
        }
        self.applier.positions.0.remove(&found.place);
        self.has_forked = true;
    }

    fn note(&mut self, gaps: BTreeMap<Place, u64>) {
        for (place, beyond) in gaps {
            let producer = place.0.clone();
            if self.wants.gap(place, beyond) {
                meters::gap(self.applier.log.service(), &producer);
            }
        }
    }

    /// Compares what the producers said with where we stand.
    fn look(&mut self, board: &Board) {
        let is_drained = self.pending == 0 || self.came.elapsed() > heads::EVERY * 2;
        let mut lags: BTreeMap<String, u64> = BTreeMap::new();
        for (place, head) in board.take() {
            let Some(at) = self.applier.positions.0.get(&place) else { continue };
            *lags.entry(place.0.clone()).or_default() += head.seq.saturating_sub(at.seq);
            self.wants.heard(place, &head, at, is_drained);
        }
        for (producer, events) in lags {
            meters::lag(self.applier.log.service(), self.lane, &producer, events);
        }
    }
}

fn subjects(broker: &Broker, producers: &[String], owned: &Owned) -> Vec<String> {
    if owned.len() == usize::from(PARTITIONS) {
        return producers.iter().map(|producer| broker.subjects(producer)).collect();
    }
    let each = |producer: &String| {
        let producer = producer.clone();
        owned.iter().map(move |partition| broker.subject(&producer, *partition))
    };
    producers.iter().flat_map(each).collect()
}

/// Where a batch ends. If it is not applied that far, the answer to what comes after it is a gap like any other.
fn end(batch: &Batch) -> Option<(Place, Standing)> {
    let hash = batch.records.last()?.hash.clone();
    let seq = (batch.first_seq + batch.records.len() as u64).saturating_sub(1);
    Some(((batch.producer.clone(), u16::try_from(batch.partition).ok()?), Standing { seq, hash }))
}

fn drain(first: Message, reader: &mut Reader) -> Vec<Message> {
    let mut events = first.batch.records.len();
    let mut messages = vec![first];
    while events < BATCH
        && let Some(message) = reader.next_now()
    {
        events += message.batch.records.len();
        messages.push(message);
    }
    messages
}

/// Runs of batches that hold about as many events as one transaction takes.
pub(super) fn in_batches(all: &[Batch]) -> Vec<Vec<&Batch>> {
    let mut runs: Vec<Vec<&Batch>> = Vec::new();
    let mut events = BATCH;
    for batch in all {
        if events >= BATCH {
            runs.push(Vec::new());
            events = 0;
        }
        events += batch.records.len();
        if let Some(run) = runs.last_mut() {
            run.push(batch);
        }
    }
    runs
}
