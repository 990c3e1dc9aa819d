//! Anonymous surveys: who holds them, that nobody can tell who said what, and that they end.

use crate::harness::{House, pack, problem};
use contracts::{Fact, notification::*};
use kit_config::MapSource;
use kit_core::Class;
use kit_testing::eventually;
use notification::Notification;
use notification_service_client::NotificationServiceClient as Client;
use std::time::Duration;
use tonic::{Request, Status};

const SURVEYS: &str = "surveys:
  yearly: {zh: 住户满意度调查, en: Residents' satisfaction, role: general-affairs-head, least: 3, cite: 二.4, questions: {
    content: {type: words, words: {good: {zh: 满意, en: Content}, bad: {zh: 不满意, en: Not content}}, zh: 是否满意？, en: Are you content?, cite: 二.4},
    speed: {type: scale, zh: 处理快慢, en: How quick it is, cite: 二.4},
    wishes: {type: text, zh: 建议, en: Wishes, cite: 二.4}}}

records:";

async fn house() -> House {
    House::start::<Notification>(&pack().replacen("\nrecords:", &format!("\n{SURVEYS}"), 1), MapSource::default()).await
}

fn asked(request_id: &str, until: &str) -> OpenSurveyRequest {
    OpenSurveyRequest {
        request_id: request_id.to_owned(),
        regime_id: "property-internal-procedure".to_owned(),
        survey: "yearly".to_owned(),
        unit_id: "b03".to_owned(),
        until: until.to_owned(),
    }
}

async fn open(house: &House, request: OpenSurveyRequest) -> Result<OpenSurveyResponse, Status> {
    Client::new(house.channel.clone()).open_survey(house.by("affairs", request)).await.map(tonic::Response::into_inner)
}

async fn answer(house: &House, code: &str, sheet: &str, answers: &[(&str, &str)]) -> Result<(), Status> {
    let answers = answers.iter().map(|(id, said)| ((*id).to_owned(), (*said).to_owned())).collect();
    let message = AnswerSurveyRequest { code: code.to_owned(), sheet: sheet.to_owned(), answers };
    // Without a token: nobody says who they are.
    Client::new(house.channel.clone()).answer_survey(Request::new(message)).await.map(drop)
}

async fn results(house: &House, who: &str, id: &str) -> Result<SurveyResultsResponse, Status> {
    let message = SurveyResultsRequest { survey_id: id.to_owned() };
    Client::new(house.channel.clone()).survey_results(house.by(who, message)).await.map(tonic::Response::into_inner)
}

async fn close(house: &House, who: &str, request_id: &str, id: &str) -> Result<(), Status> {
    let message = CloseSurveyRequest { request_id: request_id.to_owned(), survey_id: id.to_owned() };
    Client::new(house.channel.clone()).close_survey(house.by(who, message)).await.map(drop)
}

const SHEET: [(&str, &str); 3] = [("content", "good"), ("speed", "4"), ("wishes", "路灯亮一些")];

#[tokio::test]
async fn what_is_answered_is_counted_once_and_shown_once_it_is_over() {
    let house = house().await;
    let opened = open(&house, asked("o1", "2026-04-30")).await.unwrap();
    assert_eq!(open(&house, asked("o1", "2026-04-30")).await.unwrap(), opened, "a repeat gets the first answer");
    let shown = GetSurveyRequest { code: opened.code.to_uppercase() };
    let sheet = Client::new(house.channel.clone()).get_survey(Request::new(shown)).await.unwrap().into_inner();
    assert_eq!(
        (sheet.title.unwrap().zh.as_str(), sheet.last_day.as_str(), sheet.least),
        ("住户满意度调查", "2026-04-30", 3)
    );
    assert_eq!(sheet.questions.iter().map(|q| q.choices.len()).collect::<Vec<_>>(), [2, 5, 0]);
    for nth in ["a", "b", "b", "c"] {
        answer(&house, &opened.code, nth, &SHEET).await.unwrap();
    }
    let early = results(&house, "affairs", &opened.survey_id).await.unwrap();
    assert!(early.is_open && !early.is_shown && early.answered == 0, "{early:?}");
    assert!(early.questions.iter().all(|question| question.counts.is_empty() && question.texts.is_empty()));
    close(&house, "affairs", "c1", &opened.survey_id).await.unwrap();
    close(&house, "affairs", "c1", &opened.survey_id).await.unwrap();
    let told = results(&house, "affairs", &opened.survey_id).await.unwrap();
    assert_eq!((told.answered, told.is_shown), (3, true));
    let counts: Vec<_> = told.questions[0].counts.iter().map(|one| (one.answer.as_str(), one.count)).collect();
    assert_eq!(counts, [("good", 3), ("bad", 0)]);
    assert_eq!(told.questions[2].texts, ["路灯亮一些"; 3]);
    let over = problem(answer(&house, &opened.code, "d", &SHEET).await);
    assert_eq!((over.class, over.code.as_str()), (Class::Conflict, "survey-closed"));
    assert_eq!(house.words().await, ["survey-opened", "survey-closed"]);
    let said = house.said().await;
    let Some(Fact::SurveyClosed(closed)) = said.last() else { panic!("{said:?}") };
    assert_eq!(
        (closed.answered, closed.counts.len(), closed.day.as_str(), closed.cite.as_str()),
        (3, 7, "2026-04-15", "二.4")
    );
}

