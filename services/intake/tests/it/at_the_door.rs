//! What the first contact and the complainant do before and after the handling: answering at once, asking, chasing, taking
//! back, rating, appealing.

use crate::{
    harness::{House, code, told},
    pack,
    parties::{petition, report},
};
use chrono::TimeDelta;
use contracts::{
    Fact,
    intake::{
        AnswerAtOnceRequest, AppealRequest, AskComplainantRequest, ChaseRequest, FollowRequest, HandInRequest,
        RateRequest, WithdrawRequest,
    },
};
use facts::Happened;
use kit_ids::RefId;

fn text() -> String {
    RefId::new(uuid::Uuid::from_u128(5)).to_string()
}

fn happened(word: &str, at: chrono::DateTime<chrono::Utc>) -> Happened {
    Happened { word: word.to_owned(), arg: None, at, lapsed: false, dated: false }
}

#[tokio::test]
async fn whoever_took_it_in_answers_at_once_until_somebody_signed() {
    let house = House::open_bureau().await;
    let by_phone = |id: &str| HandInRequest { channel: "phone".to_owned(), ..petition(id) };
    let case = house.hand_in_by(&pack::manager(), by_phone("r-1")).await.unwrap();
    let answer = async |id: &str, staff: &str, case_id: &str, way: &str, text_ref: &str| {
        let (request_id, case_id) = (id.to_owned(), case_id.to_owned());
        let request = AnswerAtOnceRequest { request_id, case_id, way: way.into(), text_ref: text_ref.into() };
        told(house.client.clone().answer_at_once(house.by(staff, request)).await)
    };
    assert_eq!(code(answer("a", &pack::receptionist(), &case.case_id, "call", &text()).await), "not-permitted");
    assert_eq!(code(answer("b", &pack::manager(), &case.case_id, "shout", &text()).await), "unknown-word");
    assert_eq!(code(answer("c", &pack::manager(), &case.case_id, "call", "").await), "text-needed");
    answer("d", &pack::manager(), &case.case_id, "call", &text()).await.unwrap();
    answer("d", &pack::manager(), &case.case_id, "call", &text()).await.unwrap();
    assert_eq!(code(answer("e", &pack::manager(), &case.case_id, "call", &text()).await), "already-done");
    let facts = house.facts(&case.case_id).await;
    assert!(matches!(&facts[2], Fact::AnsweredAtOnce(e) if e.way == "call" && e.staff_id == pack::manager()));
    assert_eq!(facts.len(), 3);
    let other = HandInRequest { kind: "report".to_owned(), ..by_phone("r-2") };
    let other = house.hand_in_by(&pack::manager(), other).await.unwrap();
    let forbidden = answer("f", &pack::manager(), &other.case_id, "call", &text()).await.unwrap_err();
    assert!(forbidden.code == "forbidden-by-rule" && forbidden.text.en.contains("(七)"));
    let signed = house.hand_in_by(&pack::manager(), by_phone("r-3")).await.unwrap();
    house.edit_view(&signed.case_id, |view| view.history.push(happened("case-signed", view.received_at))).await;
    // Once somebody has signed, whoever took it in is nobody in particular any more.
    assert_eq!(code(answer("g", &pack::manager(), &signed.case_id, "call", &text()).await), "not-permitted");
}

#[tokio::test]
async fn the_complainant_is_asked_for_more_by_whoever_may() {
    let house = House::open_bureau().await;
    let case = house.hand_in(petition("r-1")).await.unwrap();
    let ask = async |id: &str, staff: &str| {
        let (request_id, case_id) = (id.to_owned(), case.case_id.clone());
        let request = AskComplainantRequest { request_id, case_id, text_ref: text() };
        told(house.client.clone().ask_complainant(house.by(staff, request)).await)
    };
    assert_eq!(code(ask("a", &pack::receptionist()).await), "not-permitted");
    ask("b", &pack::manager()).await.unwrap();
    assert!(
        matches!(house.facts(&case.case_id).await.last(), Some(Fact::ComplainantAsked(e)) if e.staff_id == pack::manager())
    );
    let follow = FollowRequest { receipt_code: case.receipt_code, ..Default::default() };
    let seen = told(house.client.clone().follow(follow).await).unwrap();
    assert!(seen.entries.iter().any(|entry| entry.text.as_ref().unwrap().en == "You were asked for more"));
}

