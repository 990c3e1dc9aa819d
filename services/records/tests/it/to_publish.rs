//! What waits for somebody to show it to the public: cases with a result, and figures that a duty has reported.

use crate::{
    dossiers::finished,
    duties::{doing, named, opened},
    harness::{House, keeping, problem, staff, text_ref},
};
use contracts::{Fact, common, records::*, resolution};
use kit_config::MapSource;
use kit_core::Class;
use records::Records;
use records_service_client::RecordsServiceClient as Client;
use std::collections::BTreeMap;

/// The pack whose cases and figures are published as a rule.
fn pack() -> String {
    let pack = keeping().replace("{of: case, norm: only-if-asked,", "{of: case, norm: publish,");
    let pack =
        pack.replace("to: manager-in-charge, cite: 二.4}", "to: manager-in-charge, holds: statistics, cite: 二.4}");
    pack.replace(
        "  publicity:\n",
        "  publicity:\n    - {of: summary, norm: publish, shows: [kind, announcement], never: [{zh: 不宜公开, en: Not for \
         the public}], by: manager-in-charge, cite: 九.6}\n",
    )
}

async fn waiting(house: &House, who: &str) -> ListToPublishResponse {
    let asked = house.by(who, ListToPublishRequest::default());
    Client::new(house.channel.clone()).list_to_publish(asked).await.unwrap().into_inner()
}

async fn numbers(house: &House, who: &str) -> Vec<String> {
    waiting(house, who).await.cases.into_iter().map(|case| case.number).collect()
}

fn publishing(request_id: &str, period: &str) -> PublishFiguresRequest {
    let GetDutyRequest { unit_id, regime_id, duty, period } = named(period);
    let request_id = request_id.to_owned();
    PublishFiguresRequest { request_id, unit_id, regime_id, duty, period, ..Default::default() }
}

#[tokio::test]
async fn a_case_with_a_result_waits_for_its_publisher_until_it_is_shown_or_withheld() {
    let house = House::start::<Records>(&pack(), MapSource::default()).await;
    let (first, second, third) =
        (house.dispatched(1, "minor").await, house.dispatched(2, "minor").await, house.dispatched(3, "minor").await);
    assert!(numbers(&house, "affairs").await.is_empty(), "nothing has a result yet");
    house.signed(&third).await;
    let finding = "substantiated".to_owned();
    house.hear(&resolution::CaseResolved { case_id: third.clone(), finding, ..Default::default() }).await;
    let cases = waiting(&house, "affairs").await.cases;
    let [lacking] = &cases[..] else { panic!("one case has a result") };
    let missing: Vec<&str> = lacking.missing.iter().map(|text| text.zh.as_str()).collect();
    assert_eq!((missing, lacking.cite.as_str()), (vec!["告知结果（九.4）"], "九.4"));
    finished(&house, &first, "satisfied").await;
    finished(&house, &second, "satisfied").await;
    let all = waiting(&house, "affairs").await.cases;
    let seen: Vec<(&str, usize)> = all.iter().map(|case| (case.number.as_str(), case.missing.len())).collect();
    assert_eq!(
        seen,
        [("TS-b03-2026-00002", 0), ("TS-b03-2026-00001", 0), ("TS-b03-2026-00003", 1)],
        "the newest first"
    );
    let one = all.first().unwrap();
    assert_eq!((one.nevers.len(), one.unit_name.clone().unwrap().zh.as_str()), (1, "单位b03"));
    for other in ["head", "manager", "far-head", "admin"] {
        assert!(numbers(&house, other).await.is_empty(), "{other} publishes nothing");
    }
    let mut client = Client::new(house.channel.clone());
    let shown = PublishRequest { request_id: "p1".to_owned(), case_id: first, ..Default::default() };
    client.publish(house.by("affairs", shown)).await.unwrap();
    let kept = WithholdRequest { request_id: "w1".to_owned(), case_id: second, reason_ref: text_ref(6) };
    client.withhold(house.by("affairs", kept)).await.unwrap();
    assert_eq!(numbers(&house, "affairs").await, ["TS-b03-2026-00003"]);
}

#[tokio::test]
async fn what_is_published_only_where_somebody_asks_waits_for_nobody() {
    let house = House::start::<Records>(&keeping(), MapSource::default()).await;
    let id = house.dispatched(1, "minor").await;
    finished(&house, &id, "satisfied").await;
    assert!(numbers(&house, "affairs").await.is_empty());
}

#[tokio::test]
async fn whoever_is_excluded_from_a_case_does_not_find_it_among_those_that_wait() {
    let house = House::start::<Records>(&pack(), MapSource::default()).await;
    let id = house.dispatched(1, "minor").await;
    finished(&house, &id, "satisfied").await;
    assert_eq!(numbers(&house, "affairs").await.len(), 1);
    let recused = contracts::assignment::HandlerRecused {
        case_id: id,
        staff_id: staff("affairs"),
        reason: Some(common::VaultRef { ref_id: text_ref(7) }),
        ..Default::default()
    };
    house.hear(&recused).await;
    assert!(numbers(&house, "affairs").await.is_empty());
}

