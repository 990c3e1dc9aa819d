//! Who is told on which fact; nobody twice, and nobody who must not be.

use crate::harness::{House, case, pack, staff};
use contracts::{assignment, deadline_watcher as clock, intake, triage};
use kit_config::MapSource;
use notification::Notification;

/// Everybody who is to be told something, with the template, in order.
async fn planned(house: &House) -> Vec<(String, String)> {
    sqlx::query_as(
        "SELECT COALESCE(staff_id, recipient), template FROM notices ORDER BY template, COALESCE(staff_id, recipient)",
    )
    .fetch_all(house.log.pool())
    .await
    .unwrap()
}

fn told(who: &[&str], template: &str) -> Vec<(String, String)> {
    let mut all: Vec<_> = who.iter().map(|who| (staff(who), template.to_owned())).collect();
    all.sort();
    all
}

#[tokio::test]
async fn a_fact_heard_twice_tells_nobody_twice() {
    let house = House::start::<Notification>(&pack(), MapSource::default()).await;
    let id = house.dispatched(1, "minor").await;
    let graded = triage::CaseGraded { case_id: id.clone(), severity: "major".to_owned(), ..Default::default() };
    let event = house.received(&id, &graded);
    house.apply(std::slice::from_ref(&event)).await.unwrap();
    house.apply(&[event]).await.unwrap();
    let alerts: Vec<_> = planned(&house).await.into_iter().filter(|(_, template)| template == "alert").collect();
    assert_eq!(alerts, told(&["manager", "general"], "alert"));
}

#[tokio::test]
async fn whoever_is_complained_of_is_not_told_and_the_next_above_is() {
    let house = House::start::<Notification>(&pack(), MapSource::default()).await;
    let id = case(5);
    let registered = intake::CaseRegistered {
        case_id: id.clone(),
        regime_id: "property-internal-procedure".to_owned(),
        regime_version: 1,
        unit_id: "b03".to_owned(),
        is_anonymous: true,
        reach: vec!["email".to_owned()],
        about_staff_ids: vec![staff("manager")],
        ..Default::default()
    };
    house.hear(&registered).await;
    house.hear(&triage::CaseGraded { case_id: id.clone(), severity: "major".to_owned(), ..Default::default() }).await;
    assert_eq!(planned(&house).await, told(&["general"], "alert"), "and nobody writes to the anonymous");
}

#[tokio::test]
async fn a_reminder_and_a_rung_tell_the_people_they_name() {
    let house = House::start::<Notification>(&pack(), MapSource::default()).await;
    let id = house.dispatched(1, "minor").await;
    let near = clock::DeadlineNear {
        case_id: id.clone(),
        clock: "handling".to_owned(),
        run: 1,
        reminder: 1,
        due_at: Some(kit_grpc::timestamp(house.now())),
        // One person in two roles.
        tell: vec!["handler".to_owned(), "head".to_owned()],
    };
    house.hear(&near).await;
    let up = assignment::CaseEscalated {
        case_id: id.clone(),
        clock: "handling".to_owned(),
        rung: 2,
        role: "manager-in-charge".to_owned(),
        staff_ids: vec![staff("manager")],
        ..Default::default()
    };
    house.hear(&up).await;
    let mut plans = planned(&house).await;
    plans.retain(|(_, template)| template != "receipt");
    let mut expected = told(&["head"], "deadline-near");
    expected.extend(told(&["manager"], "escalated"));
    assert_eq!(plans, expected);
}
