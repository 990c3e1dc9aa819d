//! One case stalls, the partition goes on.

use crate::house::{House, Mood, Recorder, parked, parked_becomes, publish, seen, whole};
use anyhow::Result;
use kit_messaging::{Log, partition_of};
use prost::{Message as _, Name as _};
use std::sync::Arc;

const CASES: [&str; 3] = ["case_bad", "case_good", "case_fine"];

fn states(parked: &[(String, String)]) -> Vec<&str> {
    parked.iter().map(|(_, state)| state.as_str()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failing_case_is_parked_and_drained_in_order_when_retried() -> Result<()> {
    for mood in [Mood::Refuse, Mood::Panic] {
        let house = House::new().await?;
        let (intake, triage) = (house.log("intake").await?, house.log("triage").await?);
        let recorder = Arc::new(Recorder::default());
        recorder.set("case_bad", Some(mood));
        let producer = house.start(&intake, None).await?;
        let follower = house.start(&triage, Some(recorder.clone())).await?;
        publish(&intake, &CASES, 0..4, 3).await?;
        seen(&triage, 8).await;
        parked_becomes(&triage, 4).await;
        assert_eq!(states(&parked(&triage).await), ["failed", "behind", "behind", "behind"]);

        // Later events of the case wait too, and others still go on.
        publish(&intake, &CASES, 4..6, 6).await?;
        seen(&triage, 12).await;
        parked_becomes(&triage, 6).await;

        // A retry that fails again leaves everything where it is.
        let admin = house.admin(&triage).await?;
        assert_eq!(admin.retry("case_bad").await?, 6);
        tokio::time::sleep(std::time::Duration::from_millis(600)).await;
        assert_eq!(states(&parked(&triage).await)[..2], ["failed", "behind"]);
        recorder.set("case_bad", None);
        assert_eq!(admin.retry("case_bad").await?, 6);
        parked_becomes(&triage, 0).await;
        seen(&triage, 18).await;
        whole(&triage, &CASES, 6).await;
        assert!(admin.retry("case_bad").await.is_err());
        producer.stop().await;
        follower.stop().await;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_names_something_absent_waits_for_it_and_is_applied_by_itself() -> Result<()> {
    let house = House::new().await?;
    let (intake, triage) = (house.log("intake").await?, house.log("triage").await?);
    let recorder = Arc::new(Recorder::default());
    recorder.set("case_bad", Some(Mood::Wait));
    let producer = house.start(&intake, None).await?;
    let follower = house.start(&triage, Some(recorder.clone())).await?;
    publish(&intake, &CASES, 0..3, 9).await?;
    seen(&triage, 6).await;
    parked_becomes(&triage, 3).await;
    assert_eq!(states(&parked(&triage).await), ["waiting", "behind", "behind"]);
    publish(&intake, &CASES, 3..4, 9).await?;
    seen(&triage, 8).await;
    recorder.set("case_bad", None);
    seen(&triage, 12).await;
    whole(&triage, &CASES, 4).await;
    assert!(parked(&triage).await.is_empty());
    producer.stop().await;
    follower.stop().await;
    Ok(())
}

/// Appends an event whose bytes are not what its type says.
async fn append_rubbish(log: &Log, key: &str) -> Result<()> {
    let envelope = contracts::common::Envelope {
        key: key.to_owned(),
        r#type: contracts::intake::CaseWithdrawn::full_name(),
        occurred_at: Some(prost_types::Timestamp::default()),
        data: vec![0xff; 9],
        ..Default::default()
    };
    sqlx::query("SELECT event_append($1, ARRAY[gen_random_uuid()], $2, ARRAY['x'], $3, now())")
        .bind([i16::try_from(partition_of(key))?].as_slice())
        .bind([key].as_slice())
        .bind([envelope.encode_to_vec()].as_slice())
        .execute(log.pool())
        .await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unreadable_event_is_parked_at_once() -> Result<()> {
    let house = House::new().await?;
    let (intake, triage) = (house.log("intake").await?, house.log("triage").await?);
    let producer = house.start(&intake, None).await?;
    let follower = house.start(&triage, Some(Arc::new(Recorder::default()))).await?;
    append_rubbish(&intake, "case_bad").await?;
    publish(&intake, &CASES, 0..2, 1).await?;
    seen(&triage, 4).await;
    parked_becomes(&triage, 3).await;
    let (events, next) = house.admin(&triage).await?.parked(2, "").await?;
    assert_eq!((events[0].state.as_str(), events[1].state.as_str()), ("failed", "behind"));
    assert!(!events[0].reason.is_empty());
    let (rest, end) = house.admin(&triage).await?.parked(2, &next).await?;
    assert_eq!((rest.len(), end.as_str()), (1, ""));
    producer.stop().await;
    follower.stop().await;
    Ok(())
}
