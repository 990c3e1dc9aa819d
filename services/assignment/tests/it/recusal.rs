//! Who must not handle a case beyond the person complained of, and who handles it instead.

use crate::harness::*;
use contracts::Fact;
use contracts::assignment as wire;
use contracts::intake::CaseRegistered;
use kit_core::Problem;

fn under(rules: &str) -> String {
    dealings(&[("ladder:\n", &format!("recusal:\n{rules}\nladder:\n"))])
}

/// Who has the case, in which unit and role.
async fn has(house: &House, n: u128) -> (String, String, String) {
    let last = house.published(&case(n)).await.into_iter().rev().find_map(|fact| match fact {
        Fact::CaseDispatched(e) => Some((e.staff_id, e.unit_id, e.role)),
        _ => None,
    });
    last.unwrap_or_default()
}

fn accusing(house: &House, who: u128) -> CaseRegistered {
    CaseRegistered { about_staff_ids: vec![staff(who)], ..house.registered() }
}

#[tokio::test]
async fn nobody_of_the_unit_complained_of_handles_it_and_a_role_anywhere_does_instead() {
    let house =
        House::under(under("  - {who: [accused, accused-unit], then: general-affairs-head, cite: 回1}\n")).await;
    house.about_engineering(1).await;
    let expected = (staff(GENERAL_AFFAIRS), "b03".to_owned(), "general-affairs-head".to_owned());
    assert_eq!(has(&house, 1).await, expected);
    let candidates = house.get(1, GENERAL_AFFAIRS).await.unwrap().candidates;
    assert!(candidates.iter().all(|one| one.staff_id != staff(HEAD_A) && one.staff_id != staff(HEAD_B)));
    assert!(house.get(1, HEAD_A).await.is_err(), "nor does the department that has nothing to do with it read it");
}

#[tokio::test]
async fn it_rises_to_the_next_unit_in_which_somebody_may() {
    let house = House::under(under("  - {who: [accused, accused-unit], then: rise, cite: 回1}\n")).await;
    let request = wire::ChangeOrganisationRequest {
        request_id: "a head of the branch".into(),
        units: Vec::new(),
        staff: vec![person(20, "branch-head", "head", "b03")],
        ..Default::default()
    };
    house.api.clone().change_organisation(service(request)).await.unwrap();
    house.about_engineering(1).await;
    assert_eq!(has(&house, 1).await, (staff(20), "b03".to_owned(), "head".to_owned()));
    let request = wire::ChangeOrganisationRequest {
        request_id: "gone".into(),
        units: Vec::new(),
        staff: vec![wire::Staff { is_active: false, ..person(20, "branch-head", "head", "b03") }],
        ..Default::default()
    };
    house.api.clone().change_organisation(service(request)).await.unwrap();
    house.about_engineering(2).await;
    let (who, _, role) = has(&house, 2).await;
    assert_eq!((who, role.as_str()), (staff(MANAGER), "manager-in-charge"), "then up the ladder");
}

#[tokio::test]
async fn nobody_above_the_accused_handles_it_and_where_nobody_is_left_a_person_dispatches() {
    let house = House::under(under("  - {who: [accused, accused-unit, above-accused], then: rise, cite: 回1}\n")).await;
    house.accepted(1, accusing(&house, HEAD_SECURITY), about("b03-sec")).await;
    assert_eq!(has(&house, 1).await, Default::default());
    assert_eq!(house.get(1, RECEPTIONIST).await.unwrap().state, "to-dispatch");
    house.accepted(2, accusing(&house, GENERAL_MANAGER), about("b03-eng")).await;
    assert_eq!(has(&house, 2).await.0, staff(MANAGER), "who is below the accused, and not of the unit complained of");
}

async fn ask(house: &House, who: u128, whom: Option<u128>) -> Result<(), Problem> {
    let (request_id, staff_id) = (once(house, "ask"), whom.map(staff).unwrap_or_default());
    let request = wire::AskRecusalRequest { request_id, case_id: case(1), version: 0, staff_id, ground_ref: sealed() };
    house.api.clone().ask_recusal(as_staff(who, request)).await.map(|_| ()).map_err(problem)
}

