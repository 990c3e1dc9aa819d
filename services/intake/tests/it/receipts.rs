//! The receipt code opens one case, and nobody finds one by trying.

use crate::harness::{House, code, told};
use chrono::TimeDelta;
use contracts::intake::{FollowRequest, FollowResponse};
use futures::future::join_all;
use kit_core::{Class, Problem};

async fn follow(house: &House, receipt_code: &str) -> Result<FollowResponse, Problem> {
    told(
        house
            .client
            .clone()
            .follow(FollowRequest { receipt_code: receipt_code.to_owned(), ..Default::default() })
            .await,
    )
}

#[tokio::test]
async fn a_code_opens_its_case_and_no_other() {
    let house = House::open().await;
    let (one, two) = (house.complaint("r-1").await, house.complaint("r-2").await);
    let grouped =
        one.receipt_code.as_bytes().chunks(4).map(|c| std::str::from_utf8(c).unwrap()).collect::<Vec<_>>().join("-");
    let answer = follow(&house, &grouped).await.unwrap();
    assert_eq!(
        (answer.number.as_str(), answer.stage.as_str(), answer.kind.as_str()),
        (one.number.as_str(), "received", "complaint")
    );
    assert_eq!(answer.unit_name.unwrap().en, "Branch 3");
    assert_eq!(answer.entries.len(), 1);
    assert!(answer.may_withdraw && answer.may_supplement);
    assert_eq!(follow(&house, &two.receipt_code).await.unwrap().number, two.number);
}

#[tokio::test]
async fn the_answer_holds_no_identifier_of_the_case() {
    let house = House::open().await;
    let case = house.complaint("r-1").await;
    let answer = format!("{:?}", follow(&house, &case.receipt_code).await.unwrap());
    assert!(!answer.contains("case_") && !answer.contains(case.case_id.trim_start_matches("case_")));
}

#[tokio::test]
async fn a_wrong_code_opens_nothing_and_a_malformed_one_is_told_at_once() {
    let house = House::open().await;
    let right = house.complaint("r-1").await.receipt_code;
    let wrong = format!("{:016}", (right.parse::<u64>().unwrap() + 1) % 10_u64.pow(16));
    let problem = follow(&house, &wrong).await.unwrap_err();
    assert_eq!((problem.class, problem.code.as_str()), (Class::NotFound, "unknown-receipt"));
    for malformed in ["", "123", "12345678901234567", "abcdabcdabcdabcd"] {
        assert_eq!(code(follow(&house, malformed).await), "malformed-receipt");
    }
}

#[tokio::test]
async fn after_thirty_failures_everybody_waits_and_a_second_gives_one_back() {
    let house = House::open().await;
    let right = house.complaint("r-1").await.receipt_code;
    let wrong = |n: u64| format!("{:016}", (right.parse::<u64>().unwrap() + 1 + n) % 10_u64.pow(16));
    let codes: Vec<String> = (0..100).map(wrong).collect();
    let answers = join_all(codes.iter().map(|wrong| follow(&house, wrong))).await;
    let problems: Vec<Problem> = answers.into_iter().map(|answer| answer.unwrap_err()).collect();
    assert_eq!(problems.iter().filter(|p| p.code == "unknown-receipt").count(), 30);
    assert_eq!(problems.iter().filter(|p| p.class == Class::Exhausted && p.code == "too-many-attempts").count(), 70);
    assert_eq!(code(follow(&house, &right).await), "too-many-attempts");
    house.clock.advance(TimeDelta::seconds(2));
    follow(&house, &right).await.unwrap();
    follow(&house, &right).await.unwrap();
    follow(&house, &right).await.unwrap();
    assert_eq!(code(follow(&house, &wrong(500)).await), "unknown-receipt");
    assert_eq!(code(follow(&house, &wrong(501)).await), "unknown-receipt");
    assert_eq!(code(follow(&house, &wrong(502)).await), "too-many-attempts");
}

#[tokio::test]
async fn a_crowd_with_right_codes_is_not_taken_for_a_search() {
    let house = House::open().await;
    let right = house.complaint("r-1").await.receipt_code;
    let answers = join_all((0..80).map(|_| follow(&house, &right))).await;
    assert!(answers.iter().all(Result::is_ok));
}

#[tokio::test]
async fn with_the_real_parameters_a_receipt_works_too() {
    let house = House::open_with(&[]).await;
    let case = house.complaint("r-1").await;
    assert_eq!(follow(&house, &case.receipt_code).await.unwrap().number, case.number);
}
