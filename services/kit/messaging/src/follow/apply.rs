//! Applies what was judged to be next: one transaction for the batch; if that fails, one for each half, down to the event
//! that fails, so that only its case is parked.

use super::{
    Handler,
    attempt::{Outcome, Verdict},
    judge::{Next, judge},
};
use crate::{
    lease::Owned,
    log::Log,
    pace::{Backoff, pause, sleep},
    parked::State,
    position::{Place, Positions},
};
use contracts::common::Batch;
use futures::future::BoxFuture;
use kit_db::{Error, Result};
use sqlx::{Postgres, pool::PoolConnection};
use std::{collections::BTreeMap, time::Duration};
use tokio_util::sync::CancellationToken;

pub(super) type Connection = Option<PoolConnection<Postgres>>;

pub(super) struct Applier<'a> {
    pub(super) log: &'a Log,
    pub(super) handler: &'a dyn Handler,
    /// The partitions to work on.
    pub(super) owned: Owned,
    pub(super) positions: Positions,
}

impl Applier<'_> {
    /// Applies what is next in `batches`; answers where something is missing. After a lost race or a broken connection
    /// the positions are read again and the same batches judged anew. `None` when stopped.
    pub(super) async fn process(
        &mut self,
        mut connection: Connection,
        batches: &[&Batch],
        stop: &CancellationToken,
    ) -> Option<BTreeMap<Place, u64>> {
        let mut backoff = Backoff::default();
        loop {
            let judged = judge(&self.positions, batches.iter().copied());
            if judged.run.is_empty() {
                return Some(judged.gaps);
            }
            match self.batch(connection.take(), &judged.run).await {
                Ok(Outcome::Applied) => {
                    self.positions.apply(judged.moves);
                    return Some(judged.gaps);
                }
                Ok(Outcome::Lost) => {
                    tracing::debug!(service = self.log.service(), "another instance was first");
                    // Until this one's next beat tells it that a partition is another's now.
                    sleep(Duration::from_millis(20)).await;
                }
                Err(error) => {
                    tracing::warn!(service = self.log.service(), %error, "cannot apply events now");
                    if !pause(backoff.next(), stop).await {
                        return None;
                    }
                }
            }
            // What another has taken meanwhile is not ours to try again.
            let mine: Owned = self.owned.intersection(&self.log.owned.borrow()).copied().collect();
            self.positions = super::load(self.log, self.handler, &mine, stop).await?;
        }
    }

    /// The whole run in one transaction, or each half. An error here is an outage, never an event's own failure.
    fn batch<'s>(&'s self, connection: Connection, run: &'s [Next]) -> BoxFuture<'s, Result<Outcome>> {
        Box::pin(async move {
            let error = match self.attempt(connection, run, None).await {
                Err(error) if !error.is_outage() => error,
                outcome => return outcome,
            };
            if let [only] = run {
                return self.one(only, error).await;
            }
            tracing::debug!(service = self.log.service(), %error, events = run.len(), "a batch failed; trying its halves");
            let (left, right) = run.split_at(run.len() / 2);
            match self.batch(None, left).await? {
                Outcome::Lost => Ok(Outcome::Lost),
                Outcome::Applied => self.batch(None, right).await,
            }
        })
    }

    /// One event that has failed alone: what it lacks it waits for; what fails four times is parked.
    async fn one(&self, next: &Next, mut error: Error) -> Result<Outcome> {
        let run = std::slice::from_ref(next);
        for attempt in 1.. {
            let reason = error.to_string();
            if let Error::NotYet(_) = error {
                return self.attempt(None, run, Some(Verdict { state: State::Waiting, reason })).await;
            }
            if attempt > 3 {
                let (producer, partition) = &next.place;
                let (service, seq) = (self.log.service(), next.seq);
                tracing::error!(service, producer, partition, seq, reason, "an event is parked");
                return self.attempt(None, run, Some(Verdict { state: State::Failed, reason })).await;
            }
            sleep(Duration::from_millis(20 * attempt)).await;
            error = match self.attempt(None, run, None).await {
                Err(error) if !error.is_outage() => error,
                outcome => return outcome,
            };
        }
        Ok(Outcome::Lost)
    }
}
