//! Rows of ledgers: by the facts that a ledger names, by effects, and by hand; and who may see them.

use crate::harness::{House, case, keeping, problem, staff, text_ref};
use contracts::{Fact, assignment, deadline_watcher as clock, intake, records::*, resolution};
use kit_config::MapSource;
use kit_core::Class;
use records::Records;
use records_service_client::RecordsServiceClient as Client;

async fn entered(house: &House) -> Vec<LedgerEntered> {
    let said = house.said().await.into_iter();
    said.filter_map(|fact| if let Fact::LedgerEntered(entered) = fact { Some(entered) } else { None }).collect()
}

/// The ledgers that a person is offered to look at, and those into which they may enter a case by hand.
async fn offered(house: &House, who: &str, case_id: &str) -> (Vec<String>, Vec<String>) {
    let mut client = Client::new(house.channel.clone());
    let all = client.list_ledger(house.by(who, ListLedgerRequest::default())).await.unwrap().into_inner();
    assert!(all.rows.is_empty());
    let asked = GetDossierRequest { case_id: case_id.to_owned(), ..Default::default() };
    let dossier = client.get_dossier(house.by(who, asked)).await.unwrap().into_inner();
    let ids = |list: Vec<LedgerName>| list.into_iter().map(|one| one.id).collect();
    (ids(all.ledgers), ids(dossier.ledgers))
}

async fn list(house: &House, who: &str, ledger: &str) -> Result<ListLedgerResponse, tonic::Status> {
    let asked = ListLedgerRequest { ledger: ledger.to_owned(), unit_id: "b03".to_owned(), ..Default::default() };
    Client::new(house.channel.clone()).list_ledger(house.by(who, asked)).await.map(tonic::Response::into_inner)
}

#[tokio::test]
async fn a_fact_enters_each_ledger_once_and_what_is_assessed_is_said_with_whose_it_is() {
    let house = House::start::<Records>(&keeping(), MapSource::default()).await;
    let id = house.dispatched(1, "minor").await;
    // A ledger names the chase, and so does an effect: it is one row.
    house.hear(&intake::ComplainantChased { case_id: id.clone(), by: "complainant".to_owned(), text: None }).await;
    house.clock.advance(chrono::TimeDelta::minutes(1));
    // What the watcher says is due.
    let missed = clock::ClockMissed {
        case_id: id.clone(),
        clock: "handling".to_owned(),
        run: 1,
        cite: "三".to_owned(),
        effects: vec![clock::Effect {
            kind: "assess".to_owned(),
            what: "performance".to_owned(),
            points: 2,
            against: "unit".to_owned(),
            ..Default::default()
        }],
        ..Default::default()
    };
    house.hear(&missed).await;
    house.clock.advance(chrono::TimeDelta::minutes(1));
    house.hear(&resolution::NoteAdded { case_id: id.clone(), ..Default::default() }).await;
    let all = entered(&house).await;
    let said: Vec<_> = all
        .iter()
        .map(|row| (row.ledger.as_str(), row.about.as_str(), row.subject_id.clone(), row.points, row.cause.as_str()))
        .collect();
    assert_eq!(
        said,
        [
            ("chased", "staff", staff("head"), 0, "complainant-chased"),
            ("performance", "unit", "b03-eng".to_owned(), 2, "clock-missed(handling)"),
        ]
    );
    assert_eq!(all[1].cite, "三");
    let listed = list(&house, "affairs", "performance").await.unwrap();
    assert_eq!((listed.points, listed.rows.len(), listed.title.unwrap().zh.as_str()), (2, 1, "绩效考核台账"));
    assert_eq!(listed.rows[0].subject.as_ref().unwrap().zh, "单位b03-eng");
    assert_eq!(listed.rows[0].cause.as_ref().unwrap().zh, "超期");
    let asked = GetDossierRequest { case_id: id, ..Default::default() };
    let dossier =
        Client::new(house.channel.clone()).get_dossier(house.by("affairs", asked)).await.unwrap().into_inner();
    let texts: Vec<String> = dossier.entries.into_iter().map(|entry| entry.text.unwrap().zh).collect();
    assert_eq!(
        texts[6..],
        ["投诉人催问", "登记催问台账（九.1）", "“处理期限”超期（三）", "登记绩效考核台账 2 分（三）", "记录办理情况"]
    );
}

#[tokio::test]
async fn a_row_is_entered_by_hand_by_whoever_may_and_seen_by_whoever_may() {
    let house = House::start::<Records>(&keeping(), MapSource::default()).await;
    let id = house.dispatched(1, "minor").await;
    let mut client = Client::new(house.channel.clone());
    let asked = EnterLedgerRequest {
        request_id: "e1".to_owned(),
        case_id: id.clone(),
        ledger: "praise".to_owned(),
        text_ref: text_ref(5),
        points: 3,
    };
    let (seen, by_hand) = offered(&house, "affairs", &id).await;
    assert!(seen.contains(&"praise".to_owned()) && by_hand.contains(&"praise".to_owned()), "{seen:?} {by_hand:?}");
    assert_eq!(offered(&house, "head", &id).await.1, [""; 0]);
    client.enter_ledger(house.by("affairs", asked.clone())).await.unwrap();
    client.enter_ledger(house.by("affairs", asked.clone())).await.unwrap();
    let all = entered(&house).await;
    assert_eq!(all.len(), 1, "a repeat enters nothing");
    assert_eq!(
        (all[0].points, all[0].staff_id.clone(), all[0].text.as_ref().unwrap().ref_id.clone()),
        (3, staff("affairs"), text_ref(5))
    );
    let again = |request_id: &str| EnterLedgerRequest { request_id: request_id.to_owned(), ..asked.clone() };
    let refused = problem(client.enter_ledger(house.by("head", again("e2"))).await);
    assert_eq!((refused.class, refused.code.as_str()), (Class::Denied, "not-permitted"));
    let refused = problem(client.enter_ledger(house.by("far-head", again("e3"))).await);
    assert_eq!(refused.code, "unknown-case");
    let other = EnterLedgerRequest { ledger: "prase".to_owned(), ..again("e4") };
    assert_eq!(problem(client.enter_ledger(house.by("affairs", other)).await).code, "not-permitted");
    let many = EnterLedgerRequest { points: 10_001, ..again("e5") };
    assert_eq!(problem(client.enter_ledger(house.by("affairs", many)).await).code, "out-of-range");
    assert_eq!(problem(list(&house, "head", "praise").await).code, "not-permitted");
    assert_eq!(problem(list(&house, "affairs", "prase").await).code, "unknown-word");
    assert_eq!(list(&house, "affairs", "praise").await.unwrap().rows.len(), 1);
    // Whoever is excluded from the case does not find it here either.
    house
        .hear(&assignment::HandlerRecused { case_id: case(1), staff_id: staff("affairs"), ..Default::default() })
        .await;
    assert!(list(&house, "affairs", "praise").await.unwrap().rows.is_empty());
}
