//! One hand-in is one trace across the services, as a collector sees it.

use system_tests::{Collector, House, choice, word};

#[tokio::test(flavor = "multi_thread")]
async fn one_hand_in_is_one_trace_across_all_services_that_react_to_it() {
    let collector = Collector::start().await;
    let house = House::open_traced(&collector).await;
    let receipt = house.hand_in(|_| {}).await;
    house.wait_for(&receipt.case_id, "case-registered").await;
    house.triage(&receipt.case_id, choice(&[word("fault", "ours")])).await;
    house.wait_for(&receipt.case_id, "case-dispatched").await;
    let services = collector
        .wait_for_trace_of(
            "HandIn",
            &["intake", "triage", "assignment", "resolution", "deadline-watcher", "notification", "records"],
        )
        .await;
    assert!(services.len() >= 7, "{services:?}");
}
