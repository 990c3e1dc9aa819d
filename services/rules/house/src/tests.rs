//! A branch with hours of its own under a nation's calendar, as the rows of a copy tell them.

use super::*;
use contracts::assignment::UnitChanged;
use contracts::deadline_watcher::CalendarPublished;
use contracts::triage::RegimePublished;
use regime::Office::{Break, Closed, DayOff, Open};

const REGIME: &str = "property-internal-procedure";
const HOURS: &str = "date,kind,name\nmon-fri,hours,08:30-12:00 14:00-18:00\nmake-up,hours,09:00-12:00\n";

fn unit(id: &str, parent: &str, zone: &str) -> Fact {
    let (unit_id, parent_id, zone) = (id.to_owned(), parent.to_owned(), zone.to_owned());
    Fact::UnitChanged(UnitChanged { unit_id, parent_id, zone, kind: "branch".to_owned(), ..UnitChanged::default() })
}

fn calendar(id: &str, version: u32, body: &str) -> Fact {
    let (calendar_id, body) = (id.to_owned(), body.to_owned());
    Fact::CalendarPublished(CalendarPublished { calendar_id, version, body, ..CalendarPublished::default() })
}

fn published() -> Fact {
    let pack = packs::regime(REGIME).unwrap().yaml;
    let (regime_id, in_force_from) = (REGIME.to_owned(), "2020-01-01".to_owned());
    Fact::RegimePublished(RegimePublished { regime_id, version: 1, pack, in_force_from, ..RegimePublished::default() })
}

fn house(facts: &[Fact]) -> Result<House, String> {
    House::build(&facts.iter().filter_map(entry).collect::<Vec<_>>())
}

fn known() -> Vec<Fact> {
    vec![
        unit("g", "", "Asia/Shanghai"),
        unit("b1", "g", ""),
        unit("b1-eng", "b1", ""),
        unit("b2", "g", "Asia/Urumqi"),
        published(),
        calendar("cn", 1, &packs::calendar("cn").unwrap()),
        calendar("b1", 1, HOURS),
    ]
}

fn at(text: &str) -> DateTime<Utc> {
    format!("{text}:00+08:00").parse().unwrap()
}

fn case(unit: &str) -> CaseView {
    CaseView { regime_id: REGIME.to_owned(), regime_version: 1, unit_id: unit.to_owned(), ..CaseView::default() }
}

#[test]
fn a_unit_keeps_the_hours_of_the_nearest_layer_above_it_and_its_own_zone() {
    let house = house(&known()).unwrap();
    let told = ["2026-02-14T10:00", "2026-02-14T13:00", "2026-02-17T10:00", "2026-03-02T12:30", "2026-03-02T18:00"];
    let office = |unit: &str| told.map(|when| house.ground(&case(unit)).unwrap().office(at(when)));
    // The Saturday before the Spring Festival of 2026 is worked; the festival is not.
    assert_eq!(office("b1"), [Open, Closed, DayOff, Break, Closed]);
    assert_eq!(office("b1-eng"), office("b1"));
    assert_eq!(office("b2"), [Open, Open, DayOff, Open, Open], "no hours are known of this branch");
    assert_eq!(house.ground(&case("b2")).unwrap().zone, Tz::Asia__Urumqi);
    let handled = CaseView { handling_unit_id: Some("b1-eng".to_owned()), ..case("b2") };
    assert_eq!(house.ground(&handled).unwrap().office(at("2026-03-02T12:30")), Break);
}

#[test]
fn what_is_not_here_yet_is_named_and_not_guessed() {
    let told = |facts: &[Fact], unit: &str| house(facts).unwrap().ground(&case(unit)).unwrap_err();
    let all = known();
    assert_eq!(told(&all, "b9"), "unit b9");
    assert_eq!(told(&all[..4], "b1"), "regime property-internal-procedure version 1");
    assert_eq!(told(&all[..5], "b1"), "calendar cn");
    let wrong = [&all[..], &[calendar("b2", 1, "date,kind,name\n2026-13-01,off,\n")]].concat();
    assert!(house(&wrong).unwrap_err().starts_with("calendar b2 version 1: "));
}

#[test]
fn a_later_version_of_a_layer_is_what_counts() {
    let mut facts = known();
    facts.push(calendar("b1", 2, "date,kind,name\nmon-fri,hours,09:00-17:00\n"));
    let house = house(&facts).unwrap();
    assert_eq!(house.ground(&case("b1")).unwrap().office(at("2026-03-02T12:30")), Open);
    assert_eq!(house.calendars().count(), 3);
}
