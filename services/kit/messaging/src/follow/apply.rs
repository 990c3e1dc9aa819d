//! Applies what was judged to be next: one transaction for the batch; if that fails, one for each event, so that only
//! the case that fails is parked.

use super::{
    Handler,
    attempt::{Outcome, Verdict},
    judge::{Judged, Next, judge},
    reader::Message,
};
use crate::{
    log::Log,
    pace::{Backoff, pause},
    parked::State,
    position::{self, Cursor, Positions},
};
use kit_db::{Error, Result};
use sqlx::{Postgres, pool::PoolConnection};
use std::{collections::BTreeMap, time::Duration};
use tokio_util::sync::CancellationToken;

pub(super) type Connection = Option<PoolConnection<Postgres>>;

pub(super) struct Applier<'a> {
    pub(super) log: &'a Log,
    pub(super) handler: &'a dyn Handler,
    pub(super) positions: Positions,
}

impl Applier<'_> {
    /// Applies what is next in `messages`; answers where something is missing. After a lost race or a broken connection
    /// the positions are read again and the same messages judged anew. `None` when stopped.
    pub(super) async fn process(
        &mut self,
        mut connection: Connection,
        messages: &[Message],
        cursor: Option<Cursor>,
        stop: &CancellationToken,
    ) -> Option<BTreeMap<position::Place, u64>> {
        let mut backoff = Backoff::default();
        loop {
            let judged = judge(&self.positions, messages.iter().map(|message| &message.batch));
            if judged.run.is_empty() {
                return Some(judged.gaps);
            }
            let cursor = cursor.as_ref().filter(|_| judged.gaps.is_empty());
            match self.batch(connection.take(), &judged, cursor).await {
                Ok(Outcome::Applied) => {
                    self.positions.apply(judged.moves);
                    return Some(judged.gaps);
                }
                Ok(Outcome::Lost) => tracing::debug!(service = self.log.service(), "another instance was first"),
                Err(error) => {
                    tracing::warn!(service = self.log.service(), %error, "cannot apply events now");
                    if !pause(backoff.next(), stop).await {
                        return None;
                    }
                }
            }
            self.positions = super::load(self.log, self.handler, stop).await?;
        }
    }

    /// The whole run in one transaction, or event by event. An error here is an outage, never an event's own failure.
    async fn batch(&mut self, connection: Connection, judged: &Judged, cursor: Option<&Cursor>) -> Result<Outcome> {
        let error = match self.attempt(connection, &judged.run, cursor, None).await {
            Err(error) if !error.is_outage() => error,
            outcome => return outcome,
        };
        let [only] = judged.run.as_slice() else {
            tracing::debug!(service = self.log.service(), %error, "a batch failed; trying its events one by one");
            for next in &judged.run {
                if let Outcome::Lost = self.one(next, None).await? {
                    return Ok(Outcome::Lost);
                }
            }
            return Ok(Outcome::Applied);
        };
        self.one(only, Some(error)).await
    }

    /// One event in its own transaction: what it lacks it waits for; what fails four times is parked.
    async fn one(&self, next: &Next, mut failed: Option<Error>) -> Result<Outcome> {
        let run = std::slice::from_ref(next);
        let mut attempts = 0;
        loop {
            let error = match failed.take() {
                Some(error) => error,
                None => match self.attempt(None, run, None, None).await {
                    Err(error) if !error.is_outage() => error,
                    outcome => return outcome,
                },
            };
            let reason = error.to_string();
            if let Error::NotYet(_) = error {
                return self.attempt(None, run, None, Some(Verdict { state: State::Waiting, reason })).await;
            }
            attempts += 1;
            if attempts > 3 {
                let (producer, partition) = &next.place;
                tracing::error!(
                    service = self.log.service(),
                    producer,
                    partition,
                    seq = next.seq,
                    reason,
                    "an event is parked"
                );
                return self.attempt(None, run, None, Some(Verdict { state: State::Failed, reason })).await;
            }
            crate::pace::sleep(Duration::from_millis(20 * attempts)).await;
        }
    }
}
