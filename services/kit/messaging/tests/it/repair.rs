//! What the stream loses is asked of its producer: in the middle, at the end, all of it, and before a follower came.

use crate::house::{House, Recorder, cases, publish, seen, whole};
use anyhow::Result;
use contracts::common::{Batch, Record};
use kit_testing::eventually;
use prost::Message as _;
use rand::{Rng as _, SeedableRng as _};
use std::{sync::Arc, time::Duration};

/// Waits until the stream holds `events` events, however many messages they came in.
async fn relayed(house: &House, events: usize) -> Result<async_nats::jetstream::stream::Stream> {
    let stream = house.stream().await?;
    eventually("everything is in the stream", Duration::from_secs(20), async || {
        let mut found = 0;
        let last = stream.get_info().await.map_or(0, |info| info.state.last_sequence);
        for seq in 1..=last {
            if let Ok(message) = stream.get_raw_message(seq).await {
                found += Batch::decode(message.payload).map_or(0, |batch| batch.records.len());
            }
        }
        if found >= events { Ok(()) } else { Err(format!("{found} of {events}")) }
    })
    .await;
    Ok(stream)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_last_event_is_found_by_the_head() -> Result<()> {
    let house = House::new().await?;
    let (intake, triage) = (house.log("intake").await?, house.log("triage").await?);
    let producer = house.start(&intake, None).await?;
    house.owns_all(&intake).await;
    publish(&intake, &["case_1"], 0..3, 1).await?;
    let stream = relayed(&house, 3).await?;
    let last = stream.get_info().await?.state.last_sequence;
    stream.delete_message(last).await?;
    let follower = house.start(&triage, Some(Arc::new(Recorder::default()))).await?;
    seen(&triage, 3).await;
    whole(&triage, &["case_1"], 3).await;
    producer.stop().await;
    follower.stop().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tenth_of_all_messages_lost_at_random_is_repaired() -> Result<()> {
    let house = House::new().await?;
    let (intake, triage) = (house.log("intake").await?, house.log("triage").await?);
    let producer = house.start(&intake, None).await?;
    house.owns_all(&intake).await;
    let names = cases(40);
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    publish(&intake, &names, 0..20, 3).await?;
    let stream = relayed(&house, 800).await?;
    let seed = rand::random();
    eprintln!("seed {seed}");
    let mut dice = rand::rngs::StdRng::seed_from_u64(seed);
    for seq in 1..=stream.get_info().await?.state.last_sequence {
        if dice.random_ratio(1, 10) {
            stream.delete_message(seq).await?;
        }
    }
    let follower = house.start(&triage, Some(Arc::new(Recorder::default()))).await?;
    seen(&triage, 800).await;
    whole(&triage, &names, 20).await;
    producer.stop().await;
    follower.stop().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_purged_stream_and_deleted_consumers_are_made_good_while_everyone_runs() -> Result<()> {
    let house = House::new().await?;
    let (intake, triage) = (house.log("intake").await?, house.log("triage").await?);
    let producer = house.start(&intake, None).await?;
    let follower = house.start(&triage, Some(Arc::new(Recorder::default()))).await?;
    let names = cases(10);
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    for round in 0..5 {
        publish(&intake, &names, round * 4..(round + 1) * 4, 7).await?;
        house.stream().await?.purge().await?;
        house.delete_consumers().await?;
    }
    seen(&triage, 200).await;
    whole(&triage, &names, 20).await;
    producer.stop().await;
    follower.stop().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_follower_gets_a_history_that_the_stream_never_had() -> Result<()> {
    let house = House::new().await?;
    let (intake, triage) = (house.log("intake").await?, house.log("triage").await?);
    let names = cases(50);
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    // Far more than an answer holds, and than a relay sends again into a stream that is new.
    publish(&intake, &names, 0..200, 500).await?;
    let producer = house.start(&intake, None).await?;
    let follower = house.start(&triage, Some(Arc::new(Recorder::default()))).await?;
    seen(&triage, 10_000).await;
    whole(&triage, &names, 200).await;
    producer.stop().await;
    follower.stop().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_stranger_puts_into_the_stream_stops_and_changes_nothing() -> Result<()> {
    let house = House::new().await?;
    let (intake, triage) = (house.log("intake").await?, house.log("triage").await?);
    let producer = house.start(&intake, None).await?;
    let follower = house.start(&triage, Some(Arc::new(Recorder::default()))).await?;
    publish(&intake, &["case_1"], 0..2, 1).await?;
    seen(&triage, 2).await;
    let partition = u32::from(kit_messaging::partition_of("case_1"));
    let forged = |producer: &str, first_seq| Batch {
        producer: producer.to_owned(),
        partition,
        first_seq,
        records: vec![Record { envelope: b"forged".to_vec(), hash: vec![7; 32] }],
    };
    // The next number with a wrong link, a number that will never be, another producer's name, and no batch at all.
    for payload in [forged("intake", 3), forged("intake", 9_000), forged("assignment", 1)].map(|b| b.encode_to_vec()) {
        house.put(&format!("intake.{partition:02}"), payload).await?;
    }
    house.put(&format!("intake.{partition:02}"), b"rubbish".to_vec()).await?;
    publish(&intake, &["case_1"], 2..6, 1).await?;
    seen(&triage, 6).await;
    whole(&triage, &["case_1"], 6).await;
    producer.stop().await;
    follower.stop().await;
    Ok(())
}
