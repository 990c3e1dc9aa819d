//! Who gets a case, and what they may do with it.

use crate::harness::*;
use contracts::Fact;
use contracts::assignment as wire;
use contracts::intake::{CaseRegistered, CaseWithdrawn};
use contracts::triage::{CaseClassified, ContainmentRecorded};
use kit_core::{Class, Problem};
use kit_ids::RefId;
use uuid::Uuid;

fn dispatched(facts: &[Fact]) -> Vec<wire::CaseDispatched> {
    facts
        .iter()
        .filter_map(|fact| match fact {
            Fact::CaseDispatched(e) => Some(e.clone()),
            _ => None,
        })
        .collect()
}

async fn dispatch(
    house: &House,
    n: u128,
    who: u128,
    unit: &str,
    to: &str,
) -> Result<wire::DispatchCaseResponse, Problem> {
    let request = wire::DispatchCaseRequest {
        request_id: format!("dispatch {n} {who} {unit} {to} {}", house.now()),
        case_id: case(n),
        version: 0,
        unit_id: unit.into(),
        staff_id: to.into(),
    };
    house.api.clone().dispatch_case(as_staff(who, request)).await.map(tonic::Response::into_inner).map_err(problem)
}

fn reason() -> String {
    RefId::new(Uuid::from_u128(9)).to_string()
}

#[tokio::test]
async fn an_accepted_case_goes_to_the_least_loaded_head_with_gapless_slips() {
    let house = House::start().await;
    for n in 1..=3 {
        house.about_engineering(n).await;
    }
    let mut slips = Vec::new();
    for (n, expected) in [(1, HEAD_A), (2, HEAD_B), (3, HEAD_A)] {
        let sent = dispatched(&house.published(&case(n)).await);
        assert_eq!(sent.len(), 1);
        assert_eq!(sent[0].staff_id, staff(expected), "case {n}");
        assert_eq!((sent[0].unit_id.as_str(), sent[0].role.as_str()), ("b03-eng", "head"));
        assert_eq!(sent[0].cite, "二.1");
        assert!(sent[0].is_automatic);
        slips.push(sent[0].slip.clone());
    }
    assert_eq!(slips, ["b03转〔2026〕0001号", "b03转〔2026〕0002号", "b03转〔2026〕0003号"]);
}

#[tokio::test]
async fn several_cases_of_one_batch_share_the_load_and_the_numbers() {
    let house = House::start().await;
    let mut events = Vec::new();
    for n in 1..=4 {
        let id = case(n);
        events.push(house.received(&id, &CaseRegistered { case_id: id.clone(), ..house.registered() }));
        events.push(house.received(&id, &CaseClassified { case_id: id.clone(), ..about("b03-eng") }));
        events
            .push(house.received(&id, &contracts::triage::CaseAccepted { case_id: id.clone(), ..Default::default() }));
        events.push(house.received(&id, &graded(&id, "minor")));
    }
    house.try_feed(events).await.unwrap();
    let mut handlers = Vec::new();
    let mut slips = Vec::new();
    for n in 1..=4 {
        let sent = dispatched(&house.published(&case(n)).await).remove(0);
        handlers.push(sent.staff_id);
        slips.push(sent.slip);
    }
    assert_eq!(handlers, [staff(HEAD_A), staff(HEAD_B), staff(HEAD_A), staff(HEAD_B)]);
    assert_eq!(slips[3], "b03转〔2026〕0004号");
}

#[tokio::test]
async fn a_case_with_harm_going_on_is_held_until_it_is_contained() {
    let house = House::start().await;
    let classified = CaseClassified { facts: vec![yes("harm_ongoing")], ..about("b03-eng") };
    house.accepted(1, house.registered(), classified).await;
    assert!(house.words(1).await.is_empty());
    let seen = house.get(1, RECEPTIONIST).await.unwrap();
    assert_eq!(seen.state, "held");
    let action = seen.actions.iter().find(|action| action.id == "dispatch").unwrap();
    assert!(!action.is_allowed);
    assert_eq!(action.missing[0].zh, "先停止或减轻正在发生的损害");
    let refused = dispatch(&house, 1, RECEPTIONIST, "b03-eng", "").await.unwrap_err();
    assert_eq!((refused.class, refused.code.as_str()), (Class::Conflict, "not-yet"));

    house.feed(&case(1), &ContainmentRecorded { case_id: case(1), text: None }).await;
    assert_eq!(house.words(1).await, ["case-dispatched"]);
}