#[tokio::test]
async fn nothing_that_is_kept_says_who_answered_what_or_when() {
    let house = house().await;
    let opened = open(&house, asked("o1", "2026-04-30")).await.unwrap();
    for (nth, text) in ["乙说", "甲说", "丙说"].into_iter().enumerate() {
        house.clock.advance(chrono::TimeDelta::minutes(7));
        let word = if nth == 1 { "bad" } else { "good" };
        let answers = [("content", word), ("speed", "2"), ("wishes", text)];
        answer(&house, &opened.code, &format!("sheet-name-{nth}"), &answers).await.unwrap();
    }
    // One row holds it all, and no other table of the service has grown.
    let kept: String =
        sqlx::query_scalar("SELECT surveys::text FROM surveys").fetch_one(house.log.pool()).await.unwrap();
    for telling in ["sheet-name", "02:07", "02:14", "02:21", "staff_"] {
        assert!(!kept.contains(telling), "{telling}: {kept}");
    }
    let texts: Vec<String> =
        sqlx::query_scalar("SELECT jsonb_array_elements_text(tally->'texts'->'wishes') FROM surveys")
            .fetch_all(house.log.pool())
            .await
            .unwrap();
    let mut sorted = texts.clone();
    sorted.sort();
    assert_eq!(texts, sorted);
    let tables: Vec<String> =
        sqlx::query_scalar("SELECT tablename::text FROM pg_tables WHERE schemaname = current_schema()")
            .fetch_all(house.log.pool())
            .await
            .unwrap();
    for table in tables.iter().filter(|table| *table != "surveys") {
        let sql = sqlx::AssertSqlSafe(format!(
            "SELECT count(*) FROM \"{table}\" AS one WHERE one::text ~ 'sheet-name|甲说|AnswerSurvey'"
        ));
        let found: i64 = sqlx::query_scalar(sql).fetch_one(house.log.pool()).await.unwrap();
        assert_eq!(found, 0, "{table}");
    }
    assert_eq!(house.words().await, ["survey-opened"], "no event tells of an answer");
}

#[tokio::test]
async fn it_ends_by_itself_with_its_last_day_and_too_few_are_never_shown() {
    let house = house().await;
    let opened = open(&house, asked("o1", "2026-04-16")).await.unwrap();
    answer(&house, &opened.code, "a", &SHEET).await.unwrap();
    answer(&house, &opened.code, "b", &SHEET).await.unwrap();
    // The last second of the day at the unit, and the first that is no longer of it.
    house.clock.set("2026-04-16T15:59:59Z".parse().unwrap());
    answer(&house, &opened.code, "b", &SHEET).await.unwrap();
    house.clock.set("2026-04-16T16:00:00Z".parse().unwrap());
    assert_eq!(problem(answer(&house, &opened.code, "c", &SHEET).await).code, "survey-closed");
    eventually("the survey is closed", Duration::from_secs(20), async || match house.said().await.len() {
        2 => Ok(()),
        said => Err(format!("{said} events")),
    })
    .await;
    let said = house.said().await;
    let Some(Fact::SurveyClosed(closed)) = said.last() else { panic!("{said:?}") };
    assert_eq!((closed.answered, closed.counts.len(), closed.day.as_str()), (2, 0, "2026-04-16"));
    let told = results(&house, "affairs", &opened.survey_id).await.unwrap();
    assert!(!told.is_shown && !told.is_open && told.answered == 2, "{told:?}");
    assert!(told.questions.iter().all(|question| question.counts.is_empty() && question.texts.is_empty()));
    let kept: String = sqlx::query_scalar("SELECT tally::text FROM surveys").fetch_one(house.log.pool()).await.unwrap();
    assert!(!kept.contains("路灯"), "{kept}");
}

