//! Where cases and orders go by the hours of the unit, and who is on duty then.

use crate::harness::*;
use chrono::{DateTime, TimeDelta, Utc};
use contracts::Fact;
use contracts::assignment as wire;
use contracts::deadline_watcher::CalendarPublished;
use contracts::intake::CaseRegistered;
use contracts::triage::{CaseAccepted, CaseClassified};
use kit_core::Problem;

const ROUTES: &str =
    "  - {during: [break, closed, day-off], to: branch, role: general-affairs-head, on-duty: yes, cite: 时1}
  - {to: department-complained-of, role: head, cite: 二.1}
";
const ORDER: &str = "  on-site: {zh: 出现场, en: On site, to: [{during: [break, closed], role: general-affairs-head, cite: 时2}, {during: day-off, role: general-manager, cite: 时3}, {role: handler}], on-duty: yes, answer: {zh: 到场, en: There}, cite: 时4}
  outside:";

fn at(text: &str) -> DateTime<Utc> {
    format!("{text}:00+08:00").parse().unwrap()
}

fn calendar(id: &str, version: u32, body: &str) -> CalendarPublished {
    let (calendar_id, body) = (id.to_owned(), body.to_owned());
    CalendarPublished { calendar_id, version, body, ..CalendarPublished::default() }
}

/// A branch that rests at noon, under the nation's calendar.
async fn house() -> House {
    let routed = ("  - {to: department-complained-of, role: head, cite: 二.1}\n", ROUTES);
    House::under(dealings(&[routed, ("  outside:", ORDER)])).await
}

async fn calendars(house: &House) {
    house.feed("cn", &calendar("cn", 1, &packs::calendar("cn").unwrap())).await;
    let hours = "date,kind,name\nmon-fri,hours,08:30-12:00 14:00-18:00\nmake-up,hours,08:30-12:00 14:00-18:00\n";
    house.feed("b03", &calendar("b03", 1, hours)).await;
}

async fn goes_to(house: &House, n: u128) -> (String, String) {
    let dispatched = house.published(&case(n)).await.into_iter().find_map(|fact| match fact {
        Fact::CaseDispatched(e) => Some((e.staff_id, e.cite)),
        _ => None,
    });
    dispatched.unwrap_or_default()
}

fn turn(who: u128, from: &str, until: &str) -> wire::Turn {
    let (from_at, until_at) = (Some(kit_grpc::timestamp(at(from))), Some(kit_grpc::timestamp(at(until))));
    wire::Turn { staff_id: staff(who), from_at, until_at, ..wire::Turn::default() }
}

async fn rota(
    house: &House,
    role: &str,
    unit: &str,
    turns: Vec<wire::Turn>,
) -> Result<wire::ChangeOrganisationResponse, Problem> {
    let rotas = vec![wire::Rota { unit_id: unit.into(), role: role.into(), turns }];
    let request_id = once(house, "rota");
    let request = wire::ChangeOrganisationRequest { request_id, rotas, ..Default::default() };
    house.api.clone().change_organisation(service(request)).await.map(tonic::Response::into_inner).map_err(problem)
}

#[tokio::test]
async fn a_case_goes_by_the_hours_of_its_unit_and_waits_for_the_calendar_that_says_them() {
    let house = house().await;
    let id = case(9);
    let events = vec![
        house.received(&id, &CaseRegistered { case_id: id.clone(), ..house.registered() }),
        house.received(&id, &CaseClassified { case_id: id.clone(), ..about("b03-eng") }),
        house.received(&id, &CaseAccepted { case_id: id.clone(), ..CaseAccepted::default() }),
        house.received(&id, &graded(&id, "minor")),
    ];
    let waits = house.try_feed(events).await.unwrap_err();
    assert!(matches!(&waits, kit_db::Error::NotYet(what) if what == "calendar cn"), "{waits}");
    calendars(&house).await;
    for (n, when, expected) in [
        (1, "2026-03-02T11:59", (HEAD_A, "二.1")),
        (2, "2026-03-02T12:00", (GENERAL_AFFAIRS, "时1")),
        (3, "2026-03-02T18:00", (GENERAL_AFFAIRS, "时1")),
        (4, "2026-03-07T10:00", (GENERAL_AFFAIRS, "时1")),
        (5, "2026-10-01T10:00", (GENERAL_AFFAIRS, "时1")),
        (6, "2026-10-10T10:00", (HEAD_B, "二.1")),
    ] {
        house.clock.set(at(when));
        house.about_engineering(n).await;
        let (staff_id, cite) = goes_to(&house, n).await;
        assert_eq!((staff_id, cite.as_str()), (staff(expected.0), expected.1), "{when}");
    }
}

