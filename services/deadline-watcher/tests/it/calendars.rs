//! A new calendar: proposed, held against the open cases, approved or not, and moved.

use crate::harness::{House, PATIENCE, at, case, code, staff, told};
use contracts::Fact;
use contracts::assignment::{RoleGrant, StaffChanged};
use contracts::deadline_watcher::{
    ApproveCalendarRequest, CalendarChange, CalendarMove, GetCalendarRequest, ListCalendarChangesRequest,
    ListCalendarMovesRequest, ListCalendarsRequest, ProposeCalendarRequest, WithdrawCalendarRequest,
};
use contracts::resolution::NoteAdded;
use kit_grpc::timestamp;
use kit_testing::eventually;
use uuid::Uuid;

const ADMINISTRATOR: u128 = 20;
const OF_THE_NORTH: u128 = 21;

fn proposal(calendar_id: &str, rows: &str) -> ProposeCalendarRequest {
    ProposeCalendarRequest {
        request_id: Uuid::new_v4().to_string(),
        calendar_id: calendar_id.to_owned(),
        body: format!("date,kind,name\n{rows}"),
        actor: "operator:lin".to_owned(),
        reason: "国务院办公厅通知".to_owned(),
    }
}

fn approval(change_id: &str) -> ApproveCalendarRequest {
    ApproveCalendarRequest {
        request_id: Uuid::new_v4().to_string(),
        change_id: change_id.to_owned(),
        actor: "operator:lin".to_owned(),
        reason: "核对无误".to_owned(),
    }
}

async fn propose(house: &House, calendar_id: &str, rows: &str) -> String {
    let mut client = house.calendars.clone();
    told(client.propose_calendar(house.tool(proposal(calendar_id, rows))).await).unwrap().change_id
}

/// Waits until the change has come into the state.
async fn reaches(house: &House, change_id: &str, state: &str) -> CalendarChange {
    eventually(state, PATIENCE, async || {
        let is = change(house, change_id).await.state;
        if is == state { Ok(()) } else { Err(is) }
    })
    .await;
    change(house, change_id).await
}

async fn change(house: &House, change_id: &str) -> CalendarChange {
    let request = house.tool(ListCalendarChangesRequest {});
    let changes = told(house.calendars.clone().list_calendar_changes(request).await).unwrap().changes;
    changes.into_iter().find(|change| change.change_id == change_id).unwrap()
}

async fn moves(house: &House, change_id: &str) -> Vec<CalendarMove> {
    let (mut client, mut all, mut page_token) = (house.calendars.clone(), Vec::new(), String::new());
    loop {
        let request =
            ListCalendarMovesRequest { change_id: change_id.to_owned(), page_size: 1, page_token: page_token.clone() };
        let page = told(client.list_calendar_moves(house.tool(request)).await).unwrap();
        all.extend(page.moves);
        if page.next_page_token.is_empty() {
            return all;
        }
        page_token = page.next_page_token;
    }
}

