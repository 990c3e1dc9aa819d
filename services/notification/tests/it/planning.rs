//! Who is told on which fact; nobody twice, and nobody who must not be.

use crate::{
    harness::{House, case, pack, staff},
    peers::{Folder, soon},
};
use contracts::{
    assignment, deadline_watcher as clock, intake,
    notification::{GetMailRequest, ListMailRequest, notification_service_client::NotificationServiceClient as Client},
    triage,
};
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

#[tokio::test]
async fn a_duty_is_told_to_whoever_owes_it_and_a_missed_one_to_those_above_as_well() {
    let folder = Folder::new();
    let settings = MapSource::default().with("JIESU_MAIL_FOLDER", folder.0.to_str().unwrap());
    let house = House::start::<Notification>(&pack(), settings).await;
    let due = clock::DutyDue {
        unit_id: "b03".to_owned(),
        duty: "monthly-statistics".to_owned(),
        period: "2026-04-01".to_owned(),
        last_day: "2026-04-30".to_owned(),
        due_at: Some(kit_grpc::timestamp("2026-04-29T16:00:00Z".parse().unwrap())),
        role: "general-affairs-head".to_owned(),
        to: "manager-in-charge".to_owned(),
        cite: "二.4".to_owned(),
        regime_id: "property-internal-procedure".to_owned(),
        regime_version: 1,
    };
    let event = house.received("b03", &due);
    house.apply(std::slice::from_ref(&event)).await.unwrap();
    house.apply(&[event]).await.unwrap();
    assert_eq!(planned(&house).await, told(&["affairs"], "duty-opened"));
    // Nobody holds the role in the other branch: those above are told from the start.
    let other = clock::DutyDue { unit_id: "b04".to_owned(), ..due.clone() };
    house.apply(&[house.received("b04", &other)]).await.unwrap();
    let missed = clock::DutyMissed {
        unit_id: due.unit_id,
        duty: due.duty,
        period: due.period,
        last_day: due.last_day,
        due_at: due.due_at,
        role: due.role,
        to: due.to,
        cite: due.cite,
        regime_id: due.regime_id,
        regime_version: 1,
    };
    house.apply(&[house.received("b03", &missed)]).await.unwrap();
    let mut expected = told(&["affairs", "manager"], "duty-missed");
    expected.extend(told(&["affairs", "manager"], "duty-opened"));
    assert_eq!(planned(&house).await, expected);
    soon("the messages", async || {
        let unsent = "SELECT count(*) FROM notices WHERE state <> 'sent'";
        let unsent: i64 = sqlx::query_scalar(unsent).fetch_one(house.log.pool()).await.unwrap();
        if unsent == 0 { Ok(()) } else { Err(format!("{unsent} are not sent")) }
    })
    .await;
    let mut client = Client::new(house.channel.clone());
    let mails = client.list_mail(house.by("affairs", ListMailRequest::default())).await.unwrap().into_inner().mails;
    let mut bodies = Vec::new();
    for mail in mails {
        let asked = GetMailRequest { mail_id: mail.mail_id };
        bodies.push(client.get_mail(house.by("affairs", asked)).await.unwrap().into_inner().body);
    }
    assert_eq!(bodies.len(), 4, "anybody on the staff may look at them");
    let opened = bodies.iter().find(|body| body.contains("已开始") && body.contains("单位b03的")).unwrap();
    assert!(opened.contains("“每月投诉统计分析”（2026年4月1日至2026年4月30日）"), "{opened}");
    assert!(opened.contains("2026年4月29日24:00"), "{opened}");
    assert!(bodies.iter().any(|body| body.contains("至今未完成")), "{bodies:?}");
    assert!(house.words().await.is_empty(), "no case was told anything");
}
