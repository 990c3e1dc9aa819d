//! What a file must hold, and the end of the time for which it is kept.

use crate::{
    dossiers::finished,
    harness::{House, keeping, problem, staff},
};
use chrono::TimeDelta;
use contracts::{Fact, records::*, resolution::CaseClosed};
use kit_config::MapSource;
use kit_core::Class;
use kit_testing::eventually;
use records::Records;
use records_service_client::RecordsServiceClient as Client;
use std::time::Duration;

#[tokio::test]
async fn a_dossier_says_what_it_lacks() {
    let house = House::start::<Records>(&keeping(), MapSource::default()).await;
    let id = house.dispatched(1, "minor").await;
    let asked = GetDossierRequest { case_id: id, ..Default::default() };
    let seen = Client::new(house.channel.clone()).get_dossier(house.by("affairs", asked)).await.unwrap().into_inner();
    let lacks: Vec<String> = seen.missing.into_iter().map(|text| text.zh).collect();
    assert_eq!(lacks, ["卷内缺少“处理完毕”"], "the form is that of the channel");
}

#[tokio::test]
async fn when_the_least_time_of_keeping_is_over_a_person_is_asked_once() {
    let house = House::start::<Records>(&keeping(), MapSource::default()).await;
    let days = TimeDelta::days;
    let first = house.dispatched(1, "minor").await;
    finished(&house, &first, "satisfied").await;
    house.clock.advance(days(3));
    let second = house.dispatched(2, "minor").await;
    finished(&house, &second, "satisfied").await;
    let proposed = async || {
        let said = house.said().await.into_iter();
        let of = |fact| if let Fact::DestructionProposed(proposed) = fact { Some(proposed) } else { None };
        said.filter_map(of).collect::<Vec<_>>()
    };
    let wait_for = async |count: usize| {
        eventually("the proposals", Duration::from_secs(10), async || match proposed().await.len() {
            found if found == count => Ok(()),
            found => Err(format!("{found} of {count}")),
        })
        .await;
    };
    house.clock.advance(days(8));
    wait_for(1).await;
    let proposal = proposed().await.remove(0);
    assert_eq!(
        (proposal.case_id.as_str(), proposal.since.as_str(), proposal.cite.as_str()),
        (&*first, "2026-04-25", "二.4")
    );
    // The other's time comes later; the first is not asked for again.
    house.clock.advance(days(3));
    wait_for(2).await;
    assert_eq!(proposed().await.remove(1).case_id, second);
    let asked = GetDossierRequest { case_id: first, ..Default::default() };
    let seen = Client::new(house.channel.clone()).get_dossier(house.by("affairs", asked)).await.unwrap().into_inner();
    let last = seen.entries.last().unwrap().text.clone().unwrap();
    assert_eq!(last.zh, "保存期限已于2026年4月25日届满，提请决定是否销毁（二.4）");
}

/// Whether something of this sort was said, and how often.
async fn said(house: &House, word: &str, count: usize) -> Fact {
    eventually("what is said", Duration::from_secs(10), async || {
        match house.said().await.iter().filter(|fact| fact.word() == word).count() {
            found if found == count => Ok(()),
            found => Err(format!("{found} of {count} {word}")),
        }
    })
    .await;
    house.said().await.into_iter().rfind(|fact| fact.word() == word).unwrap()
}

/// A closed case whose time was over, under this pack.
async fn proposed(pack: &str) -> (House, String) {
    let house = House::start::<Records>(pack, MapSource::default()).await;
    let id = house.dispatched(1, "minor").await;
    finished(&house, &id, "satisfied").await;
    house.clock.advance(TimeDelta::days(11));
    (house, id)
}

fn decision(request_id: &str, case_id: &str, is_approved: bool) -> ApproveDestructionRequest {
    let (request_id, case_id) = (request_id.to_owned(), case_id.to_owned());
    ApproveDestructionRequest {
        request_id, case_id, is_approved, reason: "已过保存期限，无须再查".to_owned()
    }
}

async fn decide(
    house: &House,
    who: &str,
    asked: ApproveDestructionRequest,
) -> Result<ApproveDestructionResponse, kit_core::Problem> {
    let answer = Client::new(house.channel.clone()).approve_destruction(house.by(who, asked)).await;
    answer.map(tonic::Response::into_inner).map_err(|status| problem::<()>(Err(status)))
}

async fn list(house: &House, who: &str) -> Vec<ProposedDestruction> {
    let asked = house.by(who, ListDestructionsRequest::default());
    Client::new(house.channel.clone()).list_destructions(asked).await.unwrap().into_inner().proposed
}

