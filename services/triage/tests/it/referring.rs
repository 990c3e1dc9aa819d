//! Matters that belong to somebody else.

use crate::acceptance::office;
use crate::harness::*;
use contracts::Fact;
use contracts::triage as wire;
use kit_core::Problem;

async fn refer(house: &House, ground: &str, body: &str, unit: &str) -> Result<bool, Problem> {
    let request = wire::ReferCaseRequest {
        request_id: format!("refer {ground} {body} {unit}"),
        case_id: case(1),
        version: 0,
        ground: ground.into(),
        body: body.into(),
        unit_id: unit.into(),
        reason_ref: String::new(),
    };
    let answer = house.api.clone().refer_case(as_staff(RECEPTIONIST, request)).await.map_err(problem)?;
    Ok(answer.into_inner().awaits_report_back)
}

async fn report(house: &House, id: &str, ground: &str, text: &str) -> Result<(), Problem> {
    let request = wire::ReportBackRequest {
        request_id: id.into(),
        case_id: case(1),
        version: 0,
        ground: ground.into(),
        text_ref: text.into(),
    };
    house.api.clone().report_back(as_staff(RECEPTIONIST, request)).await.map(|_| ()).map_err(problem)
}

#[tokio::test]
async fn a_case_is_referred_to_the_body_that_the_ground_names_and_reported_back_on_once() {
    let house = office().await;
    house.register_under("office", 1).await;
    assert_eq!(report(&house, "early", "", &reference()).await.unwrap_err().code, "not-referred");
    assert_eq!(refer(&house, "old", "", "").await.unwrap_err().code, "another-outcome");
    let wrong = refer(&house, "crimes", "", "").await.unwrap_err();
    assert!(wrong.fields[0].text.en.contains("`crime`"));
    let wrong = refer(&house, "crime", "polise", "").await.unwrap_err();
    assert!(wrong.fields[0].field == "body" && wrong.fields[0].text.en.contains("`police`"));
    assert_eq!(refer(&house, "crime", "", "nowhere").await.unwrap_err().code, "unknown-unit");
    assert!(refer(&house, "crime", "", "").await.unwrap());
    let facts = house.published(&case(1)).await;
    assert!(matches!(&facts[0], Fact::CaseReferred(e) if e.body == "police" && e.awaits_report_back && e.cite == "五"
        && e.staff_id == staff(RECEPTIONIST) && e.reason.is_none()));
    let seen = house.get(1, RECEPTIONIST).await.unwrap();
    assert_eq!(seen.state, "referred");
    let offered: Vec<&str> = seen.actions.iter().map(|action| action.id.as_str()).collect();
    assert_eq!(offered, ["report-back", "state"]);
    assert_eq!(refer(&house, "dispute", "court", "").await.unwrap_err().code, "already-referred");
    assert_eq!(report(&house, "no text", "", "").await.unwrap_err().code, "text-needed");
    assert_eq!(report(&house, "other", "dispute", &reference()).await.unwrap_err().code, "not-referred");
    report(&house, "once", "", &reference()).await.unwrap();
    assert_eq!(report(&house, "twice", "crime", &reference()).await.unwrap_err().code, "already-done");
    let last = house.published(&case(1)).await.pop().unwrap();
    assert!(matches!(last, Fact::ReportBackReceived(e) if e.ground == "crime"));
}

#[tokio::test]
async fn a_ground_that_names_nobody_wants_to_hear_to_whom_it_goes() {
    let house = office().await;
    house.register_under("office", 1).await;
    assert_eq!(refer(&house, "dispute", "", "").await.unwrap_err().code, "missing-input");
    assert!(!refer(&house, "dispute", "court", "").await.unwrap());
}

#[tokio::test]
async fn the_ground_whose_condition_holds_is_suggested() {
    let house = office().await;
    house.register_under("office", 1).await;
    assert_eq!(house.get(1, RECEPTIONIST).await.unwrap().suggested_ground, "");
    let wanted = wire::TriageCaseRequest {
        category: String::new(),
        about_unit_id: None,
        facts: vec![answer("ours", contracts::common::fact_value::Kind::Flag(false))],
        ..house.wanted(1)
    };
    house.triage_as(RECEPTIONIST, wanted).await.unwrap();
    let seen = house.get(1, RECEPTIONIST).await.unwrap();
    assert_eq!((seen.suggested_ground.as_str(), seen.suggested_ground_cite.as_str()), ("crime", "五"));
    let vocabulary = seen.vocabulary.unwrap();
    let ids = |words: &[wire::Word]| words.iter().map(|word| word.id.clone()).collect::<Vec<_>>();
    assert_eq!(
        (ids(&vocabulary.grounds), ids(&vocabulary.referrals)),
        (vec!["old".into()], vec!["crime".into(), "dispute".into()])
    );
    assert_eq!(ids(&vocabulary.bodies), ["police", "court"]);
}
