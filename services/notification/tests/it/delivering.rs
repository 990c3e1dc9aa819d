//! What is told people who are not of the house: by machine where it can be, by a person where it cannot; with what
//! staff wrote for the complainant, and as numbered documents.

use crate::{
    harness::{House, pack, problem, staff, text_ref},
    peers::{Desk, Folder, soon},
};
use contracts::{Fact, assignment, common::VaultRef, intake, notification::*, resolution, triage};
use kit_config::MapSource;
use kit_core::Class;
use notification::Notification;
use notification_service_client::NotificationServiceClient as Client;
use std::collections::BTreeMap;

/// The pack of the tests, which also tells the respondent, a body and a unit's head.
fn telling() -> String {
    let pack = pack();
    let pack = pack.replace(
        "steps:\n",
        "steps:\n  acceptance-told: {zh: 告知受理, en: Acceptance told, cite: 八}\n  respondent-told: {cite: 八}\n",
    );
    let pack = pack.replace("  roles:\n", "  bodies:\n    bureau: {zh: 住建局, en: The bureau}\n  roles:\n");
    let pack = pack.replace(
        "\nnotices:\n",
        "\nredress:\n  - {zh: 可以向上级申诉, en: You may turn to those above, cite: 八.7}\n\neffects:\n  - {on: handler-recused, tell: [general-affairs-head], send: escalated, cite: 八.6}\n\nnotices:\n  \
         - {on: [case-accepted, case-referred], to: complainant, send: accepted, as: document, done: acceptance-told, role: receptionist, cite: 八.1}\n  \
         - {on: case-accepted, to: respondent, send: copy, done: respondent-told, cite: 八.2}\n  \
         - {on: containment-recorded, to: bureau, send: termination, as: document, role: receptionist, cite: 八.3}\n  \
         - {on: [note-added, containment-recorded], to: unit-head, send: ordered, cite: 八.4}\n  \
         - {on: case-resolved, to: complainant, send: result, cite: 八.8}\n  \
         - {on: ordered, to: manager-in-charge, send: ordered, cite: 八.5}\n",
    );
    pack.replace("of: every-case, ", "of: 50%, ")
}

async fn house(pack: &str) -> (House, Desk, Folder) {
    let (desk, folder) = (Desk::default(), Folder::new());
    let settings = MapSource::default()
        .with("JIESU_MAIL_FOLDER", folder.0.to_str().unwrap())
        .with("JIESU_INTAKE_URL", desk.serve());
    (House::start::<Notification>(pack, settings).await, desk, folder)
}

fn accepted(id: &str, parts: &[(&str, u128)]) -> triage::CaseAccepted {
    let parts = parts.iter().map(|(name, nth)| ((*name).to_owned(), VaultRef { ref_id: text_ref(*nth) }));
    triage::CaseAccepted { case_id: id.to_owned(), parts: parts.collect::<BTreeMap<_, _>>(), ..Default::default() }
}

fn registered(nth: u128, reach: &[&str]) -> intake::CaseRegistered {
    intake::CaseRegistered {
        case_id: crate::harness::case(nth),
        number: format!("TS-{nth}"),
        regime_id: "property-internal-procedure".to_owned(),
        regime_version: 1,
        unit_id: "b03".to_owned(),
        channel: "web".to_owned(),
        kind: "complaint".to_owned(),
        reach: reach.iter().map(|way| (*way).to_owned()).collect(),
        respondent_reach: vec!["email".to_owned()],
        ..Default::default()
    }
}

async fn sent(house: &House) -> Vec<NoticeSent> {
    let said = house.said().await.into_iter();
    said.filter_map(|fact| if let Fact::NoticeSent(sent) = fact { Some(sent) } else { None }).collect()
}

async fn opened(house: &House) -> Vec<TaskOpened> {
    let said = house.said().await.into_iter();
    said.filter_map(|fact| if let Fact::TaskOpened(opened) = fact { Some(opened) } else { None }).collect()
}

