//! Taking and declining cases.

use crate::harness::*;
use contracts::Fact;
use contracts::common::fact_value::Kind;
use contracts::intake::{CaseRegistered, CaseWithdrawn};
use contracts::triage as wire;
use kit_core::{Class, Problem};

async fn decline(house: &House, n: u128, ground: &str, reason: &str) -> Result<String, Problem> {
    let request = wire::DeclineCaseRequest {
        request_id: format!("decline {n} {ground} {reason}"),
        case_id: case(n),
        version: 0,
        ground: ground.into(),
        reason_ref: reason.into(),
        ..wire::DeclineCaseRequest::default()
    };
    let answer = house.api.clone().decline_case(as_staff(GENERAL_AFFAIRS, request)).await.map_err(problem)?;
    Ok(answer.into_inner().outcome)
}

#[tokio::test]
async fn a_pending_case_shows_its_words_its_departments_and_what_the_rules_suggest() {
    let house = House::start().await;
    let registered = CaseRegistered { facts: vec![yes("injury")], ..house.registered(1) };
    house.feed(&case(1), &registered).await;
    let seen = house.get(1, RECEPTIONIST).await.unwrap();
    assert_eq!((seen.state.as_str(), seen.suggested_severity.as_str()), ("pending", "major"));
    assert_eq!(seen.suggested_cite, "一.1(2)");
    let vocabulary = seen.vocabulary.unwrap();
    assert_eq!(vocabulary.severities.len(), 3);
    assert_eq!(vocabulary.departments.iter().map(|d| d.id.as_str()).collect::<Vec<_>>(), ["b03-eng"]);
    assert!(vocabulary.questions.iter().any(|q| q.name == "loss" && q.r#type == "word" && q.words.len() == 3));
    let actions: Vec<_> = seen.actions.iter().map(|action| action.id.as_str()).collect();
    assert_eq!(actions, ["triage", "contain"]);
}

#[tokio::test]
async fn words_that_are_not_the_regimes_are_named_with_the_nearest_that_are() {
    let house = House::start().await;
    house.register(1).await;
    let request = wire::TriageCaseRequest {
        category: "facilitys".into(),
        about_unit_id: Some("b04-eng".into()),
        about_staff_ids: vec![staff(77)],
        facts: vec![
            word("injury", "yes"),
            yes("injurey"),
            word("loss", "hevy"),
            answer("times_raised", Kind::Number(2)),
        ],
        validity: "vald".into(),
        severity: "grave".into(),
        ..house.wanted(1)
    };
    let refused = house.triage_as(RECEPTIONIST, request).await.unwrap_err();
    assert_eq!((refused.class, refused.code.as_str()), (Class::Invalid, "unknown-word"));
    let hint = |field: &str| {
        let found = refused.fields.iter().find(|f| f.field == field);
        found.unwrap_or_else(|| panic!("{field} is not named")).text.en.clone()
    };
    assert!(hint("category").contains("`facilities`"));
    assert!(hint("validity").contains("`valid`"));
    assert!(hint("severity").contains("minor, important, major"));
    assert!(hint("about_unit_id").contains("b03-eng"));
    assert!(hint("about_staff_ids[0]").contains("no such member"));
    assert!(hint("facts[0].value").contains("yes-or-no"));
    assert!(hint("facts[1].name").contains("`injury`"));
    assert!(hint("facts[2].value").contains("`heavy`"));
    assert_eq!(refused.fields.len(), 8);
    assert!(house.words(1).await.is_empty());
}

#[tokio::test]
async fn a_case_is_triaged_once_by_somebody_who_may_and_on_the_version_they_saw() {
    let house = House::start().await;
    house.register(1).await;
    assert_eq!(house.triage_as(ADMIN, house.wanted(1)).await.unwrap_err().code, "unknown-case");
    let stale = wire::TriageCaseRequest { version: 9, ..house.wanted(1) };
    assert_eq!(house.triage_as(RECEPTIONIST, stale).await.unwrap_err().code, "stale");
    let seen = house.get(1, RECEPTIONIST).await.unwrap().version;
    let first = wire::TriageCaseRequest { version: seen, ..house.wanted(1) };
    let answer = house.triage_as(RECEPTIONIST, first.clone()).await.unwrap();
    assert_eq!(house.triage_as(RECEPTIONIST, first).await.unwrap(), answer, "the same request, the same answer");
    let other = wire::TriageCaseRequest { request_id: "another".into(), ..house.wanted(1) };
    assert_eq!(house.triage_as(RECEPTIONIST, other).await.unwrap_err().code, "already-triaged");
    assert_eq!(decline(&house, 1, "not-our-service", &reference()).await.unwrap_err().code, "already-triaged");
    assert_eq!(house.words(1).await.len(), 4);
    assert_eq!(house.triage_as(HEAD, house.wanted(2)).await.unwrap_err().code, "unknown-case");
}

#[tokio::test]
async fn a_person_without_the_role_is_told_whose_it_is_and_the_accused_are_told_nothing() {
    let house = House::start().await;
    let registered = CaseRegistered { about_staff_ids: vec![staff(RECEPTIONIST)], ..house.registered(1) };
    house.feed(&case(1), &registered).await;
    assert_eq!(house.triage_as(RECEPTIONIST, house.wanted(1)).await.unwrap_err().code, "unknown-case");
    assert_eq!(house.get(1, RECEPTIONIST).await.unwrap_err().code, "unknown-case");
    house.register(2).await;
    let request = wire::DeclineCaseRequest {
        request_id: "r".into(),
        case_id: case(2),
        version: 0,
        ground: "not-our-service".into(),
        reason_ref: reference(),
        ..wire::DeclineCaseRequest::default()
    };
    let refused = house.api.clone().decline_case(as_staff(RECEPTIONIST, request)).await.map_err(problem).unwrap_err();
    assert_eq!((refused.class, refused.code.as_str()), (Class::Denied, "not-permitted"));
}

#[tokio::test]
async fn a_case_is_declined_on_a_ground_of_the_regime_with_a_reason() {
    let house = House::start().await;
    house.register(1).await;
    assert_eq!(decline(&house, 1, "not-our-service", "").await.unwrap_err().code, "text-needed");
    let wrong = decline(&house, 1, "not-our-servise", &reference()).await.unwrap_err();
    assert!(wrong.fields[0].text.en.contains("`not-our-service`"));
    assert_eq!(decline(&house, 1, "public-authority", &reference()).await.unwrap_err().code, "another-outcome");
    assert_eq!(decline(&house, 1, "between-neighbours", &reference()).await.unwrap(), "guide");
    assert!(matches!(&house.published(&case(1)).await[0],
        Fact::CaseDeclined(e) if e.outcome == "guide" && e.staff_id == staff(GENERAL_AFFAIRS)));
    assert_eq!(house.get(1, GENERAL_AFFAIRS).await.unwrap().state, "declined");
    assert_eq!(house.triage(1, Vec::new()).await.unwrap_err().code, "already-triaged");
}

#[tokio::test]
async fn a_withdrawn_case_is_not_triaged_and_containment_need_not_wait_for_triage() {
    let house = House::start().await;
    house.register(1).await;
    let contain = |id: &str| wire::RecordContainmentRequest {
        request_id: id.into(),
        case_id: case(1),
        version: 0,
        text_ref: reference(),
    };
    house.api.clone().record_containment(as_staff(RECEPTIONIST, contain("a"))).await.unwrap();
    assert_eq!(house.words(1).await, ["containment-recorded"]);
    house
        .feed(&case(1), &CaseWithdrawn { case_id: case(1), by: "complainant".into(), ..CaseWithdrawn::default() })
        .await;
    assert_eq!(house.triage(1, Vec::new()).await.unwrap_err().code, "case-withdrawn");
    let late = house.api.clone().record_containment(as_staff(RECEPTIONIST, contain("b"))).await;
    assert_eq!(late.map_err(problem).unwrap_err().code, "case-ended");
}

#[tokio::test]
async fn a_registration_that_comes_again_changes_nothing_and_an_unknown_case_is_waited_for() {
    let house = House::start().await;
    house.register(1).await;
    house.triage(1, Vec::new()).await.unwrap();
    let version = house.get(1, RECEPTIONIST).await.unwrap().version;
    house.feed(&case(1), &house.registered(1)).await;
    let seen = house.get(1, RECEPTIONIST).await.unwrap();
    assert_eq!((seen.state.as_str(), seen.version), ("accepted", version));
    let early = house
        .received(&case(2), &CaseWithdrawn { case_id: case(2), by: "complainant".into(), ..CaseWithdrawn::default() });
    assert!(matches!(house.try_feed(vec![early]).await, Err(kit_db::Error::NotYet(_))));
}
