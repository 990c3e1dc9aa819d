//! Mail through a real server: what it looks like, and every way in which it can go wrong.

use crate::{
    harness::{House, pack, staff},
    peers::{Desk, Folder, MailServer, free_port, soon},
};
use chrono::TimeDelta;
use contracts::{Fact, notification::*};
use kit_config::MapSource;
use notification::Notification;
use notification_service_client::NotificationServiceClient as Client;

/// A house that sends through the mail server at `port`.
async fn house(port: u16, desk: &Desk) -> House {
    let settings = MapSource::default()
        .with("JIESU_SMTP_URL", format!("smtp://127.0.0.1:{port}"))
        .with("JIESU_MAIL_FROM", "接诉 <jiesu@house.example>")
        .with("JIESU_INTAKE_URL", desk.serve());
    House::start::<Notification>(&pack(), settings).await
}

/// The states of a case's notices to `recipient`.
async fn states(house: &House, case_id: &str, recipient: &str) -> Vec<String> {
    let asked = ListDeliveriesRequest { case_id: case_id.to_owned() };
    let mut client = Client::new(house.channel.clone());
    let all = client.list_deliveries(house.by("head", asked)).await.unwrap().into_inner().deliveries;
    all.into_iter().filter(|d| d.recipient == recipient).map(|d| d.state).collect()
}

async fn settled(house: &House, case_id: &str, state: &str) {
    soon("the notice settles", async || {
        let now = states(house, case_id, "complainant").await;
        if now == [state] { Ok(()) } else { Err(format!("{now:?}")) }
    })
    .await;
}

/// The words of what was said about notices to the complainant.
async fn said(house: &House) -> Vec<&'static str> {
    let told = |fact: &Fact| match fact {
        Fact::NoticeSent(e) => e.recipient == "complainant",
        Fact::NoticeFailed(e) => e.recipient == "complainant",
        Fact::NoticeUnknown(e) => e.recipient == "complainant",
        _ => false,
    };
    house.said().await.into_iter().filter(told).map(|fact| fact.word()).collect()
}

#[tokio::test]
async fn a_receipt_reaches_the_complainant_as_a_message_that_any_reader_can_read() {
    let (desk, folder, port) = (Desk::default(), Folder::new(), free_port());
    let server = MailServer::start(port, &folder.0).await;
    let house = house(port, &desk).await;
    let id = house.dispatched(1, "minor").await;
    settled(&house, &id, "sent").await;
    let mails = server.read_by("resident@home.example");
    assert_eq!(mails.len(), 1, "{mails:?}");
    let headers = &mails[0]["headers"];
    assert_eq!(headers["subject"], "投诉已登记 TS-b03-2026-00001");
    assert_eq!(headers["from"], "接诉 <jiesu@house.example>");
    assert_eq!(headers["auto-submitted"], "auto-generated");
    assert!(headers["date"].as_str().unwrap().starts_with("Wed, 15 Apr 2026 02:00:00"), "{headers}");
    let message_id = headers["message-id"].as_str().unwrap();
    assert!(message_id.starts_with("<notice_") && message_id.ends_with("@house.example>"), "{message_id}");
    assert!(mails[0]["body"].as_str().unwrap().contains("您向单位b03提出的投诉已登记"), "{mails:?}");
    assert_eq!(said(&house).await, ["notice-sent"]);
    assert_eq!(desk.calls(), ["notification"]);
}

#[tokio::test]
async fn an_address_that_the_server_refuses_for_good_fails_and_is_not_tried_again() {
    let (desk, folder, port) = (Desk::default(), Folder::new(), free_port());
    let server = MailServer::start(port, &folder.0).await;
    let house = house(port, &desk).await;
    desk.set(&crate::harness::case(1), "nobody@home.example");
    let id = house.dispatched(1, "minor").await;
    settled(&house, &id, "failed").await;
    house.clock.advance(TimeDelta::days(3));
    house.dispatched(2, "minor").await;
    settled(&house, &crate::harness::case(2), "sent").await;
    assert_eq!(states(&house, &id, "complainant").await, ["failed"]);
    assert_eq!(said(&house).await, ["notice-failed", "notice-sent"]);
    assert_eq!(server.read_by("nobody").len(), 0);
}

