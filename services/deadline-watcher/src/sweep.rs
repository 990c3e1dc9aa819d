//! The loop whose cause is the time alone: it takes the cases of which a clock has changed, derives them as of now,
//! publishes the difference, and sleeps until the next instant. It remembers nothing: the rows are the truth, a wake-up
//! is only a hint, and of two sweeps at once each case belongs to one.

use crate::guard::Guard;
use crate::law::{self, Reference};
use crate::{publish, store};
use chrono::{DateTime, TimeDelta, Utc};
use futures::{StreamExt as _, stream};
use kit_core::Clock as _;
use kit_db::Result;
use kit_messaging::{Log, Tx};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

/// The most cases taken in one transaction: more would hold their locks for longer than a reader should wait.
const BATCH: usize = 500;
/// The batches of one shard in a look, while they come full: a look ends with its last shard, and what waits for it idles.
const ROUNDS: usize = 4;
/// The shards that are swept at once: while some transactions wait for the disk or for Postgres, others compute.
const LANES: usize = 6;
/// How long a case rests that could not be derived, so that it holds up no other.
const REST: TimeDelta = TimeDelta::seconds(60);
/// After so long whatever is due is swept by any replica, whoever has the shard's lease.
const PATIENCE: TimeDelta = TimeDelta::milliseconds(500);
/// The longest sleep, of the machine's time: what another replica wrote wakes nobody here.
const LONGEST: Duration = Duration::from_secs(1);
/// The sleep when what is due belongs to another sweep.
const SHORTEST: Duration = Duration::from_millis(50);

/// The sweep of one replica.
#[derive(Clone)]
pub(crate) struct Sweep {
    pub(crate) log: Log,
    pub(crate) guard: Guard,
    pub(crate) reference: Arc<Reference>,
    pub(crate) wake: Arc<Notify>,
    /// Tells the walk to rest: more is due than one look could take.
    pub(crate) is_behind: Arc<AtomicBool>,
}

impl Sweep {
    /// Sweeps until the service stops. A failure is logged and tried again: what is due stays due.
    pub(crate) async fn run(self, stop: CancellationToken) -> anyhow::Result<()> {
        while !stop.is_cancelled() {
            let next = match self.once().await {
                Ok(Looked { taken: 1.., .. }) => continue,
                Ok(Looked { next, .. }) => next,
                Err(error) => {
                    tracing::warn!(%error, "the sweep could not look for what is due");
                    None
                }
            };
            stop.run_until_cancelled(self.sleep(next)).await;
        }
        Ok(())
    }

    /// Takes up to some batches of what is due in each shard, and looks when it has to come again.
    pub(crate) async fn once(&self) -> Result<Looked> {
        self.guard.keep(self.log.pool()).await?;
        let shards = store::next_due(self.log.pool()).await?;
        let now = self.guard.now();
        let mine = |(shard, at): &(i16, DateTime<Utc>)| {
            // Another's shard is left to it, unless it lets it lie.
            let is_owned = u16::try_from(*shard).is_ok_and(|shard| self.log.owns(shard));
            (*shard, if is_owned { *at } else { *at + PATIENCE })
        };
        let shards: Vec<(i16, DateTime<Utc>)> = shards.iter().map(mine).collect();
        let due = shards.iter().filter(|(_, at)| *at <= now).map(|(shard, _)| *shard);
        let work: Vec<_> = due.map(|shard| self.shard(shard)).collect();
        let taken: Vec<Result<usize>> = stream::iter(work).buffer_unordered(LANES).collect().await;
        self.is_behind.store(taken.iter().any(|taken| matches!(taken, Ok(BATCH..))), Ordering::Relaxed);
        let failed = taken.iter().filter_map(|taken| taken.as_ref().err());
        // One shard that fails holds up no other.
        failed.for_each(|error| tracing::warn!(%error, "a shard could not be swept"));
        let taken = taken.into_iter().filter_map(Result::ok).sum();
        Ok(Looked { taken, next: shards.into_iter().map(|(_, at)| at).min() })
    }

    async fn shard(&self, shard: i16) -> Result<usize> {
        let mut taken = 0;
        for _ in 0..ROUNDS {
            let reference = Arc::clone(&self.reference);
            let work = self
                .log
                .in_tx("deadline-watcher", move |tx| Box::pin(async move { take(tx, &reference, shard).await }));
            let batch = work.await?;
            taken += batch;
            if batch < BATCH {
                break;
            }
        }
        Ok(taken)
    }

    /// Sleeps until `next`, or until woken.
    async fn sleep(&self, next: Option<DateTime<Utc>>) {
        // What is due and was not to be had is held by another sweep: asking at once would only burn.
        let is_others = next.is_some_and(|next| next <= self.guard.now());
        let due = async {
            match next {
                Some(next) if !is_others => self.guard.sleep_until(next).await,
                _ => std::future::pending().await,
            }
        };
        let woken = async {
            tokio::select! { () = due => {}, () = self.wake.notified() => {} }
        };
        // Running out is the ordinary end of a quiet second.
        let _ = tokio::time::timeout(if is_others { SHORTEST } else { LONGEST }, woken).await;
    }
}

/// What a look brought.
pub(crate) struct Looked {
    pub(crate) taken: usize,
    /// When the next is due.
    pub(crate) next: Option<DateTime<Utc>>,
}

async fn take(tx: &mut Tx, reference: &Reference, shard: i16) -> Result<usize> {
    let house = law::present(reference, tx).await?;
    let now = tx.now();
    let limit = i64::try_from(BATCH).unwrap_or(i64::MAX);
    let (mut cases, mut stuck) = store::claim_due(tx.conn(), shard, now, limit).await?;
    let taken = cases.len() + stuck.len();
    cases.retain_mut(|case| {
        let ground = match house.ground(&case.view) {
            Ok(ground) => ground,
            Err(missing) => {
                tracing::error!(case.id = %case.case_id, missing, "a clock is due and cannot be derived");
                stuck.push(case.case_id);
                return false;
            }
        };
        if let Some(due) = case.next_at() {
            let late = (now - due).as_seconds_f64();
            metrics::histogram!("jiesu_deadline_watcher_lateness_seconds").record(late.max(0.0));
        }
        let happened = case.derive(&ground, now);
        publish::append(tx, None, case.case_id, &happened);
        true
    });
    store::save(tx.conn(), &cases.iter().collect::<Vec<_>>()).await?;
    if !stuck.is_empty() {
        metrics::counter!("jiesu_deadline_watcher_stuck_total").increment(stuck.len() as u64);
        store::postpone(tx.conn(), &stuck, now, now + REST).await?;
    }
    Ok(taken)
}
