//! Changing the organisation.

use crate::harness::*;
use contracts::Fact;
use contracts::assignment as wire;
use kit_core::Class;

async fn change(
    house: &House,
    request: tonic::Request<wire::ChangeOrganisationRequest>,
) -> Result<wire::ChangeOrganisationResponse, kit_core::Problem> {
    house.api.clone().change_organisation(request).await.map(tonic::Response::into_inner).map_err(problem)
}

#[tokio::test]
async fn a_change_is_published_once_and_the_same_again_changes_nothing() {
    let house = House::bare().await;
    let first = change(&house, service(organisation())).await.unwrap();
    assert_eq!((first.units_changed, first.staff_changed), (6, 8));
    assert_eq!(change(&house, service(organisation())).await.unwrap(), first, "the same request, the same answer");
    let again = wire::ChangeOrganisationRequest { request_id: "again".into(), ..organisation() };
    let second = change(&house, service(again)).await.unwrap();
    assert_eq!((second.units_changed, second.staff_changed), (0, 0));
    assert_eq!(house.published("b03-eng").await.len(), 1);
    assert!(matches!(&house.published(&staff(HEAD_A)).await[0], Fact::StaffChanged(e) if e.login == "head-a"));
}

#[tokio::test]
async fn a_change_with_one_mistake_is_refused_whole_with_every_mistake_named() {
    let house = House::start().await;
    let request = wire::ChangeOrganisationRequest {
        request_id: "wrong".into(),
        units: vec![unit("b04", "r", "branch"), unit("b05", "nowhere", "branch"), unit("g", "b03", "group")],
        staff: vec![
            wire::Staff { staff_id: String::new(), ..person(20, "head-a", "head", "b99") },
            person(21, "head-b", "head", "b03"),
        ],
        ..Default::default()
    };
    let refused = change(&house, service(request)).await.unwrap_err();
    assert_eq!((refused.class, refused.code.as_str()), (Class::Invalid, "invalid-organisation"));
    let fields: Vec<_> = refused.fields.iter().map(|field| field.field.as_str()).collect();
    for field in ["units[1].parent_id", "units[2].parent_id", "staff[0].grants[0].unit_id", "staff[1].login"] {
        assert!(fields.contains(&field), "{field} in {fields:?}");
    }
    let units = house.api.clone().list_units(as_staff(HEAD_A, wire::ListUnitsRequest {})).await.unwrap().into_inner();
    assert_eq!(units.units.len(), 6);
    assert!(house.published("b04").await.is_empty());
}

#[tokio::test]
async fn a_person_without_an_id_is_found_by_login_and_made_if_nobody_bears_it() {
    let house = House::start().await;
    let nameless = |login: &str| wire::Staff { staff_id: String::new(), ..person(0, login, "head", "b03-garden") };
    let request = wire::ChangeOrganisationRequest {
        request_id: "gardeners".into(),
        units: Vec::new(),
        staff: vec![nameless("head-a"), nameless("gardener")],
        ..Default::default()
    };
    assert_eq!(change(&house, service(request)).await.unwrap().staff_changed, 2);
    let listed = wire::ListStaffRequest { unit_id: "b03-garden".into() };
    let staff_there = house.api.clone().list_staff(as_staff(HEAD_B, listed)).await.unwrap().into_inner().staff;
    assert_eq!(staff_there.len(), 2);
    assert!(staff_there.iter().any(|person| person.staff_id == staff(HEAD_A)));
}

#[tokio::test]
async fn only_the_installation_and_administrators_at_the_root_may_change_it() {
    let house = House::start().await;
    let request = |n: u32| wire::ChangeOrganisationRequest {
        request_id: format!("change {n}"),
        units: vec![unit(&format!("b1{n}"), "r", "branch")],
        staff: Vec::new(),
        ..Default::default()
    };
    assert_eq!(change(&house, as_staff(GENERAL_MANAGER, request(1))).await.unwrap_err().class, Class::Denied);
    assert_eq!(change(&house, public(request(2))).await.unwrap_err().class, Class::Unauthenticated);
    assert_eq!(change(&house, as_staff(ADMIN, request(3))).await.unwrap().units_changed, 1);
    assert_eq!(
        house.api.clone().list_units(public(wire::ListUnitsRequest {})).await.map_err(problem).unwrap_err().class,
        Class::Unauthenticated
    );
}

#[tokio::test]
async fn what_a_unit_has_charge_of_is_kept_and_told() {
    let house = House::start().await;
    let charged = |n: u32, charges: &[&str]| wire::ChangeOrganisationRequest {
        request_id: format!("charges {n}"),
        units: vec![wire::Unit {
            charges: charges.iter().map(|tag| (*tag).to_owned()).collect(),
            ..unit("b03-eng", "b03", "department")
        }],
        staff: Vec::new(),
        ..Default::default()
    };
    let changed = change(&house, service(charged(1, &["parking", "category:noise", "parking"]))).await.unwrap();
    assert_eq!(changed.units_changed, 1);
    let units = house.api.clone().list_units(as_staff(HEAD_A, wire::ListUnitsRequest {})).await.unwrap().into_inner();
    let engineers = units.units.iter().find(|unit| unit.unit_id == "b03-eng").unwrap();
    assert_eq!(engineers.charges, ["category:noise", "parking"]);
    let told = house.published("b03-eng").await;
    assert!(matches!(told.last(), Some(Fact::UnitChanged(e)) if e.charges == engineers.charges));
    let again = change(&house, service(charged(2, &["category:noise", "parking"]))).await.unwrap();
    assert_eq!(again.units_changed, 0);
    let wrong = change(&house, service(charged(3, &["two words"]))).await.unwrap_err();
    assert_eq!(wrong.fields[0].field, "units[0].charges");
}
