//! The ladder.

use crate::harness::*;
use contracts::Fact;
use contracts::assignment::{self as wire, CaseEscalated};
use contracts::deadline_watcher::ClockOverdue;
use contracts::intake::CaseRegistered;

async fn climbs(house: &House, n: u128) -> Vec<CaseEscalated> {
    let facts = house.published(&case(n)).await;
    let climbs = facts.into_iter().filter_map(|fact| match fact {
        Fact::CaseEscalated(e) => Some(e),
        _ => None,
    });
    climbs.collect()
}

#[tokio::test]
async fn a_late_case_climbs_each_rung_once_and_never_down() {
    let house = House::start().await;
    house.about_engineering(1).await;
    house.missed(1, "handling", 1).await;
    house.missed(1, "form-back", 1).await;
    let overdue = ClockOverdue {
        case_id: case(1),
        clock: "handling".into(),
        run: 1,
        step: 1,
        climb: 2,
        ..ClockOverdue::default()
    };
    house.feed(&case(1), &overdue).await;
    house.feed(&case(1), &overdue).await;
    house.missed(1, "one-month", 3).await;
    house.missed(1, "handling", 1).await;
    house.missed(1, "tell-resident", 0).await;
    let climbs = climbs(&house, 1).await;
    let rungs: Vec<_> = climbs.iter().map(|e| (e.rung, e.role.as_str(), e.clock.as_str())).collect();
    let expected = [(1, "head", "handling"), (2, "manager-in-charge", "handling"), (3, "general-manager", "one-month")];
    assert_eq!(rungs, expected);
    assert_eq!(climbs[0].staff_ids, [staff(HEAD_A), staff(HEAD_B)]);
    assert_eq!(climbs[1].staff_ids, [staff(MANAGER)]);
}

#[tokio::test]
async fn whoever_is_excluded_is_passed_over_and_the_next_rung_watches() {
    let house = House::start().await;
    let registered = CaseRegistered { about_staff_ids: vec![staff(MANAGER)], ..house.registered() };
    house.accepted(1, registered, about("b03-eng")).await;
    house.missed(1, "clear-answer", 2).await;
    house.missed(1, "handling", 3).await;
    let climbs = climbs(&house, 1).await;
    assert_eq!(climbs.len(), 1);
    assert_eq!((climbs[0].rung, climbs[0].staff_ids.clone()), (3, vec![staff(GENERAL_MANAGER)]));
}

async fn escalate(house: &House, n: u128, who: u128) -> Result<wire::EscalateCaseResponse, kit_core::Problem> {
    let request = wire::EscalateCaseRequest {
        request_id: once(house, "escalate"),
        case_id: case(n),
        version: 0,
        text_ref: sealed(),
        proposal_ref: sealed(),
    };
    house.api.clone().escalate_case(as_staff(who, request)).await.map(tonic::Response::into_inner).map_err(problem)
}

#[tokio::test]
async fn a_person_brings_a_case_up_rung_by_rung_to_the_top_and_no_further() {
    let house = House::under(dealings(&[])).await;
    house.about_engineering(1).await;
    assert_eq!(escalate(&house, 1, RECEPTIONIST).await.unwrap_err().code, "not-permitted");
    assert_eq!(escalate(&house, 1, HEAD_A).await.unwrap().rung, 1);
    assert_eq!(escalate(&house, 1, HEAD_A).await.unwrap().staff_ids, [staff(MANAGER)]);
    assert!(house.offered(1, MANAGER).await.contains(&"escalate".to_owned()));
    assert_eq!(escalate(&house, 1, MANAGER).await.unwrap().rung, 3);
    assert_eq!(escalate(&house, 1, MANAGER).await.unwrap_err().code, "top-of-the-ladder");
    assert!(!house.offered(1, MANAGER).await.contains(&"escalate".to_owned()));
    let climbs = climbs(&house, 1).await;
    assert_eq!(climbs.len(), 3);
    let second = &climbs[1];
    assert_eq!((second.staff_id.as_str(), second.clock.as_str(), second.cite.as_str()), (&*staff(HEAD_A), "", "三.1"));
    assert_eq!(second.proposal.as_ref().unwrap().ref_id, sealed());
}

#[tokio::test]
async fn a_rung_may_be_a_group_all_of_which_watches() {
    let ladder = "ladder:\n  - {role: [head, general-affairs-head], zh: 一级, en: Level 1, cite: 级1}\n";
    let house = House::under(dealings(&[("ladder:\n  - {role: head, cite: 二.1}\n", ladder)])).await;
    house.about_engineering(1).await;
    house.missed(1, "handling", 1).await;
    let climb = climbs(&house, 1).await.remove(0);
    assert_eq!(climb.roles, ["head", "general-affairs-head"]);
    assert_eq!(climb.staff_ids, [staff(HEAD_A), staff(HEAD_B), staff(GENERAL_AFFAIRS)]);
    assert_eq!(climb.cite, "三", "the clause of the clock that was missed");
}

#[tokio::test]
async fn rules_climb_by_themselves_from_the_first_moment_on() {
    let house = House::under(dealings(&[])).await;
    let letter = CaseRegistered { channel: "letter".into(), case_id: case(1), ..house.registered() };
    let first = house.received(&case(1), &letter);
    house.try_feed(vec![first.clone(), first]).await.unwrap();
    let climbs = climbs(&house, 1).await;
    assert_eq!(
        climbs.iter().map(|e| (e.rung, e.cite.as_str())).collect::<Vec<_>>(),
        [(2, "果3")],
        "no head is over the branch"
    );
}
