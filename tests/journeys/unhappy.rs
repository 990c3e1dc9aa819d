//! The other ways a case can go: not ours, taken back, unfounded, returned, harm first, the accused.

use jiesu::desk::Choice;
use system_tests::{House, choice, flag, word};

#[tokio::test(flavor = "multi_thread")]
async fn what_is_out_of_scope_is_declined_with_its_ground_and_closed() {
    let house = House::open().await;
    let receipt = house.hand_in(|_| {}).await;
    let general = house.person("b01.general").await;
    let ground = house.vocabulary(&general, &receipt.case_id).await.grounds.first().cloned().unwrap();
    general.decline(&receipt.case_id, &ground.id, "不在本小区服务范围").await.unwrap();
    house.wait_for(&receipt.case_id, "case-closed").await;
    assert_eq!(house.follow(&receipt.receipt_code).await.stage, "declined");
    let late = general.triage(&receipt.case_id, Choice::default()).await.unwrap_err();
    assert_eq!(late.class, kit_core::Class::Conflict, "{late}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_case_that_is_taken_back_closes_and_frees_its_handler() {
    let house = House::open().await;
    let receipt = house.hand_in(|_| {}).await;
    house.triage(&receipt.case_id, choice(&[word("fault", "ours")])).await;
    house.wait_for(&receipt.case_id, "case-dispatched").await;
    house.withdraw(&receipt.receipt_code).await.unwrap();
    house.wait_for(&receipt.case_id, "case-closed").await;
    assert_eq!(house.follow(&receipt.receipt_code).await.stage, "withdrawn");
    assert!(house.withdraw(&receipt.receipt_code).await.is_err(), "it can be withdrawn only once");
    let clocks = house.person("b01.head").await.watcher_view(&receipt.case_id).await.unwrap().clocks;
    assert!(clocks.iter().all(|clock| clock.state == "stopped"), "{clocks:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unfounded_complaint_is_still_handled_but_never_grows_major() {
    let house = House::open().await;
    let receipt = house.hand_in(|_| {}).await;
    let invalid = Choice { validity: "invalid".to_owned(), ..choice(&[word("fault", "none")]) };
    house.triage(&receipt.case_id, invalid).await;
    house.wait_for(&receipt.case_id, "case-dispatched").await;
    house.advance_days(40).await;
    house.wait_for(&receipt.case_id, "clock-missed").await;
    assert_eq!(house.dossier(&receipt.case_id).await.severity, "minor");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_returned_case_goes_to_the_dispatcher_who_sends_it_elsewhere() {
    let house = House::open().await;
    let receipt = house.hand_in(|_| {}).await;
    house.triage(&receipt.case_id, choice(&[word("fault", "ours")])).await;
    house.wait_for(&receipt.case_id, "case-dispatched").await;
    let head = house.person("b01.head").await;
    head.hand_back(&receipt.case_id, "不属于本部门职责").await.unwrap();
    let general = house.person("b01.general").await;
    let view = general.assignment_view(&receipt.case_id).await.unwrap();
    assert_eq!(view.state, "returned");
    let elsewhere = view.candidates.iter().find(|c| c.unit_id != view.handling_unit_id).unwrap();
    general.dispatch(&receipt.case_id, &elsewhere.unit_id).await.unwrap();
    let view = general.assignment_view(&receipt.case_id).await.unwrap();
    assert_eq!((view.state.as_str(), &view.handling_unit_id), ("dispatched", &elsewhere.unit_id));
}

#[tokio::test(flavor = "multi_thread")]
async fn harm_that_goes_on_is_contained_before_the_case_is_dispatched() {
    let house = House::open().await;
    let receipt = house.hand_in(|_| {}).await;
    house.triage(&receipt.case_id, choice(&[word("fault", "ours"), flag("harm_ongoing", true)])).await;
    house.wait_for(&receipt.case_id, "case-graded").await;
    let facts = house.facts(&receipt.case_id).await;
    assert!(!facts.contains(&"case-dispatched".to_owned()), "{facts:?}");
    house.person("b01.reception").await.contain(&receipt.case_id, "已关闭总阀,漏水停止").await.unwrap();
    house.wait_for(&receipt.case_id, "case-dispatched").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn steps_out_of_order_say_what_is_missing_and_change_nothing() {
    let house = House::open().await;
    let receipt = house.hand_in(|_| {}).await;
    house.triage(&receipt.case_id, choice(&[word("fault", "ours")])).await;
    house.wait_for(&receipt.case_id, "case-dispatched").await;
    let head = house.person("b01.head").await;
    let before = house.facts(&receipt.case_id).await;
    let early = head.resolve(&receipt.case_id, "substantiated", "未签收").await.unwrap_err();
    assert_eq!(early.class, kit_core::Class::Conflict, "{early}");
    let closed = house.person("b01.general").await.close(&receipt.case_id).await.unwrap_err();
    assert_eq!(closed.class, kit_core::Class::Conflict, "{closed}");
    assert!(!closed.text.zh.is_empty() && !closed.text.en.is_empty());
    let stranger = house.person("b02.head").await.sign(&receipt.case_id).await.unwrap_err();
    assert!(matches!(stranger.class, kit_core::Class::NotFound | kit_core::Class::Denied), "{stranger}");
    assert_eq!(house.facts(&receipt.case_id).await, before);
}