async fn rule(house: &House, who: u128, is_granted: bool) -> Result<(), Problem> {
    let request = wire::RuleRecusalRequest {
        request_id: once(house, "rule"),
        case_id: case(1),
        is_granted,
        reason_ref: sealed(),
        ..Default::default()
    };
    house.api.clone().rule_recusal(as_staff(who, request)).await.map(|_| ()).map_err(problem)
}

#[tokio::test]
async fn a_request_is_ruled_on_by_whom_the_regime_names_and_what_is_granted_takes_the_case_away() {
    let house =
        House::under(under("  - {who: [declared-interest, on-request], ruled-by: general-manager, cite: 回2}\n")).await;
    house.about_engineering(1).await;
    assert_eq!(rule(&house, GENERAL_MANAGER, true).await.unwrap_err().code, "nothing-asked");
    assert_eq!(ask(&house, RECEPTIONIST, None).await.unwrap_err().code, "not-permitted");
    ask(&house, HEAD_A, None).await.unwrap();
    assert_eq!(ask(&house, HEAD_A, None).await.unwrap_err().code, "already-asked");
    assert_eq!(rule(&house, RECEPTIONIST, true).await.unwrap_err().code, "not-permitted");
    let seen = house.get(1, GENERAL_MANAGER).await.unwrap();
    assert_eq!(seen.recusals_asked[0].staff_id, staff(HEAD_A));
    assert!(seen.actions.iter().any(|action| action.id == "rule-recusal"));
    rule(&house, GENERAL_MANAGER, false).await.unwrap();
    assert_eq!(house.get(1, GENERAL_MANAGER).await.unwrap().handler_id, staff(HEAD_A));
    ask(&house, HEAD_A, None).await.unwrap();
    rule(&house, GENERAL_MANAGER, true).await.unwrap();
    assert_eq!(has(&house, 1).await.0, staff(HEAD_B));
    assert_eq!(house.get(1, HEAD_A).await.unwrap_err().code, "unknown-case");
    let said = house.published(&case(1)).await;
    let [.., Fact::RecusalGranted(granted), Fact::HandlerRecused(recused), Fact::CaseDispatched(_)] = said.as_slice()
    else {
        panic!("{said:?}")
    };
    assert_eq!((granted.ruled_by.as_str(), recused.cite.as_str()), (&*staff(GENERAL_MANAGER), "回2"));
}

#[tokio::test]
async fn somebody_who_does_not_handle_it_is_recused_without_moving_the_case() {
    let house = House::under(under("  - {who: on-request, ruled-by: general-manager, cite: 回2}\n")).await;
    house.about_engineering(1).await;
    ask(&house, HEAD_A, Some(GENERAL_AFFAIRS)).await.unwrap();
    rule(&house, GENERAL_MANAGER, true).await.unwrap();
    assert_eq!(house.words(1).await, ["case-dispatched", "recusal-asked", "recusal-granted", "handler-recused"]);
    assert_eq!(house.get(1, HEAD_A).await.unwrap().state, "dispatched");
    assert_eq!(house.get(1, GENERAL_AFFAIRS).await.unwrap_err().code, "unknown-case");
    ask(&house, HEAD_A, Some(GENERAL_MANAGER)).await.unwrap();
    assert_eq!(rule(&house, GENERAL_MANAGER, false).await.unwrap_err().code, "own-recusal");
}

#[tokio::test]
async fn whoever_handled_it_before_does_not_get_it_back() {
    let house = House::under(under("  - {who: handled-before, cite: 回3}\n")).await;
    house.about_engineering(1).await;
    house.give_back(1, HEAD_A, &sealed()).await.unwrap();
    let request = wire::DispatchCaseRequest {
        request_id: once(&house, "dispatch"),
        case_id: case(1),
        unit_id: "b03-eng".into(),
        ..Default::default()
    };
    house.api.clone().dispatch_case(as_staff(RECEPTIONIST, request)).await.unwrap();
    assert_eq!(has(&house, 1).await.0, staff(HEAD_B));
}
