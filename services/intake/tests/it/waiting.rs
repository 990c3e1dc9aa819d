//! The slow hash of a receipt comes after the answer. Nobody notices: the code works before, after, and whoever died
//! in between.

use crate::harness::{House, plain, told};
use chrono::TimeDelta;
use contracts::intake::{FollowRequest, FollowResponse, HandInManyRequest, HandInResponse, row_result};
use futures::future::join_all;
use kit_core::Problem;
use kit_testing::eventually;
use std::time::Duration;

async fn follow(house: &House, receipt_code: &str) -> Result<FollowResponse, Problem> {
    told(
        house
            .client
            .clone()
            .follow(FollowRequest { receipt_code: receipt_code.to_owned(), ..Default::default() })
            .await,
    )
}

async fn opens(house: &House, case: &HandInResponse) {
    assert_eq!(follow(house, &case.receipt_code).await.unwrap().number, case.number);
}

fn next(code: &str) -> String {
    format!("{:016}", (code.parse::<u64>().unwrap() + 1) % 10_u64.pow(16))
}

async fn derived(house: &House, count: i64) {
    eventually("the slow hashes are there", Duration::from_secs(30), async || {
        let left = house.count("receipt_waiting").await;
        if left == 0 { Ok(()) } else { Err(format!("{left} wait")) }
    })
    .await;
    assert_eq!(house.count("receipts").await, count);
}

#[tokio::test]
async fn a_code_works_from_the_first_instant_and_after_its_slow_hash_is_there() {
    let house = House::open().await;
    house.claimed_by_a_dead_instance().await;
    let (one, two) = (house.complaint("r-1").await, house.complaint("r-2").await);
    assert_eq!((house.count("receipt_waiting").await, house.count("receipts").await), (2, 0));
    opens(&house, &one).await;
    opens(&house, &two).await;
    assert_eq!(follow(&house, &next(&one.receipt_code)).await.unwrap_err().code, "unknown-receipt");
    house.clock.advance(TimeDelta::seconds(61));
    derived(&house, 2).await;
    opens(&house, &one).await;
    opens(&house, &two).await;
    assert_eq!(follow(&house, &next(&one.receipt_code)).await.unwrap_err().code, "unknown-receipt");
    let again = house.complaint("r-1").await;
    assert_eq!((&again.receipt_code, &again.number, again.is_repeat), (&one.receipt_code, &one.number, true));
    assert_eq!(house.count("receipt_waiting").await, 0);
}

#[tokio::test]
async fn a_code_that_moves_while_it_is_used_is_never_unknown() {
    let house = House::open().await;
    for n in 0..20 {
        let case = house.complaint(&format!("r-{n}")).await;
        let answers = join_all((0..4).map(|_| follow(&house, &case.receipt_code))).await;
        assert!(answers.iter().all(Result::is_ok), "{answers:?}");
    }
    derived(&house, 20).await;
}

#[tokio::test]
async fn two_instances_share_the_backlog_and_derive_each_code_once() {
    let house = House::open().await;
    house.claimed_by_a_dead_instance().await;
    house.write_down_claims().await;
    let rows = (0..60).map(|n| plain(&format!("r-{n}"))).collect();
    let answer = told(house.client.clone().hand_in_many(HandInManyRequest { rows }).await).unwrap();
    let other = house.start_again(&[]).await.unwrap();
    let third = house.start_again(&[]).await.unwrap();
    house.clock.advance(TimeDelta::seconds(61));
    derived(&house, 60).await;
    let claims: (i64, i64) =
        sqlx::query_as("SELECT count(*), count(DISTINCT case_id) FROM claims").fetch_one(&house.pool).await.unwrap();
    assert_eq!(claims, (60, 60));
    for result in answer.results.into_iter().step_by(7) {
        let Some(row_result::Result::Accepted(case)) = result.result else { panic!("refused") };
        opens(&house, &case).await;
    }
    other.stop().await.unwrap();
    third.stop().await.unwrap();
}

#[tokio::test]
async fn a_code_that_does_not_open_holds_up_no_other() {
    let house = House::open().await;
    house.claimed_by_a_dead_instance().await;
    let spoilt = house.complaint("r-1").await;
    sqlx::query("UPDATE receipt_waiting SET sealed = '\\x00'").execute(&house.pool).await.unwrap();
    let cases = join_all((0..20).map(|n| house.hand_in(plain(&format!("g-{n}"))))).await;
    house.clock.advance(TimeDelta::seconds(61));
    eventually("the others are derived", Duration::from_secs(30), async || {
        let done = house.count("receipts").await;
        if done == 20 { Ok(()) } else { Err(done.to_string()) }
    })
    .await;
    assert_eq!(house.count("receipt_waiting").await, 1);
    opens(&house, &spoilt).await;
    opens(&house, cases[3].as_ref().unwrap()).await;
}
