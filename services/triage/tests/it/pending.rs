//! The list of what waits for triage.

use crate::harness::*;
use contracts::intake::CaseRegistered;
use contracts::triage as wire;

async fn list(house: &House, who: u128, size: i32, token: &str) -> (Vec<String>, String) {
    let request = wire::ListPendingRequest { page_size: size, page_token: token.into() };
    let page = house.api.clone().list_pending(as_staff(who, request)).await.unwrap().into_inner();
    (page.cases.into_iter().map(|case| case.case_id).collect(), page.next_page_token)
}

#[tokio::test]
async fn it_comes_in_pages_oldest_first_and_hides_what_one_may_not_know() {
    let house = House::start().await;
    for n in 1..=5 {
        let about_staff_ids = if n == 2 { vec![staff(RECEPTIONIST)] } else { Vec::new() };
        let registered = CaseRegistered { about_staff_ids, ..house.registered(n) };
        house.feed(&case(n), &registered).await;
        house.clock.advance(chrono::TimeDelta::minutes(1));
    }
    house.triage(4, Vec::new()).await.unwrap();
    let (first, token) = list(&house, RECEPTIONIST, 2, "").await;
    assert_eq!(first, [case(1), case(3)]);
    let (second, token) = list(&house, RECEPTIONIST, 2, &token).await;
    assert_eq!(second, [case(5)]);
    assert!(token.is_empty());
    assert_eq!(list(&house, GENERAL_AFFAIRS, 0, "").await.0.len(), 4);
    assert!(list(&house, HEAD, 0, "").await.0.is_empty(), "a head does not triage");
}

#[tokio::test]
async fn a_token_that_is_not_ours_is_refused() {
    let house = House::start().await;
    let request = wire::ListPendingRequest { page_size: 0, page_token: "%00".into() };
    let refused = house.api.clone().list_pending(as_staff(RECEPTIONIST, request)).await.map_err(problem).unwrap_err();
    assert_eq!(refused.code, "malformed-page-token");
}
