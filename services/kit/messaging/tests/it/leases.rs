//! Replicas share the partitions; a dead one's are taken over; one that has lost its own applies nothing in them.

use crate::house::{House, PATIENCE, Recorder, cases, publish, seen, whole};
use anyhow::Result;
use kit_messaging::Log;
use kit_testing::eventually;
use std::{collections::BTreeMap, sync::Arc, time::Duration};

/// How many partitions each instance has.
async fn shares(log: &Log) -> BTreeMap<String, i64> {
    let sql = "SELECT COALESCE(owner, ''), count(*) FROM partition_lease GROUP BY 1";
    sqlx::query_as::<_, (String, i64)>(sql).fetch_all(log.pool()).await.unwrap().into_iter().collect()
}

async fn shared(log: &Log, wanted: &[i64], limit: Duration) {
    eventually("the shares", limit, async || {
        let shares = shares(log).await;
        let mut counts: Vec<i64> = shares.values().copied().collect();
        counts.sort_unstable();
        if counts == wanted && !shares.contains_key("") { Ok(()) } else { Err(format!("{shares:?}")) }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn three_replicas_share_fairly_and_a_killed_ones_partitions_move_within_five_seconds() -> Result<()> {
    let house = House::new().await?;
    let intake = house.log("intake").await?;
    let producer = house.start(&intake, None).await?;
    let mut replicas = Vec::new();
    for _ in 0..3 {
        let log = house.log("triage").await?;
        replicas.push(house.start(&log, Some(Arc::new(Recorder::default()))).await?);
    }
    let look = house.log("triage").await?;
    shared(&look, &[5, 5, 6], PATIENCE).await;
    let names = cases(60);
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    publish(&intake, &names, 0..5, 20).await?;
    seen(&look, 300).await;
    replicas.remove(0).kill().await;
    // The promise; that it takes so long and no longer is the point of this test.
    shared(&look, &[8, 8], Duration::from_secs(5)).await;
    publish(&intake, &names, 5..10, 20).await?;
    seen(&look, 600).await;
    whole(&look, &names, 10).await;
    for replica in replicas {
        replica.stop().await;
    }
    assert_eq!(shares(&look).await, BTreeMap::from([(String::new(), 16)]), "one that stops gives everything back");
    producer.stop().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_has_lost_a_partition_applies_nothing_in_it() -> Result<()> {
    let house = House::new().await?;
    let (intake, triage) = (house.log("intake").await?, house.log("triage").await?);
    let producer = house.start(&intake, None).await?;
    let follower = house.start(&triage, Some(Arc::new(Recorder::default()))).await?;
    // With a second replica alive this one keeps the lower half; the other case must stand there.
    let names = cases(100);
    let kept = names.iter().find(|name| kit_messaging::partition_of(name) < 7).map(String::as_str).unwrap();
    let both = ["case_1", kept];
    publish(&intake, &both, 0..2, 1).await?;
    seen(&triage, 4).await;
    // As after a pause: another has taken the partition of case_1, and this one does not know it.
    let partition = i16::try_from(kit_messaging::partition_of("case_1"))?;
    let lives = "INSERT INTO replica VALUES ('another', now() + interval '1 hour')";
    sqlx::query(lives).execute(triage.pool()).await?;
    let take = "UPDATE partition_lease SET owner = 'another' WHERE partition = $1";
    sqlx::query(take).bind(partition).execute(triage.pool()).await?;
    publish(&intake, &both, 2..4, 1).await?;
    seen(&triage, 6).await;
    let rows: i64 =
        sqlx::query_scalar("SELECT count(*) FROM seen WHERE key = 'case_1'").fetch_one(triage.pool()).await?;
    assert_eq!(rows, 2);
    sqlx::query("DELETE FROM replica WHERE instance = 'another'").execute(triage.pool()).await?;
    seen(&triage, 8).await;
    whole(&triage, &both, 4).await;
    producer.stop().await;
    follower.stop().await;
    Ok(())
}