#[tokio::test]
async fn figures_are_shown_as_the_duty_reported_them_once_and_by_whom_the_rule_names() {
    let house = House::start::<Records>(&pack(), MapSource::default()).await;
    house.dispatched(1, "minor").await;
    house.dispatched(2, "minor").await;
    opened(&house, "2026-04", "2026-04-30").await;
    let mut client = Client::new(house.channel.clone());
    let early = problem(client.publish_figures(house.by("manager", publishing("f1", "2026-04-01"))).await);
    assert_eq!((early.class, early.code.as_str()), (Class::Conflict, "not-yet"));
    assert!(early.text.zh.contains("九.6"), "{}", early.text.zh);
    assert!(waiting(&house, "manager").await.figures.is_empty());
    client.do_duty(house.by("affairs", doing("d1", "2026-04-01"))).await.unwrap();
    // What happens after the report is not in it.
    house.dispatched(3, "minor").await;
    assert_eq!(waiting(&house, "manager").await.figures.len(), 1);
    assert!(waiting(&house, "affairs").await.figures.is_empty(), "it is the manager who publishes");
    let duty = client.get_duty(house.by("manager", named("2026-04-01"))).await.unwrap().into_inner();
    let form = duty.publicity.unwrap();
    assert_eq!((form.may_publish, form.shows.len(), form.nevers.len(), form.cite.as_str()), (true, 2, 1, "九.6"));
    for (who, asked, code) in [
        ("affairs", publishing("f2", "2026-04-01"), "not-permitted"),
        ("far-head", publishing("f3", "2026-04-01"), "not-permitted"),
        ("manager", publishing("f4", "2026-05-01"), "unknown-word"),
        (
            "manager",
            PublishFiguresRequest { nevers: vec!["1".to_owned()], ..publishing("f5", "2026-04-01") },
            "forbidden-by-rule",
        ),
        ("manager", written("f6", "result", "好"), "unknown-word"),
        ("manager", written("f7", "announcement", "请电 13800138000"), "tells-who"),
    ] {
        let id = asked.request_id.clone();
        assert_eq!(problem(client.publish_figures(house.by(who, asked)).await).code, code, "{id}");
    }
    let good = written("f8", "announcement", "四月投诉平稳。");
    for _ in 0..2 {
        let shows = client.publish_figures(house.by("manager", good.clone())).await.unwrap().into_inner().shows;
        assert_eq!(shows, ["period", "received", "resolved", "called_back", "satisfied", "kind", "announcement"]);
    }
    let again = problem(client.publish_figures(house.by("manager", publishing("f9", "2026-04-01"))).await);
    assert_eq!(again.code, "already-published");
    assert!(waiting(&house, "manager").await.figures.is_empty());
    let asked = tonic::Request::new(ListPublishedRequest::default());
    let published = client.list_published(asked).await.unwrap().into_inner().published;
    let [one] = &published[..] else { panic!("the figures alone are shown") };
    let texts: Vec<(&str, &str)> =
        one.texts.iter().map(|one| (one.id.as_str(), one.text.as_ref().unwrap().zh.as_str())).collect();
    let expected = [
        ("period", "2026-04-01 – 2026-04-30"),
        ("received", "2"),
        ("resolved", "0"),
        ("called_back", "0"),
        ("satisfied", "0"),
        ("kind", "投诉 2"),
        ("announcement", "四月投诉平稳。"),
    ];
    assert_eq!(texts, expected);
    let said = house.said().await.into_iter();
    let said: Vec<FiguresPublished> =
        said.filter_map(|fact| if let Fact::FiguresPublished(said) = fact { Some(said) } else { None }).collect();
    assert_eq!(said.len(), 1, "a repeated request says nothing twice");
    assert_eq!((said[0].staff_id.clone(), said[0].cite.as_str()), (staff("manager"), "九.6"));
}

fn written(request_id: &str, what: &str, text: &str) -> PublishFiguresRequest {
    let texts = BTreeMap::from([(what.to_owned(), text.to_owned())]);
    PublishFiguresRequest { texts, ..publishing(request_id, "2026-04-01") }
}

#[tokio::test]
async fn where_the_rules_publish_no_figures_nobody_does() {
    let house = House::start::<Records>(&keeping(), MapSource::default()).await;
    opened(&house, "2026-04", "2026-04-30").await;
    let mut client = Client::new(house.channel.clone());
    client.do_duty(house.by("affairs", doing("d1", "2026-04-01"))).await.unwrap();
    assert!(client.get_duty(house.by("affairs", named("2026-04-01"))).await.unwrap().into_inner().publicity.is_none());
    let refused = problem(client.publish_figures(house.by("affairs", publishing("f1", "2026-04-01"))).await);
    assert_eq!(refused.code, "no-publicity");
}