#[tokio::test]
async fn a_notice_proves_its_fact_when_it_is_sent_and_holds_what_was_written_for_the_complainant_alone() {
    let (house, _desk, folder) = house(&telling()).await;
    let case = registered(1, &["email"]);
    let id = case.case_id.clone();
    house.hear(&case).await;
    house.hear(&accepted(&id, &[("process", 7), ("other-ways", 8)])).await;
    soon("three notices", async || {
        let sent = sent(&house).await;
        if sent.len() == 3 { Ok(()) } else { Err(format!("{sent:?}")) }
    })
    .await;
    let all = sent(&house).await;
    let to = |who: &str, template: &str| {
        all.iter().find(|sent| sent.recipient == who && sent.template == template).unwrap().clone()
    };
    let ours = to("complainant", "accepted");
    assert_eq!(
        (ours.done.as_str(), ours.document.as_str(), ours.cite.as_str()),
        ("acceptance-told", "TS-1-accepted-1", "八.1")
    );
    let theirs = to("respondent", "copy");
    assert_eq!((theirs.done.as_str(), theirs.document.as_str(), theirs.cite.as_str()), ("respondent-told", "", "八.2"));
    assert!(opened(&house).await.is_empty());
    let mut client = Client::new(house.channel.clone());
    let mails = client.list_mail(house.by("admin", ListMailRequest {})).await.unwrap().into_inner().mails;
    let mail = |to: &str, subject: &str| {
        mails.iter().find(|mail| mail.to.contains(to) && mail.subject.contains(subject)).unwrap().mail_id.clone()
    };
    let read = async |mail_id: String| {
        let mut client = Client::new(house.channel.clone());
        client.get_mail(house.by("admin", GetMailRequest { mail_id })).await.unwrap().into_inner().body
    };
    let body = read(mail("resident@home.example", "受理通知")).await;
    assert!(body.contains(&format!("办理程序：正文 {}", text_ref(7))), "{body}");
    assert!(body.contains(&format!("其他途径：正文 {}", text_ref(8))), "{body}");
    house.hear(&resolution::CaseResolved { case_id: id, ..Default::default() }).await;
    soon("the result", async || {
        let sent = sent(&house).await;
        let is_there = sent.iter().any(|sent| sent.template == "result");
        if is_there { Ok(()) } else { Err(format!("{sent:?}")) }
    })
    .await;
    let all = client.list_mail(house.by("admin", ListMailRequest {})).await.unwrap().into_inner().mails;
    let result = all.iter().find(|mail| mail.subject.contains("处理结果告知")).unwrap().mail_id.clone();
    let result = read(result).await;
    assert!(result.contains("救济途径：可以向上级申诉"), "{result}");
    let body = read(mail("operator@shop.example", "副本")).await;
    assert!(!body.contains("正文"), "{body}");
    drop(folder);
}

#[tokio::test]
async fn a_document_keeps_its_words_when_the_case_moves_to_another_version() {
    let own = "\ntemplates:\n  accepted:\n    subject: {zh: 受理, en: Taken}\n    body: {zh: \"第一版的受理通知：{{process}}\", en: \"By the first version: {{process}}\"}\n";
    let (house, _desk, _folder) = house(&telling().replace("\ntemplates:\n", own)).await;
    let case = registered(1, &["phone"]);
    let id = case.case_id.clone();
    house.hear(&case).await;
    house.hear(&accepted(&id, &[("process", 7)])).await;
    house.moved(&id, &telling()).await;
    let asked = GetDocumentRequest { case_id: id.clone(), document: "TS-1-accepted-1".to_owned() };
    let mut client = Client::new(house.channel.clone());
    let printed = client.get_document(house.by("reception", asked)).await.unwrap().into_inner();
    assert!(printed.body.as_ref().unwrap().zh.contains("第一版的受理通知"), "{printed:?}");
}

#[tokio::test]
async fn what_cannot_be_sent_falls_to_a_person_and_a_document_can_be_printed() {
    let (house, desk, _folder) = house(&telling()).await;
    let case = registered(1, &["phone"]);
    let id = case.case_id.clone();
    house.hear(&case).await;
    house.hear(&accepted(&id, &[("process", 7)])).await;
    let tasks = opened(&house).await;
    assert_eq!(tasks.len(), 1, "{tasks:?}");
    assert_eq!((tasks[0].purpose.as_str(), tasks[0].role.as_str()), ("acceptance-told", "receptionist"));
    assert_eq!(tasks[0].ways, ["letter", "visit"]);
    let mut client = Client::new(house.channel.clone());
    let asked = ListDeliveriesRequest { case_id: id.clone() };
    let deliveries = client.list_deliveries(house.by("reception", asked)).await.unwrap().into_inner().deliveries;
    let document = deliveries.iter().find(|one| one.state == "by-hand").unwrap();
    assert_eq!((document.document.as_str(), document.cite.as_str()), ("TS-1-accepted-1", "八.1"));
    let before = desk.calls().len();
    let asked = GetDocumentRequest { case_id: id.clone(), document: document.document.clone() };
    let printed = client.get_document(house.by("reception", asked.clone())).await.unwrap().into_inner();
    assert!(printed.body.unwrap().zh.contains(&format!("办理程序：正文 {}", text_ref(7))));
    assert!(desk.calls().iter().skip(before).any(|actor| actor.contains(&staff("reception"))), "read in their name");
    let none = GetDocumentRequest { document: "TS-1-accepted-2".to_owned(), ..asked.clone() };
    let refused = problem(client.get_document(house.by("reception", none)).await);
    assert_eq!((refused.class, refused.code.as_str()), (Class::NotFound, "unknown-document"));
    assert_eq!(problem(client.get_document(house.by("far-head", asked)).await).code, "unknown-case");
    // Delivered by hand, it is proved as if it had been sent.
    let mine = client.list_tasks(house.by("reception", ListTasksRequest::default())).await.unwrap().into_inner().tasks;
    assert_eq!(mine[0].title.as_ref().unwrap().zh, "将《受理通知》送达投诉人");
    let done = CompleteTaskRequest {
        request_id: "d1".to_owned(),
        task_id: mine[0].task_id.clone(),
        way: "letter".to_owned(),
        is_reached: true,
        ..Default::default()
    };
    client.complete_task(house.by("reception", done)).await.unwrap();
    let said = house.said().await;
    assert!(said.iter().any(|fact| matches!(fact, Fact::TaskDone(done) if done.purpose == "acceptance-told")));
}

