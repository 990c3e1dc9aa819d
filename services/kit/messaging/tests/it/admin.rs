//! What an operator can do about parked events, and what stays of it: the decision, and the fact under the same key.

use crate::house::{House, Mood, Recorder, parked, parked_becomes, publish, seen};
use anyhow::Result;
use contracts::{common::Envelope, log::EventSkipped};
use kit_core::{Class, Problem};
use kit_messaging::{Decided, Log, LogAdmin};
use prost::{Message as _, Name as _};
use std::sync::Arc;

const REASON: &str = "重复录入,已另案处理";

fn by() -> Decided {
    Decided::new("staff_1", REASON).unwrap()
}

fn refusal<T: std::fmt::Debug>(outcome: kit_db::Result<T>) -> Problem {
    match outcome.unwrap_err() {
        kit_db::Error::Problem(problem) => problem,
        error => panic!("{error:?}"),
    }
}

/// What the log says of skipped events: the key it stands under, and the event.
async fn skipped(log: &Log) -> Result<Vec<(Envelope, EventSkipped)>> {
    let rows: Vec<Vec<u8>> = sqlx::query_scalar("SELECT envelope FROM event_log WHERE type = $1 ORDER BY seq")
        .bind(EventSkipped::full_name())
        .fetch_all(log.pool())
        .await?;
    let read = |bytes: Vec<u8>| -> Result<_> {
        let envelope = Envelope::decode(bytes.as_slice())?;
        let event = EventSkipped::decode(envelope.data.as_slice())?;
        Ok((envelope, event))
    };
    rows.into_iter().map(read).collect()
}

