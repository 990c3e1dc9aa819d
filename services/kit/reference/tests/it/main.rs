//! Rows written in a transaction, and the snapshot before and after the reload, on a real Postgres.

use kit_core::Env;
use kit_messaging::{Log, Wake};
use kit_reference::{Entry, Reference, Snapshot};
use kit_testing::TestDb;
use sqlx::migrate::Migrator;

static NOTHING: Migrator = Migrator::DEFAULT;

/// All bodies; an empty one makes no snapshot.
struct Bodies(Vec<Vec<u8>>);

impl Snapshot for Bodies {
    fn build(entries: &[Entry]) -> Result<Self, String> {
        if let Some(bad) = entries.iter().find(|e| e.body.is_empty()) {
            return Err(format!("{} {} is empty", bad.kind, bad.id));
        }
        Ok(Self(entries.iter().map(|e| e.body.clone()).collect()))
    }
}

fn entry(id: &str, version: i64, body: &str) -> Entry {
    Entry { kind: "regime".to_owned(), id: id.to_owned(), version, body: body.as_bytes().to_vec() }
}

async fn put(log: &Log, entries: Vec<Entry>) -> kit_db::Result<()> {
    log.in_tx("test", move |tx| Box::pin(async move { Reference::<Bodies>::put(tx, &entries).await })).await
}

#[tokio::test]
async fn rows_show_after_a_reload_and_a_bad_row_leaves_the_snapshot_in_place() -> anyhow::Result<()> {
    let db = TestDb::new(&[("toy", &NOTHING)]).await?;
    let log = Log::new(db.pools("toy").await?, Env::system(), "toy", Wake::default());
    let reference = Reference::<Bodies>::load(log.pool().clone()).await?;
    put(&log, vec![entry("a", 1, "old"), entry("a", 2, "first"), entry("a", 2, "second")]).await?;
    put(&log, vec![entry("a", 1, "one")]).await?;
    assert!(reference.get().0.is_empty());
    reference.reload().await?;
    assert_eq!(reference.get().0, [b"one".to_vec(), b"second".to_vec()]);

    put(&log, vec![entry("b", 1, "")]).await?;
    assert!(reference.reload().await.unwrap_err().to_string().contains("regime b is empty"));
    assert_eq!(reference.get().0.len(), 2);
    Ok(())
}