#[tokio::test]
async fn an_administrator_approves_where_the_regime_names_nobody_and_the_order_is_said_once() {
    let (house, id) = proposed(&keeping()).await;
    said(&house, "destruction-proposed", 1).await;
    let refused = decide(&house, "affairs", decision("d-1", &id, true)).await.unwrap_err();
    assert_eq!((refused.class, refused.code.as_str()), (Class::Denied, "not-permitted"));
    assert!(refused.text.zh.contains("系统管理员") && refused.text.zh.contains("二.4"), "{}", refused.text.zh);
    assert_eq!(decide(&house, "far-head", decision("d-2", &id, true)).await.unwrap_err().code, "unknown-case");
    assert!(list(&house, "affairs").await.is_empty());
    let shown = list(&house, "admin").await;
    assert_eq!((shown.len(), shown[0].case_id.as_str(), shown[0].cite.as_str()), (1, &*id, "二.4"));
    let silent = ApproveDestructionRequest { reason: " ".to_owned(), ..decision("d-3", &id, true) };
    assert_eq!(decide(&house, "admin", silent).await.unwrap_err().fields[0].field, "reason");
    let telling = ApproveDestructionRequest { reason: "电话 13800138000".to_owned(), ..decision("d-4", &id, true) };
    assert_eq!(decide(&house, "admin", telling).await.unwrap_err().code, "tells-who");
    decide(&house, "admin", decision("d-5", &id, true)).await.unwrap();
    decide(&house, "admin", decision("d-5", &id, true)).await.unwrap();
    assert_eq!(decide(&house, "admin", decision("d-6", &id, false)).await.unwrap_err().code, "already-done");
    let Fact::DestructionOrdered(ordered) = said(&house, "destruction-ordered", 1).await else { unreachable!() };
    assert_eq!((ordered.case_id, ordered.staff_id, ordered.since.as_str()), (id.clone(), staff("admin"), "2026-04-25"));
    assert!(list(&house, "admin").await.is_empty());
    let asked = GetDossierRequest { case_id: id, ..Default::default() };
    let seen = Client::new(house.channel.clone()).get_dossier(house.by("affairs", asked)).await.unwrap().into_inner();
    let last = seen.entries.last().unwrap().text.clone().unwrap();
    assert_eq!(last.zh, "保存期限已于2026年4月25日届满，决定销毁，由员工admin批准（二.4）");
}

#[tokio::test]
async fn what_is_kept_is_proposed_again_a_year_later() {
    let (house, id) = proposed(&keeping()).await;
    said(&house, "destruction-proposed", 1).await;
    let again_on = decide(&house, "admin", decision("d-1", &id, false)).await.unwrap().again_on;
    assert_eq!(again_on, "2027-04-26");
    let problem = decide(&house, "admin", decision("d-2", &id, true)).await.unwrap_err();
    assert!(problem.code == "already-done" && problem.text.en.contains("2027-04-26"), "{problem:?}");
    house.clock.advance(TimeDelta::days(364));
    house.clock.advance(TimeDelta::days(2));
    said(&house, "destruction-proposed", 2).await;
    decide(&house, "admin", decision("d-3", &id, true)).await.unwrap();
    said(&house, "destruction-ordered", 1).await;
}

#[tokio::test]
async fn whom_the_regime_names_decides_and_an_administrator_no_more() {
    let pack = keeping().replace("may: [publish, withhold,", "may: [approve-destruction, publish, withhold,");
    let (house, id) = proposed(&pack).await;
    said(&house, "destruction-proposed", 1).await;
    assert_eq!(decide(&house, "admin", decision("d-1", &id, true)).await.unwrap_err().code, "unknown-case");
    assert_eq!(list(&house, "affairs").await.len(), 1);
    decide(&house, "affairs", decision("d-2", &id, true)).await.unwrap();
    said(&house, "destruction-ordered", 1).await;
}

#[tokio::test]
async fn where_the_time_is_the_time_nobody_needs_to_decide_and_an_open_case_is_kept() {
    let pack = keeping().replace(", at-least: yes", "");
    let house = House::start::<Records>(&pack, MapSource::default()).await;
    let (one, two) = (house.dispatched(1, "minor").await, house.dispatched(2, "minor").await);
    finished(&house, &one, "satisfied").await;
    finished(&house, &two, "satisfied").await;
    assert_eq!(decide(&house, "admin", decision("d-1", &one, true)).await.unwrap_err().code, "nothing-proposed");
    let reopened = contracts::resolution::CaseReopened { case_id: two.clone(), round: 2, ..Default::default() };
    house.hear(&reopened).await;
    house.clock.advance(TimeDelta::days(11));
    let Fact::DestructionOrdered(ordered) = said(&house, "destruction-ordered", 1).await else { unreachable!() };
    assert_eq!((ordered.case_id.as_str(), ordered.staff_id.as_str()), (one.as_str(), ""));
    // Closed again, its file is kept on from now.
    house.hear(&CaseClosed { case_id: two.clone(), outcome: "resolved".to_owned(), ..Default::default() }).await;
    house.clock.advance(TimeDelta::days(9));
    house.clock.advance(TimeDelta::days(2));
    let Fact::DestructionOrdered(ordered) = said(&house, "destruction-ordered", 2).await else { unreachable!() };
    assert_eq!((ordered.case_id, ordered.since.as_str()), (two, "2026-05-06"));
}

#[tokio::test]
async fn a_proposal_does_not_outlive_the_closing_that_it_rests_on() {
    let (house, id) = proposed(&keeping()).await;
    said(&house, "destruction-proposed", 1).await;
    house.hear(&contracts::resolution::CaseReopened { case_id: id.clone(), round: 2, ..Default::default() }).await;
    assert!(list(&house, "admin").await.is_empty());
    assert_eq!(decide(&house, "admin", decision("d-1", &id, true)).await.unwrap_err().code, "nothing-proposed");
    house.hear(&CaseClosed { case_id: id.clone(), outcome: "resolved".to_owned(), ..Default::default() }).await;
    assert_eq!(decide(&house, "admin", decision("d-2", &id, true)).await.unwrap_err().code, "nothing-proposed");
    house.clock.advance(TimeDelta::days(11));
    said(&house, "destruction-proposed", 2).await;
    decide(&house, "admin", decision("d-3", &id, true)).await.unwrap();
    said(&house, "destruction-ordered", 1).await;
}
