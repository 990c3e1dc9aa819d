//! What the public is shown, by whom it is decided, and what nobody may show.

use crate::{
    dossiers::finished,
    harness::{House, keeping, pack, problem, staff, text_ref},
};
use contracts::{Fact, records::*};
use kit_config::MapSource;
use kit_core::Class;
use records::Records;
use records_service_client::RecordsServiceClient as Client;
use std::collections::BTreeMap;

fn publish(request_id: &str, case_id: &str) -> PublishRequest {
    PublishRequest { request_id: request_id.to_owned(), case_id: case_id.to_owned(), ..Default::default() }
}

async fn shown(house: &House) -> Vec<Published> {
    let asked = tonic::Request::new(ListPublishedRequest::default());
    Client::new(house.channel.clone()).list_published(asked).await.unwrap().into_inner().published
}

#[tokio::test]
async fn a_case_is_shown_without_anybodys_identity_once_what_is_needed_has_happened() {
    let house = House::start::<Records>(&keeping(), MapSource::default()).await;
    let id = house.dispatched(1, "minor").await;
    let mut client = Client::new(house.channel.clone());
    let early = problem(client.publish(house.by("affairs", publish("p1", &id))).await);
    assert_eq!((early.class, early.code.as_str()), (Class::Conflict, "not-yet"));
    assert!(early.text.zh.contains("告知结果") && early.text.zh.contains("九.4"), "{}", early.text.zh);
    finished(&house, &id, "satisfied").await;
    let ticked = PublishRequest { nevers: vec!["1".to_owned()], ..publish("p2", &id) };
    let refused = problem(client.publish(house.by("affairs", ticked)).await);
    assert_eq!(refused.code, "forbidden-by-rule");
    assert!(refused.text.zh.contains("涉及个人隐私"), "{}", refused.text.zh);
    let unknown = PublishRequest { nevers: vec!["7".to_owned()], ..publish("p3", &id) };
    assert_eq!(problem(client.publish(house.by("affairs", unknown)).await).code, "unknown-word");
    let texts = |id: &str, text: &str| BTreeMap::from([(id.to_owned(), text.to_owned())]);
    let stray = PublishRequest { texts: texts("narrative", "…"), ..publish("p4", &id) };
    assert_eq!(problem(client.publish(house.by("affairs", stray)).await).code, "unknown-word");
    let telling = PublishRequest { texts: texts("result", "请电 13800138000"), ..publish("p5", &id) };
    assert_eq!(problem(client.publish(house.by("affairs", telling)).await).code, "tells-who");
    assert_eq!(problem(client.publish(house.by("head", publish("p6", &id))).await).code, "not-permitted");
    let good = PublishRequest { texts: texts("result", "已修复"), ..publish("p7", &id) };
    let shows = client.publish(house.by("affairs", good.clone())).await.unwrap().into_inner().shows;
    assert_eq!(shows, ["category", "result"]);
    client.publish(house.by("affairs", good)).await.unwrap();
    assert_eq!(problem(client.publish(house.by("affairs", publish("p8", &id))).await).code, "already-published");
    let all = shown(&house).await;
    assert_eq!(all.len(), 1);
    let texts: Vec<String> = all[0].texts.iter().map(|one| one.text.as_ref().unwrap().zh.clone()).collect();
    assert_eq!(texts, ["工程设施", "已修复"]);
    let said = house.said().await;
    let published: Vec<_> = said.iter().filter(|fact| matches!(fact, Fact::CasePublished(_))).collect();
    assert_eq!(published.len(), 1);
}

#[tokio::test]
async fn what_is_withheld_is_shown_no_more_and_says_who_decided_and_why() {
    let house = House::start::<Records>(&keeping(), MapSource::default()).await;
    let id = house.dispatched(1, "minor").await;
    finished(&house, &id, "satisfied").await;
    let mut client = Client::new(house.channel.clone());
    client.publish(house.by("affairs", publish("p1", &id))).await.unwrap();
    assert_eq!(shown(&house).await[0].texts[1].text.as_ref().unwrap().zh, "属实", "the finding, where nobody wrote");
    let asked = WithholdRequest { request_id: "w1".to_owned(), case_id: id.clone(), reason_ref: text_ref(6) };
    client.withhold(house.by("affairs", asked)).await.unwrap();
    assert!(shown(&house).await.is_empty());
    let said = house.said().await;
    let Some(Fact::CaseWithheld(withheld)) = said.last() else { panic!("{said:?}") };
    assert_eq!(
        (withheld.staff_id.clone(), withheld.reason.as_ref().unwrap().ref_id.clone()),
        (staff("affairs"), text_ref(6))
    );
    let dossier = GetDossierRequest { case_id: id, ..Default::default() };
    let form = client.get_dossier(house.by("affairs", dossier)).await.unwrap().into_inner().publicity.unwrap();
    assert_eq!(
        (form.state.as_str(), form.may_publish, form.only_if_asked, form.nevers.len()),
        ("withheld", true, true, 1)
    );
}

#[tokio::test]
async fn where_the_rules_know_of_no_publicity_nothing_is_shown() {
    let house = House::start::<Records>(&pack(), MapSource::default()).await;
    let id = house.dispatched(1, "minor").await;
    let mut client = Client::new(house.channel.clone());
    let refused = problem(client.publish(house.by("affairs", publish("p1", &id))).await);
    assert_eq!(refused.class, Class::Denied);
    assert!(shown(&house).await.is_empty());
}

#[tokio::test]
async fn cases_are_counted_by_what_the_regime_counts_by() {
    let house = House::start::<Records>(&keeping(), MapSource::default()).await;
    house.dispatched(1, "minor").await;
    house.dispatched(2, "minor").await;
    let asked = GetStatisticsRequest { unit_id: "b03".to_owned(), month: "2026-04".to_owned() };
    let mut client = Client::new(house.channel.clone());
    let seen = client.get_statistics(house.by("affairs", asked)).await.unwrap().into_inner();
    let axes: Vec<(&str, i64, String)> = seen
        .axes
        .iter()
        .filter_map(|axis| {
            let count = axis.counts.first()?;
            Some((axis.id.as_str(), count.count, count.title.as_ref()?.zh.clone()))
        })
        .collect();
    assert_eq!(axes, [("kind", 2, "投诉".to_owned()), ("unit", 2, "单位b03".to_owned())]);
    assert_eq!(seen.axes.len(), 3, "finding is counted, and nothing was found yet");
}
