//! The figures of a month, in the unit's own zone.

use crate::{
    dossiers::finished,
    harness::{House, case, pack, problem, staff},
};
use contracts::{assignment, deadline_watcher as clock, records::*};
use kit_config::MapSource;
use kit_core::{Class, Clock as _};
use records::Records;
use records_service_client::RecordsServiceClient as Client;

async fn month(house: &House, who: &str, month: &str) -> GetStatisticsResponse {
    let asked = GetStatisticsRequest { unit_id: "b03".to_owned(), month: month.to_owned() };
    Client::new(house.channel.clone()).get_statistics(house.by(who, asked)).await.unwrap().into_inner()
}

fn count(id: &str, count: i64) -> Count {
    Count { id: id.to_owned(), count, title: None }
}

fn missed(nth: u128, clock: &str) -> clock::ClockMissed {
    clock::ClockMissed { case_id: case(nth), clock: clock.to_owned(), run: 1, ..Default::default() }
}

#[tokio::test]
async fn a_month_is_counted_from_what_happened_in_it() {
    let house = House::start::<Records>(&pack(), MapSource::default()).await;
    for (nth, severity) in [(1, "minor"), (2, "minor"), (3, "major"), (4, "minor")] {
        house.dispatched(nth, severity).await;
    }
    house.hear(&missed(2, "handling")).await;
    house.hear(&missed(3, "clear-answer")).await;
    finished(&house, &case(1), "mostly").await;
    finished(&house, &case(2), "dissatisfied").await;
    finished(&house, &case(3), "satisfied").await;
    house.hear(&missed(1, "form-back")).await;
    let seen = month(&house, "affairs", "2026-04").await;
    assert_eq!((seen.received, seen.accepted, seen.declined, seen.withdrawn), (4, 4, 0, 0));
    assert_eq!((seen.resolved, seen.resolved_in_time, seen.closed), (3, 2, 3));
    assert_eq!((seen.clocks_missed, seen.called_back, seen.satisfied, seen.invalid), (3, 3, 2, 0));
    assert_eq!(seen.by_severity, [count("minor", 3), count("major", 1)]);
    assert_eq!(seen.by_channel, [count("web", 4)]);
    assert_eq!(seen.by_unit, [count("b03", 4)]);
    assert_eq!(seen.by_category, [count("facilities", 4)]);
    let next = month(&house, "affairs", "2026-05").await;
    assert_eq!((next.received, next.closed, next.by_unit.len()), (0, 0, 0));
}

#[tokio::test]
async fn a_miss_that_a_calendar_undoes_or_makes_is_counted_as_known_then_and_as_restated() {
    let house = House::start::<Records>(&pack(), MapSource::default()).await;
    for nth in [1, 2, 3] {
        house.dispatched(nth, "minor").await;
    }
    let now = Some(kit_grpc::timestamp(house.clock.now()));
    // The first was missed, and a calendar published since gives it a later day; so with the second, which misses that too.
    for nth in [1, 2] {
        house.hear(&clock::ClockMissed { due_at: now, ..missed(nth, "handling") }).await;
        let moved =
            clock::DeadlineMoved { case_id: case(nth), clock: "handling".to_owned(), run: 1, ..Default::default() };
        house.hear(&clock::DeadlineMoved { change_id: "change_1".to_owned(), ..moved }).await;
    }
    house.hear(&clock::ClockMissed { due_at: now, ..missed(2, "handling") }).await;
    // The third was on time as it was known then, and is late by a calendar that came after.
    house.hear(&clock::ClockMissed { due_at: now, change_id: "change_1".to_owned(), ..missed(3, "handling") }).await;
    for nth in [1, 2, 3] {
        finished(&house, &case(nth), "satisfied").await;
    }
    let seen = month(&house, "affairs", "2026-04").await;
    assert_eq!((seen.resolved, seen.resolved_in_time, seen.resolved_in_time_restated), (3, 1, 1));
}

#[tokio::test]
async fn a_miss_stays_one_though_its_deadline_moves_within_the_past() {
    let house = House::start::<Records>(&pack(), MapSource::default()).await;
    house.dispatched(1, "minor").await;
    let now = kit_grpc::timestamp(house.clock.now());
    house.hear(&clock::ClockMissed { due_at: Some(now), ..missed(1, "handling") }).await;
    let earlier = prost_types::Timestamp { seconds: now.seconds - 86_400, ..now };
    let (case_id, clock, change_id) = (case(1), "handling".to_owned(), "another@2".to_owned());
    let moved = clock::DeadlineMoved { case_id, clock, run: 1, due_at: Some(earlier), change_id, ..Default::default() };
    house.hear(&moved).await;
    finished(&house, &case(1), "satisfied").await;
    let seen = month(&house, "affairs", "2026-04").await;
    assert_eq!((seen.resolved, seen.resolved_in_time, seen.resolved_in_time_restated), (1, 0, 0));
}

#[tokio::test]
async fn a_month_begins_at_midnight_of_the_units_own_zone() {
    let house = House::start::<Records>(&pack(), MapSource::default()).await;
    house.clock.set("2026-04-30T15:59:00Z".parse().unwrap());
    house.dispatched(1, "minor").await;
    house.clock.set("2026-04-30T16:00:00Z".parse().unwrap());
    house.dispatched(2, "minor").await;
    assert_eq!(month(&house, "affairs", "2026-04").await.received, 1);
    assert_eq!(month(&house, "affairs", "2026-05").await.received, 1);
}

#[tokio::test]
async fn figures_are_for_whoever_the_regime_lets_see_them_without_the_cases_they_must_not_know_of() {
    let house = House::start::<Records>(&pack(), MapSource::default()).await;
    house.dispatched(1, "minor").await;
    house.dispatched(2, "minor").await;
    let recused = assignment::HandlerRecused { case_id: case(2), staff_id: staff("manager"), ..Default::default() };
    house.hear(&recused).await;
    assert_eq!(month(&house, "general", "2026-04").await.received, 2);
    assert_eq!(month(&house, "manager", "2026-04").await.received, 1);
    let mut client = Client::new(house.channel.clone());
    let asked = |unit: &str, month: &str| GetStatisticsRequest { unit_id: unit.to_owned(), month: month.to_owned() };
    for who in ["head", "reception", "far-head", "admin"] {
        let denied = problem(client.get_statistics(house.by(who, asked("b03", "2026-04"))).await);
        assert_eq!(denied.class, Class::Denied, "{who}");
    }
    let denied = problem(client.get_statistics(house.by("affairs", asked("b04", "2026-04"))).await);
    assert_eq!(denied.class, Class::Denied);
    let bad = problem(client.get_statistics(house.by("affairs", asked("b03", "April"))).await);
    assert_eq!(bad.fields[0].field, "month");
    let own = client.get_statistics(house.by("affairs", asked("", "2026-04"))).await.unwrap().into_inner();
    assert_eq!(own.received, 2);
}
