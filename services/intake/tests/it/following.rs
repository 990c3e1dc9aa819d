//! What the others say reaches intake: the law by which it checks, and how far a case is.

use crate::{
    harness::{House, Producer, code, plain, told},
    pack,
};
use contracts::{
    intake::{FollowRequest, HandInRequest},
    triage::{CaseAccepted, CaseGraded},
};
use kit_testing::eventually;
use std::time::Duration;

#[tokio::test]
async fn the_complainant_sees_how_far_it_is_and_nothing_internal() {
    let house = House::open().await;
    let triage = Producer::open(&house, "triage").await;
    let case = house.complaint("r-1").await;
    let case_id = case.case_id.clone();
    triage.say(&case_id, CaseAccepted { case_id: case_id.clone(), ..Default::default() }).await;
    triage
        .say(&case_id, CaseGraded { case_id: case_id.clone(), severity: "major".to_owned(), ..Default::default() })
        .await;
    eventually("the case is graded", Duration::from_secs(20), async || {
        let sql = "SELECT view->>'severity' FROM cases";
        // What is empty is not in the row.
        let severity: Option<String> = sqlx::query_scalar(sql).fetch_one(&house.pool).await.unwrap();
        if severity.as_deref() == Some("major") { Ok(()) } else { Err(format!("{severity:?}")) }
    })
    .await;
    let follow = told(
        house.client.clone().follow(FollowRequest { receipt_code: case.receipt_code, ..Default::default() }).await,
    )
    .unwrap();
    assert_eq!(follow.stage, "accepted");
    let told: Vec<&str> = follow.entries.iter().map(|entry| entry.text.as_ref().unwrap().zh.as_str()).collect();
    assert_eq!(told, ["已登记", "已受理"]);
}

#[tokio::test]
async fn a_regime_published_elsewhere_opens_a_door_here() {
    let house = House::open().await;
    let triage = Producer::open(&house, "triage").await;
    let there = |id: &str| HandInRequest { unit_id: "x01".to_owned(), ..plain(id) };
    assert_eq!(code(house.hand_in(there("r-1")).await), "no-open-door");
    triage.say("front-desk", pack::published(2, "x01", "2026-01-01")).await;
    eventually("the door opens", Duration::from_secs(20), async || {
        house.hand_in(there("r-1")).await.map(|_| ()).map_err(|problem| problem.code)
    })
    .await;
    let version: String =
        sqlx::query_scalar("SELECT view->>'regime_version' FROM cases").fetch_one(&house.pool).await.unwrap();
    assert_eq!(version, "2");
}
