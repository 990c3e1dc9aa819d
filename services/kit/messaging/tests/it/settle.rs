//! A fork stands until an operator decides: recheck where the producer was mended, accept where it was not.

use crate::house::{House, PATIENCE, Recorder, Running, publish, seen};
use anyhow::Result;
use contracts::log::{Fork, ForkSettled};
use kit_core::{Class, Problem};
use kit_messaging::{Decided, Log, LogAdmin, partition_of};
use kit_testing::eventually;
use prost::{Message as _, Name as _};
use std::sync::Arc;

const CASE: &str = "case_1";

fn by() -> Decided {
    Decided::new("operator:root", "按备份恢复方案处理").unwrap()
}

fn refusal<T: std::fmt::Debug>(outcome: kit_db::Result<T>) -> Problem {
    match outcome.unwrap_err() {
        kit_db::Error::Problem(problem) => problem,
        error => panic!("{error:?}"),
    }
}

fn partition() -> u32 {
    u32::from(partition_of(CASE))
}

/// `intake` has said four things of a case, and `triage` has applied them.
struct Stage {
    house: House,
    intake: Log,
    triage: Log,
    producer: Option<Running>,
    follower: Running,
    admin: LogAdmin,
}

impl Stage {
    async fn set() -> Result<Self> {
        let house = House::new().await?;
        let (intake, triage) = (house.log("intake").await?, house.log("triage").await?);
        let producer = Some(house.start(&intake, None).await?);
        let follower = house.start(&triage, Some(Arc::new(Recorder::default()))).await?;
        publish(&intake, &[CASE], 0..4, 1).await?;
        seen(&triage, 4).await;
        let admin = house.admin(&triage).await?;
        Ok(Self { house, intake, triage, producer, follower, admin })
    }

    /// Statements against the producer's own tables, as a restore or an intruder would run them.
    async fn change(&self, statements: &[&str]) -> Result<()> {
        for statement in statements {
            let sql = statement.replace("$p", &partition().to_string());
            sqlx::query(sqlx::AssertSqlSafe(sql)).execute(self.intake.pool()).await?;
        }
        Ok(())
    }

    /// The producer forgets what came after number 2, as after a restore.
    async fn forget(&self) -> Result<()> {
        self.change(&[
            "CREATE TABLE lost AS SELECT * FROM event_log WHERE partition = $p AND seq > 2",
            "DELETE FROM event_log WHERE partition = $p AND seq > 2",
            "UPDATE event_head SET (seq, hash) = (SELECT seq, hash FROM event_log WHERE partition = $p AND seq = 2)
             WHERE partition = $p",
        ])
        .await
    }

    async fn fork(&self) -> Fork {
        eventually("the fork is found", PATIENCE, async || {
            let forks = self.admin.forks().await.unwrap();
            if forks.len() == 1 { Ok(()) } else { Err(format!("{forks:?}")) }
        })
        .await;
        self.admin.forks().await.unwrap().swap_remove(0)
    }

    async fn position(&self) -> Result<(u64, Vec<u8>)> {
        let positions = self.admin.positions().await?;
        let here = positions.into_iter().find(|at| at.producer == "intake" && at.partition == partition());
        Ok(here.map(|at| (at.seq, at.hash)).unwrap())
    }

    async fn settled(&self) -> Result<Vec<ForkSettled>> {
        let rows: Vec<Vec<u8>> =
            sqlx::query_scalar("SELECT envelope FROM event_log WHERE type = $1 AND key = 'log/intake' ORDER BY seq")
                .bind(ForkSettled::full_name())
                .fetch_all(self.triage.pool())
                .await?;
        let read = |bytes: Vec<u8>| {
            let envelope = contracts::common::Envelope::decode(bytes.as_slice())?;
            Ok(ForkSettled::decode(envelope.data.as_slice())?)
        };
        rows.into_iter().map(read).collect()
    }

    /// What was applied of the case, by its marks.
    async fn marks(&self) -> Result<Vec<String>> {
        let marks = sqlx::query_scalar("SELECT mark FROM seen WHERE key = $1 ORDER BY place").bind(CASE);
        Ok(marks.fetch_all(self.triage.pool()).await?)
    }

    /// The producer ends.
    async fn rest(&mut self) {
        if let Some(producer) = self.producer.take() {
            producer.stop().await;
        }
    }

