//! A service's own copy of what it must know of the organisation and the rules: rows that arrive as events, and a
//! snapshot built from all of them that any thread can read without a lock. Knows nothing of what the rows mean.

use arc_swap::ArcSwap;
use chrono::TimeDelta;
use contracts::Fact;
use futures::future::BoxFuture;
pub use kit_core::Entry;
use kit_core::Env;
use kit_messaging::{Received, Tx};
use sqlx::PgPool;
use std::{
    collections::BTreeMap,
    fmt,
    sync::{
        Arc,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
    time::Duration,
};
use tokio::sync::Mutex;
use tokio_util::sync::CancellationToken;

/// How often [`Reference::watch`] looks.
const EVERY: TimeDelta = TimeDelta::seconds(5);
const AT_MOST: Duration = Duration::from_secs(5);

/// Makes a snapshot of all rows at once, and never of half; says which row contradicts the others or cannot be read.
pub type Build<S> = fn(&[Entry]) -> Result<S, String>;

/// The row that a fact leaves behind; none for one that is not of the law.
pub type Row = fn(&Fact) -> Option<Entry>;

/// The present snapshot.
pub struct Reference<S> {
    pool: PgPool,
    build: Build<S>,
    row: Row,
    snapshot: ArcSwap<S>,
    /// The [stamp](STAMP) of the rows that the snapshot was built from.
    stamp: AtomicI64,
    reloading: Mutex<()>,
    /// Counts the wishes to reload and those served, so that a queue of wishes costs one reading.
    wished: AtomicU64,
    served: AtomicU64,
}

impl<S: Send + Sync + 'static> Reference<S> {
    /// Reads the rows of the service and builds the first snapshot.
    ///
    /// # Errors
    /// The rows cannot be read, or make no snapshot.
    pub async fn open(pool: PgPool, build: Build<S>, row: Row) -> kit_db::Result<Arc<Self>> {
        let (entries, stamp) = read(&pool).await?;
        let snapshot = build(&entries).map_err(kit_db::Error::Corrupt)?;
        Ok(Arc::new(Self {
            pool,
            build,
            row,
            snapshot: ArcSwap::from_pointee(snapshot),
            stamp: AtomicI64::new(stamp),
            reloading: Mutex::new(()),
            wished: AtomicU64::new(0),
            served: AtomicU64::new(0),
        }))
    }

    /// The snapshot as of the last reload. Cheap; a caller that decides something takes it once.
    pub fn get(&self) -> Arc<S> {
        self.snapshot.load_full()
    }

    /// Writes the rows that a batch of events leaves behind; says whether there are any.
    ///
    /// # Errors
    /// The database refused.
    pub async fn take(&self, tx: &mut Tx, events: &[Received]) -> kit_db::Result<bool> {
        let entries: Vec<Entry> = events.iter().filter_map(|event| (self.row)(&event.fact)).collect();
        Self::put(tx, &entries).await?;
        Ok(!entries.is_empty())
    }

    /// Reads the rows again after the transaction of such a batch, if it left any, and says whether it did. What was
    /// committed stays committed if they cannot be read; the watch does so a few seconds later.
    pub fn committed(&self, events: &[Received]) -> BoxFuture<'_, bool> {
        let is_new = events.iter().any(|event| (self.row)(&event.fact).is_some());
        Box::pin(async move {
            if is_new && let Err(error) = self.reload().await {
                tracing::error!(%error, "the law could not be read again; the one before stays in use");
            }
            is_new
        })
    }

    /// Writes rows in the caller's transaction; a version that is here already gets the body given last.
    ///
    /// # Errors
    /// The database refused.
    pub async fn put(tx: &mut Tx, entries: &[Entry]) -> kit_db::Result<()> {
        // One statement must not touch a row twice, so of several bodies for one version the last is written.
        let rows: BTreeMap<(&str, &str, i64), &[u8]> =
            entries.iter().map(|e| ((e.kind.as_str(), e.id.as_str(), e.version), e.body.as_slice())).collect();
        if rows.is_empty() {
            return Ok(());
        }
        let kinds: Vec<&str> = rows.keys().map(|key| key.0).collect();
        let ids: Vec<&str> = rows.keys().map(|key| key.1).collect();
        let versions: Vec<i64> = rows.keys().map(|key| key.2).collect();
        let bodies: Vec<&[u8]> = rows.values().copied().collect();
        sqlx::query(
            "INSERT INTO reference (kind, id, version, body)
             SELECT * FROM UNNEST($1::text[], $2::text[], $3::bigint[], $4::bytea[])
             ON CONFLICT (kind, id, version) DO UPDATE SET body = EXCLUDED.body",
        )
        .bind(kinds)
        .bind(ids)
        .bind(versions)
        .bind(bodies)
        .execute(tx.conn())
        .await?;
        Ok(())
    }

    /// Reads the rows again. To be called after the transaction that wrote them has committed; of many callers at
    /// once, one reads for all. A snapshot that cannot be built leaves the present one in place.
    ///
    /// # Errors
    /// The rows cannot be read, or make no snapshot.
    pub async fn reload(&self) -> kit_db::Result<()> {
        let mine = self.wished.fetch_add(1, Ordering::SeqCst) + 1;
        let _turn = self.reloading.lock().await;
        if self.served.load(Ordering::SeqCst) >= mine {
            return Ok(());
        }
        let covered = self.wished.load(Ordering::SeqCst);
        let (entries, stamp) = read(&self.pool).await?;
        let snapshot = (self.build)(&entries).map_err(kit_db::Error::Corrupt)?;
        self.snapshot.store(Arc::new(snapshot));
        self.stamp.store(stamp, Ordering::SeqCst);
        self.served.store(covered, Ordering::SeqCst);
        Ok(())
    }

    /// Looks every few seconds whether the rows have changed, and reads them again if so, until `stop`. Of several
    /// replicas only one consumes an event or answers a command; the others find out here.
    pub async fn watch(self: Arc<Self>, env: Env, stop: CancellationToken) {
        loop {
            // By the machine's time at the latest: a clock that is put back must not put off the next look.
            let next = tokio::time::timeout(AT_MOST, env.clock.sleep_until(env.now() + EVERY));
            if stop.run_until_cancelled(next).await.is_none() {
                return;
            }
            if let Err(error) = self.look().await {
                tracing::warn!(%error, "the reference rows could not be looked at; the next look may");
            }
        }
    }

    async fn look(&self) -> kit_db::Result<()> {
        let stamp: i64 = sqlx::query_scalar(STAMP).fetch_one(&self.pool).await?;
        if stamp == self.stamp.load(Ordering::SeqCst) { Ok(()) } else { self.reload().await }
    }
}

/// A number that changes with every row that is written: `xmin` names the transaction that wrote it.
const STAMP: &str = "SELECT (count(*) + coalesce(sum(xmin::text::bigint), 0))::bigint FROM reference";

/// All rows, and their stamp: computed from these very rows, so that nothing can come between.
async fn read(pool: &PgPool) -> kit_db::Result<(Vec<Entry>, i64)> {
    let rows: Vec<(String, String, i64, Vec<u8>, i64)> =
        sqlx::query_as("SELECT kind, id, version, body, xmin::text::bigint FROM reference ORDER BY kind, id, version")
            .fetch_all(pool)
            .await?;
    let stamp = rows.iter().fold(0_i64, |sum, row| sum.wrapping_add(row.4).wrapping_add(1));
    let entry = |(kind, id, version, body, _)| Entry { kind, id, version, body };
    Ok((rows.into_iter().map(entry).collect(), stamp))
}

impl<S> fmt::Debug for Reference<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Reference(…)")
    }
}
