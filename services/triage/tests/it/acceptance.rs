//! Acceptance as an act of its own: after the stages that come before it, with what its notice must say.

use crate::harness::*;
use contracts::Fact;
use contracts::resolution::StepDone;
use contracts::triage as wire;
use kit_core::Problem;
use std::collections::BTreeMap;

pub(crate) const OFFICE: &str = include_str!("office.yaml");

pub(crate) async fn office() -> House {
    let house = House::bare().await;
    house.publish("office", OFFICE).await.unwrap();
    house
}

fn parts(names: &[&str]) -> BTreeMap<String, String> {
    names.iter().map(|name| ((*name).to_owned(), reference())).collect()
}

async fn accept(house: &House, who: u128, names: &[&str], is_courtesy: bool) -> Result<(), Problem> {
    let request = wire::AcceptCaseRequest {
        request_id: format!("accept {names:?} {is_courtesy} {}", house.now()),
        case_id: case(1),
        version: 0,
        parts: parts(names),
        is_courtesy,
    };
    house.api.clone().accept_case(as_staff(who, request)).await.map(|_| ()).map_err(problem)
}

async fn verified(house: &House, outcome: &str) {
    let step =
        StepDone { case_id: case(1), step: "case-verified".into(), outcome: outcome.into(), ..StepDone::default() };
    house.feed(&case(1), &step).await;
}

fn wanted(house: &House) -> wire::TriageCaseRequest {
    wire::TriageCaseRequest { category: String::new(), about_unit_id: None, ..house.wanted(1) }
}

#[tokio::test]
async fn triage_says_what_a_case_is_and_leaves_acceptance_to_its_turn() {
    let house = office().await;
    house.register_under("office", 1).await;
    let given = house.triage_as(RECEPTIONIST, wanted(&house)).await.unwrap();
    assert_eq!((given.severity.as_str(), given.is_accepted), ("ordinary", false));
    assert_eq!(house.words(1).await, ["case-classified", "case-graded"]);
    let early = accept(&house, GENERAL_AFFAIRS, &["process", "parts.time"], false).await.unwrap_err();
    assert_eq!((early.code.as_str(), early.fields[0].field.as_str()), ("not-yet", "case-verified"));
    assert!(early.text.en.contains("(二)"));
    verified(&house, "yes").await;
    assert_eq!(accept(&house, RECEPTIONIST, &[], false).await.unwrap_err().code, "not-permitted");
    let short = accept(&house, GENERAL_AFFAIRS, &["process"], false).await.unwrap_err();
    assert_eq!(
        (short.code.as_str(), short.fields[0].field.as_str(), short.fields.len()),
        ("missing-input", "parts.time", 1)
    );
    assert!(short.text.zh.contains("（四）"));
    let odd = accept(&house, GENERAL_AFFAIRS, &["proces", "parts.time"], false).await.unwrap_err();
    assert_eq!(odd.code, "unknown-word");
    let seen = house.get(1, GENERAL_AFFAIRS).await.unwrap();
    assert_eq!(seen.accept_parts.iter().map(|part| part.id.as_str()).collect::<Vec<_>>(), ["process", "time"]);
    assert!(seen.actions.iter().any(|action| action.id == "accept" && action.is_allowed));
    accept(&house, GENERAL_AFFAIRS, &["process", "time"], false).await.unwrap();
    let last = house.published(&case(1)).await.pop().unwrap();
    assert!(matches!(last, Fact::CaseAccepted(e) if e.parts.len() == 2 && e.staff_id == staff(GENERAL_AFFAIRS)));
    assert_eq!(accept(&house, GENERAL_AFFAIRS, &["process", "time"], true).await.unwrap_err().code, "already-triaged");
    assert_eq!(house.get(1, RECEPTIONIST).await.unwrap().state, "accepted");
}

#[tokio::test]
async fn what_a_rule_forbids_is_taken_as_a_courtesy_where_the_rule_lets_it() {
    let house = office().await;
    house.register_under("office", 1).await;
    house.triage_as(RECEPTIONIST, wanted(&house)).await.unwrap();
    verified(&house, "untrue").await;
    let refused = accept(&house, GENERAL_AFFAIRS, &["process", "time"], false).await.unwrap_err();
    assert_eq!(refused.code, "forbidden-by-rule");
    accept(&house, GENERAL_AFFAIRS, &["process", "time"], true).await.unwrap();
    let last = house.published(&case(1)).await.pop().unwrap();
    assert!(matches!(last, Fact::CaseAccepted(e) if e.is_courtesy));
}

#[tokio::test]
async fn a_triage_may_be_mended_until_the_case_is_taken() {
    let house = office().await;
    house.register_under("office", 1).await;
    house.triage_as(RECEPTIONIST, wanted(&house)).await.unwrap();
    let again = wire::TriageCaseRequest { request_id: "again".into(), severity: "grave".into(), ..wanted(&house) };
    house.triage_as(RECEPTIONIST, again).await.unwrap();
    let words = house.words(1).await;
    assert_eq!(words, ["case-classified", "case-graded", "case-classified", "case-graded"]);
}

#[tokio::test]
async fn facts_are_stated_while_it_is_handled_and_may_grade_it_anew() {
    let house = office().await;
    house.register_under("office", 1).await;
    house.triage_as(RECEPTIONIST, wanted(&house)).await.unwrap();
    let state = |id: &str, facts: Vec<contracts::common::Fact>| {
        let request = wire::StateFactsRequest { request_id: id.into(), case_id: case(1), version: 0, facts };
        let mut api = house.api.clone();
        async move { api.state_facts(as_staff(RECEPTIONIST, request)).await.map(|_| ()).map_err(problem) }
    };
    assert_eq!(state("a", Vec::new()).await.unwrap_err().code, "missing-input");
    let wrong = state("b", vec![yes("times"), yes("injurey"), word("injury", "yes")]).await.unwrap_err();
    assert_eq!((wrong.code.as_str(), wrong.fields.len()), ("unknown-word", 4), "{wrong:?}");
    state("c", vec![yes("injury")]).await.unwrap();
    state("c", vec![yes("injury")]).await.unwrap();
    let facts = house.published(&case(1)).await;
    assert!(matches!(&facts[2], Fact::FactsStated(e) if e.staff_id == staff(RECEPTIONIST) && e.facts.len() == 1));
    assert!(matches!(&facts[3], Fact::CaseGraded(e) if e.severity == "grave" && e.is_automatic && e.cite == "六"));
    assert_eq!(facts.len(), 4);
}
