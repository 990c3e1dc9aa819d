//! Lists: the caller's own cases, page by page, and never one that they must not know of.

use crate::{
    dossiers::finished,
    harness::{House, case, pack, problem, staff},
};
use contracts::{assignment, records::*};
use kit_config::MapSource;
use records::Records;
use records_service_client::RecordsServiceClient as Client;

async fn list(house: &House, who: &str, asked: ListCasesRequest) -> ListCasesResponse {
    Client::new(house.channel.clone()).list_cases(house.by(who, asked)).await.unwrap().into_inner()
}

fn ids(page: &ListCasesResponse) -> Vec<String> {
    page.cases.iter().map(|c| c.case_id.clone()).collect()
}

/// Five cases, an hour apart; the second is closed.
async fn filled() -> House {
    let house = House::start::<Records>(&pack(), MapSource::default()).await;
    for nth in 1..=5 {
        let severity = if nth == 3 { "major" } else { "minor" };
        house.dispatched(nth, severity).await;
        house.clock.advance(chrono::TimeDelta::hours(1));
    }
    finished(&house, &case(2), "satisfied").await;
    house
}

#[tokio::test]
async fn pages_follow_each_other_newest_first_without_gaps() {
    let house = filled().await;
    let (mut seen, mut page_token) = (Vec::new(), String::new());
    loop {
        let page = list(&house, "manager", ListCasesRequest { page_size: 2, page_token, ..Default::default() }).await;
        assert!(page.cases.len() <= 2);
        seen.extend(ids(&page));
        page_token = page.next_page_token;
        if page_token.is_empty() {
            break;
        }
    }
    assert_eq!(seen, [5, 4, 3, 2, 1].map(case));
}

#[tokio::test]
async fn a_list_is_narrowed_by_state_severity_unit_and_part_of_the_number() {
    let house = filled().await;
    let open = list(&house, "affairs", ListCasesRequest { state: "open".to_owned(), ..Default::default() }).await;
    assert_eq!(ids(&open), [5, 4, 3, 1].map(case));
    let closed = list(&house, "affairs", ListCasesRequest { state: "closed".to_owned(), ..Default::default() }).await;
    assert_eq!(ids(&closed), [case(2)]);
    assert!(closed.cases[0].closed_at.is_some());
    let grave = ListCasesRequest { severity: "major".to_owned(), ..Default::default() };
    assert_eq!(ids(&list(&house, "affairs", grave).await), [case(3)]);
    let part = ListCasesRequest { search: "2026-00004".to_owned(), ..Default::default() };
    assert_eq!(ids(&list(&house, "affairs", part).await), [case(4)]);
    let wild = ListCasesRequest { search: "%".to_owned(), ..Default::default() };
    assert!(list(&house, "affairs", wild).await.cases.is_empty());
    let elsewhere = ListCasesRequest { unit_id: "b04".to_owned(), ..Default::default() };
    assert!(list(&house, "manager", elsewhere).await.cases.is_empty());
    let mut client = Client::new(house.channel.clone());
    let bad = ListCasesRequest { state: "lost".to_owned(), ..Default::default() };
    assert_eq!(problem(client.list_cases(house.by("affairs", bad)).await).fields[0].field, "state");
}

#[tokio::test]
async fn nobody_lists_a_case_of_another_unit_or_one_they_are_excluded_from() {
    let house = filled().await;
    for who in ["far-head", "admin"] {
        assert!(list(&house, who, ListCasesRequest::default()).await.cases.is_empty(), "{who}");
    }
    assert_eq!(list(&house, "head", ListCasesRequest::default()).await.cases.len(), 5);
    let recused = assignment::HandlerRecused { case_id: case(3), staff_id: staff("manager"), ..Default::default() };
    house.hear(&recused).await;
    assert_eq!(ids(&list(&house, "manager", ListCasesRequest::default()).await), [5, 4, 2, 1].map(case));
}