/// A follower that refuses `case_bad`, with three events of it parked, and what stands first.
async fn stalled(house: &House, triage: &Log, intake: &Log) -> Result<(LogAdmin, (String, u32, u64))> {
    publish(intake, &["case_bad", "case_good"], 0..3, 6).await?;
    seen(triage, 3).await;
    parked_becomes(triage, 3).await;
    let admin = house.admin(triage).await?;
    let first = admin.parked_under("case_bad").await?.swap_remove(0);
    Ok((admin, (first.producer, first.partition, first.seq)))
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_event_is_skipped_for_good_and_the_rest_goes_on() -> Result<()> {
    let house = House::new().await?;
    let (intake, triage) = (house.log("intake").await?, house.log("triage").await?);
    let recorder = Arc::new(Recorder::default());
    recorder.set("case_bad", Some(Mood::Refuse));
    let producer = house.start(&intake, None).await?;
    let follower = house.start(&triage, Some(recorder.clone())).await?;
    let (admin, (from, partition, seq)) = stalled(&house, &triage, &intake).await?;

    // Only what stands first, as it was looked at; the refusal names it.
    let wrong = refusal(admin.skip("case_bad", (&from, partition, seq + 1), by()).await);
    assert_eq!((wrong.class, wrong.code.as_str()), (Class::Conflict, "not-first-parked"));
    let first = format!("{from}/{partition:02}#{seq}");
    assert!(wrong.text.zh.contains(&first) && wrong.text.en.contains(&first), "{wrong:?}");
    assert_eq!(refusal(admin.skip("case_bad", ("records", partition, seq), by()).await).code, "not-first-parked");
    assert_eq!(refusal(admin.skip("case_other", (&from, partition, seq), by()).await).code, "nothing-parked");
    assert!(skipped(&triage).await?.is_empty() && admin.decisions(None, 9).await?.is_empty());

    recorder.set("case_bad", None);
    let done = admin.skip("case_bad", (&from, partition, seq), by()).await?;
    assert_eq!(done.events, 2);
    parked_becomes(&triage, 0).await;
    let marks: Vec<String> = sqlx::query_scalar("SELECT mark FROM seen WHERE key = 'case_bad' ORDER BY place")
        .fetch_all(triage.pool())
        .await?;
    assert_eq!(marks, ["1", "2"], "the skipped event has no effect, and the later ones keep their order");

    let said = skipped(&triage).await?;
    let [(envelope, event)] = said.as_slice() else { panic!("{said:?}") };
    assert_eq!((envelope.key.as_str(), envelope.actor.as_str()), ("case_bad", "staff_1"));
    assert_eq!((event.case_id.as_str(), event.producer.as_str(), event.seq), ("case_bad", from.as_str(), seq));
    assert_eq!(event.decision_id, done.decision_id);
    let decided = admin.decisions(None, 9).await?.swap_remove(0);
    assert_eq!((decided.decision_id.as_str(), decided.reason.as_str()), (done.decision_id.as_str(), REASON));
    assert_eq!(decided.subject, format!("case_bad {first}"));
    let log: Vec<Vec<u8>> = sqlx::query_scalar("SELECT envelope FROM event_log").fetch_all(triage.pool()).await?;
    assert!(log.iter().all(|bytes| !bytes.windows(6).any(|part| part == "重复".as_bytes())), "no reason in an event");

    // Twice is once.
    assert_eq!(refusal(admin.skip("case_bad", (&from, partition, seq), by()).await).code, "nothing-parked");
    producer.stop().await;
    follower.stop().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_event_failed_of_is_kept_and_counted() -> Result<()> {
    let house = House::new().await?;
    let (intake, triage) = (house.log("intake").await?, house.log("triage").await?);
    let recorder = Arc::new(Recorder::default());
    recorder.set("case_bad", Some(Mood::Wait));
    let producer = house.start(&intake, None).await?;
    let follower = house.start(&triage, Some(recorder.clone())).await?;
    let (admin, _) = stalled(&house, &triage, &intake).await?;
    kit_testing::eventually("it waits a few times", crate::house::PATIENCE, async || {
        let first = admin.parked_under("case_bad").await.unwrap().swap_remove(0);
        if first.failures.last().is_some_and(|one| one.times >= 3) { Ok(()) } else { Err(format!("{first:?}")) }
    })
    .await;
    recorder.set("case_bad", Some(Mood::Refuse));
    kit_testing::eventually("it fails", crate::house::PATIENCE, async || {
        let first = admin.parked_under("case_bad").await.unwrap().swap_remove(0);
        if first.state == "failed" { Ok(()) } else { Err(format!("{first:?}")) }
    })
    .await;
    let under = admin.parked_under("case_bad").await?;
    let history: Vec<_> = under[0].failures.iter().map(|one| (one.reason.as_str(), one.times)).collect();
    let [(waited, times), (failed, 1)] = history.as_slice() else { panic!("{history:?}") };
    assert!(waited.contains("a regime") && *times >= 3 && failed.contains("it cannot be"), "{history:?}");
    let (first, last) = (under[0].failures[0].first_at.unwrap(), under[0].failures[0].last_at.unwrap());
    assert!((first.seconds, first.nanos) < (last.seconds, last.nanos));
    assert!(under[1].failures.is_empty(), "what stands behind has not failed");

    // Twenty reasons are kept, however many there were.
    for n in 0..30 {
        sqlx::query("UPDATE parked_event SET failures = failures || jsonb_build_array(failures -> -1 || jsonb_build_object('reason', $1::text)) WHERE state = 'failed'")
            .bind(format!("reason {n}"))
            .execute(triage.pool())
            .await?;
    }
    admin.retry("case_bad").await?;
    kit_testing::eventually("it has failed again", crate::house::PATIENCE, async || {
        let first = admin.parked_under("case_bad").await.unwrap().swap_remove(0);
        let last = first.failures.last().map(|one| one.reason.clone()).unwrap_or_default();
        if last.contains("it cannot be") { Ok(()) } else { Err(format!("{first:?}")) }
    })
    .await;
    assert!(admin.parked_under("case_bad").await?[0].failures.len() >= 20);
    assert_eq!(refusal(admin.parked_under("case_none").await).class, Class::NotFound);
    producer.stop().await;
    follower.stop().await;
    Ok(())
}

#[tokio::test]
async fn decisions_come_newest_first_by_pages() -> Result<()> {
    let house = House::new().await?;
    let triage = house.log("triage").await?;
    let admin = house.admin(&triage).await?;
    for n in 0..5 {
        sqlx::query(
            "INSERT INTO parked_event (key, producer, partition, seq, type, envelope, state, reason, parked_at)
             VALUES ('unit_1', 'assignment', 3, $1, 't', '', 'failed', 'r', now())",
        )
        .bind(n)
        .execute(triage.pool())
        .await?;
    }
    for n in 0..5 {
        admin.skip("unit_1", ("assignment", 3, n), Decided::new("operator:zhang.wei", &format!("理由之 {n}"))?).await?;
    }
    let mut all = Vec::new();
    let mut before = None;
    loop {
        let page = admin.decisions(before, 2).await?;
        let Some(last) = page.last() else { break };
        let at = last.decided_at.unwrap();
        before =
            Some((chrono::DateTime::from_timestamp(at.seconds, at.nanos as u32).unwrap(), last.decision_id.parse()?));
        all.extend(page.into_iter().map(|decision| decision.reason));
    }
    assert_eq!(all, ["理由之 4", "理由之 3", "理由之 2", "理由之 1", "理由之 0"]);
    let said = skipped(&triage).await?;
    assert!(said.iter().all(|(envelope, event)| event.case_id.is_empty() && envelope.key == "unit_1"));
    assert!(said.iter().all(|(envelope, _)| envelope.actor == "operator"), "an account's name stays in the decision");
    assert!(parked(&triage).await.is_empty());
    Ok(())
}