#[tokio::test]
async fn by_the_code_one_chases_once_an_hour_and_staff_write_each_chase_down() {
    let house = House::open_bureau().await;
    let case = house.hand_in(petition("r-1")).await.unwrap();
    let by_code = async |id: &str| {
        let (request_id, receipt_code) = (id.to_owned(), case.receipt_code.clone());
        let request =
            ChaseRequest { request_id, receipt_code, text: "什么时候办好？".into(), ..Default::default() };
        told(house.client.clone().chase(request).await)
    };
    by_code("a").await.unwrap();
    by_code("a").await.unwrap();
    assert_eq!(code(by_code("b").await), "too-soon");
    let by_staff = async |id: &str, staff: &str| {
        let request = ChaseRequest { request_id: id.into(), case_id: case.case_id.clone(), ..Default::default() };
        told(house.client.clone().chase(house.by(staff, request)).await)
    };
    assert_eq!(code(by_staff("c", &pack::manager()).await), "not-permitted");
    by_staff("d", &pack::receptionist()).await.unwrap();
    house.clock.advance(TimeDelta::hours(1));
    by_code("e").await.unwrap();
    assert_eq!(house.view(&case.case_id).await.chases, 3);
    let facts = house.facts(&case.case_id).await;
    let chased: Vec<_> =
        facts.iter().filter_map(|fact| if let Fact::ComplainantChased(e) = fact { Some(e) } else { None }).collect();
    assert_eq!(
        chased.iter().map(|e| (e.by.as_str(), e.text.is_some())).collect::<Vec<_>>(),
        [("complainant", true), ("staff", false), ("complainant", true)]
    );
}

#[tokio::test]
async fn taking_it_back_ends_it_or_leaves_it_to_the_handler_or_changes_nothing() {
    let house = House::open_bureau().await;
    let withdraw = async |id: &str, receipt_code: &str| {
        let (request_id, receipt_code) = (id.to_owned(), receipt_code.to_owned());
        told(
            house
                .client
                .clone()
                .withdraw(WithdrawRequest { request_id, receipt_code, case_id: String::new(), ..Default::default() })
                .await,
        )
    };
    let ends = house.hand_in(petition("r-1")).await.unwrap();
    assert_eq!(withdraw("a", &ends.receipt_code).await.unwrap().then, "");
    assert!(!house.view(&ends.case_id).await.is_open());
    let decided = house.hand_in(petition("r-2")).await.unwrap();
    house.edit_view(&decided.case_id, |view| view.history.push(happened("case-accepted", view.received_at))).await;
    assert_eq!(withdraw("b", &decided.receipt_code).await.unwrap().then, "decide");
    let goes_on = house.hand_in(report("r-3")).await.unwrap();
    assert_eq!(withdraw("c", &goes_on.receipt_code).await.unwrap().then, "go-on");
    assert_eq!(code(withdraw("d", &goes_on.receipt_code).await), "already-withdrawn");
    for case in [&decided, &goes_on] {
        assert!(house.view(&case.case_id).await.is_open());
    }
}

#[tokio::test]
async fn it_is_rated_once_in_time_in_the_words_of_the_regime() {
    let house = House::open_bureau().await;
    let case = house.hand_in(petition("r-1")).await.unwrap();
    let rate = async |id: &str, receipt_code: &str, word: &str| {
        let (request_id, receipt_code) = (id.to_owned(), receipt_code.to_owned());
        let request = RateRequest {
            request_id,
            receipt_code,
            satisfaction: word.into(),
            text: "谢谢".into(),
            ..Default::default()
        };
        told(house.client.clone().rate(request).await)
    };
    assert_eq!(code(rate("a", &case.receipt_code, "good").await), "not-after");
    let told_at = |view: &mut facts::CaseView| view.history.push(happened("complainant-told", view.received_at));
    house.edit_view(&case.case_id, told_at).await;
    let follow = FollowRequest { receipt_code: case.receipt_code.clone(), ..Default::default() };
    let seen = told(house.client.clone().follow(follow).await).unwrap();
    assert_eq!(seen.ratings.iter().map(|word| word.id.as_str()).collect::<Vec<_>>(), ["good", "bad"]);
    assert_eq!(code(rate("b", &case.receipt_code, "gud").await), "unknown-word");
    rate("c", &case.receipt_code, "bad").await.unwrap();
    assert_eq!(code(rate("d", &case.receipt_code, "good").await), "already-rated");
    assert_eq!(house.view(&case.case_id).await.satisfaction.as_deref(), Some("bad"));
    let late = house.hand_in(petition("r-2")).await.unwrap();
    house.edit_view(&late.case_id, told_at).await;
    house.clock.advance(TimeDelta::days(12));
    let refused = rate("e", &late.receipt_code, "good").await.unwrap_err();
    assert!(refused.code == "too-late" && refused.text.en.contains("2026-03-12"), "{refused:?}");
}

