//! Orders within a case, and their answers.

use crate::harness::*;
use contracts::Fact;
use contracts::assignment::{self as wire, OrderGiven};
use contracts::intake::CaseRegistered;
use contracts::triage::CaseClassified;
use kit_core::Problem;

async fn give(
    house: &House,
    n: u128,
    who: u128,
    request: wire::GiveOrderRequest,
) -> Result<wire::GiveOrderResponse, Problem> {
    let request = wire::GiveOrderRequest { request_id: once(house, "order"), case_id: case(n), ..request };
    house.api.clone().give_order(as_staff(who, request)).await.map(tonic::Response::into_inner).map_err(problem)
}

fn order(name: &str) -> wire::GiveOrderRequest {
    wire::GiveOrderRequest { order: name.into(), text_ref: sealed(), ..Default::default() }
}

fn dated(due: &str) -> wire::GiveOrderRequest {
    wire::GiveOrderRequest { due: due.into(), ..order("supervision") }
}

async fn answer(house: &House, n: u128, who: u128, no: u32) -> Result<u32, Problem> {
    let (request_id, case_id, text_ref) = (once(house, "answer"), case(n), sealed());
    let request = wire::AnswerOrderRequest { request_id, case_id, version: 0, no, text_ref };
    house.api.clone().answer_order(as_staff(who, request)).await.map(|a| a.into_inner().no).map_err(problem)
}

async fn orders(house: &House, n: u128) -> Vec<OrderGiven> {
    let facts = house.published(&case(n)).await.into_iter();
    facts.filter_map(|fact| if let Fact::OrderGiven(e) = fact { Some(e) } else { None }).collect()
}

#[tokio::test]
async fn an_order_with_a_last_day_goes_to_the_handler_who_answers_it_once() {
    let house = House::under(dealings(&[])).await;
    house.about_engineering(1).await;
    assert_eq!(give(&house, 1, RECEPTIONIST, dated("2026-03-20")).await.unwrap_err().code, "not-permitted");
    let late = give(&house, 1, MANAGER, dated("2026-03-01")).await.unwrap_err();
    assert_eq!((late.code.as_str(), late.fields[0].field.as_str()), ("date-passed", "due"));
    let undated = give(&house, 1, MANAGER, order("supervision")).await.unwrap_err();
    assert_eq!((undated.code.as_str(), undated.fields[0].field.as_str()), ("due-needed", "due"));
    assert!(undated.text.zh.contains("督1"), "{undated:?}");
    let given = give(&house, 1, MANAGER, dated("2026-03-20")).await.unwrap();
    assert_eq!((given.no, given.to.as_str(), given.staff_ids), (1, "handler", vec![staff(HEAD_A)]));
    let said = orders(&house, 1).await.remove(0);
    assert_eq!((said.due.as_str(), said.given_by, said.is_automatic), ("2026-03-20", staff(MANAGER), false));
    assert_eq!((said.unit_id.as_str(), said.cite.as_str()), ("b03-eng", "督1"));

    assert!(house.offered(1, HEAD_A).await.contains(&"answer-order".to_owned()));
    assert!(!house.offered(1, MANAGER).await.contains(&"answer-order".to_owned()));
    assert_eq!(answer(&house, 1, MANAGER, 1).await.unwrap_err().code, "not-permitted");
    assert_eq!(answer(&house, 1, HEAD_A, 0).await.unwrap(), 1);
    assert_eq!(answer(&house, 1, HEAD_A, 1).await.unwrap_err().code, "already-answered");
    assert_eq!(answer(&house, 1, HEAD_A, 0).await.unwrap_err().code, "unknown-order");
    let seen = house.get(1, HEAD_A).await.unwrap().orders.remove(0);
    assert_eq!((seen.is_answered, seen.may_answer, seen.answer.unwrap().zh.as_str()), (true, false, "督办回复"));
    assert_eq!(house.words(1).await, ["case-dispatched", "ordered", "order-answered"]);
}

