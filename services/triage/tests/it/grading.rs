//! How grave a case is: by the rules, by a person, and by what happens later.

use crate::harness::*;
use contracts::Fact;
use contracts::common::fact_value::Kind;
use contracts::deadline_watcher::ClockMissed;
use contracts::intake::CaseWithdrawn;
use contracts::triage as wire;
use contracts::triage::CaseGraded;

async fn grades(house: &House, n: u128) -> Vec<CaseGraded> {
    let facts = house.published(&case(n)).await;
    let grades = facts.into_iter().filter_map(|fact| match fact {
        Fact::CaseGraded(e) => Some(e),
        _ => None,
    });
    grades.collect()
}

fn month(n: u128) -> ClockMissed {
    ClockMissed { case_id: case(n), clock: "one-month".into(), run: 1, climb: 3, ..ClockMissed::default() }
}

#[tokio::test]
async fn the_rules_give_each_of_the_three_grades_with_its_clause() {
    let house = House::start().await;
    let unkept = vec![yes("promise_unmet"), answer("times_raised", Kind::Number(2))];
    for (n, facts, severity, cite) in [
        (1, Vec::new(), "minor", "一.3"),
        (2, vec![word("fault", "ours")], "important", "一.2"),
        (3, unkept, "major", "一.1(1)"),
        (4, vec![yes("injury"), word("fault", "ours")], "major", "一.1(2)"),
    ] {
        house.register(n).await;
        let given = house.triage(n, facts).await.unwrap();
        assert_eq!((given.severity.as_str(), given.cite.as_str()), (severity, cite), "case {n}");
        let words = house.words(n).await;
        assert_eq!(words, ["case-classified", "validity-judged", "case-accepted", "case-graded"]);
    }
}

#[tokio::test]
async fn a_person_may_choose_otherwise_and_then_no_clause_is_named() {
    let house = House::start().await;
    house.register(1).await;
    let chosen = wire::TriageCaseRequest { severity: "major".into(), ..house.wanted(1) };
    let given = house.triage_as(RECEPTIONIST, chosen).await.unwrap();
    assert_eq!((given.severity.as_str(), given.cite.as_str()), ("major", ""));
    let regrade = |severity: &str| wire::RegradeCaseRequest {
        request_id: format!("regrade {severity}"),
        case_id: case(1),
        version: 0,
        severity: severity.into(),
        reason_ref: reference(),
    };
    let refused = house.api.clone().regrade_case(as_staff(GENERAL_AFFAIRS, regrade("major"))).await;
    assert_eq!(refused.map_err(problem).unwrap_err().code, "same-severity");
    house.api.clone().regrade_case(as_staff(GENERAL_AFFAIRS, regrade("minor"))).await.unwrap();
    let last = grades(&house, 1).await.pop().unwrap();
    assert_eq!((last.severity.as_str(), last.previous.as_str(), last.cite.as_str()), ("minor", "major", "一.3"));
    assert!(!last.is_automatic);
    assert_eq!(last.reason.unwrap().ref_id, reference());
}

#[tokio::test]
async fn a_valid_complaint_unresolved_for_a_month_becomes_major_by_itself_once() {
    let house = House::start().await;
    house.register(1).await;
    house.triage(1, Vec::new()).await.unwrap();
    let cause = house.received(&case(1), &month(1));
    house.try_feed(vec![cause.clone()]).await.unwrap();
    house.feed(&case(1), &month(1)).await;
    let grades = grades(&house, 1).await;
    assert_eq!(grades.len(), 2);
    assert_eq!((grades[1].severity.as_str(), grades[1].cite.as_str()), ("major", "一.1(3)"));
    assert_eq!(grades[1].previous, "minor");
    assert!(grades[1].is_automatic);
    assert_eq!(grades[1].reason, None);
    let envelope = house.envelopes(&case(1)).await.pop().unwrap();
    assert_eq!(envelope.causation_id, cause.envelope.event_id);
}

#[tokio::test]
async fn an_invalid_or_withdrawn_complaint_does_not_become_major() {
    let house = House::start().await;
    for n in [1, 2] {
        house.register(n).await;
        house.triage(n, Vec::new()).await.unwrap();
    }
    let judged = wire::JudgeValidityRequest {
        request_id: "judge".into(),
        case_id: case(1),
        version: 0,
        validity: "invalid".into(),
        reason_ref: reference(),
    };
    house.api.clone().judge_validity(as_staff(GENERAL_AFFAIRS, judged)).await.unwrap();
    house.feed(&case(1), &month(1)).await;
    house
        .feed(&case(2), &CaseWithdrawn { case_id: case(2), by: "complainant".into(), ..CaseWithdrawn::default() })
        .await;
    house.feed(&case(2), &month(2)).await;
    assert_eq!(grades(&house, 1).await.len(), 1);
    assert_eq!(grades(&house, 2).await.len(), 1);
}

#[tokio::test]
async fn a_month_that_passed_before_triage_counts_when_it_is_triaged() {
    let house = House::start().await;
    house.register(1).await;
    house.feed(&case(1), &month(1)).await;
    assert!(house.words(1).await.is_empty());
    let given = house.triage(1, Vec::new()).await.unwrap();
    assert_eq!((given.severity.as_str(), given.cite.as_str()), ("major", "一.1(3)"));
}
