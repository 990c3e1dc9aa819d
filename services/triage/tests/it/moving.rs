//! A case moves to another version by a recorded decision, and not without one.

use crate::harness::*;
use contracts::Fact;
use contracts::assignment::{CaseDispatched, RoleGrant, StaffChanged};
use contracts::triage as wire;
use kit_core::Problem;

const MANAGER: u128 = 7;

/// A house with two versions, and a case of the first that was triaged.
async fn two_versions(second: &str) -> House {
    let house = House::start().await;
    let manager = StaffChanged {
        staff_id: staff(MANAGER),
        grants: vec![RoleGrant { role: "general-manager".into(), unit_id: "g".into() }],
        is_active: true,
        ..StaffChanged::default()
    };
    house.feed(&staff(MANAGER), &manager).await;
    house.register(1).await;
    house.triage(1, Vec::new()).await.unwrap();
    assert_eq!(house.publish("the second", second).await.unwrap().version, 2);
    house
}

fn amended() -> String {
    format!("{}\n# 第二版\n", pack())
}

fn wanted(request_id: &str, version: u32) -> wire::MoveToVersionRequest {
    wire::MoveToVersionRequest {
        request_id: request_id.into(),
        case_id: case(1),
        regime_version: version,
        reason_ref: reference(),
        ..Default::default()
    }
}

async fn move_as(house: &House, who: u128, request: wire::MoveToVersionRequest) -> Result<(), Problem> {
    house.api.clone().move_to_version(as_staff(who, request)).await.map(drop).map_err(problem)
}

#[tokio::test]
async fn a_case_keeps_its_version_until_somebody_who_may_moves_it_and_says_why() {
    let house = two_versions(&amended()).await;
    let seen = house.get(1, MANAGER).await.unwrap();
    assert!(seen.actions.iter().any(|action| action.id == "move-to-version" && action.is_allowed));
    let offered: Vec<_> = seen.versions.iter().map(|one| (one.version, one.missing.len())).collect();
    assert_eq!(offered, [(2, 0)]);
    assert!(house.get(1, RECEPTIONIST).await.unwrap().versions.is_empty(), "it is not for the desk");

    let denied = move_as(&house, RECEPTIONIST, wanted("a", 2)).await.unwrap_err();
    assert_eq!(denied.code, "not-permitted");
    assert!(denied.text.zh.contains("总经理"), "{}", denied.text.zh);
    let silent = wire::MoveToVersionRequest { reason_ref: String::new(), ..wanted("b", 2) };
    assert_eq!(move_as(&house, MANAGER, silent).await.unwrap_err().code, "text-needed");
    let stale = wire::MoveToVersionRequest { version: 99, ..wanted("c", 2) };
    assert_eq!(move_as(&house, MANAGER, stale).await.unwrap_err().code, "stale");
    assert!(!house.words(1).await.contains(&"case-moved"));

    let given = wire::MoveToVersionRequest { version: seen.version, ..wanted("d", 2) };
    move_as(&house, MANAGER, given.clone()).await.unwrap();
    move_as(&house, MANAGER, given).await.unwrap();
    let facts = house.published(&case(1)).await;
    let moves: Vec<_> = facts.iter().filter_map(|f| if let Fact::CaseMoved(e) = f { Some(e) } else { None }).collect();
    let [moved] = moves.as_slice() else { panic!("moved {} times", moves.len()) };
    assert_eq!((moved.regime_id.as_str(), moved.regime_version), (REGIME, 2));
    assert_eq!((moved.from_regime_id.as_str(), moved.from_regime_version), (REGIME, 1));
    assert_eq!(
        (moved.staff_id.as_str(), moved.reason.as_ref().unwrap().ref_id.as_str()),
        (&*staff(MANAGER), &*reference())
    );
    assert_eq!(move_as(&house, MANAGER, wanted("e", 2)).await.unwrap_err().code, "same-version");
    // And back again, by another decision.
    move_as(&house, MANAGER, wanted("f", 1)).await.unwrap();
}

#[tokio::test]
async fn a_version_that_is_not_there_or_not_yet_in_force_is_refused_with_what_there_is() {
    let house = two_versions(&amended()).await;
    let unknown = move_as(&house, MANAGER, wanted("a", 7)).await.unwrap_err();
    assert_eq!(unknown.code, "unknown-version");
    assert!(unknown.fields[0].text.zh.contains("1、2"), "{:?}", unknown.fields);
    let elsewhere = wire::MoveToVersionRequest { regime_id: "property-internal".into(), ..wanted("b", 1) };
    let near = move_as(&house, MANAGER, elsewhere).await.unwrap_err();
    assert_eq!(near.code, "unknown-regime");
    assert!(near.fields[0].text.en.contains(REGIME), "{:?}", near.fields);
    let later = wire::PublishRegimeRequest {
        request_id: "later".into(),
        pack: format!("{}\n# 第三版\n", pack()),
        in_force_from: "2030-01-01".into(),
        ..Default::default()
    };
    house.api.clone().publish_regime(service(later)).await.unwrap();
    assert_eq!(move_as(&house, MANAGER, wanted("c", 3)).await.unwrap_err().code, "not-in-force");
    let offered: Vec<_> = house.get(1, MANAGER).await.unwrap().versions.iter().map(|one| one.version).collect();
    assert_eq!(offered, [2]);
}

#[tokio::test]
async fn a_version_that_does_not_know_what_the_case_has_is_refused_with_all_of_it() {
    let renamed = pack().replace("receptionist", "desk").replace("facilities", "building");
    let house = two_versions(&renamed).await;
    let dispatched = CaseDispatched {
        case_id: case(1),
        unit_id: "b03-eng".into(),
        staff_id: staff(RECEPTIONIST),
        role: "receptionist".into(),
        ..CaseDispatched::default()
    };
    house.feed(&case(1), &dispatched).await;
    let refused = move_as(&house, MANAGER, wanted("a", 2)).await.unwrap_err();
    assert_eq!(refused.code, "version-lacks");
    let names: Vec<&str> = refused.fields.iter().map(|field| field.field.as_str()).collect();
    assert_eq!(names, ["category", "handler-role"]);
    assert!(refused.text.zh.contains("类别“"), "{}", refused.text.zh);
    let offers = house.get(1, MANAGER).await.unwrap().versions;
    assert_eq!(offers[0].missing.len(), 2);
}
