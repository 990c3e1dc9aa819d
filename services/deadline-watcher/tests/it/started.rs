//! What facts do to clocks.

use crate::harness::{House, at, case};
use contracts::Fact;
use contracts::intake::CaseWithdrawn;
use contracts::resolution::StepDone;

#[tokio::test(flavor = "multi_thread")]
async fn a_grade_starts_the_clock_from_the_day_the_complaint_was_received() {
    let house = House::open().await;
    let received = at("2026-11-16 18:00");
    house.graded(&case(1), "minor", |e| e.received_at = Some(kit_grpc::timestamp(received))).await;
    let told = house.tells(&case(1), "started handling").await;
    assert_eq!(told, ["started handling"]);
    let Some(Fact::ClockStarted(started)) = house.facts(&case(1)).await.pop() else { panic!("no clock") };
    assert_eq!(started.due_at, Some(kit_grpc::timestamp(at("2026-11-19 00:00"))));
    assert_eq!((started.run, started.is_advisory, started.cite.as_str()), (1, false, "三.1"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_case_waits_for_its_regime_and_its_unit_instead_of_guessing_them() {
    let house = House::open_empty().await;
    house.register(&case(1), |_| ()).await;
    house.knows("parked_event", 1).await;
    house.grade(&case(1), "minor").await;
    house.organise().await;
    house.publish_regime().await;
    assert_eq!(house.tells(&case(1), "started handling").await, ["started handling"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_grade_moves_the_deadline_and_starts_what_only_that_grade_has() {
    let house = House::open().await;
    house.graded(&case(1), "minor", |_| ()).await;
    house.tells(&case(1), "started handling").await;
    house.grade(&case(1), "major").await;
    house.tells(&case(1), "started clear-answer").await;
    house.grade(&case(1), "minor").await;
    let told = house.tells(&case(1), "stopped clear-answer on time").await;
    let moves = [
        "started handling",
        "moved handling",
        "started clear-answer",
        "stopped clear-answer on time",
        "moved handling",
    ];
    assert_eq!(told, moves);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deadline_that_moves_into_the_past_is_told_before_the_miss_that_it_makes() {
    let house = House::open().await;
    house.graded(&case(1), "important", |_| ()).await;
    house.until("2026-11-20 12:00");
    house.tells(&case(1), "near handling 1").await;
    // Two days instead of three.
    house.grade(&case(1), "minor").await;
    let told = house.tells(&case(1), "missed handling climb 1").await;
    let expected =
        ["started handling", "near handling 1", "moved handling", "near handling 2", "missed handling climb 1"];
    assert_eq!(told, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_asked_date_is_the_deadline_of_a_minor_complaint() {
    let house = House::open().await;
    house.graded(&case(1), "minor", |e| e.asked_by = Some("2026-11-30".to_owned())).await;
    house.tells(&case(1), "started handling").await;
    let Some(Fact::ClockStarted(started)) = house.facts(&case(1)).await.pop() else { panic!("no clock") };
    assert_eq!(started.due_at, Some(kit_grpc::timestamp(at("2026-12-01 00:00"))));
}

#[tokio::test(flavor = "multi_thread")]
async fn clocks_stop_on_time_and_late_and_start_the_next() {
    let house = House::open().await;
    house.graded(&case(1), "minor", |_| ()).await;
    house.until("2026-11-19 23:59");
    house.resolve(&case(1)).await;
    house.tells(&case(1), "stopped handling on time").await;
    house.until("2026-11-20 00:00");
    house.tells(&case(1), "missed form-back climb 1").await;
    let (case_id, step) = (case(1), "opinion-form-returned".to_owned());
    house.say(&case(1), StepDone { case_id, step, ..StepDone::default() }).await;
    let told = house.tells(&case(1), "started tell-resident").await;
    let expected = [
        "started handling",
        "near handling 1",
        "near handling 2",
        "stopped handling on time",
        "started form-back",
        "missed form-back climb 1",
        "stopped form-back late",
        "started tell-resident",
    ];
    assert_eq!(told, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_withdrawal_stops_every_clock() {
    let house = House::open().await;
    house.graded(&case(1), "major", |_| ()).await;
    house.judge(&case(1), "valid").await;
    house.tells(&case(1), "started one-month").await;
    house.say(&case(1), CaseWithdrawn { case_id: case(1), by: "complainant".to_owned(), ..Default::default() }).await;
    let told = house.tells(&case(1), "stopped one-month on time").await;
    assert_eq!(told.iter().filter(|line| line.starts_with("stopped")).count(), 3, "{told:?}");
    house.until("2027-02-01 00:00");
    house.heard(&case(1), "case-withdrawn").await;
    assert_eq!(house.told(&case(1)).await, told);
}