    async fn stop(mut self) {
        self.rest().await;
        self.follower.stop().await;
        drop(self.house);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_producer_has_lost_is_accepted_and_what_it_said_since_is_applied() -> Result<()> {
    let stage = Stage::set().await?;
    stage.forget().await?;
    let fork = stage.fork().await;
    assert_eq!((fork.kind.as_str(), fork.seq, fork.resume_seq), ("behind", 4, 2));
    assert_eq!((fork.producer.as_str(), fork.partition), ("intake", partition()));

    let differs = refusal(stage.admin.recheck_fork("intake", partition(), by()).await);
    assert_eq!((differs.class, differs.code.as_str()), (Class::Conflict, "still-differs"));
    assert!(differs.text.zh.contains("只到第 2 号") && differs.text.en.contains("ends at 2"), "{differs:?}");
    assert!(stage.admin.decisions(None, 9).await?.is_empty() && stage.admin.forks().await?.len() == 1);
    assert_eq!(refusal(stage.admin.accept_fork("intake", partition() ^ 1, by()).await).code, "no-fork");

    // What the lost history has left parked would stand in the way of the numbers that come again.
    sqlx::query(
        "INSERT INTO parked_event (key, producer, partition, seq, type, envelope, state, reason, parked_at)
         VALUES ('case_1', 'intake', $1, 4, 't', '', 'failed', 'r', now())",
    )
    .bind(i16::try_from(partition())?)
    .execute(stage.triage.pool())
    .await?;
    let parked = refusal(stage.admin.accept_fork("intake", partition(), by()).await);
    assert_eq!(parked.code, "former-history-parked");
    assert!(parked.text.zh.contains(CASE), "{parked:?}");
    sqlx::query("DELETE FROM parked_event").execute(stage.triage.pool()).await?;

    // The restored producer has gone on meanwhile, past where we stand.
    publish(&stage.intake, &[CASE], 10..14, 1).await?;
    let done = stage.admin.accept_fork("intake", partition(), by()).await?;
    assert_eq!(done.position.as_ref().map(|at| at.seq), Some(2));
    seen(&stage.triage, 8).await;
    assert_eq!(stage.marks().await?, ["0", "1", "2", "3", "10", "11", "12", "13"]);
    let settled = stage.settled().await?;
    let [one] = settled.as_slice() else { panic!("{settled:?}") };
    assert_eq!((one.was_seq, one.now_seq, one.now_hash.as_slice()), (4, 2, fork.resume_hash.as_slice()));
    let decision = stage.admin.decisions(None, 9).await?.swap_remove(0);
    assert_eq!((decision.what.as_str(), decision.subject), ("accept", format!("intake/{:02}", partition())));
    assert_eq!(
        (decision.decision_id.as_str(), one.decision_id.as_str()),
        (done.decision_id.as_str(), decision.decision_id.as_str())
    );
    assert!(stage.admin.forks().await?.is_empty());
    stage.stop().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_producer_that_was_mended_is_followed_again_after_a_recheck() -> Result<()> {
    let stage = Stage::set().await?;
    stage.forget().await?;
    stage.fork().await;
    let before = stage.position().await?;
    stage
        .change(&[
            "INSERT INTO event_log SELECT * FROM lost",
            "UPDATE event_head SET (seq, hash) = (SELECT seq, hash FROM event_log WHERE partition = $p AND seq = 4)
             WHERE partition = $p",
        ])
        .await?;
    assert_eq!(refusal(stage.admin.accept_fork("intake", partition(), by()).await).code, "agrees-again");
    let done = stage.admin.recheck_fork("intake", partition(), by()).await?;
    let at = done.position.unwrap();
    assert_eq!((at.seq, at.hash), before);
    publish(&stage.intake, &[CASE], 4..6, 1).await?;
    seen(&stage.triage, 6).await;
    assert_eq!(stage.marks().await?, ["0", "1", "2", "3", "4", "5"]);
    assert!(stage.settled().await?.is_empty(), "nothing moved");
    assert_eq!(stage.admin.decisions(None, 9).await?.swap_remove(0).what, "recheck");
    stage.stop().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn another_history_at_the_same_number_is_accepted_from_there() -> Result<()> {
    let stage = Stage::set().await?;
    stage
        .change(&[
            "UPDATE event_log SET hash = sha256(hash) WHERE partition = $p AND seq = 4",
            "UPDATE event_head SET hash = sha256(hash) WHERE partition = $p",
        ])
        .await?;
    let fork = stage.fork().await;
    assert_eq!((fork.kind.as_str(), fork.seq, fork.resume_seq), ("other", 4, 4));
    let differs = refusal(stage.admin.recheck_fork("intake", partition(), by()).await);
    assert!(differs.text.zh.contains("链值不同") && differs.text.en.contains("at number 4"), "{differs:?}");
    stage.admin.accept_fork("intake", partition(), by()).await?;
    assert_eq!(stage.position().await?, (4, fork.resume_hash));
    publish(&stage.intake, &[CASE], 4..5, 1).await?;
    seen(&stage.triage, 5).await;
    stage.stop().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_whose_link_is_broken_is_passed_over_when_accepted() -> Result<()> {
    let mut stage = Stage::set().await?;
    // It is changed before it is relayed.
    stage.rest().await;
    publish(&stage.intake, &[CASE], 4..7, 1).await?;
    stage
        .change(&["UPDATE event_log SET envelope = envelope || '\\x00'::bytea WHERE partition = $p AND seq = 5"])
        .await?;
    stage.producer = Some(stage.house.start(&stage.intake, None).await?);
    let fork = stage.fork().await;
    assert_eq!((fork.kind.as_str(), fork.seq, fork.resume_seq), ("broken", 4, 5));
    let differs = refusal(stage.admin.recheck_fork("intake", partition(), by()).await);
    assert!(differs.text.zh.contains("第 5 号") && differs.text.en.contains("event 5"), "{differs:?}");
    stage.admin.accept_fork("intake", partition(), by()).await?;
    seen(&stage.triage, 6).await;
    assert_eq!(stage.marks().await?, ["0", "1", "2", "3", "5", "6"]);
    stage.stop().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_settled_while_the_producer_is_silent() -> Result<()> {
    let mut stage = Stage::set().await?;
    stage.forget().await?;
    let fork = stage.fork().await;
    let before = stage.position().await?;
    stage.rest().await;
    for outcome in [
        stage.admin.recheck_fork("intake", partition(), by()).await,
        stage.admin.accept_fork("intake", partition(), by()).await,
    ] {
        let silent = refusal(outcome);
        assert_eq!((silent.class, silent.code.as_str()), (Class::Transient, "unavailable"));
        assert!(silent.text.zh.contains("intake"), "{silent:?}");
    }
    assert_eq!((stage.position().await?, stage.admin.forks().await?), (before, vec![fork]));
    assert!(stage.admin.decisions(None, 9).await?.is_empty());
    stage.stop().await;
    Ok(())
}
