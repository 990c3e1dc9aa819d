//! A producer that has lost or changed its history stops the partition, and only that, until an operator decides.

use crate::house::{House, Recorder, publish, seen};
use anyhow::Result;
use kit_messaging::{Decided, Log, partition_of};
use kit_testing::eventually;
use std::{sync::Arc, time::Duration};

const BOTH: [&str; 2] = ["case_1", "case_2"];

/// Waits until a fork of one of these kinds stands, or none if there are no kinds.
async fn forks(triage: &Log, kinds: &[&str]) {
    eventually("the forks", Duration::from_secs(15), async || {
        let found: Vec<String> = sqlx::query_scalar("SELECT kind FROM fork").fetch_all(triage.pool()).await.unwrap();
        let fits = found.len() == kinds.len().min(1) && found.iter().all(|kind| kinds.contains(&kind.as_str()));
        if fits { Ok(()) } else { Err(format!("{found:?}")) }
    })
    .await;
}

async fn marks(triage: &Log, case: &str) -> Vec<String> {
    let sql = "SELECT mark FROM seen WHERE key = $1 ORDER BY place";
    sqlx::query_scalar(sql).bind(case).fetch_all(triage.pool()).await.unwrap()
}

fn partition(case: &str) -> i16 {
    i16::try_from(partition_of(case)).unwrap()
}

/// As a restored backup: the last `events` of a partition never were.
async fn set_back(intake: &Log, case: &str, events: i64) -> Result<()> {
    for sql in [
        "UPDATE event_head AS h SET seq = h.seq - $2, hash = l.hash FROM event_log AS l
         WHERE h.partition = $1 AND l.partition = h.partition AND l.seq = h.seq - $2",
        "DELETE FROM event_log AS l USING event_head AS h
         WHERE l.partition = $1 AND h.partition = $1 AND l.seq > h.seq AND $2 > 0",
    ] {
        sqlx::query(sql).bind(partition(case)).bind(events).execute(intake.pool()).await?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_producer_that_was_set_back_stops_that_partition_alone() -> Result<()> {
    let house = House::new().await?;
    let (intake, triage) = (house.log("intake").await?, house.log("triage").await?);
    let producer = house.start(&intake, None).await?;
    let follower = house.start(&triage, Some(Arc::new(Recorder::default()))).await?;
    publish(&intake, &BOTH, 0..5, 1).await?;
    seen(&triage, 10).await;
    set_back(&intake, "case_1", 2).await?;
    // Its new events look like repeats of what was applied; only the heads tell, and one may be said in between.
    publish(&intake, &BOTH, 10..12, 1).await?;
    forks(&triage, &["other", "behind"]).await;
    publish(&intake, &BOTH, 12..15, 1).await?;
    seen(&triage, 15).await;
    assert_eq!(marks(&triage, "case_2").await, ["0", "1", "2", "3", "4", "10", "11", "12", "13", "14"]);
    assert_eq!(marks(&triage, "case_1").await, ["0", "1", "2", "3", "4"], "nothing is applied over a fork");
    producer.stop().await;
    follower.stop().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_producer_that_ends_earlier_than_what_was_applied_is_gone_on_with_by_decision() -> Result<()> {
    let house = House::new().await?;
    let (intake, triage) = (house.log("intake").await?, house.log("triage").await?);
    let producer = house.start(&intake, None).await?;
    let follower = house.start(&triage, Some(Arc::new(Recorder::default()))).await?;
    publish(&intake, &["case_1"], 0..5, 1).await?;
    seen(&triage, 5).await;
    set_back(&intake, "case_1", 2).await?;
    forks(&triage, &["behind"]).await;
    let admin = house.admin(&triage).await?;
    let number = u32::from(partition_of("case_1"));
    let by = || Decided::new("operator:test", "restored from the backup of the night").unwrap();
    assert!(admin.recheck_fork("intake", number, by()).await.is_err(), "they still differ");
    forks(&triage, &["behind"]).await;
    admin.accept_fork("intake", number, by()).await?;
    forks(&triage, &[]).await;
    publish(&intake, &["case_1"], 20..23, 1).await?;
    seen(&triage, 8).await;
    assert_eq!(marks(&triage, "case_1").await, ["0", "1", "2", "3", "4", "20", "21", "22"]);
    producer.stop().await;
    follower.stop().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_that_does_not_link_to_the_one_before_stops_its_partition() -> Result<()> {
    let house = House::new().await?;
    let (intake, triage) = (house.log("intake").await?, house.log("triage").await?);
    publish(&intake, &BOTH, 0..4, 1).await?;
    let tamper = "UPDATE event_log SET envelope = envelope || '\\x00' WHERE partition = $1 AND seq = 3";
    sqlx::query(tamper).bind(partition("case_1")).execute(intake.pool()).await?;
    let producer = house.start(&intake, None).await?;
    let follower = house.start(&triage, Some(Arc::new(Recorder::default()))).await?;
    forks(&triage, &["broken"]).await;
    seen(&triage, 6).await;
    assert_eq!(marks(&triage, "case_1").await, ["0", "1"], "what stands before the break is applied");
    assert_eq!(marks(&triage, "case_2").await, ["0", "1", "2", "3"]);
    producer.stop().await;
    follower.stop().await;
    Ok(())
}
