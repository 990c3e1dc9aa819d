//! Who decides on an appeal: a holder of the role that its tier names, or whoever a rule put in their place.

use crate::harness::{House, pack, problem, staff, text_ref};
use contracts::{assignment, intake::AppealLodged, resolution::*};
use kit_config::MapSource;
use kit_core::{Class, Problem};
use resolution::Resolution;
use resolution_service_client::ResolutionServiceClient as Client;

/// The pack with an appeal to the manager in charge, which more people than its role may decide as far as `who` says.
fn appealing() -> String {
    let appeals = "appeals:\n  - {tier: review, zh: 复核, en: Review, who: complainant, after: complainant-told, to: above, \
         role: manager-in-charge, other-handler: yes, outcomes: {upheld: {zh: 维持, en: Upheld}}, cite: 二.6}\n\nclocks:\n";
    let who = "\nwho:\n  - {role: [handler, general-affairs-head, manager-in-charge, general-manager], \
         may: decide-appeal, cite: 二.6}\n";
    pack().replacen("clocks:\n", appeals, 1).replacen("\nwho:\n", who, 1)
}

async fn house() -> (House, String) {
    let house = House::start::<Resolution>(&appealing(), MapSource::default()).await;
    let id = house.dispatched(1, "minor").await;
    house.signed(&id).await;
    lodge(&house, &id).await;
    (house, id)
}

async fn lodge(house: &House, id: &str) {
    house.clock.advance(chrono::TimeDelta::minutes(1));
    house.hear(&AppealLodged { case_id: id.to_owned(), tier: "review".to_owned(), ..Default::default() }).await;
}

async fn dispatch(house: &House, id: &str, to: &str, role: &str) {
    let dispatched = assignment::CaseDispatched {
        case_id: id.to_owned(),
        unit_id: "group".to_owned(),
        role: role.to_owned(),
        staff_id: staff(to),
        is_automatic: true,
        ..Default::default()
    };
    house.hear(&dispatched).await;
    house.hear(&assignment::CaseSigned { case_id: id.to_owned(), staff_id: staff(to) }).await;
}

async fn decide(house: &House, who: &str, request_id: &str, id: &str) -> Result<(), Problem> {
    let request = DecideAppealRequest {
        request_id: request_id.to_owned(),
        case_id: id.to_owned(),
        tier: "review".to_owned(),
        outcome: "upheld".to_owned(),
        text_ref: text_ref(7),
        ..Default::default()
    };
    let answer = Client::new(house.channel.clone()).decide_appeal(house.by(who, request)).await;
    if answer.is_ok() { Ok(()) } else { Err(problem(answer)) }
}

async fn is_offered(house: &House, who: &str, id: &str) -> bool {
    let request = GetCaseRequest { case_id: id.to_owned() };
    let shown = Client::new(house.channel.clone()).get_case(house.by(who, request)).await.unwrap().into_inner();
    shown.actions.iter().any(|action| action.id == "decide-appeal")
}

#[tokio::test]
async fn only_a_holder_of_the_role_of_its_tier_decides_on_an_appeal() {
    let (house, id) = house().await;
    let refused = decide(&house, "affairs", "a1", &id).await.unwrap_err();
    assert_eq!((refused.class, refused.code.as_str()), (Class::Denied, "not-approver"));
    assert!(refused.text.zh.contains("主管经理") && refused.text.zh.contains("二.6"), "{}", refused.text.zh);
    assert!(refused.text.en.contains("Manager in charge") && refused.text.en.contains("二.6"), "{}", refused.text.en);
    // Nobody gave the case to another yet: whoever handled it would decide on what they did themselves.
    assert_eq!(decide(&house, "head", "a2", &id).await.unwrap_err().code, "handled-before");
    assert!(is_offered(&house, "manager", &id).await);
    assert!(!is_offered(&house, "affairs", &id).await && !is_offered(&house, "head", &id).await);
    decide(&house, "manager", "a3", &id).await.unwrap();
    assert_eq!(decide(&house, "manager", "a4", &id).await.unwrap_err().code, "no-appeal");
    // What was told again can be appealed against again.
    lodge(&house, &id).await;
    decide(&house, "manager", "a5", &id).await.unwrap();
    assert_eq!(house.words().await, ["appeal-decided", "appeal-decided"]);
}

#[tokio::test]
async fn whoever_a_rule_put_in_the_place_of_that_role_decides_and_whoever_a_person_named_does_not() {
    let (house, id) = house().await;
    assert_eq!(decide(&house, "general", "a1", &id).await.unwrap_err().code, "not-approver");
    dispatch(&house, &id, "general", "general-manager").await;
    let named =
        assignment::HandlerNamed { case_id: id.clone(), staff_id: staff("affairs"), named_by: staff("general") };
    house.hear(&named).await;
    assert_eq!(decide(&house, "affairs", "a2", &id).await.unwrap_err().code, "not-approver");
    dispatch(&house, &id, "general", "general-manager").await;
    decide(&house, "general", "a3", &id).await.unwrap();
}