#[tokio::test]
async fn grounds_are_suggested_and_refused_by_what_the_case_is() {
    let house = House::under(dealings(&[])).await;
    house.about_engineering(1).await;
    let hurt = CaseClassified { facts: vec![yes("injury")], ..about("b03-eng") };
    house.accepted(2, house.registered(), hurt).await;
    let visit = |ground: &str| wire::GiveOrderRequest { ground: ground.into(), ..order("visit") };
    let form = |forms: Vec<wire::OrderForm>| forms.into_iter().find(|form| form.order == "visit").unwrap();
    let calm = form(house.get(1, GENERAL_AFFAIRS).await.unwrap().order_forms);
    assert_eq!(calm.grounds.iter().map(|g| g.is_suggested).collect::<Vec<_>>(), [false, false]);
    assert_eq!((calm.to.as_str(), calm.unit_id.as_str(), calm.recipients.len()), ("head", "b03-eng", 2));
    let grave = form(house.get(2, GENERAL_AFFAIRS).await.unwrap().order_forms);
    assert!(grave.grounds[0].is_suggested && grave.grounds[0].cite == "督4");
    assert_eq!(grave.recipients[0].staff_id, staff(GENERAL_MANAGER));

    let refused = give(&house, 1, GENERAL_AFFAIRS, visit("injury")).await.unwrap_err();
    assert_eq!((refused.code.as_str(), refused.fields[0].field.as_str()), ("not-available", "ground"));
    let refused = give(&house, 1, GENERAL_AFFAIRS, visit("injurey")).await.unwrap_err();
    assert!(refused.code == "unknown-ground" && refused.text.en.contains("did you mean `injury`"), "{refused:?}");
    assert_eq!(give(&house, 1, GENERAL_AFFAIRS, visit("")).await.unwrap_err().code, "unknown-ground");
    assert_eq!(give(&house, 1, GENERAL_AFFAIRS, order("visits")).await.unwrap_err().code, "unknown-order");
    let named = wire::GiveOrderRequest { staff_ids: vec![staff(HEAD_B)], ..visit("other") };
    assert_eq!(give(&house, 1, GENERAL_AFFAIRS, named).await.unwrap().staff_ids, [staff(HEAD_B)]);
    let foreign = wire::GiveOrderRequest { staff_ids: vec![staff(HEAD_SECURITY)], ..visit("other") };
    assert_eq!(give(&house, 1, GENERAL_AFFAIRS, foreign).await.unwrap_err().code, "not-a-candidate");
}

#[tokio::test]
async fn whoever_receives_an_order_sees_the_case_until_it_is_answered() {
    let house = House::under(dealings(&[])).await;
    house.about_engineering(1).await;
    let queue = |who: u128| {
        let request = wire::ListQueueRequest { view: "ordered".into(), page_size: 10, page_token: String::new() };
        let mut api = house.api.clone();
        async move { api.list_queue(as_staff(who, request)).await.unwrap().into_inner().cases.len() }
    };
    assert_eq!(house.get(1, HEAD_SECURITY).await.unwrap_err().code, "unknown-case");
    let there = wire::GiveOrderRequest { unit_id: "b03-sec".into(), ground: "other".into(), ..order("visit") };
    let given = give(&house, 1, GENERAL_AFFAIRS, there).await.unwrap();
    assert_eq!((given.unit_id.as_str(), given.staff_ids), ("b03-sec", vec![staff(HEAD_SECURITY)]));
    assert_eq!((queue(HEAD_SECURITY).await, queue(HEAD_A).await), (1, 0));
    assert_eq!(house.offered(1, HEAD_SECURITY).await, ["answer-order"]);
    answer(&house, 1, HEAD_SECURITY, 1).await.unwrap();
    assert_eq!(queue(HEAD_SECURITY).await, 0);
    assert_eq!(house.get(1, HEAD_SECURITY).await.unwrap_err().code, "unknown-case");
}

#[tokio::test]
async fn where_nobody_is_there_it_rises_and_says_so_and_a_body_outside_answers_through_staff() {
    let house = House::under(dealings(&[])).await;
    house.about_engineering(1).await;
    let risen = give(&house, 1, GENERAL_AFFAIRS, order("patrol")).await.unwrap();
    assert_eq!((risen.has_risen, risen.to.as_str()), (true, "head"), "nobody is of the patrol team");
    let above = give(&house, 1, GENERAL_AFFAIRS, order("above")).await.unwrap();
    assert_eq!((above.to.as_str(), above.staff_ids), ("manager-in-charge", vec![staff(MANAGER)]));
    let outside = give(&house, 1, GENERAL_AFFAIRS, order("outside")).await.unwrap();
    assert_eq!((outside.to.as_str(), outside.staff_ids.len(), outside.has_risen), ("police", 0, false));
    assert_eq!(answer(&house, 1, GENERAL_AFFAIRS, outside.no).await.unwrap(), 3);
}

#[tokio::test]
async fn a_rule_gives_an_order_once_and_what_that_brings_about_follows() {
    let house = House::under(dealings(&[])).await;
    house.about_engineering(1).await;
    house.feed(&case(1), &graded(&case(1), "major")).await;
    assert_eq!(house.words(1).await, ["case-dispatched", "ordered", "case-escalated"]);
    let said = orders(&house, 1).await.remove(0);
    assert_eq!((said.is_automatic, said.cite.as_str(), said.due.as_str()), (true, "果1", ""));
    assert_eq!(said.staff_ids, [staff(HEAD_A)]);
    house.feed(&case(1), &graded(&case(1), "major")).await;
    assert_eq!(orders(&house, 1).await.iter().map(|order| order.no).collect::<Vec<_>>(), [1, 2]);
    let registered = CaseRegistered { case_id: case(2), ..house.registered() };
    house.feed(&case(2), &registered).await;
    house.feed(&case(2), &graded(&case(2), "major")).await;
    let early = orders(&house, 2).await.remove(0);
    assert_eq!(
        (early.to.as_str(), early.staff_ids),
        ("manager-in-charge", vec![staff(MANAGER)]),
        "nobody handles it yet"
    );
}
