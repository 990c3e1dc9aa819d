//! A decision that another must approve.

use crate::harness::{House, pack, problem, text_ref};
use contracts::resolution::*;
use kit_config::MapSource;
use kit_core::Class;
use resolution::Resolution;
use resolution_service_client::ResolutionServiceClient as Client;

/// The pack with an approval of major decisions, which its text does not have.
fn strict_pack() -> String {
    let rule = "approvals:\n  - {of: decision, if: \"case.severity == 'major'\", by: manager-in-charge, cite: 二.2}\n";
    pack().replacen("approvals:\n", rule, 1)
}

fn propose(request_id: &str, case_id: &str) -> ProposeDecisionRequest {
    ProposeDecisionRequest {
        request_id: request_id.to_owned(),
        case_id: case_id.to_owned(),
        finding: "partly".to_owned(),
        text_ref: text_ref(3),
        ..Default::default()
    }
}

fn rule(request_id: &str, case_id: &str, is_approved: bool) -> RuleOnDecisionRequest {
    RuleOnDecisionRequest {
        request_id: request_id.to_owned(),
        case_id: case_id.to_owned(),
        is_approved,
        reason_ref: text_ref(4),
        ..Default::default()
    }
}

fn resolve(request_id: &str, case_id: &str, finding: &str) -> ResolveCaseRequest {
    ResolveCaseRequest {
        request_id: request_id.to_owned(),
        case_id: case_id.to_owned(),
        finding: finding.to_owned(),
        ..Default::default()
    }
}

#[tokio::test]
async fn a_decision_that_must_be_approved_waits_for_another_holder_of_the_role() {
    let house = House::start::<Resolution>(&strict_pack(), MapSource::default()).await;
    let id = house.dispatched(1, "major").await;
    house.signed(&id).await;
    let mut client = Client::new(house.channel.clone());
    let around = problem(client.resolve_case(house.by("head", resolve("r0", &id, "partly"))).await);
    assert_eq!((around.code.as_str(), around.fields[0].field.as_str()), ("not-yet", "decision-approved"));
    let answer = client.propose_decision(house.by("head", propose("p1", &id))).await.unwrap().into_inner();
    assert!(!answer.is_final);
    let by_general = problem(client.rule_on_decision(house.by("general", rule("a0", &id, true))).await);
    assert_eq!((by_general.class, by_general.code.as_str()), (Class::Denied, "not-approver"));
    client.rule_on_decision(house.by("manager", rule("a1", &id, false))).await.unwrap();
    let refused = problem(client.resolve_case(house.by("head", resolve("r1", &id, "partly"))).await);
    assert_eq!(refused.code, "not-yet");
    client.propose_decision(house.by("head", propose("p2", &id))).await.unwrap();
    client.rule_on_decision(house.by("manager", rule("a2", &id, true))).await.unwrap();
    let twice = problem(client.rule_on_decision(house.by("manager", rule("a3", &id, true))).await);
    assert_eq!(twice.code, "no-proposal");
    let other = problem(client.resolve_case(house.by("head", resolve("r2", &id, "substantiated"))).await);
    assert_eq!(other.code, "finding-not-approved");
    client.resolve_case(house.by("head", resolve("r3", &id, ""))).await.unwrap();
    assert_eq!(
        house.words().await,
        [
            "investigation-opened",
            "decision-proposed",
            "decision-refused",
            "decision-proposed",
            "decision-approved",
            "case-resolved"
        ]
    );
}

#[tokio::test]
async fn where_the_regime_asks_nobody_the_decision_stands_at_once() {
    let house = House::start::<Resolution>(&strict_pack(), MapSource::default()).await;
    let id = house.dispatched(1, "minor").await;
    house.signed(&id).await;
    let mut client = Client::new(house.channel.clone());
    let answer = client.propose_decision(house.by("head", propose("p1", &id))).await.unwrap().into_inner();
    assert!(answer.is_final);
    client.resolve_case(house.by("head", resolve("r1", &id, ""))).await.unwrap();
    let shown = client.get_case(house.by("head", GetCaseRequest { case_id: id })).await.unwrap().into_inner();
    assert_eq!(shown.finding, "partly");
}