#[tokio::test]
async fn a_server_that_is_away_or_busy_gets_the_message_later_and_once() {
    let (desk, folder, port) = (Desk::default(), Folder::new(), free_port());
    let house = house(port, &desk).await;
    let id = house.dispatched(1, "minor").await;
    soon("a first attempt", async || {
        let tried: i64 = sqlx::query_scalar("SELECT count(*) FROM notices WHERE attempts = 1 AND state = 'queued'")
            .fetch_one(house.log.pool())
            .await
            .unwrap();
        if tried == 1 { Ok(()) } else { Err("not tried".to_owned()) }
    })
    .await;
    assert!(said(&house).await.is_empty());
    desk.set(&id, "busy@home.example");
    let server = MailServer::start(port, &folder.0).await;
    house.clock.advance(TimeDelta::minutes(1));
    soon("a second attempt", async || {
        let reason: String =
            sqlx::query_scalar("SELECT reason FROM notices").fetch_one(house.log.pool()).await.unwrap();
        if reason == "smtp-451" { Ok(()) } else { Err(reason) }
    })
    .await;
    desk.set(&id, "resident@home.example");
    house.clock.advance(TimeDelta::minutes(5));
    settled(&house, &id, "sent").await;
    assert_eq!(server.read_by("resident").len(), 1);
    assert_eq!(said(&house).await, ["notice-sent"]);
}

#[tokio::test]
async fn a_message_whose_answer_was_lost_is_unknown_and_never_sent_again() {
    let (desk, folder, port) = (Desk::default(), Folder::new(), free_port());
    let server = MailServer::start(port, &folder.0).await;
    let house = house(port, &desk).await;
    desk.set(&crate::harness::case(1), "lost@home.example");
    let id = house.dispatched(1, "minor").await;
    settled(&house, &id, "unknown").await;
    house.clock.advance(TimeDelta::days(3));
    house.dispatched(2, "minor").await;
    settled(&house, &crate::harness::case(2), "sent").await;
    assert_eq!(server.read_by("lost").len(), 1);
    assert_eq!(said(&house).await, ["notice-unknown", "notice-sent"]);
}

#[tokio::test]
async fn what_a_dead_sender_left_is_resent_only_if_it_was_not_handed_over() {
    let (desk, port) = (Desk::default(), free_port());
    let house = house(port, &desk).await;
    let (first, second) = (house.dispatched(1, "minor").await, house.dispatched(2, "minor").await);
    soon("both tried", async || {
        let tried: i64 = sqlx::query_scalar("SELECT count(*) FROM notices WHERE attempts = 1 AND state = 'queued'")
            .fetch_one(house.log.pool())
            .await
            .unwrap();
        if tried == 2 { Ok(()) } else { Err(format!("{tried} tried")) }
    })
    .await;
    let folder = Folder::new();
    let server = MailServer::start(port, &folder.0).await;
    for (id, phase) in [(&first, "dot_sent"), (&second, "before_dot")] {
        let id: kit_ids::CaseId = id.parse().unwrap();
        sqlx::query(
            "UPDATE notices SET state = 'sending', phase = $2, lease_until = $3, next_at = $3 WHERE case_id = $1",
        )
        .bind(id.uuid())
        .bind(phase)
        .bind(house.now() - TimeDelta::seconds(1))
        .execute(house.log.pool())
        .await
        .unwrap();
    }
    settled(&house, &first, "unknown").await;
    settled(&house, &second, "sent").await;
    assert_eq!(server.read().len(), 1);
}

#[tokio::test]
async fn staff_are_written_to_at_work_and_whoever_is_recused_meanwhile_is_not() {
    let (desk, port) = (Desk::default(), free_port());
    let house = house(port, &desk).await;
    let id = house.dispatched(1, "major").await;
    soon("all tried", async || {
        let tried: i64 = sqlx::query_scalar("SELECT count(*) FROM notices WHERE attempts = 1 AND state = 'queued'")
            .fetch_one(house.log.pool())
            .await
            .unwrap();
        if tried == 3 { Ok(()) } else { Err(format!("{tried} tried")) }
    })
    .await;
    let recused =
        contracts::assignment::HandlerRecused { case_id: id.clone(), staff_id: staff("manager"), ..Default::default() };
    house.hear(&recused).await;
    let folder = Folder::new();
    let server = MailServer::start(port, &folder.0).await;
    house.clock.advance(TimeDelta::minutes(1));
    soon("the others are told", async || {
        let mails = server.read();
        if mails.len() == 2 { Ok(()) } else { Err(format!("{mails:?}")) }
    })
    .await;
    let alert = &server.read_by("general@house.example")[0];
    assert_eq!(alert["headers"]["subject"], "重要或重大投诉 TS-b03-2026-00001");
    assert!(states(&house, &id, "manager-in-charge").await.is_empty());
    assert_eq!(server.read_by("manager@").len(), 0);
}
