//! A command is done once, and its repetition gets the first answer.

use crate::house::House;
use anyhow::Result;
use contracts::{intake::CaseWithdrawn, triage::CaseAccepted};
use kit_core::Class;
use kit_messaging::{Command, Log};
use std::time::Duration;

/// Withdraws a case, slowly; the answer names a new id each time it is really done.
async fn withdraw(log: &Log, request_id: &str, actor: &str, by: &str) -> kit_db::Result<CaseAccepted> {
    let body = CaseWithdrawn { case_id: "case_1".into(), by: by.into(), ..Default::default() };
    log.command(Command::new("Withdraw", request_id, actor, &body), move |tx| {
        Box::pin(async move {
            sqlx::query("SELECT pg_sleep(0.05)").execute(tx.conn()).await?;
            tx.publish("case_1", &body);
            Ok(CaseAccepted { case_id: tx.id().to_string(), ..Default::default() })
        })
    })
    .await
}

#[tokio::test]
async fn a_repeated_command_gets_the_first_answer_and_changes_nothing() -> Result<()> {
    let house = House::new().await?;
    let log = house.log("intake").await?;
    // At the same time, and again later.
    let (one, two) = tokio::join!(withdraw(&log, "r-1", "staff_1", "a"), withdraw(&log, "r-1", "staff_1", "a"));
    let three = withdraw(&log, "r-1", "staff_1", "a").await?;
    assert_eq!(one?, three);
    assert_eq!(two?, three);
    let events: i64 = sqlx::query_scalar("SELECT count(*) FROM event_log").fetch_one(log.pool()).await?;
    assert_eq!(events, 1);
    Ok(())
}

#[tokio::test]
async fn a_request_id_cannot_be_used_for_something_else() -> Result<()> {
    let house = House::new().await?;
    let log = house.log("intake").await?;
    withdraw(&log, "r-1", "staff_1", "a").await?;
    for (actor, by) in [("staff_1", "b"), ("staff_2", "a")] {
        let Err(kit_db::Error::Problem(problem)) = withdraw(&log, "r-1", actor, by).await else { panic!("accepted") };
        assert_eq!((problem.class, problem.code.as_str()), (Class::Conflict, "request-id-reused"));
    }
    for bad in ["", &"长".repeat(101), "a\0b"] {
        let error = withdraw(&log, bad, "staff_1", "a").await.unwrap_err();
        assert_eq!(error.class(), Class::Invalid);
    }
    withdraw(&log, &"长".repeat(100), "staff_1", "a").await?;
    Ok(())
}

#[tokio::test]
async fn a_refused_command_may_be_asked_again() -> Result<()> {
    let house = House::new().await?;
    let log = house.log("intake").await?;
    let body = CaseWithdrawn::default();
    let command = Command::new("Withdraw", "r-1", "staff_1", &body);
    let refused = log
        .command::<CaseAccepted, _>(command.clone(), |_| {
            Box::pin(async { Err(kit_core::Problem::unknown_case().into()) })
        })
        .await;
    assert_eq!(refused.unwrap_err().class(), Class::NotFound);
    let granted = log
        .command(command, |_| Box::pin(async { Ok(CaseAccepted { case_id: "case_1".into(), ..Default::default() }) }))
        .await?;
    assert_eq!(granted.case_id, "case_1");
    // A caller that went away does not undo what was asked.
    let asked = tokio::time::timeout(Duration::from_millis(10), withdraw(&log, "r-2", "staff_1", "a")).await;
    assert!(asked.is_err());
    let answer = withdraw(&log, "r-2", "staff_1", "a").await?;
    assert_eq!(answer, withdraw(&log, "r-2", "staff_1", "a").await?);
    Ok(())
}
