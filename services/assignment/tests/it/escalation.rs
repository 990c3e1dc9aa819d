//! The ladder.

use crate::harness::*;
use contracts::Fact;
use contracts::assignment::CaseEscalated;
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
