//! Lookups in a small group: a region, two branches, departments.

use super::*;

fn unit(id: &str, parent: &str, kind: &str, zone: &str) -> Unit {
    let parent = (!parent.is_empty()).then(|| parent.to_owned());
    let name = Text::new(id, id);
    Unit { id: id.into(), parent, kind: kind.into(), name, zone: zone.into(), is_closed: false, charges: Vec::new() }
}

fn person(id: &str, role: &str, unit: &str) -> Staff {
    let grants = vec![Grant { role: role.into(), unit: unit.into() }];
    Staff {
        id: id.into(),
        login: id.into(),
        name: id.into(),
        email: String::new(),
        grants,
        is_active: true,
        shifts: Vec::new(),
    }
}

fn directory() -> Directory {
    Directory::new(
        [
            unit("group", "", "group", "Asia/Shanghai"),
            unit("r1", "group", "region", ""),
            unit("b03", "r1", "branch", "Asia/Urumqi"),
            unit("b04", "r1", "branch", ""),
            unit("b03-eng", "b03", "department", ""),
            unit("b03-eng-lift", "b03-eng", "department", ""),
        ],
        [person("ann", "receptionist", "b03"), person("bo", "head", "b03-eng"), person("cy", "manager", "r1")],
    )
}

#[test]
fn a_grant_reaches_the_unit_and_everything_below_it_and_nothing_beside_or_above() {
    let d = directory();
    assert!(d.holds("ann", "receptionist", "b03"));
    assert!(d.holds("ann", "receptionist", "b03-eng-lift"));
    assert!(!d.holds("ann", "receptionist", "b04"));
    assert!(!d.holds("ann", "receptionist", "r1"));
    assert!(!d.holds("ann", "head", "b03"));
    assert!(!d.holds("nobody", "head", "b03"));
}

#[test]
fn holders_are_the_nearest_above_who_are_still_here() {
    let mut d = directory();
    let ids =
        |d: &Directory, role: &str, unit: &str| d.holders(role, unit).iter().map(|s| s.id.clone()).collect::<Vec<_>>();
    assert_eq!(ids(&d, "head", "b03-eng-lift"), ["bo"]);
    assert_eq!(ids(&d, "manager", "b04"), ["cy"]);
    assert!(ids(&d, "head", "b04").is_empty());
    d.put_staff(person("di", "manager", "b04"));
    assert_eq!(ids(&d, "manager", "b04"), ["di"]);
    d.put_staff(Staff { is_active: false, ..person("di", "manager", "b04") });
    assert_eq!(ids(&d, "manager", "b04"), ["cy"]);
    assert!(!d.holds("di", "manager", "b04"));
}

#[test]
fn a_zone_is_inherited_and_departments_are_found_at_any_depth() {
    let d = directory();
    assert_eq!(d.zone("b03-eng"), "Asia/Urumqi");
    assert_eq!(d.zone("b04"), "Asia/Shanghai");
    assert_eq!(d.zone("unheard-of"), "Asia/Shanghai");
    let departments: Vec<_> = d.departments("b03").iter().map(|u| u.id.as_str()).collect();
    assert_eq!(departments, ["b03-eng", "b03-eng-lift"]);
}

#[test]
fn a_circle_and_an_unknown_parent_end_the_chain_instead_of_the_process() {
    let d = Directory::new(
        [unit("a", "b", "branch", ""), unit("b", "a", "branch", ""), unit("c", "lost", "branch", "")],
        [],
    );
    assert_eq!(d.chain("a").len(), 2);
    assert_eq!(d.chain("c").len(), 1);
    assert!(d.chain("lost").is_empty());
    assert!(d.is_within("a", "b"));
}

#[test]
fn whoever_has_charge_of_all_of_it_is_looked_for_near_by_first() {
    let mut d = directory();
    for (id, parent, charges) in [
        ("b03-noise", "b03", &["category:noise", "area:east"][..]),
        ("b03-both", "b03", &["noise", "west", "lifts"]),
        ("b04-lifts", "b04", &["category:lifts"]),
        ("r1-water", "r1", &["category:water"]),
    ] {
        let charges = charges.iter().map(|tag| (*tag).to_owned()).collect();
        d.put_unit(Unit { charges, ..unit(id, parent, "department", "") });
    }
    let thing = |kind: &str, word: &str| vec![format!("{kind}:{word}"), word.to_owned()];
    let ids = |things: &[Vec<String>]| d.in_charge("b03", things).iter().map(|u| u.id.clone()).collect::<Vec<_>>();
    assert_eq!(ids(&[thing("category", "noise")]), ["b03-both", "b03-noise"]);
    assert_eq!(ids(&[thing("category", "noise"), thing("area", "east")]), ["b03-noise"]);
    assert_eq!(ids(&[thing("category", "lifts")]), ["b03-both"], "the other branch has lifts of its own");
    assert_eq!(ids(&[thing("category", "water")]), ["r1-water"]);
    assert_eq!(ids(&[thing("category", "smells")]), [""; 0]);
    assert_eq!(ids(&[]), [""; 0], "a matter that is nothing is nobody's");
}

#[test]
fn whoever_is_on_duty_holds_the_role_and_the_instant_lies_in_their_turn() {
    let mut d = directory();
    let at = |hour: u32| DateTime::from_timestamp(i64::from(hour) * 3600, 0).unwrap();
    let on = |person: Staff, unit: &str, from, until| {
        let shift = Shift { role: "manager".into(), unit: unit.into(), from: at(from), until: at(until) };
        Staff { shifts: vec![shift], ..person }
    };
    d.put_staff(on(person("di", "manager", "b03"), "b03", 8, 12));
    d.put_staff(on(person("ed", "manager", "b03"), "b03", 12, 20));
    d.put_staff(on(person("fay", "manager", "r1"), "r1", 18, 24));
    d.put_staff(on(person("gus", "head", "b03"), "b03", 0, 24));
    d.put_staff(on(Staff { is_active: false, ..person("hal", "manager", "b03") }, "b03", 0, 24));
    let ids = |unit: &str, hour| d.on_duty("manager", unit, at(hour)).iter().map(|s| s.id.as_str()).collect::<Vec<_>>();
    assert_eq!((ids("b03", 8), ids("b03-eng", 12)), (vec!["di"], vec!["ed"]), "a turn ends where the next begins");
    assert_eq!((ids("b03", 19), ids("b03", 20)), (vec!["ed"], vec!["fay"]), "the nearest unit counts");
    assert_eq!((ids("b03", 7), ids("b04", 9)), (vec![], vec![]), "nobody has this hour, and who is beside has no say");
}