#[tokio::test]
async fn a_notice_that_fails_falls_to_a_person_too() {
    let (house, desk, _folder) = house(&telling()).await;
    let case = registered(1, &["email"]);
    desk.set(&case.case_id, "no address at all");
    house.hear(&case).await;
    house.hear(&accepted(&case.case_id, &[])).await;
    soon("the task", async || {
        let tasks = opened(&house).await;
        let is_there = tasks.iter().any(|task| task.purpose == "acceptance-told" && task.role == "receptionist");
        if is_there { Ok(()) } else { Err(format!("{tasks:?}")) }
    })
    .await;
    assert!(house.words().await.contains(&"notice-failed"));
}

#[tokio::test]
async fn a_body_is_sent_to_by_a_person_and_heads_orders_and_effects_find_their_people() {
    let (house, _desk, _folder) = house(&telling()).await;
    let id = house.dispatched(1, "minor").await;
    house.hear(&triage::ContainmentRecorded { case_id: id.clone(), text: None }).await;
    let tasks = opened(&house).await;
    assert_eq!(tasks.iter().filter(|task| task.purpose == "notice-sent").count(), 1, "{tasks:?}");
    let planned: Vec<(String, String, String)> = sqlx::query_as(
        "SELECT COALESCE(staff_id, recipient), template, cite FROM notices WHERE cite LIKE '八.%' ORDER BY cite",
    )
    .fetch_all(house.log.pool())
    .await
    .unwrap();
    let told =
        |cite: &str| planned.iter().filter(|(.., of)| of == cite).map(|(who, ..)| who.clone()).collect::<Vec<_>>();
    assert_eq!(told("八.3"), ["bureau"]);
    assert_eq!(told("八.4"), [staff("head")], "the head of the department that handles it");
    let ordered = assignment::OrderGiven {
        case_id: id.clone(),
        no: 1,
        order: "supervision".to_owned(),
        to: "manager-in-charge".to_owned(),
        staff_ids: vec![staff("general")],
        ..Default::default()
    };
    house.hear(&ordered).await;
    let recused = assignment::HandlerRecused { case_id: id, staff_id: staff("head"), ..Default::default() };
    house.hear(&recused).await;
    let who = async |cite: &str| -> Vec<String> {
        let sql = "SELECT COALESCE(staff_id, recipient) FROM notices WHERE cite = $1";
        sqlx::query_scalar(sql).bind(cite).fetch_all(house.log.pool()).await.unwrap()
    };
    assert_eq!(who("八.5").await, [staff("general")], "whoever the order names, not every holder of the role");
    assert_eq!(who("八.6").await, [staff("affairs")]);
}

#[tokio::test]
async fn a_share_of_the_cases_is_called_back_and_the_case_says_whether() {
    let (house, _desk, _folder) = house(&telling()).await;
    let regime = regime::Regime::parse("pack.yaml", &telling()).unwrap();
    let mut drawn = 0;
    for nth in 1..=20 {
        let id = house.dispatched(nth, "minor").await;
        let told = resolution::ComplainantTold { case_id: id.clone(), way: "call".to_owned(), ..Default::default() };
        house.hear(&told).await;
        let fact = regime::FactRef::about("complainant-told", "oral");
        drawn += regime.callbacks_after(&fact, &facts::CaseView::default(), &id).len();
    }
    let owed = opened(&house).await.into_iter().filter(|task| task.purpose == "case-called-back").count();
    assert_eq!(owed, drawn);
    assert!((1..20).contains(&owed), "{owed}");
}
