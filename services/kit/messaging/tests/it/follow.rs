//! From a log through the stream into another service: everything, once, in order.

use crate::house::{House, Recorder, cases, publish, seen, whole};
use anyhow::Result;
use async_nats::jetstream;
use futures::StreamExt as _;
use std::{
    sync::Arc,
    time::{Duration, Instant},
};

#[tokio::test(flavor = "multi_thread")]
async fn five_thousand_events_arrive_once_and_in_order() -> Result<()> {
    let house = House::new().await?;
    let (intake, triage) = (house.log("intake").await?, house.log("triage").await?);
    let recorder = Arc::new(Recorder::default());
    let producer = house.start(&intake, None).await?;
    let follower = house.start(&triage, Some(recorder.clone())).await?;
    let names = cases(100);
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let start = Instant::now();
    publish(&intake, &names, 0..50, 50).await?;
    let published = start.elapsed();
    seen(&triage, 5000).await;
    eprintln!("5,000 events: appended after {published:?}, applied after {:?}", start.elapsed());
    whole(&triage, &names, 50).await;
    assert_eq!(recorder.committed.lock().unwrap().len(), 5000);

    // The answers name their cause, and the operator's view agrees with both logs.
    let (heads, positions) =
        (house.admin(&intake).await?.heads().await?, house.admin(&triage).await?.positions().await?);
    let ends = |seq: u64, hash: &[u8]| (seq, hash.to_vec());
    let heads: Vec<_> = heads.iter().map(|h| ends(h.seq, &h.hash)).collect();
    let positions: Vec<_> = positions.iter().map(|p| ends(p.seq, &p.hash)).collect();
    assert_eq!(heads, positions);
    producer.stop().await;
    follower.stop().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn killing_relay_and_follower_midway_loses_and_doubles_nothing() -> Result<()> {
    let house = House::new().await?;
    let (intake, triage) = (house.log("intake").await?, house.log("triage").await?);
    let names = cases(20);
    let writer = tokio::spawn({
        let (intake, names) = (intake.clone(), names.clone());
        async move {
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            for mark in 0..60 {
                publish(&intake, &names, mark..mark + 1, 7).await.unwrap();
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        }
    });
    for round in 0..6_u64 {
        // New pools each time: a killed process takes its connections with it.
        let (producer_log, follower_log) = (house.log("intake").await?, house.log("triage").await?);
        let producer = house.start(&producer_log, None).await?;
        let follower = house.start(&follower_log, Some(Arc::new(Recorder::default()))).await?;
        tokio::time::sleep(Duration::from_millis(150 + 61 * round)).await;
        producer.kill().await;
        follower.kill().await;
    }
    writer.await?;
    let producer = house.start(&intake, None).await?;
    let follower = house.start(&triage, Some(Arc::new(Recorder::default()))).await?;
    seen(&triage, 20 * 60).await;
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    whole(&triage, &names, 60).await;
    producer.stop().await;
    follower.stop().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn two_instances_of_a_follower_share_the_work_and_double_nothing() -> Result<()> {
    let house = House::new().await?;
    let (intake, triage, other) = (house.log("intake").await?, house.log("triage").await?, house.log("triage").await?);
    let producers = (house.start(&intake, None).await?, house.start(&intake, None).await?);
    let one = house.start(&triage, Some(Arc::new(Recorder::default()))).await?;
    let two = house.start(&other, Some(Arc::new(Recorder::default()))).await?;
    let names = cases(30);
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    publish(&intake, &names, 0..30, 5).await?;
    seen(&triage, 900).await;
    whole(&triage, &names, 30).await;
    for running in [producers.0, producers.1, one, two] {
        running.stop().await;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn redelivered_messages_change_nothing() -> Result<()> {
    let house = House::new().await?;
    let (intake, triage) = (house.log("intake").await?, house.log("triage").await?);
    let producer = house.start(&intake, None).await?;
    let follower = house.start(&triage, Some(Arc::new(Recorder::default()))).await?;
    let names = cases(10);
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    publish(&intake, &names, 0..5, 10).await?;
    seen(&triage, 50).await;
    // Everything once more, and backwards.
    let js = jetstream::new(async_nats::connect(&house.nats.settings().url).await?);
    let stream = js.get_stream(house.nats.settings().stream()).await?;
    let last = stream.get_info().await?.state.last_sequence;
    for seq in (1..=last).rev() {
        let message = stream.get_raw_message(seq).await?;
        js.publish(message.subject.to_string(), message.payload).await?.await?;
    }
    publish(&intake, &names, 5..10, 10).await?;
    seen(&triage, 100).await;
    whole(&triage, &names, 10).await;
    producer.stop().await;
    follower.stop().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_that_was_deleted_is_refilled_from_the_log() -> Result<()> {
    let house = House::new().await?;
    let (intake, triage) = (house.log("intake").await?, house.log("triage").await?);
    let names = cases(10);
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    // While nobody runs …
    let producer = house.start(&intake, None).await?;
    publish(&intake, &names, 0..10, 10).await?;
    tokio::time::sleep(Duration::from_millis(300)).await;
    producer.stop().await;
    house.nats.delete_stream().await?;
    let producer = house.start(&intake, None).await?;
    let follower = house.start(&triage, Some(Arc::new(Recorder::default()))).await?;
    seen(&triage, 100).await;
    // … and while everybody does.
    house.nats.delete_stream().await?;
    publish(&intake, &names, 10..20, 10).await?;
    seen(&triage, 200).await;
    whole(&triage, &names, 20).await;
    producer.stop().await;
    follower.stop().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_the_stream_lost_is_asked_of_its_producer() -> Result<()> {
    let house = House::new().await?;
    let (intake, triage) = (house.log("intake").await?, house.log("triage").await?);
    let producer = house.start(&intake, None).await?;
    publish(&intake, &["case_1"], 0..3, 1).await?;
    let js = jetstream::new(async_nats::connect(&house.nats.settings().url).await?);
    let stream = js.get_stream(house.nats.settings().stream()).await?;
    kit_testing::eventually("all three are in the stream", Duration::from_secs(5), async || {
        let last = stream.get_info().await.unwrap().state.last_sequence;
        if last > 0 { Ok(()) } else { Err(format!("{last}")) }
    })
    .await;
    tokio::time::sleep(Duration::from_millis(200)).await;
    stream.delete_message(1).await?;
    let follower = house.start(&triage, Some(Arc::new(Recorder::default()))).await?;
    publish(&intake, &["case_1"], 3..5, 1).await?;
    seen(&triage, 5).await;
    whole(&triage, &["case_1"], 5).await;
    producer.stop().await;
    follower.stop().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_stream_of_an_earlier_installation_is_not_read_as_ours() -> Result<()> {
    let (earlier, house) = (House::new().await?, House::new().await?);
    let old = earlier.log("intake").await?;
    let mine = House { nats: earlier.nats, db: house.db };
    let running = mine.start(&old, None).await?;
    publish(&old, &["case_1", "case_2"], 0..20, 10).await?;
    tokio::time::sleep(Duration::from_millis(300)).await;
    running.stop().await;
    let (intake, triage) = (mine.log("intake").await?, mine.log("triage").await?);
    let producer = mine.start(&intake, None).await?;
    let follower = mine.start(&triage, Some(Arc::new(Recorder::default()))).await?;
    publish(&intake, &["case_1", "case_2"], 0..5, 10).await?;
    seen(&triage, 10).await;
    whole(&triage, &["case_1", "case_2"], 5).await;
    producer.stop().await;
    follower.stop().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn consumers_bear_the_name_of_their_service() -> Result<()> {
    let house = House::new().await?;
    let (intake, triage) = (house.log("intake").await?, house.log("triage").await?);
    let producer = house.start(&intake, None).await?;
    let follower = house.start(&triage, Some(Arc::new(Recorder::default()))).await?;
    publish(&intake, &["case_1"], 0..1, 1).await?;
    seen(&triage, 1).await;
    let js = jetstream::new(async_nats::connect(&house.nats.settings().url).await?);
    let names: Vec<String> = js
        .get_stream(house.nats.settings().stream())
        .await?
        .consumer_names()
        .filter_map(async |n| n.ok())
        .collect()
        .await;
    assert!(names.iter().any(|name| name.starts_with("triage-")), "{names:?}");
    producer.stop().await;
    follower.stop().await;
    Ok(())
}
