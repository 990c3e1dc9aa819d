//! Changes of the organisation, right and wrong.

use super::*;

fn unit(id: &str, parent: &str, kind: &str) -> Unit {
    Unit {
        unit_id: id.into(),
        parent_id: (!parent.is_empty()).then(|| parent.into()),
        kind: kind.into(),
        name: Text::new("单位", "Unit"),
        zone: "Asia/Shanghai".into(),
        is_closed: false,
        charges: Vec::new(),
    }
}

fn person(login: &str, unit: &str) -> PersonWanted {
    PersonWanted {
        staff_id: None,
        login: login.into(),
        name: "某某".into(),
        email: String::new(),
        grants: vec![Grant { role: "head".into(), unit_id: unit.into() }],
        is_active: true,
        password: Password::Kept,
    }
}

fn ids() -> impl FnMut() -> StaffId {
    let mut next = 0;
    move || {
        next += 1;
        StaffId::new(uuid::Uuid::from_u128(next))
    }
}

fn fields(result: Result<Difference, Problem>) -> Vec<String> {
    result.unwrap_err().fields.into_iter().map(|field| field.field).collect()
}

fn small() -> Organisation {
    let mut organisation = Organisation::default();
    let wanted = Wanted {
        units: vec![unit("g", "", "group"), unit("b", "g", "branch")],
        staff: vec![person("li", "b")],
        ..Wanted::default()
    };
    let difference = organisation.difference(&wanted, ids()).unwrap();
    organisation.units.extend(difference.units.into_iter().map(|unit| (unit.unit_id.clone(), unit)));
    organisation.staff.extend(difference.staff.into_iter().map(|person| (person.staff_id, person)));
    organisation
}

#[test]
fn the_same_again_changes_nothing() {
    let wanted = Wanted { units: vec![unit("b", "g", "branch")], staff: vec![person("li", "b")], ..Wanted::default() };
    let difference = small().difference(&wanted, ids()).unwrap();
    assert!(difference.units.is_empty());
    assert_eq!(difference.people(), 0);
}

#[test]
fn everything_wrong_is_named_at_once() {
    let wanted = Wanted {
        units: vec![
            unit("x", "nowhere", "branch"),
            unit("p", "q", "branch"),
            unit("q", "p", "tribe"),
            unit("r", "", "group"),
        ],
        staff: vec![person("wang", "nowhere"), person("wang", "b"), person("with blank", "b")],
        ..Wanted::default()
    };
    assert_eq!(
        fields(small().difference(&wanted, ids())),
        [
            "units[2].kind",
            "units[0].parent_id",
            "units[1].parent_id",
            "units[2].parent_id",
            "units[3].parent_id",
            "staff[0].login",
            "staff[1].login",
            "staff[0].grants[0].unit_id",
            "staff[2].login",
        ]
    );
}

#[test]
fn a_unit_cannot_be_moved_below_itself() {
    let mut organisation = small();
    organisation.units.insert("d".into(), unit("d", "b", "department"));
    let wanted = Wanted { units: vec![unit("b", "d", "branch")], ..Wanted::default() };
    assert_eq!(fields(organisation.difference(&wanted, ids())), ["units[0].parent_id"]);
}

#[test]
fn a_login_of_another_person_is_taken_but_two_may_swap() {
    let mut organisation = small();
    let li = organisation.staff.values().next().unwrap().staff_id;
    let zhao = StaffId::new(uuid::Uuid::from_u128(99));
    organisation.staff.insert(zhao, person("zhao", "b").person(zhao, BTreeSet::new()));
    let as_id = |id, login| PersonWanted { staff_id: Some(id), ..person(login, "b") };
    let taken = Wanted { staff: vec![as_id(zhao, "li")], ..Wanted::default() };
    assert_eq!(fields(organisation.difference(&taken, ids())), ["staff[0].login"]);
    let swapped = Wanted { staff: vec![as_id(zhao, "li"), as_id(li, "zhao")], ..Wanted::default() };
    assert_eq!(organisation.difference(&swapped, ids()).unwrap().people(), 2);
}
