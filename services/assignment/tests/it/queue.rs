//! The lists that people work through.

use crate::harness::*;
use contracts::assignment as wire;
use contracts::intake::CaseRegistered;

async fn list(house: &House, who: u128, view: &str, size: i32, token: &str) -> wire::ListQueueResponse {
    let request = wire::ListQueueRequest { view: view.into(), page_size: size, page_token: token.into() };
    house.api.clone().list_queue(as_staff(who, request)).await.unwrap().into_inner()
}

fn ids(page: &wire::ListQueueResponse) -> Vec<String> {
    page.cases.iter().map(|case| case.case_id.clone()).collect()
}

#[tokio::test]
async fn the_list_to_dispatch_comes_in_pages_oldest_first_and_hides_what_one_may_not_know() {
    let house = House::start().await;
    for n in 1..=5 {
        let about_staff_ids = if n == 2 { vec![staff(RECEPTIONIST)] } else { Vec::new() };
        let registered = CaseRegistered { about_staff_ids, ..house.registered() };
        house.accepted(n, registered, about("")).await;
    }
    let first = list(&house, RECEPTIONIST, "to-dispatch", 2, "").await;
    assert_eq!(ids(&first), [case(1), case(3)]);
    let second = list(&house, RECEPTIONIST, "to-dispatch", 2, &first.next_page_token).await;
    assert_eq!(ids(&second), [case(4), case(5)]);
    assert!(second.next_page_token.is_empty());
    assert_eq!(ids(&list(&house, GENERAL_AFFAIRS, "to-dispatch", 0, "").await).len(), 5);
    assert!(ids(&list(&house, HEAD_A, "to-dispatch", 0, "").await).is_empty(), "a head does not dispatch");
}

#[tokio::test]
async fn mine_and_watched_show_what_one_handles_and_what_climbed() {
    let house = House::start().await;
    house.about_engineering(1).await;
    assert_eq!(ids(&list(&house, HEAD_A, "mine", 0, "").await), [case(1)]);
    assert!(ids(&list(&house, HEAD_B, "mine", 0, "").await).is_empty());
    assert!(ids(&list(&house, MANAGER, "watched", 0, "").await).is_empty());
    house.missed(1, "clear-answer", 2).await;
    let watched = list(&house, MANAGER, "watched", 0, "").await;
    assert_eq!(ids(&watched), [case(1)]);
    assert_eq!(watched.cases[0].severity, "minor");
}

#[tokio::test]
async fn a_wrong_view_page_size_or_token_is_named() {
    let house = House::start().await;
    for (view, size, token, code) in [
        ("yours", 0, "", "unknown-view"),
        ("mine", -1, "", "negative-page-size"),
        ("mine", 0, "'; DROP TABLE cases", "malformed-page-token"),
    ] {
        let request = wire::ListQueueRequest { view: view.into(), page_size: size, page_token: token.into() };
        let refused = house.api.clone().list_queue(as_staff(HEAD_A, request)).await.map_err(problem).unwrap_err();
        assert_eq!(refused.code, code);
    }
}
