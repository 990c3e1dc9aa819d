//! Who works in the house of the tests, and where; and the ids of cases and texts, by a small number.

use contracts::{assignment, common};
use kit_ids::{CaseId, RefId, StaffId};
use kit_messaging::Received;
use uuid::Uuid;

const STAFF: [(&str, &str, &str); 8] = [
    ("head", "head", "b03-eng"),
    ("reception", "receptionist", "b03"),
    ("affairs", "general-affairs-head", "b03"),
    ("patrol", "patrol-team", "b03"),
    ("manager", "manager-in-charge", "r1"),
    ("general", "general-manager", "group"),
    ("far-head", "head", "b04-eng"),
    ("admin", "administrator", "group"),
];

/// The id of a member of staff of the tests.
pub fn staff(who: &str) -> String {
    let nth = STAFF.iter().position(|(name, ..)| *name == who).unwrap();
    StaffId::new(Uuid::from_u128(nth as u128 + 1)).to_string()
}

/// The id of the nth case.
pub fn case(nth: u128) -> String {
    CaseId::new(Uuid::from_u128(nth)).to_string()
}

/// A reference such as intake gives for a sealed text.
pub fn text_ref(nth: u128) -> String {
    RefId::new(Uuid::from_u128(nth)).to_string()
}

pub(crate) fn organisation(at: chrono::DateTime<chrono::Utc>) -> Vec<Received> {
    let units = [
        ("group", "", "group"),
        ("r1", "group", "region"),
        ("b03", "r1", "branch"),
        ("b03-eng", "b03", "department"),
        ("b04", "r1", "branch"),
        ("b04-eng", "b04", "department"),
    ];
    let unit = |(id, parent, kind): (&str, &str, &str)| assignment::UnitChanged {
        unit_id: id.to_owned(),
        parent_id: parent.to_owned(),
        kind: kind.to_owned(),
        name: Some(common::Text { zh: format!("单位{id}"), en: format!("Unit {id}") }),
        zone: "Asia/Shanghai".to_owned(),
        is_closed: false,
        ..Default::default()
    };
    let person = |(name, role, at): (&str, &str, &str)| assignment::StaffChanged {
        staff_id: staff(name),
        login: name.to_owned(),
        name: format!("员工{name}"),
        email: format!("{name}@house.example"),
        grants: vec![assignment::RoleGrant { role: role.to_owned(), unit_id: at.to_owned() }],
        is_active: true,
        ..Default::default()
    };
    let units = units.map(unit).map(|u| Received::sample(0, &u.unit_id, &u, at).unwrap());
    let people = STAFF.map(person).map(|p| Received::sample(0, &p.staff_id, &p, at).unwrap());
    units.into_iter().chain(people).collect()
}
