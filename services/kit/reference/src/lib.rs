//! A service's own copy of what it must know of the organisation and the rules: rows that arrive as events, and a
//! snapshot built from all of them that any thread can read without a lock. Knows nothing of what the rows mean.

use arc_swap::ArcSwap;
use kit_messaging::Tx;
use sqlx::PgPool;
use std::{
    collections::BTreeMap,
    fmt,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};
use tokio::sync::Mutex;

/// One row: the state of one thing as of one version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub kind: String,
    pub id: String,
    pub version: i64,
    pub body: Vec<u8>,
}

/// What a service reads: built from all rows at once, and never half.
pub trait Snapshot: Send + Sync + Sized + 'static {
    /// Builds the snapshot.
    ///
    /// # Errors
    /// A row contradicts the others or cannot be read; says which.
    fn build(entries: &[Entry]) -> Result<Self, String>;
}

/// The present snapshot.
pub struct Reference<S> {
    pool: PgPool,
    snapshot: ArcSwap<S>,
    reloading: Mutex<()>,
    /// Counts the wishes to reload and those served, so that a queue of wishes costs one reading.
    wished: AtomicU64,
    served: AtomicU64,
}

impl<S: Snapshot> Reference<S> {
    /// Reads the rows of the service and builds the first snapshot.
    ///
    /// # Errors
    /// The rows cannot be read, or make no snapshot.
    pub async fn load(pool: PgPool) -> kit_db::Result<Arc<Self>> {
        let snapshot = read(&pool).await?;
        Ok(Arc::new(Self {
            pool,
            snapshot: ArcSwap::from_pointee(snapshot),
            reloading: Mutex::new(()),
            wished: AtomicU64::new(0),
            served: AtomicU64::new(0),
        }))
    }

    /// The snapshot as of the last reload. Cheap; a caller that decides something takes it once.
    pub fn get(&self) -> Arc<S> {
        self.snapshot.load_full()
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
        let snapshot = read(&self.pool).await?;
        self.snapshot.store(Arc::new(snapshot));
        self.served.store(covered, Ordering::SeqCst);
        Ok(())
    }
}

async fn read<S: Snapshot>(pool: &PgPool) -> kit_db::Result<S> {
    let rows: Vec<(String, String, i64, Vec<u8>)> =
        sqlx::query_as("SELECT kind, id, version, body FROM reference ORDER BY kind, id, version")
            .fetch_all(pool)
            .await?;
    let entries: Vec<Entry> =
        rows.into_iter().map(|(kind, id, version, body)| Entry { kind, id, version, body }).collect();
    S::build(&entries).map_err(kit_db::Error::Corrupt)
}

impl<S> fmt::Debug for Reference<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Reference(…)")
    }
}