#[tokio::test]
async fn a_case_never_goes_to_the_accused_and_goes_upward_when_nobody_is_left() {
    let house = House::start().await;
    let registered = CaseRegistered { about_staff_ids: vec![staff(HEAD_SECURITY)], ..house.registered() };
    house.accepted(1, registered, about("b03-sec")).await;
    let sent = dispatched(&house.published(&case(1)).await).remove(0);
    assert_eq!((sent.role.as_str(), sent.staff_id), ("manager-in-charge", staff(MANAGER)));
    assert_eq!(house.get(1, HEAD_SECURITY).await.unwrap_err().code, "unknown-case");

    house.accepted(2, house.registered(), about("b03-garden")).await;
    let sent = dispatched(&house.published(&case(2)).await).remove(0);
    assert_eq!((sent.unit_id.as_str(), sent.staff_id), ("b03-garden", staff(MANAGER)), "the gardeners have no head");
}

#[tokio::test]
async fn a_handler_who_turns_out_to_be_accused_loses_the_case_to_another() {
    let house = House::start().await;
    house.about_engineering(1).await;
    let accused = CaseClassified { case_id: case(1), about_staff_ids: vec![staff(HEAD_A)], ..about("b03-eng") };
    house.feed(&case(1), &accused).await;
    let said = house.published(&case(1)).await;
    let [Fact::CaseDispatched(_), Fact::HandlerRecused(recused), Fact::CaseDispatched(_)] = said.as_slice() else {
        panic!("{said:?}")
    };
    assert_eq!(recused.reason, None, "the rules recuse by their clause");
    assert_eq!(dispatched(&house.published(&case(1)).await)[1].staff_id, staff(HEAD_B));
    assert_eq!(house.get(1, HEAD_A).await.unwrap_err().code, "unknown-case");
    assert_eq!(house.sign(1, HEAD_A).await.unwrap_err().code, "unknown-case");
}

#[tokio::test]
async fn a_case_is_signed_by_its_handler_alone_and_once() {
    let house = House::start().await;
    house.about_engineering(1).await;
    assert_eq!(house.sign(1, HEAD_B).await.unwrap_err().class, Class::Denied);
    assert_eq!(house.sign(1, RECEPTIONIST).await.unwrap_err().class, Class::Denied);
    let seen = house.get(1, HEAD_A).await.unwrap();
    assert_eq!((seen.state.as_str(), seen.handler_id), ("dispatched", staff(HEAD_A)));
    assert!(seen.actions.iter().any(|action| action.id == "sign" && action.is_allowed));
    house.sign(1, HEAD_A).await.unwrap();
    house.clock.advance(chrono::TimeDelta::seconds(1));
    assert_eq!(house.sign(1, HEAD_A).await.unwrap_err().code, "already-signed");
    assert_eq!(house.words(1).await, ["case-dispatched", "case-signed"]);
}

#[tokio::test]
async fn a_returned_case_waits_for_a_dispatcher_who_sends_it_elsewhere() {
    let house = House::start().await;
    house.about_engineering(1).await;
    assert_eq!(house.give_back(1, HEAD_A, "").await.unwrap_err().code, "reason-needed");
    house.give_back(1, HEAD_A, &reason()).await.unwrap();
    assert_eq!(house.get(1, RECEPTIONIST).await.unwrap().state, "returned");
    assert_eq!(house.sign(1, HEAD_A).await.unwrap_err().code, "unknown-case", "it is no longer the department's");

    assert_eq!(dispatch(&house, 1, RECEPTIONIST, "b03", "").await.unwrap_err().code, "unknown-department");
    let to_admin = dispatch(&house, 1, RECEPTIONIST, "b03-sec", &staff(ADMIN)).await.unwrap_err();
    assert_eq!(to_admin.code, "not-a-candidate");
    assert_eq!(dispatch(&house, 1, HEAD_B, "b03-sec", "").await.unwrap_err().code, "unknown-case");
    let sent = dispatch(&house, 1, RECEPTIONIST, "b03-sec", "").await.unwrap();
    assert_eq!((sent.staff_id.clone(), sent.slip.as_str()), (staff(HEAD_SECURITY), "b03转〔2026〕0002号"));
    house.sign(1, HEAD_SECURITY).await.unwrap();
    let words = house.words(1).await;
    assert_eq!(words, ["case-dispatched", "case-returned", "case-dispatched", "case-signed"]);
    house.clock.advance(chrono::TimeDelta::seconds(1));
    let again = dispatch(&house, 1, RECEPTIONIST, "b03-sec", &sent.staff_id).await.unwrap_err();
    assert_eq!(again.code, "already-dispatched");
}