async fn administrators(house: &House) {
    for (n, unit) in [(ADMINISTRATOR, "g"), (OF_THE_NORTH, "north")] {
        let grant = RoleGrant { role: "administrator".to_owned(), unit_id: unit.to_owned() };
        let event = StaffChanged {
            staff_id: staff(n),
            login: format!("login-{n}"),
            grants: vec![grant],
            is_active: true,
            ..StaffChanged::default()
        };
        house.say(&staff(n), event).await;
    }
    house.knows("reference", 13).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_day_off_is_first_shown_and_moves_deadlines_only_when_it_is_approved() {
    let house = House::open().await;
    house.graded(&case(1), "minor", |_| ()).await;
    house.graded(&case(2), "important", |_| ()).await;
    house.tells(&case(2), "started handling").await;
    // Two days from the 17th end on the 19th; three on the 20th.
    let id = propose(&house, "cn", "2026-11-19,off,临时放假\n").await;
    let checked = reaches(&house, &id, "checked").await;
    assert_eq!((checked.cases, checked.moved_cases, checked.later, checked.earlier), (2, 1, 1, 0));
    assert_eq!(checked.days, ["2026-11-19"]);
    let shown = moves(&house, &id).await;
    let expected = CalendarMove {
        case_id: case(1),
        clock: "handling".to_owned(),
        run: 1,
        due_before: Some(timestamp(at("2026-11-20 00:00"))),
        due_after: Some(timestamp(at("2026-11-21 00:00"))),
        breach: String::new(),
        notices: 0,
    };
    assert_eq!(shown, [expected]);
    assert!(!house.told(&case(1)).await.contains(&"moved handling".to_owned()));

    let mut client = house.calendars.clone();
    assert_eq!(told(client.approve_calendar(house.tool(approval(&id))).await).unwrap().version, 2);
    reaches(&house, &id, "done").await;
    assert_eq!(house.told(&case(2)).await, ["started handling"]);
    let facts = house.facts(&case(1)).await;
    let moved = facts.iter().find_map(|fact| if let Fact::DeadlineMoved(e) = fact { Some(e) } else { None }).unwrap();
    assert_eq!(moved.due_at, Some(timestamp(at("2026-11-21 00:00"))));
    assert_eq!(moved.change_id, id);
    house.until("2026-11-20 20:30");
    house.tells(&case(1), "near handling 2").await;
    assert!(!house.told(&case(1)).await.contains(&"missed handling climb 1".to_owned()));
    house.until("2026-11-21 00:00");
    house.tells(&case(1), "missed handling climb 1").await;
    assert_eq!(code(client.approve_calendar(house.tool(approval(&id))).await), "change-decided");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_breach_that_a_calendar_undoes_or_makes_is_told_before_and_restated_after() {
    let house = House::open().await;
    house.graded(&case(1), "minor", |_| ()).await;
    house.tells(&case(1), "started handling").await;
    house.until("2026-11-20 09:00");
    house.tells(&case(1), "missed handling climb 1").await;
    let off = propose(&house, "cn", "2026-11-19,off,临时放假\n").await;
    let checked = reaches(&house, &off, "checked").await;
    assert_eq!((checked.breaches_undone, checked.breaches_made), (1, 0));
    told(house.calendars.clone().approve_calendar(house.tool(approval(&off))).await).unwrap();
    reaches(&house, &off, "done").await;
    // The miss was a fact and stays one; the deadline is a new promise, and nothing is late.
    let late: i64 = sqlx::query_scalar("SELECT count(*) FROM cases WHERE late_since IS NOT NULL")
        .fetch_one(&house.pool)
        .await
        .unwrap();
    assert_eq!(late, 0);
    house.tells(&case(1), "moved handling").await;

    let mut whole = packs::calendar("cn").unwrap();
    whole.push_str("2026-11-18,off,另一天\n");
    let request = ProposeCalendarRequest { body: whole, ..proposal("cn", "") };
    let back = told(house.calendars.clone().propose_calendar(house.tool(request)).await).unwrap().change_id;
    let checked = reaches(&house, &back, "checked").await;
    assert_eq!((checked.breaches_made, checked.earlier), (1, 1));
    assert_eq!(checked.days, ["2026-11-18", "2026-11-19"]);
    told(house.calendars.clone().approve_calendar(house.tool(approval(&back))).await).unwrap();
    reaches(&house, &back, "done").await;
    let facts = house.facts(&case(1)).await;
    let missed: Vec<&str> = facts
        .iter()
        .filter_map(|fact| if let Fact::ClockMissed(e) = fact { Some(e.change_id.as_str()) } else { None })
        .collect();
    assert_eq!(missed, ["", back.as_str()]);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_replica_counts_by_less_than_another_has_published() {
    let house = House::open().await;
    let _another = house.start_another().await;
    eventually("both work", PATIENCE, async || {
        let sql = "SELECT count(DISTINCT owner) FROM partition_lease";
        let owners: i64 = sqlx::query_scalar(sql).fetch_one(&house.pool).await.unwrap();
        if owners == 2 { Ok(()) } else { Err(format!("{owners} owners")) }
    })
    .await;
    for n in 1..=24 {
        house.register(&case(n), |_| ()).await;
    }
    house.knows("cases", 24).await;
    for n in 1..=24 {
        house.grade(&case(n), "minor").await;
    }
    for n in 1..=24 {
        house.tells(&case(n), "started handling").await;
    }
    let id = propose(&house, "cn", "2026-11-19,off,临时放假\n").await;
    reaches(&house, &id, "checked").await;
    told(house.calendars.clone().approve_calendar(house.tool(approval(&id))).await).unwrap();
    reaches(&house, &id, "done").await;
    // The time stands still, and so does the look for news of the replica that did not publish.
    for n in 1..=24 {
        house.say(&case(n), NoteAdded { case_id: case(n), ..Default::default() }).await;
    }
    for n in 1..=24 {
        house.heard(&case(n), "note-added").await;
        assert_eq!(house.told(&case(n)).await, ["started handling", "moved handling"], "case {n}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_layer_of_a_unit_counts_for_what_it_handles_and_for_nobody_else() {
    let house = House::open().await;
    house.graded(&case(1), "minor", |_| ()).await;
    house.register(&case(2), |e| e.unit_id = "g".to_owned()).await;
    house.heard(&case(2), "case-registered").await;
    house.grade(&case(2), "minor").await;
    house.tells(&case(1), "started handling").await;
    house.tells(&case(2), "started handling").await;
    let id = propose(&house, "north", "2026-11-19,off,大区停电\n").await;
    let checked = reaches(&house, &id, "checked").await;
    assert_eq!((checked.cases, checked.moved_cases), (2, 1));
    told(house.calendars.clone().approve_calendar(house.tool(approval(&id))).await).unwrap();
    reaches(&house, &id, "done").await;
    house.tells(&case(1), "moved handling").await;
    assert_eq!(house.told(&case(2)).await, ["started handling"]);
    let of = |unit: &str| GetCalendarRequest {
        calendar_id: "cn".to_owned(),
        unit_id: unit.to_owned(),
        format: "csv".to_owned(),
        ..GetCalendarRequest::default()
    };
    let mut client = house.calendars.clone();
    let body = told(client.get_calendar(house.by(ADMINISTRATOR, of("b03-eng"))).await).unwrap().body;
    assert!(body.contains("2026-11-19,off,大区停电") && body.contains("2026-10-10,work"), "{body}");
    let body = told(client.get_calendar(house.by(ADMINISTRATOR, of("g"))).await).unwrap().body;
    assert!(!body.contains("大区停电"));
    let listed = told(client.list_calendars(house.tool(ListCalendarsRequest {})).await).unwrap().calendars;
    let listed: Vec<_> = listed.iter().map(|c| (c.calendar_id.as_str(), c.version, c.covered_until.as_str())).collect();
    assert_eq!(listed, [("cn", 1, "2026-12-31"), ("north", 1, "")]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_is_refused_at_its_line_and_by_whom_it_may_not_be_done() {
    let house = House::open().await;
    administrators(&house).await;
    let mut client = house.calendars.clone();
    let wrong = proposal("cn", "2026-11-19,off,一\n2026-11-19,work,二\n2026-13-01,off,三\n");
    let problem = told(client.propose_calendar(house.tool(wrong)).await).unwrap_err();
    let lines: Vec<&str> = problem.fields.iter().map(|field| field.field.as_str()).collect();
    assert_eq!((problem.code.as_str(), lines), ("invalid-calendar", vec!["cn:3", "cn:4"]));
    let problem = told(client.propose_calendar(house.tool(proposal("cm", "2026-11-19,off,一\n"))).await).unwrap_err();
    assert_eq!(problem.text.en, "There is no calendar and no unit `cm`; did you mean `cn`?");
    // A layer that contradicts the one below it: the 19th is worked anyway.
    let problem = told(client.propose_calendar(house.tool(proposal("north", "2026-11-19,work,二\n"))).await);
    assert_eq!(problem.unwrap_err().fields[0].field, "north:2");
    let same = ProposeCalendarRequest { body: packs::calendar("cn").unwrap(), ..proposal("cn", "") };
    assert_eq!(code(client.propose_calendar(house.tool(same)).await), "nothing-new");
    let silent = ProposeCalendarRequest { reason: String::new(), ..proposal("cn", "2026-11-19,off,一\n") };
    assert_eq!(code(client.propose_calendar(house.tool(silent)).await), "bad-reason");

    let of_nation = || proposal("cn", "2026-11-19,off,一\n");
    assert_eq!(code(client.propose_calendar(house.by(OF_THE_NORTH, of_nation())).await), "administrators-only");
    assert_eq!(code(client.propose_calendar(house.by(1, of_nation())).await), "administrators-only");
    told(client.propose_calendar(house.by(OF_THE_NORTH, proposal("b03", "2026-11-19,off,一\n"))).await).unwrap();
    let id = told(client.propose_calendar(house.by(ADMINISTRATOR, of_nation())).await).unwrap().change_id;
    assert_eq!(code(client.approve_calendar(house.by(OF_THE_NORTH, approval(&id))).await), "administrators-only");
    reaches(&house, &id, "checked").await;
    let withdrawal = WithdrawCalendarRequest {
        request_id: Uuid::new_v4().to_string(),
        change_id: id.clone(),
        actor: String::new(),
        reason: "弄错了".to_owned(),
    };
    told(client.withdraw_calendar(house.by(ADMINISTRATOR, withdrawal)).await).unwrap();
    assert_eq!(code(client.approve_calendar(house.by(ADMINISTRATOR, approval(&id))).await), "change-decided");
}

#[tokio::test(flavor = "multi_thread")]
async fn calendars_from_before_anybody_kept_them_are_told_again_and_only_once() {
    let mut house = House::open().await;
    let versions = async |house: &House| {
        let version = |fact| match fact {
            Fact::CalendarPublished(event) => (event.version, event.known_from),
            other => panic!("{other:?}"),
        };
        house.facts("cn").await.into_iter().map(version).collect::<Vec<_>>()
    };
    let first = versions(&house).await;
    assert_eq!(first.len(), 1);
    house.running.take().unwrap().stop().await.unwrap();
    // As an older release leaves it.
    sqlx::query("DELETE FROM reference WHERE kind = 'calendars-told'").execute(&house.pool).await.unwrap();
    for _ in 0..2 {
        house.start_another().await.stop().await.unwrap();
        assert_eq!(versions(&house).await, [first[0], first[0]], "the same version, known from the same instant");
    }
}
