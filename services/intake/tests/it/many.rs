//! Many matters in one call; each row answers for itself.

use crate::harness::{House, code, plain, told};
use contracts::intake::{
    FollowRequest, HandInManyRequest, HandInRequest, HandInResponse, RowProblem, row_result::Result as Row,
};
use kit_testing::eventually;
use std::{collections::BTreeSet, time::Duration};

async fn hand_in_many(house: &House, rows: Vec<HandInRequest>) -> Vec<Row> {
    let answer = told(house.client.clone().hand_in_many(HandInManyRequest { rows }).await).unwrap();
    answer.results.into_iter().map(|result| result.result.unwrap()).collect()
}

fn accepted(row: &Row) -> &HandInResponse {
    match row {
        Row::Accepted(answer) => answer,
        Row::Problem(problem) => panic!("{problem:?}"),
    }
}

fn refused(row: &Row) -> &RowProblem {
    match row {
        Row::Problem(problem) => problem,
        Row::Accepted(_) => panic!("accepted"),
    }
}

#[tokio::test]
async fn good_rows_are_registered_and_bad_ones_told_each_in_its_place() {
    let house = House::open().await;
    let bad = HandInRequest { kind: "petition".to_owned(), ..plain("r-2") };
    let elsewhere = HandInRequest { unit_id: "b17".to_owned(), ..plain("r-4") };
    let rows = hand_in_many(&house, vec![plain("r-1"), bad, plain("r-3"), elsewhere, plain("")]).await;
    assert_eq!(accepted(&rows[0]).number, "TS-b03-2026-00001");
    assert_eq!((refused(&rows[1]).code.as_str(), refused(&rows[1]).fields.len()), ("unknown-kind", 1));
    assert_eq!(accepted(&rows[2]).number, "TS-b03-2026-00002");
    assert_eq!(accepted(&rows[3]).number, "TS-b17-2026-00001");
    assert_eq!(refused(&rows[4]).code, "bad-request-id");
    assert_eq!((house.count("cases").await, house.count("event_log").await), (3, 6));
}

#[tokio::test]
async fn rows_that_repeat_one_another_or_an_earlier_call_are_one_case() {
    let house = House::open().await;
    let before = house.complaint("r-1").await;
    let other = HandInRequest { subject: "另一件".to_owned(), ..plain("r-2") };
    let rows = hand_in_many(&house, vec![plain("r-1"), plain("r-2"), plain("r-2"), other]).await;
    assert!(accepted(&rows[0]).is_repeat);
    assert_eq!(accepted(&rows[0]).receipt_code, before.receipt_code);
    assert!(!accepted(&rows[1]).is_repeat && accepted(&rows[2]).is_repeat);
    assert_eq!(accepted(&rows[1]).receipt_code, accepted(&rows[2]).receipt_code);
    assert_eq!(refused(&rows[3]).code, "request-id-reused");
    let again = hand_in_many(&house, vec![plain("r-1"), plain("r-2")]).await;
    assert!(again.iter().all(|row| accepted(row).is_repeat));
    assert_eq!(house.count("cases").await, 2);
}

#[tokio::test]
async fn five_hundred_rows_pass_in_one_call_and_one_more_does_not() {
    let house = House::open().await;
    let rows = |count: usize| (0..count).map(|n| plain(&format!("r-{n}"))).collect::<Vec<_>>();
    let answers = hand_in_many(&house, rows(500)).await;
    let numbers: BTreeSet<&str> = answers.iter().map(|row| accepted(row).number.as_str()).collect();
    let codes: BTreeSet<&str> = answers.iter().map(|row| accepted(row).receipt_code.as_str()).collect();
    assert_eq!((numbers.len(), codes.len()), (500, 500));
    assert_eq!(numbers.last(), Some(&"TS-b03-2026-00500"));
    let problem = told(house.client.clone().hand_in_many(HandInManyRequest { rows: rows(501) }).await).unwrap_err();
    assert_eq!(problem.code, "too-many-rows");
}

#[tokio::test]
async fn a_batch_whose_caller_goes_away_is_finished_and_its_repetition_gets_the_answers() {
    let house = House::open().await;
    let rows = || (0..30).map(|n| plain(&format!("r-{n}"))).collect::<Vec<_>>();
    let mut held = house.pool.begin().await.unwrap();
    sqlx::query("LOCK TABLE cases IN SHARE MODE").execute(&mut *held).await.unwrap();
    let mut client = house.client.clone();
    let caller = tokio::spawn(async move { client.hand_in_many(HandInManyRequest { rows: rows() }).await });
    eventually("the batch is at its rows", Duration::from_secs(20), async || {
        let waiting: i64 = sqlx::query_scalar(
            "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'cases'::regclass
             AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
        )
        .fetch_one(&house.pool)
        .await
        .unwrap();
        if waiting == 1 { Ok(()) } else { Err(waiting.to_string()) }
    })
    .await;
    caller.abort();
    assert!(caller.await.unwrap_err().is_cancelled());
    // Another answer on the same connection: by now the service has heard that nobody waits for the first one.
    let bad = HandInRequest { kind: "petition".to_owned(), ..plain("r-x") };
    assert_eq!(code(house.hand_in(bad).await), "unknown-kind");
    held.commit().await.unwrap();
    eventually("the batch is registered", Duration::from_secs(20), async || {
        let cases = house.count("cases").await;
        if cases == 30 { Ok(()) } else { Err(cases.to_string()) }
    })
    .await;
    let stored: Vec<String> =
        sqlx::query_scalar("SELECT number FROM cases ORDER BY number").fetch_all(&house.pool).await.unwrap();
    let again = hand_in_many(&house, rows()).await;
    assert!(again.iter().all(|row| accepted(row).is_repeat));
    assert_eq!(again.iter().map(|row| accepted(row).number.clone()).collect::<Vec<_>>(), stored);
    let code = accepted(&again[17]).receipt_code.clone();
    let follow =
        told(house.client.clone().follow(FollowRequest { receipt_code: code, ..Default::default() }).await).unwrap();
    assert_eq!(follow.number, stored[17]);
    assert_eq!((house.count("cases").await, house.count("event_log").await), (30, 60));
}

#[tokio::test]
async fn two_batches_that_overlap_at_the_same_time_share_their_cases() {
    let house = House::open().await;
    let batch = |from: usize| (from..from + 20).map(|n| plain(&format!("r-{n}"))).collect::<Vec<_>>();
    let (one, two, three) =
        tokio::join!(hand_in_many(&house, batch(0)), hand_in_many(&house, batch(10)), hand_in_many(&house, batch(5)));
    assert_eq!(house.count("cases").await, 30);
    for (n, row) in one.iter().enumerate().skip(10) {
        assert_eq!(accepted(row).receipt_code, accepted(&two[n - 10]).receipt_code);
        assert_eq!(accepted(row).receipt_code, accepted(&three[n - 5]).receipt_code);
    }
    let last: i64 = sqlx::query_scalar("SELECT last FROM number_series").fetch_one(&house.pool).await.unwrap();
    assert_eq!(last, 30);
}
