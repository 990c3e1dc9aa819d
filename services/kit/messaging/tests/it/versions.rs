//! Two versions of a contract on one log: what is additive an older follower passes over; what it must know stops the
//! case, and only that, until the follower is upgraded.

use crate::house::{House, Recorder, parked, parked_becomes, publish, seen};
use anyhow::{Context as _, Result};
use contracts::common::Envelope;
use kit_messaging::{Log, partition_of};
use prost::Message as _;
use prost_reflect::{DescriptorPool, DynamicMessage, Value};
use std::sync::Arc;

/// The later version's messages.
fn next() -> Result<DescriptorPool> {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/versions");
    let files = protox::compile(["jiesu/intake/v1/events.proto"], [root])?;
    Ok(DescriptorPool::decode(files.encode_to_vec().as_slice())?)
}

/// What the later version of intake would have appended.
async fn append(log: &Log, name: &str, fields: &[(&str, &str)], needs: &[&str]) -> Result<()> {
    let kind = next()?.get_message_by_name(name).context("the later version has it")?;
    let mut message = DynamicMessage::new(kind);
    for (field, value) in fields {
        message.set_field_by_name(field, Value::String((*value).to_owned()));
    }
    let key = fields[0].1;
    let envelope = Envelope {
        key: key.to_owned(),
        r#type: name.to_owned(),
        occurred_at: Some(prost_types::Timestamp::default()),
        data: message.encode_to_vec(),
        needs: needs.iter().map(|name| (*name).to_owned()).collect(),
        ..Envelope::default()
    };
    sqlx::query("SELECT event_append($1, ARRAY[gen_random_uuid()], $2, $3, $4, now())")
        .bind([i16::try_from(partition_of(key))?].as_slice())
        .bind([key].as_slice())
        .bind([name].as_slice())
        .bind([envelope.encode_to_vec()].as_slice())
        .execute(log.pool())
        .await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_additive_is_passed_over_and_what_must_be_known_parks_its_case() -> Result<()> {
    let house = House::new().await?;
    let (intake, triage) = (house.log("intake").await?, house.log("triage").await?);
    let producer = house.start(&intake, None).await?;
    let follower = house.start(&triage, Some(Arc::new(Recorder::default()))).await?;
    let withdrawn = "jiesu.intake.v1.CaseWithdrawn";
    append(&intake, withdrawn, &[("case_id", "case_a"), ("by", "0"), ("remark", "new")], &[]).await?;
    append(&intake, "jiesu.intake.v1.CaseBookmarked", &[("case_id", "case_a")], &[]).await?;
    // A name that this build knows may be named too.
    append(&intake, withdrawn, &[("case_id", "case_a"), ("by", "1")], &["jiesu.intake.v1.CaseWithdrawn.by"]).await?;
    let part = "jiesu.intake.v1.CaseWithdrawn.part";
    append(&intake, withdrawn, &[("case_id", "case_b"), ("by", "0"), ("part", "half")], &[part]).await?;
    let reopened = "jiesu.intake.v1.CaseReopened";
    append(&intake, reopened, &[("case_id", "case_c")], &[reopened]).await?;
    publish(&intake, &["case_a", "case_b", "case_c"], 2..4, 1).await?;
    seen(&triage, 4).await;
    parked_becomes(&triage, 6).await;
    let (events, _) = house.admin(&triage).await?.parked(10, "").await?;
    let first = |key: &str| events.iter().find(|e| e.key == key).map(|e| (e.state.clone(), e.reason.clone())).unwrap();
    for (key, needed) in [("case_b", part), ("case_c", reopened)] {
        let (state, reason) = first(key);
        assert!(state == "waiting" && reason.contains(needed), "{state} {reason}");
    }
    let waits = parked(&triage).await.iter().filter(|(key, _)| key == "case_a").count();
    assert_eq!(waits, 0);
    let marks: Vec<String> = sqlx::query_scalar("SELECT mark FROM seen WHERE key = 'case_a' ORDER BY place")
        .fetch_all(triage.pool())
        .await?;
    assert_eq!(marks, ["0", "1", "2", "3"]);
    producer.stop().await;
    follower.stop().await;
    Ok(())
}
