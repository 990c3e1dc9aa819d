//! Rows written in a transaction, and the snapshot before and after the reload, on a real Postgres.

use chrono::{DateTime, TimeDelta};
use contracts::{Fact, assignment::UnitChanged, triage::RegimePublished};
use kit_core::{Env, ManualClock};
use kit_messaging::{Log, Received, Wake};
use kit_reference::{Entry, Reference};
use kit_testing::{TestDb, eventually};
use sqlx::migrate::Migrator;
use std::{sync::Arc, time::Duration};
use tokio_util::sync::CancellationToken;

static NOTHING: Migrator = Migrator::DEFAULT;

/// All bodies; an empty one makes no snapshot.
struct Bodies(Vec<Vec<u8>>);

fn bodies(entries: &[Entry]) -> Result<Bodies, String> {
    if let Some(bad) = entries.iter().find(|e| e.body.is_empty()) {
        return Err(format!("{} {} is empty", bad.kind, bad.id));
    }
    Ok(Bodies(entries.iter().map(|e| e.body.clone()).collect()))
}

fn entry(id: &str, version: i64, body: &str) -> Entry {
    Entry { kind: "regime".to_owned(), id: id.to_owned(), version, body: body.as_bytes().to_vec() }
}

/// A regime leaves a row; nothing else does.
fn row(fact: &Fact) -> Option<Entry> {
    let Fact::RegimePublished(published) = fact else { return None };
    Some(entry(&published.regime_id, published.version.into(), &published.pack))
}

async fn put(log: &Log, entries: Vec<Entry>) -> kit_db::Result<()> {
    log.in_tx("test", move |tx| Box::pin(async move { Reference::<Bodies>::put(tx, &entries).await })).await
}

#[tokio::test]
async fn rows_show_after_a_reload_and_a_bad_row_leaves_the_snapshot_in_place() -> anyhow::Result<()> {
    let db = TestDb::new(&[("toy", &NOTHING)]).await?;
    let log = Log::new(db.pools("toy").await?, Env::system(), "toy", Wake::default());
    let reference = Reference::open(log.pool().clone(), bodies, row).await?;
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

#[tokio::test]
async fn a_batch_of_events_leaves_its_rows_and_is_read_once_it_is_committed() -> anyhow::Result<()> {
    let db = TestDb::new(&[("toy", &NOTHING)]).await?;
    let log = Log::new(db.pools("toy").await?, Env::system(), "toy", Wake::default());
    let reference = Reference::open(log.pool().clone(), bodies, row).await?;
    let published =
        RegimePublished { regime_id: "a".to_owned(), version: 1, pack: "one".to_owned(), ..Default::default() };
    let unit = UnitChanged { unit_id: "b03".to_owned(), ..Default::default() };
    let sample = |seq, key: &str| Received::sample(seq, key, &published, DateTime::UNIX_EPOCH);
    let events = vec![sample(1, "a").unwrap(), Received::sample(2, "b03", &unit, DateTime::UNIX_EPOCH).unwrap()];
    let (taking, batch) = (Arc::clone(&reference), events.clone());
    let took = log.in_tx("follower", move |tx| Box::pin(async move { taking.take(tx, &batch).await })).await?;
    assert!(took && reference.get().0.is_empty());
    assert!(!reference.committed(&events[1..]).await && reference.get().0.is_empty(), "nothing of the law");
    assert!(reference.committed(&events).await);
    assert_eq!(reference.get().0, [b"one".to_vec()]);
    Ok(())
}

#[tokio::test]
async fn a_replica_finds_out_by_itself_what_another_has_written() -> anyhow::Result<()> {
    let db = TestDb::new(&[("toy", &NOTHING)]).await?;
    let (ours, theirs) = (db.pools("toy").await?, db.pools("toy").await?);
    let log = Log::new(ours, Env::system(), "toy", Wake::default());
    let mine = Reference::open(log.pool().clone(), bodies, row).await?;
    let other = Reference::open(theirs.commands.clone(), bodies, row).await?;
    let clock = ManualClock::new(DateTime::UNIX_EPOCH);
    let (env, stop) = (Env { clock: Arc::new(clock.clone()), ..Env::system() }, CancellationToken::new());
    let watching = tokio::spawn(Arc::clone(&other).watch(env, stop.clone()));

    // A new row, then another body for the same row: neither the number of rows nor their keys tell that.
    for body in ["one", "two"] {
        put(&log, vec![entry("a", 1, body)]).await?;
        mine.reload().await?;
        assert_eq!(mine.get().0, [body.as_bytes()]);
        assert_ne!(other.get().0, [body.as_bytes()]);
        eventually("the other replica has looked", Duration::from_secs(10), async || {
            clock.advance(TimeDelta::seconds(5));
            let seen = other.get();
            if seen.0 == [body.as_bytes()] { Ok(()) } else { Err(format!("{:?}", seen.0)) }
        })
        .await;
    }
    let standing = other.get();
    for _ in 0..5 {
        clock.advance(TimeDelta::seconds(5));
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert!(Arc::ptr_eq(&standing, &other.get()), "what has not changed is not built again");
    stop.cancel();
    watching.await?;
    Ok(())
}
