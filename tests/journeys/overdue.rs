//! Late cases: reminded, missed once, up the ladder, a month makes it major; and more time by approval.

use jiesu::desk::Choice;
use system_tests::{House, choice, word};

#[tokio::test(flavor = "multi_thread")]
async fn a_late_case_is_reminded_missed_once_and_climbs_the_ladder() {
    let house = House::open().await;
    let receipt = house.hand_in(|_| {}).await;
    house.triage(&receipt.case_id, choice(&[word("fault", "ours")])).await;
    house.wait_for(&receipt.case_id, "case-dispatched").await;
    house.advance_days(2).await;
    house.wait_for(&receipt.case_id, "deadline-near").await;
    house.advance_days(2).await;
    house.wait_for(&receipt.case_id, "clock-missed").await;
    house.wait_for(&receipt.case_id, "case-escalated").await;
    house.advance_days(2).await;
    house
        .wait_until("the second rung", &receipt.case_id, |facts| {
            facts.iter().filter(|f| *f == "case-escalated").count() >= 2
        })
        .await;
    let facts = house.facts(&receipt.case_id).await;
    assert_eq!(facts.iter().filter(|fact| *fact == "clock-missed").count(), 1, "{facts:?}");
    let watched = house.queue("r1.manager", "watched").await;
    assert!(watched.iter().any(|case| case.case_id == receipt.case_id), "the manager in charge watches it now");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_founded_complaint_unresolved_for_a_month_becomes_major() {
    let house = House::open().await;
    let receipt = house.hand_in(|_| {}).await;
    house.triage(&receipt.case_id, choice(&[word("fault", "none")])).await;
    house.wait_for(&receipt.case_id, "case-dispatched").await;
    assert_eq!(house.dossier(&receipt.case_id).await.severity, "minor");
    house.advance_days(31).await;
    house
        .wait_until("the second grade", &receipt.case_id, |facts| {
            facts.iter().filter(|f| *f == "case-graded").count() == 2
        })
        .await;
    assert_eq!(house.dossier(&receipt.case_id).await.severity, "major");
}

#[tokio::test(flavor = "multi_thread")]
async fn more_time_is_granted_only_by_the_role_that_the_grade_demands() {
    let house = House::open().await;
    for (fault, approver, other) in [("none", "r1.manager", "b01.general"), ("ours", "r1.gm", "r1.manager")] {
        let receipt = house.hand_in(|_| {}).await;
        house.triage(&receipt.case_id, choice(&[word("fault", fault)])).await;
        house.wait_for(&receipt.case_id, "clock-started").await;
        house.wait_for(&receipt.case_id, "case-dispatched").await;
        let head = house.person("b01.head").await;
        head.sign(&receipt.case_id).await.unwrap();
        let before = house.due(&receipt.case_id, "handling").await;
        let until = (house.today() + chrono::Days::new(9)).to_string();
        let id = head.ask_extension(&receipt.case_id, "handling", &until, "等待配件到货").await.unwrap();
        let refused = house.person(other).await.rule_on_extension(&receipt.case_id, &id, true).await.unwrap_err();
        assert_eq!(refused.class, kit_core::Class::Denied, "{refused}");
        house.person(approver).await.rule_on_extension(&receipt.case_id, &id, true).await.unwrap();
        house.wait_for(&receipt.case_id, "extension-granted").await;
        assert!(house.due(&receipt.case_id, "handling").await > before);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_date_that_the_resident_asked_for_is_the_deadline_of_a_minor_case() {
    let house = House::open().await;
    let asked = house.today() + chrono::Days::new(5);
    let receipt = house.hand_in(|request| request.asked_by = Some(asked.to_string())).await;
    house.triage(&receipt.case_id, choice(&[word("fault", "none")])).await;
    house.wait_for(&receipt.case_id, "clock-started").await;
    let due = house.due(&receipt.case_id, "handling").await.with_timezone(&chrono_tz::Asia::Shanghai);
    assert_eq!(due.date_naive(), asked + chrono::Days::new(1), "it ends at 24:00 of the day asked for");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_major_case_owes_a_clear_answer_within_two_days() {
    let house = House::open().await;
    let receipt = house.hand_in(|_| {}).await;
    house.triage(&receipt.case_id, Choice { severity: String::new(), ..choice(&[word("loss", "heavy")]) }).await;
    house.wait_for(&receipt.case_id, "case-dispatched").await;
    assert_eq!(house.dossier(&receipt.case_id).await.severity, "major");
    let head = house.person("b01.head").await;
    head.sign(&receipt.case_id).await.unwrap();
    head.answer(&receipt.case_id, "两日内更换,十日内恢复原状").await.unwrap();
    house
        .wait_until("the answer's clock stops", &receipt.case_id, |facts| facts.contains(&"clock-stopped".to_owned()))
        .await;
    let clocks = head.watcher_view(&receipt.case_id).await.unwrap().clocks;
    assert!(clocks.iter().any(|clock| clock.clock == "clear-answer" && clock.state == "stopped"), "{clocks:?}");
    assert!(clocks.iter().any(|clock| clock.clock == "handling" && clock.is_advisory), "{clocks:?}");
}
