//! One transaction of the follower, the second commit site of the house: positions, what is parked, the handler's work
//! and its events, together or not at all.

use super::{
    apply::{Applier, Connection},
    judge::Next,
};
use crate::{
    crash,
    log::caught,
    meters,
    parked::{self, Park, State},
    position,
    received::{Decoded, Received, decode},
    tx::Tx,
};
use contracts::common::Envelope;
use kit_db::Result;
use prost::Message as _;
use std::collections::{BTreeMap, BTreeSet};

/// What a transaction came to.
pub(super) enum Outcome {
    Applied,
    /// Another instance was here first.
    Lost,
}

/// Why an event is parked without being tried again.
pub(super) struct Verdict {
    pub(super) state: State,
    pub(super) reason: String,
}

impl Applier<'_> {
    /// One transaction: positions first, which locks them; then what is parked, the handler's work, and its events.
    pub(super) async fn attempt(
        &self,
        connection: Connection,
        run: &[Next],
        verdict: Option<Verdict>,
    ) -> Result<Outcome> {
        let log = self.log;
        let mut tx = match connection {
            Some(connection) => Tx::begin_on(connection, &log.env, &log.service, &log.service).await?,
            None => Tx::begin(&log.pools.follow, &log.env, &log.service, &log.service).await?,
        };
        let work = self.work(&mut tx, run, verdict);
        let (ready, parks) = match work.await {
            Ok(Some(done)) => done,
            Ok(None) => {
                tx.rollback().await;
                return Ok(Outcome::Lost);
            }
            Err(error) => {
                tx.rollback().await;
                return Err(error);
            }
        };
        if tx.commit().await? > 0 {
            log.wake.0.notify_one();
        }
        crash::point("follow.committed");
        meters::applied(log.service(), ready.len());
        for park in &parks {
            meters::parked(log.service(), park.state.as_str());
        }
        if !parks.is_empty() {
            // At once: what stands in their way may be waiting for one of these.
            log.retry.expect_more();
        }
        if !ready.is_empty() {
            self.handler.committed(&ready).await;
            log.retry.something_came();
        }
        Ok(Outcome::Applied)
    }

    /// `None` if another instance has moved a position.
    async fn work(
        &self,
        tx: &mut Tx,
        run: &[Next],
        verdict: Option<Verdict>,
    ) -> Result<Option<(Vec<Received>, Vec<Park>)>> {
        let mut moves: BTreeMap<_, position::Move> = BTreeMap::new();
        for next in run {
            let step = next.step();
            moves.entry(next.place.clone()).and_modify(|whole| whole.to = step.to.clone()).or_insert(step);
        }
        let decoded: Vec<Decoded> = run
            .iter()
            .map(|next| decode(&self.log.service, &next.place.0, next.place.1, next.seq, &next.envelope))
            .collect();
        let keys: Vec<&str> = decoded.iter().filter_map(Decoded::key).collect();
        let moved = position::advance(tx.conn(), self.log, &moves, &keys).await?;
        if moved.is_lost {
            return Ok(None);
        }
        crash::point("follow.moved");
        let (ready, parks) = sort(run, decoded, moved.parked, verdict.as_ref());
        if !parks.is_empty() {
            let now = tx.now();
            parked::insert(tx.conn(), &parks, now).await?;
        }
        if !ready.is_empty() {
            caught(self.handler.apply(tx, &ready)).await?;
        }
        crash::point("follow.handled");
        Ok(Some((ready, parks)))
    }
}

/// Why an event from a newer producer waits.
pub(super) fn newer(missing: &str) -> String {
    format!("a newer version of this service, which knows {missing}")
}

/// Splits a run into what is applied and what is parked: behind its key's parked events, or because it is unreadable.
fn sort(
    run: &[Next],
    decoded: Vec<Decoded>,
    mut blocked: BTreeSet<String>,
    verdict: Option<&Verdict>,
) -> (Vec<Received>, Vec<Park>) {
    let (mut ready, mut parks) = (Vec::new(), Vec::new());
    for (next, decoded) in run.iter().zip(decoded) {
        let Some(key) = decoded.key().map(str::to_owned) else { continue };
        let (state, reason) = match (&decoded, verdict) {
            _ if blocked.contains(&key) => (State::Behind, String::new()),
            (Decoded::Unreadable { reason, .. }, _) => (State::Failed, (*reason).to_owned()),
            (Decoded::Newer { missing, .. }, _) => (State::Waiting, newer(missing)),
            (_, Some(verdict)) => (verdict.state, verdict.reason.clone()),
            (Decoded::Known(_) | Decoded::Unknown, None) => {
                if let Decoded::Known(received) = decoded {
                    ready.push(*received);
                }
                continue;
            }
        };
        blocked.insert(key.clone());
        let kind = Envelope::decode(next.envelope.as_slice()).map(|envelope| envelope.r#type).unwrap_or_default();
        let (producer, partition) = next.place.clone();
        parks.push(Park {
            key,
            producer,
            partition,
            seq: next.seq,
            kind,
            envelope: next.envelope.clone(),
            state,
            reason,
        });
    }
    (ready, parks)
}
