//! Recurring duties: owed by whoever holds the role, done once, with what they hold as it was then.

use crate::harness::{House, keeping, problem, staff};
use contracts::{Fact, deadline_watcher as clock, records::*};
use kit_config::MapSource;
use kit_core::Class;
use records::Records;
use records_service_client::RecordsServiceClient as Client;
use std::slice;
use tonic::{Response, Status};

const REGIME: &str = "property-internal-procedure";

/// The duty of the pack, which holds figures and a ledger.
fn pack() -> String {
    keeping().replace(
        "to: manager-in-charge, cite: 二.4}",
        "to: manager-in-charge, holds: [statistics, chased], cite: 二.4}",
    )
}

fn due(month: &str, last: &str) -> clock::DutyDue {
    let until = format!("{last}T16:00:00Z").parse().unwrap();
    clock::DutyDue {
        unit_id: "b03".to_owned(),
        duty: "monthly-statistics".to_owned(),
        period: format!("{month}-01"),
        due_at: Some(kit_grpc::timestamp(until)),
        role: "general-affairs-head".to_owned(),
        to: "manager-in-charge".to_owned(),
        cite: "二.4".to_owned(),
        regime_id: REGIME.to_owned(),
        regime_version: 1,
        last_day: last.to_owned(),
    }
}

pub(crate) async fn opened(house: &House, month: &str, last: &str) {
    house.apply(&[house.received("b03", &due(month, last))]).await.unwrap();
}

async fn list(house: &House, who: &str, unit: &str, state: &str) -> Result<Vec<(String, String)>, Status> {
    let asked = ListDutiesRequest { unit_id: unit.to_owned(), state: state.to_owned(), ..Default::default() };
    let reply = Client::new(house.channel.clone()).list_duties(house.by(who, asked)).await?.into_inner();
    Ok(reply.duties.into_iter().map(|duty| (duty.period, duty.state)).collect())
}

pub(crate) fn named(period: &str) -> GetDutyRequest {
    GetDutyRequest {
        unit_id: "b03".to_owned(),
        regime_id: REGIME.to_owned(),
        duty: "monthly-statistics".to_owned(),
        period: period.to_owned(),
    }
}

async fn get(house: &House, who: &str, period: &str) -> Result<GetDutyResponse, Status> {
    Client::new(house.channel.clone()).get_duty(house.by(who, named(period))).await.map(Response::into_inner)
}

pub(crate) fn doing(id: &str, period: &str) -> DoDutyRequest {
    let GetDutyRequest { unit_id, regime_id, duty, period } = named(period);
    let (text, files) = ("四月投诉平稳。".to_owned(), vec!["综〔2026〕4号".to_owned()]);
    DoDutyRequest { request_id: id.to_owned(), unit_id, regime_id, duty, period, text, files }
}

async fn finish(house: &House, who: &str, asked: DoDutyRequest) -> Result<bool, Status> {
    let reply = Client::new(house.channel.clone()).do_duty(house.by(who, asked)).await?;
    Ok(reply.into_inner().is_on_time)
}

async fn done(house: &House) -> Vec<DutyDone> {
    let said = house.said().await.into_iter();
    said.filter_map(|fact| if let Fact::DutyDone(done) = fact { Some(done) } else { None }).collect()
}

#[tokio::test]
async fn a_duty_is_owed_by_the_holders_of_its_role_and_known_to_whom_it_is_done() {
    let house = House::start::<Records>(&pack(), MapSource::default()).await;
    let april = due("2026-04", "2026-04-30");
    let event = house.received("b03", &april);
    house.apply(slice::from_ref(&event)).await.unwrap();
    house.apply(&[event]).await.unwrap();
    let open = [("2026-04-01".to_owned(), "open".to_owned())];
    assert_eq!(list(&house, "affairs", "", "").await.unwrap(), open, "mine, once");
    assert!(list(&house, "manager", "", "").await.unwrap().is_empty(), "it is given to them, not owed by them");
    assert_eq!(list(&house, "manager", "b03", "").await.unwrap(), open);
    assert_eq!(list(&house, "general", "group", "open").await.unwrap(), open, "whoever sees figures knows");
    assert!(list(&house, "affairs", "b03", "overdue").await.unwrap().is_empty());
    let seen = get(&house, "manager", "2026-04-01").await.unwrap().duty.unwrap();
    assert_eq!((seen.owners, seen.may_do, seen.cite.as_str()), (vec!["员工affairs".to_owned()], false, "二.4"));
    assert!(get(&house, "affairs", "2026-04-01").await.unwrap().duty.unwrap().may_do);
    let refused = problem(list(&house, "far-head", "b03", "").await);
    assert_eq!((refused.class, refused.code.as_str()), (Class::Denied, "not-permitted"));
    assert_eq!(problem(get(&house, "far-head", "2026-04-01").await).class, Class::Denied);
    let refused = problem(list(&house, "affairs", "b3", "").await);
    assert!(refused.text.zh.contains("是否指“b03”"), "{}", refused.text.zh);
    // The fifteen days that were left are over.
    house.clock.advance(chrono::TimeDelta::days(16));
    assert_eq!(list(&house, "affairs", "", "overdue").await.unwrap().len(), 1);
}

