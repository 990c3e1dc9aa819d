//! Terms after which nobody comes back: counted by the calendars that the watcher publishes.

use crate::{
    harness::{House, Producer, code, told},
    pack,
    parties::petition,
};
use chrono::{DateTime, Utc};
use contracts::{
    deadline_watcher::CalendarPublished,
    intake::{AppealRequest, FollowRequest, RateRequest},
};
use facts::Happened;
use kit_core::Problem;
use kit_testing::eventually;
use std::time::Duration;

/// The bureau, in working days of a calendar of its own.
fn regime() -> contracts::Fact {
    let terms = [
        ("calendar: cn", "calendar: city\ncounting: {roll: weekends-and-holidays, ends: midnight, cite: 零}"),
        (
            "rating: {after: complainant-told, within: 10 days",
            "rating: {after: complainant-told, within: 5 working-days",
        ),
        ("after: complainant-told, within: 30 days", "after: complainant-told, within: 4 days"),
        (
            "records: {file",
            "course:
  - {stage: registered, zh: 登记, en: Registered, reached: case-registered, cite: 一}
  - {stage: told, zh: 告知, en: Told, reached: complainant-told, loose: yes, cite: 二}
  - {stage: closed, zh: 办结, en: Closed, reached: case-closed, loose: yes, cite: 八}
redress:
  - {for: complainant, zh: 可以申请行政复议, en: You may ask for reconsideration, cite: 十}
  - {for: respondent, zh: 可以陈述申辩, en: You may state your defence, cite: 十}
records: {file",
        ),
    ];
    pack::bureau_with(&terms)
}

fn calendar(id: &str, version: u32, rows: &str) -> CalendarPublished {
    let (calendar_id, body) = (id.to_owned(), format!("date,kind,name\n{rows}"));
    CalendarPublished { calendar_id, version, body, ..CalendarPublished::default() }
}

/// The Spring Festival of 2026, with the Saturdays that are worked for it, moved into March so that tests need not go back.
const FESTIVAL: &str = "2026-03-07,work,补班\n2026-03-09,off,春节\n2026-03-10,off,春节\n2026-03-11,off,春节\n";

fn at(text: &str) -> DateTime<Utc> {
    format!("{text}:00+08:00").parse().unwrap()
}

async fn kept(house: &House, rows: i64) {
    eventually("the calendar is kept", Duration::from_secs(10), async || {
        let found: i64 = sqlx::query_scalar("SELECT count(*) FROM reference WHERE kind = 'calendar'")
            .fetch_one(&house.pool)
            .await
            .unwrap();
        if found == rows { Ok(()) } else { Err(format!("{found} rows")) }
    })
    .await;
}

async fn rate(house: &House, id: &str, receipt_code: &str) -> Result<(), Problem> {
    let (request_id, receipt_code) = (id.to_owned(), receipt_code.to_owned());
    let request = RateRequest {
        request_id,
        receipt_code,
        satisfaction: "good".into(),
        text: String::new(),
        ..Default::default()
    };
    told(house.client.clone().rate(request).await).map(drop)
}

async fn appeal(house: &House, id: &str, receipt_code: &str) -> Result<(), Problem> {
    let (request_id, receipt_code) = (id.to_owned(), receipt_code.to_owned());
    let (reasons, request) = ("理由".to_owned(), "请求".to_owned());
    let request = AppealRequest { request_id, receipt_code, reasons, request, ..Default::default() };
    told(house.client.clone().appeal(request).await).map(drop)
}

/// Cases of which the complainant was told on Monday, 2 March.
async fn answered<const N: usize>(house: &House) -> [String; N] {
    let mut codes = [const { String::new() }; N];
    for (n, code) in codes.iter_mut().enumerate() {
        let case = house.hand_in(petition(&format!("r-{n}"))).await.unwrap();
        let told = |at| Happened { word: "complainant-told".to_owned(), arg: None, at, lapsed: false, dated: false };
        house.edit_view(&case.case_id, |view| view.history.push(told(view.received_at))).await;
        *code = case.receipt_code;
    }
    codes
}

#[tokio::test(flavor = "multi_thread")]
async fn a_term_is_counted_by_the_calendar_and_not_before_it_is_here() {
    let house = House::open_with_law(vec![regime()]).await;
    let watcher = Producer::open(&house, "deadline-watcher").await;
    let [one, two, three] = answered(&house).await;
    assert_eq!(code(rate(&house, "a", &one).await), "not-here-yet");
    watcher.say("city", calendar("city", 1, FESTIVAL)).await;
    kept(&house, 2).await;
    eventually("the calendar is in use", Duration::from_secs(10), async || {
        rate(&house, "a", &one).await.map_err(|problem| problem.to_string())
    })
    .await;
    let seen =
        told(house.client.clone().follow(FollowRequest { receipt_code: two.clone(), ..Default::default() }).await)
            .unwrap();
    let open: Vec<_> = seen.open_appeals.iter().map(|one| (one.tier.as_str(), one.last_day.as_str())).collect();
    assert_eq!(open, [("first", "2026-03-06")]);
    let course: Vec<_> = seen.course.iter().map(|one| (one.title.clone().unwrap().zh, one.is_reached)).collect();
    assert_eq!(course, [("登记".to_owned(), true), ("告知".to_owned(), true), ("办结".to_owned(), false)]);
    let redress: Vec<_> = seen.redress.iter().map(|text| text.zh.as_str()).collect();
    assert_eq!(redress, ["可以申请行政复议"]);
    // Four days end on Friday; five working days on the Saturday that is worked.
    house.clock.set(at("2026-03-06T23:59"));
    appeal(&house, "b", &two).await.unwrap();
    house.clock.set(at("2026-03-07T00:00"));
    let late = appeal(&house, "c", &three).await.unwrap_err();
    assert!(late.code == "too-late" && late.text.en.contains("2026-03-06"), "{late:?}");
    house.clock.set(at("2026-03-07T23:59"));
    rate(&house, "d", &two).await.unwrap();
    house.clock.set(at("2026-03-08T00:00"));
    let late = rate(&house, "e", &three).await.unwrap_err();
    assert!(late.code == "too-late" && late.text.en.contains("2026-03-07"), "{late:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_layer_of_the_unit_and_a_later_version_move_the_last_day() {
    let house = House::open_with_law(vec![regime()]).await;
    let watcher = Producer::open(&house, "deadline-watcher").await;
    let [one, two] = answered(&house).await;
    watcher.say("city", calendar("city", 1, FESTIVAL)).await;
    // Friday is a day off in this branch alone: a term of four days gives way to the Saturday that is worked.
    watcher.say("b03", calendar("b03", 1, "2026-03-06,off,搬迁\n")).await;
    kept(&house, 3).await;
    house.clock.set(at("2026-03-07T12:00"));
    eventually("the layer is in use", Duration::from_secs(10), async || {
        appeal(&house, "a", &one).await.map_err(|problem| problem.to_string())
    })
    .await;
    watcher.say("city", calendar("city", 2, &FESTIVAL.replace("2026-03-07,work,补班\n", ""))).await;
    kept(&house, 4).await;
    // Nobody works that Saturday after all, and the next working day is the Thursday after the festival.
    house.clock.set(at("2026-03-12T23:59"));
    let follow = || FollowRequest { receipt_code: two.clone(), ..Default::default() };
    eventually("the new version is in use", Duration::from_secs(10), async || {
        let seen = told(house.client.clone().follow(follow()).await).unwrap();
        if seen.appeals.len() == 1 { Ok(()) } else { Err("no appeal is open".to_owned()) }
    })
    .await;
    house.clock.set(at("2026-03-13T00:00"));
    let late = appeal(&house, "b", &two).await.unwrap_err();
    assert!(late.code == "too-late" && late.text.en.contains("2026-03-12"), "{late:?}");
}
