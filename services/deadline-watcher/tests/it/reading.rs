//! What people and services read, and what they never learn.

use crate::harness::{HANDLER, House, MANAGER, RECEPTIONIST, STRANGER, case, code, staff, told};
use contracts::deadline_watcher::{
    CaseClock, ExplainClockRequest, GetCaseRequest, ListClocksRequest, ListLateRequest, ListLateResponse,
};

fn all() -> ListClocksRequest {
    ListClocksRequest { case_ids: vec![case(1), case(2), case(7)] }
}

fn late(page_token: &str) -> ListLateRequest {
    ListLateRequest { unit_id: "north".to_owned(), page_size: 2, page_token: page_token.to_owned() }
}

fn named(clocks: &[CaseClock]) -> Vec<(String, &str)> {
    clocks.iter().map(|clock| (clock.case_id.clone(), clock.clock.as_str())).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn clocks_are_listed_with_their_words_to_those_who_may_know_of_the_case() {
    let house = House::open().await;
    house.graded(&case(1), "minor", |_| ()).await;
    house.graded(&case(2), "minor", |e| e.about_staff_ids = vec![staff(RECEPTIONIST)]).await;
    house.tells(&case(2), "started handling").await;
    let mut client = house.client.clone();
    let seen = told(client.list_clocks(house.by(HANDLER, all())).await).unwrap().clocks;
    assert_eq!(named(&seen), [(case(1), "handling"), (case(2), "handling")]);
    assert_eq!((seen[0].state.as_str(), seen[0].title.as_ref().unwrap().zh.as_str()), ("running", "处理期限"));
    let seen = told(client.list_clocks(house.by(RECEPTIONIST, all())).await).unwrap().clocks;
    assert_eq!(named(&seen), [(case(1), "handling")]);
    assert!(told(client.list_clocks(house.by(STRANGER, all())).await).unwrap().clocks.is_empty());
    assert_eq!(told(client.list_clocks(house.of("service:records", all())).await).unwrap().clocks.len(), 2);
    assert_eq!(code(client.list_clocks(all()).await), "sign-in-needed");
    let malformed = ListClocksRequest { case_ids: vec!["x".to_owned()] };
    assert_eq!(code(client.list_clocks(house.by(HANDLER, malformed)).await), "malformed-id");
    let many = ListClocksRequest { case_ids: vec![case(1); 501] };
    assert_eq!(code(client.list_clocks(house.by(HANDLER, many)).await), "too-many-cases");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_explains_itself_and_says_nothing_to_whoever_is_excluded() {
    let house = House::open().await;
    house.graded(&case(1), "minor", |e| e.about_staff_ids = vec![staff(RECEPTIONIST)]).await;
    house.tells(&case(1), "started handling").await;
    let mut client = house.client.clone();
    let ask = |clock: &str| ExplainClockRequest { case_id: case(1), clock: clock.to_owned() };
    let lines = told(client.explain_clock(house.by(HANDLER, ask("handling"))).await).unwrap().lines;
    assert_eq!(lines.first().unwrap().zh, "起算:2026-11-17 09:00,登记");
    assert_eq!(lines.last().unwrap().en, "Due: 2026-11-19 24:00");
    assert_eq!(code(client.explain_clock(house.by(HANDLER, ask("no-such"))).await), "unknown-clock");
    assert_eq!(code(client.explain_clock(house.by(RECEPTIONIST, ask("handling"))).await), "unknown-case");
    assert_eq!(code(client.explain_clock(ask("handling")).await), "sign-in-needed");
    let get = || GetCaseRequest { case_id: case(1) };
    assert_eq!(code(client.get_case(house.by(RECEPTIONIST, get())).await), "unknown-case");
    let other = GetCaseRequest { case_id: case(5) };
    assert_eq!(code(client.get_case(house.by(HANDLER, other)).await), "unknown-case");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_actions_offer_more_time_to_the_handler_and_say_what_is_missing() {
    let house = House::open().await;
    house.graded(&case(1), "minor", |_| ()).await;
    house.tells(&case(1), "started handling").await;
    let mut client = house.client.clone();
    let get = || GetCaseRequest { case_id: case(1) };
    let mine = told(client.get_case(house.by(HANDLER, get())).await).unwrap();
    assert_eq!(
        (mine.actions[0].id.as_str(), mine.actions[0].is_allowed, mine.actions[0].cite.as_str()),
        ("ask-overrun", true, "三.1")
    );
    assert!(told(client.get_case(house.by(MANAGER, get())).await).unwrap().actions.is_empty());
    assert!(told(client.get_case(house.of("service:console", get())).await).unwrap().actions.is_empty());
    house.resolve(&case(1)).await;
    house.tells(&case(1), "stopped handling on time").await;
    let done = told(client.get_case(house.by(HANDLER, get())).await).unwrap();
    assert!(!done.actions[0].is_allowed && done.actions[0].missing.len() == 1 && done.version > mine.version);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_late_is_listed_page_by_page_with_the_longest_overdue_first() {
    let house = House::open().await;
    house.graded(&case(1), "major", |_| ()).await;
    house.graded(&case(2), "minor", |e| e.about_staff_ids = vec![staff(RECEPTIONIST)]).await;
    house.graded(&case(3), "minor", |e| e.asked_by = Some("2026-11-17".to_owned())).await;
    house.until("2026-11-28 00:00");
    house.tells(&case(1), "missed handling climb 1").await;
    house.tells(&case(2), "overdue handling 1 climb 2").await;
    house.tells(&case(3), "overdue handling 1 climb 2").await;
    let mut client = house.client.clone();
    let first = told(client.list_late(house.by(MANAGER, late(""))).await).unwrap();
    assert_eq!(named(&first.clocks), [(case(3), "handling"), (case(1), "handling")]);
    let second: ListLateResponse =
        told(client.list_late(house.by(MANAGER, late(&first.next_page_token))).await).unwrap();
    assert_eq!(named(&second.clocks), [(case(1), "clear-answer"), (case(2), "handling")]);
    assert_eq!(second.next_page_token, "");
    let mine = ListLateRequest { page_size: 50, ..late("") };
    let seen = told(client.list_late(house.by(RECEPTIONIST, mine)).await).unwrap().clocks;
    assert!(seen.iter().all(|clock| clock.case_id != case(2)) && seen.len() == 3);
    assert_eq!(code(client.list_late(house.by(MANAGER, late("1.2"))).await), "malformed-page-token");
    let negative = ListLateRequest { page_size: -1, ..late("") };
    assert_eq!(code(client.list_late(house.by(MANAGER, negative)).await), "negative-page-size");
    let nowhere = ListLateRequest { unit_id: "moon".to_owned(), ..late("") };
    assert_eq!(code(client.list_late(house.by(MANAGER, nowhere)).await), "unknown-unit");
    assert_eq!(code(client.list_late(late("")).await), "sign-in-needed");
}