#[tokio::test]
async fn the_draft_holds_the_figures_and_the_rows_of_the_period_and_is_kept_as_it_was() {
    let house = House::start::<Records>(&pack(), MapSource::default()).await;
    let first = house.dispatched(1, "minor").await;
    house.dispatched(2, "major").await;
    house.hear(&contracts::intake::ComplainantChased { case_id: first.clone(), ..Default::default() }).await;
    opened(&house, "2026-04", "2026-04-30").await;
    let draft = get(&house, "affairs", "2026-04-01").await.unwrap().draft.unwrap();
    let figures = draft.statistics.unwrap();
    assert_eq!((figures.received, figures.month.as_str()), (2, "2026-04-01/2026-04-30"));
    assert!(figures.axes.iter().any(|axis| axis.id == "kind" && axis.counts[0].count == 2));
    let ledger = &draft.ledgers[0];
    assert_eq!((ledger.id.as_str(), ledger.count, ledger.rows[0].number.as_str()), ("chased", 1, "TS-b03-2026-00001"));
    assert!(finish(&house, "affairs", doing("d1", "2026-04-01")).await.unwrap(), "on time");
    // What comes afterwards changes nothing of it.
    house.dispatched(3, "minor").await;
    let kept = get(&house, "manager", "2026-04-01").await.unwrap();
    assert_eq!((kept.text.as_str(), kept.files[0].as_str()), ("四月投诉平稳。", "综〔2026〕4号"));
    assert_eq!(kept.draft.as_ref().unwrap().statistics.as_ref().unwrap().received, 2);
    // Whoever must not know of a case does not learn of it from a report either.
    let recused =
        contracts::assignment::HandlerRecused { case_id: first, staff_id: staff("manager"), ..Default::default() };
    house.hear(&recused).await;
    let ledger = get(&house, "manager", "2026-04-01").await.unwrap().draft.unwrap().ledgers.remove(0);
    assert!(ledger.rows.is_empty());
    assert_eq!((ledger.count, ledger.points), (0, 0), "a count tells of it, too");
}

#[tokio::test]
async fn a_duty_that_holds_a_survey_takes_in_what_came_of_it_in_its_period() {
    let asked = "surveys:\n  yearly: {zh: 住户满意度, en: Residents' satisfaction, role: general-affairs-head, cite: 二.4, questions: {
       content: {type: words, words: {good: {zh: 好, en: Good}, bad: {zh: 不好, en: Bad}}, zh: 好不好？, en: Is it good?, cite: 二.4},
       wishes: {type: text, zh: 建议, en: Wishes, cite: 二.4}}}\nrecords:";
    let pack =
        pack().replacen("\nrecords:", &format!("\n{asked}"), 1).replace("holds: [statistics, chased]", "holds: yearly");
    let house = House::start::<Records>(&pack, MapSource::default()).await;
    opened(&house, "2026-04", "2026-04-30").await;
    let closed = |nth: u32, unit: &str, day: &str, counts: &[(&str, u32)]| contracts::notification::SurveyClosed {
        survey_id: format!("survey-{nth}"),
        regime_id: REGIME.to_owned(),
        regime_version: 1,
        survey: "yearly".to_owned(),
        unit_id: unit.to_owned(),
        day: day.to_owned(),
        answered: 7,
        counts: counts
            .iter()
            .map(|(answer, count)| contracts::notification::SurveyCount {
                question: "content".to_owned(),
                answer: (*answer).to_owned(),
                count: *count,
            })
            .collect(),
        cite: "二.4".to_owned(),
    };
    let told = [
        closed(1, "b03", "2026-04-30", &[("good", 5), ("bad", 2)]),
        closed(2, "b03-eng", "2026-04-01", &[]),
        closed(3, "b03", "2026-05-01", &[("good", 1)]),
        closed(4, "b04", "2026-04-10", &[("good", 1)]),
    ];
    let told: Vec<_> = told.iter().chain([&told[0]]).map(|one| house.received(&one.unit_id, one)).collect();
    house.apply(&told).await.unwrap();
    let surveys = get(&house, "affairs", "2026-04-01").await.unwrap().draft.unwrap().surveys;
    let said: Vec<_> = surveys.iter().map(|one| (one.unit_id.as_str(), one.answered, one.questions.len())).collect();
    assert_eq!(said, [("b03-eng", 7, 0), ("b03", 7, 1)]);
    let counts: Vec<_> =
        surveys[1].questions[0].counts.iter().map(|one| (one.title.clone().unwrap().zh, one.count)).collect();
    assert_eq!(counts, [("好".to_owned(), 5), ("不好".to_owned(), 2)]);
}

