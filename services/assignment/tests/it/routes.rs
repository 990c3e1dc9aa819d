//! Ways that a case goes beyond the department complained of.

use crate::harness::*;
use contracts::assignment as wire;
use contracts::triage::CaseClassified;

fn routed(to: &str) -> String {
    let route = format!("  - {{to: {to}, role: head, cite: 路1}}\n");
    bent(&[("  - {to: department-complained-of, role: head, cite: 二.1}\n", &route)])
}

async fn charge(house: &House, units: &[(&str, &[&str])]) {
    let units = units.iter().map(|(id, charges)| wire::Unit {
        charges: charges.iter().map(|tag| (*tag).to_owned()).collect(),
        ..unit(id, "b03", "department")
    });
    let request = wire::ChangeOrganisationRequest {
        request_id: "charges".into(),
        units: units.collect(),
        staff: Vec::new(),
        ..Default::default()
    };
    house.api.clone().change_organisation(service(request)).await.unwrap();
}

fn of(category: &str) -> CaseClassified {
    CaseClassified { category: category.into(), ..about("") }
}

#[tokio::test]
async fn the_one_unit_that_has_charge_of_the_matter_gets_it_and_none_or_several_leave_it_to_a_person() {
    let house = House::under(routed("competent")).await;
    charge(
        &house,
        &[("b03-eng", &["category:facilities", "parking"]), ("b03-sec", &["security", "parking"]), ("b03-garden", &[])],
    )
    .await;
    house.accepted(1, house.registered(), of("facilities")).await;
    house.accepted(2, house.registered(), of("security")).await;
    house.accepted(3, house.registered(), of("parking")).await;
    house.accepted(4, house.registered(), of("fees")).await;
    let seen = house.get(1, RECEPTIONIST).await.unwrap();
    assert_eq!((seen.state.as_str(), seen.handling_unit_id.as_str()), ("dispatched", "b03-eng"));
    assert_eq!(house.get(2, RECEPTIONIST).await.unwrap().handler_id, staff(HEAD_SECURITY));
    for n in [3, 4] {
        assert_eq!(house.get(n, RECEPTIONIST).await.unwrap().state, "to-dispatch", "{n}");
    }
    let candidates = house.get(3, RECEPTIONIST).await.unwrap().candidates;
    assert_eq!(candidates.first().map(|one| one.unit_id.as_str()), Some("b03-eng"), "those in charge come first");
    assert!(candidates.iter().any(|one| one.unit_id == "b03-sec"));
}

#[tokio::test]
async fn the_unit_above_or_the_one_that_was_chosen() {
    let house =
        House::under(routed("above").replace("role: head, cite: 路1", "role: manager-in-charge, cite: 路1")).await;
    house.accepted(1, house.registered(), about("")).await;
    let seen = house.get(1, MANAGER).await.unwrap();
    assert_eq!((seen.handling_unit_id.as_str(), seen.handler_id), ("r", staff(MANAGER)));
    let house = House::under(routed("chosen")).await;
    house.accepted(1, house.registered(), about("b03-sec")).await;
    house.accepted(2, house.registered(), about("")).await;
    assert_eq!(house.get(1, RECEPTIONIST).await.unwrap().handler_id, staff(HEAD_SECURITY));
    assert_eq!(house.get(2, RECEPTIONIST).await.unwrap().state, "to-dispatch");
}