#[tokio::test]
async fn an_appeal_is_made_in_its_turn_once_in_time_and_says_what_the_tier_wants() {
    let house = House::open_bureau().await;
    let case = house.hand_in(petition("r-1")).await.unwrap();
    let appeal = async |id: &str, tier: &str, reasons: &str, request: &str| {
        let (request_id, receipt_code) = (id.to_owned(), case.receipt_code.clone());
        let (tier, reasons, request) = (tier.to_owned(), reasons.to_owned(), request.to_owned());
        let request = AppealRequest { request_id, receipt_code, tier, reasons, request, ..Default::default() };
        told(house.client.clone().appeal(request).await).map(|answer| answer.tier)
    };
    assert_eq!(code(appeal("a", "", "理由", "请求").await), "no-such-tier");
    assert_eq!(code(appeal("b", "third", "理由", "请求").await), "no-such-tier");
    assert_eq!(code(appeal("c", "first", "理由", "请求").await), "not-after");
    house.edit_view(&case.case_id, |view| view.history.push(happened("complainant-told", view.received_at))).await;
    let follow = FollowRequest { receipt_code: case.receipt_code.clone(), ..Default::default() };
    let seen = told(house.client.clone().follow(follow.clone()).await).unwrap();
    assert_eq!(seen.appeals.iter().map(|tier| tier.id.as_str()).collect::<Vec<_>>(), ["first"]);
    let short = appeal("d", "first", "理由", " ").await.unwrap_err();
    assert_eq!(
        (short.code.as_str(), short.fields[0].field.as_str(), short.fields.len()),
        ("missing-input", "request", 1)
    );
    assert_eq!(appeal("e", "", "理由", "请求").await.unwrap(), "first");
    assert_eq!(appeal("e", "", "理由", "请求").await.unwrap(), "first");
    assert_eq!(code(appeal("f", "first", "理由", "请求").await), "already-lodged");
    let facts = house.facts(&case.case_id).await;
    assert!(matches!(facts.last(), Some(Fact::AppealLodged(e)) if e.tier == "first" && e.by == "complainant"
        && e.staff_id.is_empty() && e.reasons.is_some() && e.request.is_some()));
    let decided = |view: &mut facts::CaseView| {
        let decided = happened("appeal-decided", view.received_at);
        view.history.push(Happened { arg: Some("first".to_owned()), ..decided });
    };
    house.edit_view(&case.case_id, decided).await;
    house.clock.advance(TimeDelta::days(40));
    let late = appeal("g", "second", "", "").await.unwrap_err();
    assert!(late.code == "too-late" && late.text.en.contains("2026-04-01"), "{late:?}");
    assert!(told(house.client.clone().follow(follow).await).unwrap().appeals.is_empty());
}

#[tokio::test]
async fn staff_lodge_an_appeal_for_whoever_may_make_it() {
    let house = House::open_bureau().await;
    let case = house.hand_in(petition("r-1")).await.unwrap();
    house.edit_view(&case.case_id, |view| view.history.push(happened("complainant-told", view.received_at))).await;
    let appeal = async |id: &str, staff: &str, by: &str| {
        let (request_id, case_id) = (id.to_owned(), case.case_id.clone());
        let (reasons, request, by) = ("理由".to_owned(), "请求".to_owned(), by.to_owned());
        let request = AppealRequest { request_id, case_id, reasons, request, by, ..Default::default() };
        told(house.client.clone().appeal(house.by(staff, request)).await)
    };
    assert_eq!(code(appeal("a", &pack::manager(), "respondent").await), "not-permitted");
    assert_eq!(code(appeal("b", &pack::receptionist(), "handler").await), "not-theirs");
    appeal("c", &pack::receptionist(), "respondent").await.unwrap();
    let facts = house.facts(&case.case_id).await;
    assert!(
        matches!(facts.last(), Some(Fact::AppealLodged(e)) if e.by == "respondent" && e.staff_id == pack::receptionist())
    );
}