#[tokio::test]
async fn a_handler_may_step_back_and_the_rules_find_another() {
    let house = House::start().await;
    house.about_engineering(1).await;
    let request = wire::RecuseHandlerRequest {
        request_id: "recuse".into(),
        case_id: case(1),
        version: 0,
        staff_id: String::new(),
        reason_ref: reason(),
    };
    house.api.clone().recuse_handler(as_staff(HEAD_A, request)).await.unwrap();
    let said = house.published(&case(1)).await;
    let [Fact::CaseDispatched(_), Fact::HandlerRecused(recused), Fact::CaseDispatched(_)] = said.as_slice() else {
        panic!("{said:?}")
    };
    assert_eq!(recused.reason.as_ref().unwrap().ref_id, reason());
    assert_eq!(house.get(1, RECEPTIONIST).await.unwrap().handler_id, staff(HEAD_B));
    assert_eq!(house.get(1, HEAD_A).await.unwrap_err().code, "unknown-case");
}

#[tokio::test]
async fn a_case_about_no_department_waits_for_a_dispatcher() {
    let house = House::start().await;
    house.accepted(1, house.registered(), about("")).await;
    let seen = house.get(1, RECEPTIONIST).await.unwrap();
    assert_eq!(seen.state, "to-dispatch");
    assert!(seen.candidates.iter().any(|c| c.unit_id == "b03-eng" && c.staff_id == staff(HEAD_A)));
    let sent = dispatch(&house, 1, RECEPTIONIST, "b03-eng", &staff(HEAD_B)).await.unwrap();
    assert_eq!(sent.staff_id, staff(HEAD_B));
    let said = dispatched(&house.published(&case(1)).await).remove(0);
    assert_eq!((said.is_automatic, said.dispatched_by), (false, staff(RECEPTIONIST)));
}

#[tokio::test]
async fn commands_out_of_order_or_against_an_old_version_are_refused() {
    let house = House::start().await;
    let registered = CaseRegistered { case_id: case(1), ..house.registered() };
    house.feed(&case(1), &registered).await;
    assert_eq!(dispatch(&house, 1, RECEPTIONIST, "b03-eng", "").await.unwrap_err().code, "not-accepted");
    assert_eq!(dispatch(&house, 2, RECEPTIONIST, "b03-eng", "").await.unwrap_err().code, "unknown-case");
    house.about_engineering(3).await;
    let version = house.get(3, HEAD_A).await.unwrap().version;
    let request = wire::SignCaseRequest { request_id: "old".into(), case_id: case(3), version: version + 7 };
    let stale = house.api.clone().sign_case(as_staff(HEAD_A, request)).await.map_err(problem).unwrap_err();
    assert_eq!(stale.code, "stale");
    house
        .feed(&case(3), &CaseWithdrawn { case_id: case(3), by: "complainant".into(), ..CaseWithdrawn::default() })
        .await;
    assert_eq!(house.get(3, RECEPTIONIST).await.unwrap().state, "done");
    assert_eq!(dispatch(&house, 3, RECEPTIONIST, "b03-eng", "").await.unwrap_err().code, "case-ended");
}

#[tokio::test]
async fn a_repeated_request_gets_the_first_answer_and_does_nothing() {
    let house = House::start().await;
    house.accepted(1, house.registered(), about("")).await;
    let first = dispatch(&house, 1, RECEPTIONIST, "b03-eng", "").await.unwrap();
    assert_eq!(dispatch(&house, 1, RECEPTIONIST, "b03-eng", "").await.unwrap(), first);
    assert_eq!(house.words(1).await, ["case-dispatched"]);
}

#[tokio::test]
async fn a_registration_that_comes_again_changes_nothing_and_an_unknown_case_is_waited_for() {
    let house = House::start().await;
    house.about_engineering(1).await;
    let version = house.get(1, HEAD_A).await.unwrap().version;
    house.feed(&case(1), &CaseRegistered { case_id: case(1), ..house.registered() }).await;
    assert_eq!(house.get(1, HEAD_A).await.unwrap().version, version);
    let early = house.received(&case(2), &graded(&case(2), "minor"));
    assert!(matches!(house.try_feed(vec![early]).await, Err(kit_db::Error::NotYet(_))));
}