#[tokio::test]
async fn only_the_role_that_the_pack_names_holds_it_and_every_slip_is_told_with_what_was_meant() {
    let house = house().await;
    let mut client = Client::new(house.channel.clone());
    let denied = problem(client.open_survey(house.by("reception", asked("r1", "2026-04-30"))).await);
    assert_eq!((denied.class, denied.code.as_str()), (Class::Denied, "not-permitted"));
    assert!(denied.text.zh.contains("二.4") && denied.text.en.contains("二.4"));
    let nobody = problem(client.open_survey(Request::new(asked("r2", "2026-04-30"))).await);
    assert_eq!(nobody.class, Class::Unauthenticated);
    let slip = |change: &dyn Fn(&mut OpenSurveyRequest)| {
        let mut request = asked("slip", "2026-04-30");
        change(&mut request);
        request
    };
    for (request, field, meant) in [
        (slip(&|r| r.survey = "yearli".to_owned()), "survey", "yearly"),
        (slip(&|r| r.unit_id = "b033".to_owned()), "unit_id", "b03"),
        (slip(&|r| r.regime_id = "property-internal-procedur".to_owned()), "regime_id", "property-internal-procedure"),
        (slip(&|r| r.until = "30/4".to_owned()), "until", "2026-11-30"),
        (slip(&|r| r.until = "2026-04-14".to_owned()), "until", "2026-04-15"),
    ] {
        let wrong = problem(open(&house, request).await);
        assert_eq!(wrong.fields[0].field, field);
        assert!(wrong.text.zh.contains(meant) && wrong.text.en.contains(meant), "{:?}", wrong.text);
    }
    let opened = open(&house, asked("o1", "2026-04-30")).await.unwrap();
    let twice = problem(open(&house, asked("o2", "2026-05-01")).await);
    assert_eq!((twice.class, twice.code.as_str()), (Class::Conflict, "survey-open"));
    assert_eq!(problem(close(&house, "reception", "c", &opened.survey_id).await).class, Class::Denied);
    assert_eq!(problem(results(&house, "far-head", &opened.survey_id).await).class, Class::Denied);
    assert_eq!(problem(results(&house, "affairs", "no-id").await).code, "unknown-survey");
    let list = |who: &'static str| {
        let (mut client, request) = (Client::new(house.channel.clone()), house.by(who, ListSurveysRequest {}));
        async move { client.list_surveys(request).await.unwrap().into_inner() }
    };
    let mine = list("affairs").await;
    assert_eq!((mine.surveys.len(), mine.surveys[0].code == opened.code, mine.surveys[0].may_close), (1, true, true));
    assert!(mine.offers.iter().any(|offer| offer.unit_id == "b03" && offer.survey == "yearly"));
    let others = list("far-head").await;
    assert!(others.surveys.is_empty() && others.offers.is_empty());
    let wrong = problem(answer(&house, &opened.code, "a", &[("content", "god"), ("speed", "9")]).await);
    let fields: Vec<&str> = wrong.fields.iter().map(|one| one.field.as_str()).collect();
    assert_eq!(fields, ["answers.content", "answers.speed"]);
    assert!(wrong.fields[0].text.en.contains("good"));
}

#[tokio::test]
async fn nobody_finds_a_survey_by_trying_and_nobody_floods_one() {
    let house = house().await;
    let opened = open(&house, asked("o1", "2026-04-30")).await.unwrap();
    let mut refused = Vec::new();
    for nth in 0..31 {
        refused.push(problem(answer(&house, &format!("wrong{nth}"), "a", &SHEET).await).code);
    }
    assert!(refused[..30].iter().all(|code| code == "unknown-survey"), "{refused:?}");
    assert_eq!(refused[30], "too-many-attempts");
    house.clock.advance(chrono::TimeDelta::minutes(1));
    for nth in 0..30 {
        answer(&house, &opened.code, &nth.to_string(), &SHEET).await.unwrap();
    }
    let flooded = problem(answer(&house, &opened.code, "more", &SHEET).await);
    assert_eq!((flooded.class, flooded.code.as_str()), (Class::Exhausted, "too-many-attempts"));
    house.clock.advance(chrono::TimeDelta::seconds(1));
    answer(&house, &opened.code, "more", &SHEET).await.unwrap();
}
