//! Restarts, clocks set back, and rows that cannot be read.

use crate::harness::{House, case};
use contracts::resolution::NoteAdded;

#[tokio::test(flavor = "multi_thread")]
async fn what_fell_due_while_nobody_watched_is_told_after_the_start() {
    let mut house = House::open().await;
    house.graded(&case(1), "minor", |_| ()).await;
    house.tells(&case(1), "started handling").await;
    house.running.take().unwrap().stop().await.unwrap();
    house.until("2026-11-20 08:00");
    assert_eq!(house.told(&case(1)).await, ["started handling"]);
    let again = house.start_another().await;
    let told = house.tells(&case(1), "missed handling climb 1").await;
    assert_eq!(told, ["started handling", "near handling 1", "near handling 2", "missed handling climb 1"]);
    again.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_set_back_takes_back_no_miss_and_repeats_none() {
    let house = House::open().await;
    house.graded(&case(1), "minor", |_| ()).await;
    house.until("2026-11-20 00:00");
    let told = house.tells(&case(1), "missed handling climb 1").await;
    house.until("2026-11-18 00:00");
    house.say(&case(1), NoteAdded { case_id: case(1), ..Default::default() }).await;
    house.heard(&case(1), "note-added").await;
    assert_eq!(house.told(&case(1)).await, told);
    house.until("2026-11-21 00:00");
    let after = house.tells(&case(1), "overdue handling 1 climb 2").await;
    assert_eq!(after.len(), told.len() + 1, "{after:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_that_cannot_be_read_holds_up_no_other() {
    let house = House::open().await;
    house.graded(&case(1), "minor", |_| ()).await;
    house.graded(&case(2), "minor", |_| ()).await;
    house.tells(&case(2), "started handling").await;
    let spoil = "UPDATE cases SET clocks = '{}' WHERE view::jsonb->>'case_id' = $1";
    sqlx::query(spoil).bind(case(1)).execute(&house.pool).await.unwrap();
    house.until("2026-11-20 00:00");
    house.tells(&case(2), "missed handling climb 1").await;
    assert_eq!(house.told(&case(1)).await, ["started handling"]);
}
