//! What a file must hold, and the end of the time for which it is kept.

use crate::{
    dossiers::finished,
    harness::{House, keeping},
};
use contracts::{Fact, records::*};
use kit_config::MapSource;
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
    let days = chrono::TimeDelta::days;
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
