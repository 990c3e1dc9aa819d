//! Returned cases that are ruled on, and handlers who are named by their unit.

use crate::harness::*;
use contracts::Fact;
use contracts::assignment as wire;
use kit_core::Problem;

async fn rule(
    house: &House,
    n: u128,
    who: u128,
    is_upheld: bool,
    unit: &str,
) -> Result<wire::RuleDispatchResponse, Problem> {
    let request = wire::RuleDispatchRequest {
        request_id: once(house, "rule"),
        case_id: case(n),
        is_upheld,
        unit_id: unit.into(),
        reason_ref: sealed(),
        ..Default::default()
    };
    house.api.clone().rule_dispatch(as_staff(who, request)).await.map(tonic::Response::into_inner).map_err(problem)
}

async fn delegate(house: &House, n: u128, who: u128, whom: u128) -> Result<(), Problem> {
    let (request_id, case_id, staff_id) = (once(house, "delegate"), case(n), staff(whom));
    let request = wire::DelegateCaseRequest { request_id, case_id, version: 0, staff_id };
    house.api.clone().delegate_case(as_staff(who, request)).await.map(|_| ()).map_err(problem)
}

#[tokio::test]
async fn what_is_upheld_goes_back_to_the_unit_which_cannot_return_it_again() {
    let house = House::under(dealings(&[])).await;
    house.about_engineering(1).await;
    assert_eq!(rule(&house, 1, GENERAL_AFFAIRS, true, "").await.unwrap_err().code, "nothing-returned");
    house.give_back(1, HEAD_A, &sealed()).await.unwrap();
    let seen = house.get(1, GENERAL_AFFAIRS).await.unwrap();
    assert_eq!((seen.state.as_str(), seen.returned_by.as_str()), ("returned", "b03-eng"));
    assert!(seen.actions.iter().any(|action| action.id == "rule-dispatch") && !seen.candidates.is_empty());
    assert_eq!(rule(&house, 1, RECEPTIONIST, true, "").await.unwrap_err().code, "not-permitted");
    assert_eq!(rule(&house, 1, GENERAL_AFFAIRS, true, "b03-sec").await.unwrap_err().code, "other-unit");
    let sent = rule(&house, 1, GENERAL_AFFAIRS, true, "").await.unwrap();
    assert_eq!(sent.slip, "b03转〔2026〕0002号");
    let said = house.published(&case(1)).await;
    let [.., Fact::DispatchRuled(ruled), Fact::CaseDispatched(dispatched)] = said.as_slice() else {
        panic!("{said:?}")
    };
    assert_eq!((ruled.outcome.as_str(), ruled.unit_id.as_str()), ("upheld", "b03-eng"));
    assert_eq!((dispatched.unit_id.as_str(), &dispatched.dispatched_by), ("b03-eng", &staff(GENERAL_AFFAIRS)));
    assert_eq!(rule(&house, 1, GENERAL_AFFAIRS, true, "").await.unwrap_err().code, "already-ruled");
    let handler = if sent.staff_id == staff(HEAD_A) { HEAD_A } else { HEAD_B };
    assert!(!house.offered(1, handler).await.contains(&"return".to_owned()));
    assert_eq!(house.give_back(1, handler, &sealed()).await.unwrap_err().code, "already-ruled");
}

#[tokio::test]
async fn what_is_redirected_goes_to_another_unit_which_may_return_it_in_turn() {
    let house = House::under(dealings(&[])).await;
    house.about_engineering(1).await;
    house.give_back(1, HEAD_A, &sealed()).await.unwrap();
    for unit in ["", "b03-eng"] {
        assert_eq!(rule(&house, 1, GENERAL_AFFAIRS, false, unit).await.unwrap_err().code, "same-unit");
    }
    assert_eq!(rule(&house, 1, GENERAL_AFFAIRS, false, "b99").await.unwrap_err().code, "unknown-department");
    assert_eq!(rule(&house, 1, GENERAL_AFFAIRS, false, "b03-sec").await.unwrap().staff_id, staff(HEAD_SECURITY));
    house.clock.advance(chrono::TimeDelta::seconds(1));
    house.give_back(1, HEAD_SECURITY, &sealed()).await.unwrap();
    let expected = ["case-dispatched", "case-returned", "dispatch-ruled", "case-dispatched", "case-returned"];
    assert_eq!(house.words(1).await, expected);
}

#[tokio::test]
async fn the_unit_names_who_handles_it_and_what_was_signed_stays_signed() {
    let house = House::under(dealings(&[])).await;
    house.about_engineering(1).await;
    house.sign(1, HEAD_A).await.unwrap();
    assert_eq!(delegate(&house, 1, HEAD_B, HEAD_B).await.unwrap_err().code, "not-permitted");
    assert_eq!(delegate(&house, 1, MANAGER, HEAD_A).await.unwrap_err().code, "already-dispatched");
    assert_eq!(delegate(&house, 1, MANAGER, HEAD_SECURITY).await.unwrap_err().code, "not-in-your-unit");
    let offered = house.get(1, MANAGER).await.unwrap().delegates;
    assert!(offered.iter().any(|one| one.staff_id == staff(HEAD_B)));
    assert!(offered.iter().all(|one| one.staff_id != staff(HEAD_SECURITY) && one.staff_id != staff(HEAD_A)));
    delegate(&house, 1, MANAGER, HEAD_B).await.unwrap();
    let seen = house.get(1, HEAD_B).await.unwrap();
    assert_eq!((seen.state.as_str(), seen.handler_id), ("signed", staff(HEAD_B)));
    let said = house.published(&case(1)).await;
    assert!(matches!(said.last(), Some(Fact::HandlerNamed(e)) if e.named_by == staff(MANAGER)));
}

#[tokio::test]
async fn an_act_that_needs_a_sign_off_waits_for_it() {
    let approval = ("approvals:\n", "approvals:\n  - {of: delegate, by: general-manager, cite: 批1}\n");
    let house = House::under(dealings(&[approval])).await;
    house.about_engineering(1).await;
    let early = delegate(&house, 1, MANAGER, HEAD_B).await.unwrap_err();
    assert_eq!((early.code.as_str(), early.fields[0].field.as_str()), ("not-yet", "approval-given(delegate)"));
    assert!(early.text.zh.contains("总经理") && early.text.zh.contains("批1"), "{early:?}");
    let given = contracts::resolution::ApprovalGiven {
        case_id: case(1),
        act: "delegate".into(),
        is_last: true,
        ..Default::default()
    };
    house.feed(&case(1), &given).await;
    delegate(&house, 1, MANAGER, HEAD_B).await.unwrap();
}
