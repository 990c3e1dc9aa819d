//! What records remembers can be made anew from the logs, ends equal to what it was, and goes on from there.

use jiesu::{rebuild::Outcome, services};
use system_tests::House;

async fn rebuilt(house: &House, is_check: bool) -> Outcome {
    house.settle().await;
    services::rebuild("records", &house.place(), is_check, |_| {}).await.unwrap()
}

fn differing(outcome: &Outcome) -> Vec<&str> {
    outcome.tables.iter().filter(|table| !table.is_equal()).map(|table| table.table.as_str()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn records_is_made_anew_from_the_logs_and_ends_equal_to_what_it_was() {
    let house = House::open().await;
    let people = house.branch_people().await;
    let whole = house.hand_in(|_| {}).await;
    house.walk(&people, &whole.case_id, &[("fault", "ours")]).await;
    let withdrawn = house.hand_in(|_| {}).await;
    house.withdraw(&withdrawn.receipt_code).await.unwrap();
    let late = house.hand_in(|_| {}).await;
    house.triage(&late.case_id, system_tests::choice(&[system_tests::word("fault", "ours")])).await;
    house.advance_days(20).await;

    let checked = rebuilt(&house, true).await;
    assert!(checked.is_equal() && !checked.is_replaced, "{checked:?}");
    let rows = |table: &str| checked.tables.iter().find(|t| t.table == table).unwrap().rows;
    assert_eq!(rows("cases"), 3);
    assert!(rows("dossier_entries") > 30 && checked.events > 30, "{checked:?}");

    // Someone has been at the tables.
    house.tamper("DELETE FROM records.dossier_entries WHERE fact = 'case-resolved'").await;
    house.tamper("UPDATE records.cases SET severity = 'minor' WHERE stage = 'closed'").await;
    assert_eq!(differing(&rebuilt(&house, true).await), ["cases", "dossier_entries"]);
    let replaced = rebuilt(&house, false).await;
    assert!(replaced.is_replaced && differing(&replaced) == ["cases", "dossier_entries"], "{replaced:?}");
    assert!(rebuilt(&house, true).await.is_equal());
    assert!(house.facts(&whole.case_id).await.contains(&"case-resolved".to_owned()));

    // And it goes on where it was.
    let next = house.hand_in(|_| {}).await;
    assert!(house.facts(&next.case_id).await.contains(&"case-registered".to_owned()));
    assert!(rebuilt(&house, true).await.is_equal());
}