#[tokio::test]
async fn it_is_done_once_by_a_holder_of_its_role_and_a_repeat_changes_nothing() {
    let house = House::start::<Records>(&pack(), MapSource::default()).await;
    opened(&house, "2026-04", "2026-04-30").await;
    opened(&house, "2026-03", "2026-03-31").await;
    let refused = problem(finish(&house, "manager", doing("m", "2026-04-01")).await);
    assert_eq!((refused.class, refused.code.as_str()), (Class::Denied, "not-permitted"));
    assert!(refused.text.zh.contains("二.4") && refused.text.en.contains("二.4"), "{:?}", refused.text);
    let unknown = problem(finish(&house, "affairs", doing("u", "2026-04-02")).await);
    assert!(unknown.text.zh.contains("是否指“2026-04-01”"), "{}", unknown.text.zh);
    let slip = DoDutyRequest { duty: "monthly-statistic".to_owned(), ..doing("s", "2026-04-01") };
    assert!(problem(finish(&house, "affairs", slip).await).text.en.contains("monthly-statistics"));
    let long = DoDutyRequest { text: "长".repeat(20_001), ..doing("l", "2026-04-01") };
    assert_eq!(problem(finish(&house, "affairs", long).await).code, "too-long");
    let telling = [
        ("text", DoDutyRequest { text: "投诉人 13800138000 已回访".to_owned(), ..doing("t", "2026-04-01") }),
        ("files", DoDutyRequest { files: vec!["someone@home.example".to_owned()], ..doing("f", "2026-04-01") }),
    ];
    for (field, asked) in telling {
        let refused = problem(finish(&house, "affairs", asked).await);
        assert_eq!((refused.code.as_str(), refused.fields[0].field.as_str()), ("tells-who", field));
    }
    for _ in 0..2 {
        assert!(finish(&house, "affairs", doing("a", "2026-04-01")).await.unwrap());
    }
    let again = problem(finish(&house, "affairs", doing("b", "2026-04-01")).await);
    assert_eq!((again.class, again.code.as_str()), (Class::Conflict, "already-done"));
    assert!(again.text.zh.contains("员工affairs"), "{}", again.text.zh);
    // March was missed, and is done late.
    let missed = due("2026-03", "2026-03-31");
    let missed = clock::DutyMissed {
        unit_id: missed.unit_id,
        duty: missed.duty,
        regime_id: missed.regime_id,
        period: missed.period,
        ..Default::default()
    };
    house.apply(&[house.received("b03", &missed)]).await.unwrap();
    assert!(!finish(&house, "affairs", doing("c", "2026-03-01")).await.unwrap());
    let done = done(&house).await;
    let said: Vec<_> = done.iter().map(|done| (done.period.as_str(), done.is_on_time, done.staff_id.clone())).collect();
    assert_eq!(said, [("2026-04-01", true, staff("affairs")), ("2026-03-01", false, staff("affairs"))]);
    assert!(list(&house, "affairs", "", "open").await.unwrap().is_empty());
    assert_eq!(list(&house, "affairs", "", "done").await.unwrap().len(), 2);
}

#[tokio::test]
async fn a_duty_that_holds_nothing_by_itself_says_what_was_done() {
    let house = House::start::<Records>(&keeping(), MapSource::default()).await;
    opened(&house, "2026-04", "2026-04-30").await;
    assert!(get(&house, "affairs", "2026-04-01").await.unwrap().draft.is_none());
    let silent = DoDutyRequest { text: "  ".to_owned(), files: Vec::new(), ..doing("a", "2026-04-01") };
    let refused = problem(finish(&house, "affairs", silent).await);
    assert_eq!((refused.code.as_str(), refused.fields[0].field.as_str()), ("text-needed", "text"));
    assert!(refused.text.zh.contains("二.4"));
    finish(&house, "affairs", doing("b", "2026-04-01")).await.unwrap();
}
