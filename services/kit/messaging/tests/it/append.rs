//! The log itself: numbers without gaps, links that hold, and transactions that end.

use crate::house::{House, cases, publish};
use anyhow::Result;
use contracts::intake::CaseWithdrawn;
use kit_db::Error;
use kit_messaging::Log;
use kit_testing::eventually;
use std::{collections::BTreeMap, time::Duration};

async fn events(log: &Log) -> i64 {
    sqlx::query_scalar("SELECT count(*) FROM event_log").fetch_one(log.pool()).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn eight_writers_leave_no_gap_and_every_link_holds() -> Result<()> {
    let house = House::new().await?;
    let log = house.log("intake").await?;
    let names = cases(40);
    let mut writers = tokio::task::JoinSet::new();
    for writer in 0..8 {
        let (log, names) = (log.clone(), names.clone());
        writers.spawn(async move {
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            publish(&log, &names, 0..10, 1 + writer).await.unwrap();
        });
    }
    writers.join_all().await;

    type Row = (i16, i64, Vec<u8>, Vec<u8>);
    let rows: Vec<Row> = sqlx::query_as("SELECT partition, seq, hash, envelope FROM event_log ORDER BY partition, seq")
        .fetch_all(log.pool())
        .await?;
    let heads: Vec<Row> =
        sqlx::query_as("SELECT partition, seq, hash, genesis FROM event_head").fetch_all(log.pool()).await?;
    assert_eq!((rows.len(), heads.len()), (8 * 40 * 10, 16));
    let mut ends: BTreeMap<i16, (i64, Vec<u8>)> = heads.iter().map(|h| (h.0, (0, h.3.clone()))).collect();
    for (partition, seq, hash, envelope) in rows {
        let (last, link) = ends.get_mut(&partition).unwrap();
        assert_eq!(seq, *last + 1);
        use sha2::{Digest as _, Sha256};
        assert_eq!(hash, Sha256::new().chain_update(&link).chain_update(&envelope).finalize().to_vec());
        (*last, *link) = (seq, hash);
    }
    for (partition, seq, hash, _) in heads {
        assert_eq!(ends[&partition], (seq, hash));
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn many_events_of_one_transaction_are_linked_in_their_order() -> Result<()> {
    let house = House::new().await?;
    let log = house.log("intake").await?;
    let names = cases(30);
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    // Twice, so that the second takes up where the first has ended; 1,500 at once, of every partition, interleaved.
    for _ in 0..2 {
        publish(&log, &names, 0..50, 1_500).await?;
    }
    let wrong: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM (
             SELECT e.seq, e.hash, sha256(lag(e.hash, 1, h.genesis) OVER w || e.envelope) AS link, row_number() OVER w AS n
             FROM event_log AS e JOIN event_head AS h USING (partition)
             WINDOW w AS (PARTITION BY e.partition ORDER BY e.seq)
         ) AS chain WHERE seq <> n OR hash <> link",
    )
    .fetch_one(log.pool())
    .await?;
    let unlike: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM event_head AS h JOIN event_log AS e USING (partition, seq) WHERE h.hash <> e.hash",
    )
    .fetch_one(log.pool())
    .await?;
    assert_eq!((events(&log).await, wrong, unlike), (3_000, 0, 0));
    Ok(())
}

#[tokio::test]
async fn what_fails_leaves_neither_rows_nor_numbers() -> Result<()> {
    let house = House::new().await?;
    let log = house.log("intake").await?;
    let event = || CaseWithdrawn { case_id: "case_1".into(), by: "x".into(), ..Default::default() };
    let refused = log.in_tx::<(), _>("staff_1", move |tx| {
        Box::pin(async move {
            tx.publish("case_1", &event());
            Err(Error::Corrupt("no".to_owned()))
        })
    });
    assert!(matches!(refused.await, Err(Error::Corrupt(_))));
    let panicked = log.in_tx::<(), _>("staff_1", move |tx| {
        Box::pin(async move {
            tx.publish("case_1", &event());
            panic!("a fault in the code")
        })
    });
    assert!(matches!(panicked.await, Err(Error::Corrupt(_))));
    let swallowed = log.in_tx("staff_1", move |tx| {
        Box::pin(async move {
            let _ = sqlx::query("SELECT 1 / 0").execute(tx.conn()).await;
            Ok(())
        })
    });
    assert!(matches!(swallowed.await, Err(Error::Database(_))), "a failed transaction must not look committed");
    let faults: [(&str, usize); 2] = [("case_2", 1), ("case_1", 600_000)];
    for (key, size) in faults {
        let faulty = log.in_tx("staff_1", move |tx| {
            Box::pin(async move {
                tx.publish(
                    key,
                    &CaseWithdrawn { case_id: "case_1".into(), by: "x".repeat(size), ..Default::default() },
                );
                Ok(())
            })
        });
        assert!(matches!(faulty.await, Err(Error::Corrupt(_))), "what others could not take must not be said");
    }
    assert_eq!(events(&log).await, 0);
    publish(&log, &["case_1"], 0..1, 1).await?;
    assert_eq!(sqlx::query_scalar::<_, i64>("SELECT max(seq) FROM event_log").fetch_one(log.pool()).await?, 1);
    Ok(())
}

#[tokio::test]
async fn a_caller_that_goes_away_leaves_no_open_transaction() -> Result<()> {
    let house = House::new().await?;
    let log = house.log("intake").await?;
    for _ in 0..20 {
        let work = log.in_tx("staff_1", |tx| {
            Box::pin(async move {
                sqlx::query("SELECT pg_sleep(0.05)").execute(tx.conn()).await?;
                tx.publish("case_1", &CaseWithdrawn { case_id: "case_1".into(), by: "x".into(), ..Default::default() });
                Ok(())
            })
        });
        assert!(tokio::time::timeout(Duration::from_millis(20), work).await.is_err());
    }
    eventually("every transaction came to its end", Duration::from_secs(10), async || {
        let open: i64 = sqlx::query_scalar(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in%'",
        )
        .fetch_one(log.pool())
        .await
        .unwrap();
        let done = events(&log).await;
        if open == 0 && done == 20 { Ok(()) } else { Err(format!("{open} open, {done} events")) }
    })
    .await;
    Ok(())
}
