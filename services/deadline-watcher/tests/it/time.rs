//! What the time alone brings.

use crate::harness::{House, PATIENCE, case};
use kit_testing::eventually;
use std::collections::BTreeSet;

const CASES: u128 = 60;

/// Waits until all of the cases have been told this.
async fn all_tell(house: &House, expected: &str) {
    for n in 1..=CASES {
        house.tells(&case(n), expected).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn near_missed_and_overdue_come_once_each_though_two_watchers_race() {
    let house = House::open().await;
    let _another = house.start_another().await;
    for n in 1..=CASES {
        house.register(&case(n), |_| ()).await;
    }
    house.knows("cases", 60).await;
    for n in 1..=CASES {
        house.grade(&case(n), "minor").await;
    }
    all_tell(&house, "started handling").await;
    for (now, expected) in [
        ("2026-11-18 16:30", "near handling 1"),
        ("2026-11-19 20:00", "near handling 2"),
        ("2026-11-20 00:00", "missed handling climb 1"),
        ("2026-11-21 00:00", "overdue handling 1 climb 2"),
    ] {
        house.until(now);
        all_tell(&house, expected).await;
    }
    house.until("2027-01-01 00:00");
    let expected = [
        "started handling",
        "near handling 1",
        "near handling 2",
        "missed handling climb 1",
        "overdue handling 1 climb 2",
    ];
    for n in 1..=CASES {
        assert_eq!(house.told(&case(n)).await, expected, "case {n}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_comes_a_minute_too_soon() {
    let house = House::open().await;
    house.graded(&case(1), "minor", |_| ()).await;
    house.graded(&case(2), "minor", |e| e.asked_by = Some("2026-11-18".to_owned())).await;
    house.tells(&case(2), "started handling").await;
    house.until("2026-11-18 16:29");
    // The other case's own reminder proves that the sweep has been here at this instant.
    house.tells(&case(2), "near handling 1").await;
    assert_eq!(house.told(&case(1)).await, ["started handling"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_valid_complaint_unresolved_for_a_month_is_missed_and_its_new_grade_restates_the_rest() {
    let house = House::open().await;
    house.graded(&case(1), "important", |_| ()).await;
    house.judge(&case(1), "valid").await;
    house.tells(&case(1), "started one-month").await;
    house.until("2026-12-13 00:00");
    house.tells(&case(1), "near one-month 1").await;
    house.until("2026-12-18 00:00");
    house.tells(&case(1), "missed one-month climb 3").await;
    // What triage answers to the miss.
    house.grade(&case(1), "major").await;
    let told = house.tells(&case(1), "missed clear-answer climb 2").await;
    assert!(told.contains(&"moved handling".to_owned()), "{told:?}");
    let once: BTreeSet<_> = told.iter().collect();
    assert_eq!(once.len(), told.len(), "{told:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_silence_brings_everything_at_once_and_only_then_is_there_nothing_due() {
    let house = House::open().await;
    house.graded(&case(1), "minor", |_| ()).await;
    house.tells(&case(1), "started handling").await;
    house.until("2027-06-01 12:00");
    let told = house.tells(&case(1), "overdue handling 1 climb 2").await;
    assert_eq!(told.len(), 5, "{told:?}");
    eventually("nothing due", PATIENCE, async || {
        let sql = "SELECT count(*) FROM cases WHERE next_at IS NOT NULL";
        let due: i64 = sqlx::query_scalar(sql).fetch_one(&house.pool).await.unwrap();
        if due == 0 { Ok(()) } else { Err(format!("{due} due")) }
    })
    .await;
}