#[tokio::test]
async fn an_order_goes_by_the_hour_at_which_it_is_given() {
    let house = house().await;
    calendars(&house).await;
    house.clock.set(at("2026-03-02T10:00"));
    house.about_engineering(1).await;
    let give = async |id: &str| {
        let request = wire::GiveOrderRequest {
            request_id: id.into(),
            case_id: case(1),
            order: "on-site".into(),
            text_ref: sealed(),
            ..Default::default()
        };
        house.api.clone().give_order(as_staff(GENERAL_AFFAIRS, request)).await.unwrap().into_inner()
    };
    for (when, to, who) in [
        ("2026-03-02T11:00", "handler", HEAD_A),
        ("2026-03-02T13:00", "general-affairs-head", GENERAL_AFFAIRS),
        ("2026-03-02T20:00", "general-affairs-head", GENERAL_AFFAIRS),
        ("2026-03-07T10:00", "general-manager", GENERAL_MANAGER),
    ] {
        house.clock.set(at(when));
        let form =
            house.get(1, GENERAL_AFFAIRS).await.unwrap().order_forms.into_iter().find(|form| form.order == "on-site");
        assert_eq!(form.unwrap().to, to, "{when}");
        let given = give(when).await;
        assert_eq!((given.to.as_str(), given.staff_ids), (to, vec![staff(who)]), "{when}");
    }
}

/// Two more who may take cases out of hours.
const NIGHT: u128 = 31;
const NOON: u128 = 32;

#[tokio::test]
async fn whoever_is_on_duty_comes_first_and_without_a_turn_all_are_as_ever() {
    let house = house().await;
    calendars(&house).await;
    let staff_more = [(NIGHT, "night"), (NOON, "noon")];
    let request = wire::ChangeOrganisationRequest {
        request_id: "more".into(),
        staff: staff_more.map(|(n, login)| person(n, login, "general-affairs-head", "b03")).to_vec(),
        ..Default::default()
    };
    house.api.clone().change_organisation(service(request)).await.unwrap();
    let by_login = wire::Turn {
        staff_id: String::new(),
        login: "noon".into(),
        ..turn(NOON, "2026-03-02T12:00", "2026-03-02T14:00")
    };
    let turns = vec![turn(NIGHT, "2026-03-02T18:00", "2026-03-03T08:30"), by_login];
    assert_eq!(rota(&house, "general-affairs-head", "b03", turns).await.unwrap().staff_changed, 2);
    for (n, when, who) in [
        (1, "2026-03-02T12:30", NOON),
        (2, "2026-03-02T13:00", NOON),
        (3, "2026-03-02T22:00", NIGHT),
        // Nobody has this evening: the least loaded of all.
        (4, "2026-03-03T19:00", GENERAL_AFFAIRS),
    ] {
        house.clock.set(at(when));
        house.about_engineering(n).await;
        assert_eq!(goes_to(&house, n).await.0, staff(who), "{when}");
    }
    // Another rota takes the place of the first, and a change of the person leaves the turns alone.
    assert_eq!(
        rota(&house, "general-affairs-head", "b03", vec![turn(NIGHT, "2026-03-04T12:00", "2026-03-04T14:00")])
            .await
            .unwrap()
            .staff_changed,
        2
    );
    let renamed = wire::Staff { name: "夜班".into(), ..person(NIGHT, "night", "general-affairs-head", "b03") };
    let request =
        wire::ChangeOrganisationRequest { request_id: "renamed".into(), staff: vec![renamed], ..Default::default() };
    house.api.clone().change_organisation(service(request)).await.unwrap();
    let listed = wire::ListStaffRequest { unit_id: "b03".into() };
    let listed = house.api.clone().list_staff(as_staff(HEAD_A, listed)).await.unwrap().into_inner().staff;
    let turns = |n: u128| listed.iter().find(|one| one.staff_id == staff(n)).map(|one| one.shifts.len());
    assert_eq!((turns(NIGHT), turns(NOON)), (Some(1), Some(0)));
    assert!(
        matches!(house.published(&staff(NIGHT)).await.last(), Some(Fact::StaffChanged(e)) if e.shifts.len() == 1 && e.name == "夜班")
    );
    house.clock.set(at("2026-03-04T12:30"));
    house.about_engineering(5).await;
    assert_eq!(goes_to(&house, 5).await.0, staff(NIGHT));
}

#[tokio::test]
async fn a_rota_that_is_wrong_is_refused_turn_by_turn() {
    let house = house().await;
    let wrong = vec![
        turn(HEAD_A, "2026-03-02T12:00", "2026-03-02T14:00"),
        turn(GENERAL_AFFAIRS, "2026-03-02T14:00", "2026-03-02T12:00"),
        turn(99, "2026-03-02T12:00", "2026-03-02T14:00"),
        wire::Turn { from_at: None, ..turn(GENERAL_AFFAIRS, "2026-03-02T12:00", "2026-03-02T14:00") },
    ];
    let refused = rota(&house, "general-affairs-head", "b03", wrong).await.unwrap_err();
    let fields: Vec<&str> = refused.fields.iter().map(|field| field.field.as_str()).collect();
    let expected = ["turns[0].staff_id", "turns[1].until_at", "turns[2].staff_id", "turns[3].until_at"];
    assert_eq!(
        (refused.code.as_str(), fields),
        ("invalid-rota", expected.map(|name| format!("rotas[0].{name}")).iter().map(String::as_str).collect())
    );
    let nowhere = rota(&house, "head", "b99", Vec::new()).await.unwrap_err();
    assert_eq!(nowhere.fields[0].field, "rotas[0].unit_id");
    // Who holds a role above has turns below as well.
    house.clock.advance(TimeDelta::seconds(1));
    let above = vec![turn(MANAGER, "2026-03-02T12:00", "2026-03-02T14:00")];
    assert_eq!(rota(&house, "manager-in-charge", "b03-eng", above).await.unwrap().staff_changed, 1);
}
