//! What cannot be taken is told in full, by field, and never as a failure of ours.

use crate::{
    harness::{House, morning, plain},
    pack,
};
use chrono::TimeDelta;
use contracts::{
    common::{Fact, FactValue, fact_value::Kind},
    intake::{HandInRequest, Identity, RespondentIdentity},
};
use kit_core::{Class, Problem};
use kit_grpc::timestamp;

type Change = fn(&mut HandInRequest);

fn fact(name: &str, kind: Option<Kind>) -> Fact {
    Fact { name: name.to_owned(), value: Some(FactValue { kind }) }
}

fn person(change: fn(&mut Identity)) -> Option<Identity> {
    let mut identity = plain("").identity.unwrap();
    change(&mut identity);
    Some(identity)
}

fn respondent(change: fn(&mut RespondentIdentity)) -> Option<RespondentIdentity> {
    let mut respondent = RespondentIdentity::default();
    change(&mut respondent);
    Some(respondent)
}

const CASES: &[(&str, &str, Change)] = &[
    ("unknown-branch", "unit_id", |r| r.unit_id = "b0".to_owned()),
    ("unknown-branch", "unit_id", |r| r.unit_id = "no-such-place\u{0}".to_owned()),
    ("closed-branch", "unit_id", |r| r.unit_id = "b99".to_owned()),
    ("not-a-branch", "unit_id", |r| r.unit_id = "b03-eng".to_owned()),
    ("no-open-door", "unit_id", |r| r.unit_id = "x01".to_owned()),
    ("closed-channel", "channel", |r| r.channel = "wechat".to_owned()),
    ("unknown-kind", "kind", |r| r.kind = "complant".to_owned()),
    ("unknown-kind", "kind", |r| r.kind = String::new()),
    ("unknown-regime", "regime_id", |r| r.regime_id = "front-dest".to_owned()),
    ("missing-field", "subject", |r| r.subject = "  ".to_owned()),
    ("missing-field", "narrative", |r| r.narrative = String::new()),
    ("missing-field", "identity", |r| r.identity = None),
    ("text-too-long", "narrative", |r| r.narrative = "长".repeat(20_001)),
    ("text-too-long", "subject", |r| r.subject = "长".repeat(501)),
    ("control-characters", "narrative", |r| r.narrative = "a\u{0}b".to_owned()),
    ("control-characters", "subject", |r| r.subject = "a\u{1b}[2Jb".to_owned()),
    ("control-characters", "identity.name", |r| r.identity = person(|p| p.name = "张\n三".to_owned())),
    ("malformed-email", "identity.email", |r| r.identity = person(|p| p.email = "zhang at example.cn".to_owned())),
    ("malformed-phone", "identity.phone", |r| r.identity = person(|p| p.phone = "打给我".to_owned())),
    ("malformed-date", "asked_by", |r| r.asked_by = Some("2026-3-9".to_owned())),
    ("malformed-date", "asked_by", |r| r.asked_by = Some("2026-02-30".to_owned())),
    ("malformed-date", "asked_by", |r| r.asked_by = Some("tomorrow".to_owned())),
    ("date-in-past", "asked_by", |r| r.asked_by = Some("2026-03-01".to_owned())),
    ("date-too-far", "asked_by", |r| r.asked_by = Some("9999-12-31".to_owned())),
    ("received-in-future", "received_at", |r| r.received_at = Some(timestamp(morning() + TimeDelta::seconds(1)))),
    ("received-at-by-staff-only", "received_at", |r| r.received_at = Some(timestamp(morning() - TimeDelta::days(9)))),
    ("malformed-instant", "received_at", |r| {
        r.received_at = Some(prost_types::Timestamp { seconds: i64::MAX, nanos: -1 });
    }),
    ("unknown-fact", "facts[0]", |r| r.facts = vec![fact("injurry", Some(Kind::Flag(true)))]),
    ("wrong-fact-value", "facts[0]", |r| r.facts = vec![fact("injury", Some(Kind::Number(1)))]),
    ("wrong-fact-value", "facts[0]", |r| r.facts = vec![fact("injury", None)]),
    ("wrong-fact-value", "facts[0]", |r| r.facts = vec![fact("times_raised", Some(Kind::Number(-1)))]),
    ("wrong-fact-value", "facts[0]", |r| r.facts = vec![fact("loss", Some(Kind::Word("havy".to_owned())))]),
    ("repeated-fact", "facts[1]", |r| {
        r.facts = vec![fact("injury", Some(Kind::Flag(true))), fact("injury", Some(Kind::Flag(false)))];
    }),
    ("unknown-department", "about_unit_id", |r| r.about_unit_id = Some("b17-eng".to_owned())),
    ("unknown-department", "about_unit_id", |r| r.about_unit_id = Some("b03-emg".to_owned())),
    ("unknown-staff", "about_staff_ids", |r| r.about_staff_ids = vec!["somebody".to_owned()]),
    ("unknown-staff", "about_staff_ids", |r| r.about_staff_ids = vec![pack::staff_id(77)]),
    ("too-many", "about_staff_ids", |r| r.about_staff_ids = vec![pack::head(); 51]),
    ("identity-too-weak", "is_anonymous", |r| {
        r.is_anonymous = true;
        r.identity = None;
    }),
    ("anonymous-with-identity", "identity", |r| {
        r.is_anonymous = true;
        r.channel = "box".to_owned();
    }),
    ("anonymous-with-identity", "identity", |r| r.identity_mode = "anonymous".to_owned()),
    ("unknown-word", "identity_mode", |r| r.identity_mode = "nameless".to_owned()),
    ("unknown-word", "complainant", |r| r.complainant = "citizen".to_owned()),
    ("unknown-word", "respondent.type", |r| r.respondent = respondent(|one| one.r#type = "shop".to_owned())),
    ("text-too-long", "respondent.name", |r| r.respondent = respondent(|one| one.name = "长".repeat(501))),
    ("unknown-field", "form.colour", |r| r.form = [("colour".to_owned(), "red".to_owned())].into()),
    ("text-too-long", "form.reasons", |r| r.form = [("reasons".to_owned(), "长".repeat(5_001))].into()),
    ("not-kept-apart", "kinds", |r| r.kinds = vec!["complaint".to_owned(), "suggestion".to_owned()]),
    ("repeated-kind", "kinds", |r| r.kinds = vec!["complaint".to_owned(), "complaint".to_owned()]),
    ("recorded-by-staff", "channel", |r| r.channel = "phone".to_owned()),
    ("bad-request-id", "request_id", |r| r.request_id = String::new()),
    ("bad-request-id", "request_id", |r| r.request_id = "x".repeat(101)),
    ("bad-request-id", "request_id", |r| r.request_id = "a\u{0}".to_owned()),
];

#[tokio::test]
async fn every_mistake_has_its_own_problem_and_names_its_field() {
    let house = House::open().await;
    for (index, (code, field, change)) in CASES.iter().enumerate() {
        let mut request = plain(&format!("r-{index}"));
        change(&mut request);
        let problem = house.hand_in(request).await.unwrap_err();
        assert_eq!(problem.code, *code, "{index}: {problem:?}");
        assert!(problem.fields.iter().any(|f| f.field == *field), "{index}: {problem:?}");
        assert!(matches!(problem.class, Class::Invalid | Class::Denied), "{index}: {problem:?}");
        assert!(!problem.text.zh.is_empty() && !problem.text.en.is_empty());
    }
    assert_eq!((house.count("cases").await, house.count("event_log").await), (0, 0));
    assert_eq!(house.complaint("r-good").await.number, "TS-b03-2026-00001");
}

#[tokio::test]
async fn all_mistakes_are_told_at_once() {
    let house = House::open().await;
    let problem = house
        .hand_in(HandInRequest {
            subject: String::new(),
            narrative: "长".repeat(20_001),
            asked_by: Some("2020-01-01".to_owned()),
            facts: vec![fact("weather", Some(Kind::Flag(true)))],
            about_unit_id: Some("b17-eng".to_owned()),
            about_staff_ids: vec!["x".to_owned()],
            identity: person(|p| p.email = "x".to_owned()),
            ..plain("r-1")
        })
        .await
        .unwrap_err();
    let fields: Vec<&str> = problem.fields.iter().map(|f| f.field.as_str()).collect();
    let expected =
        ["narrative", "identity.email", "about_staff_ids", "subject", "about_unit_id", "asked_by", "facts[0]"];
    assert_eq!((problem.code.as_str(), fields.as_slice()), ("invalid-fields", expected.as_slice()));
}

#[tokio::test]
async fn a_slip_is_answered_with_the_nearest_name() {
    let house = House::open().await;
    let text = |problem: Problem| problem.fields.first().unwrap().text.clone();
    let near = |change: Change| {
        let mut request = plain("r-1");
        change(&mut request);
        house.hand_in(request)
    };
    assert!(text(near(|r| r.unit_id = "B-03".to_owned()).await.unwrap_err()).en.contains("Branch 3"));
    assert!(text(near(|r| r.kind = "complant".to_owned()).await.unwrap_err()).zh.contains("投诉"));
    assert!(text(near(|r| r.channel = "weeb".to_owned()).await.unwrap_err()).en.contains("web"));
    let facts: Change = |r| r.facts = vec![fact("injurry", None)];
    assert!(text(near(facts).await.unwrap_err()).en.contains("injury"));
    let words: Change = |r| r.facts = vec![fact("loss", Some(Kind::Word("heavvy".to_owned())))];
    assert!(text(near(words).await.unwrap_err()).en.contains("heavy?"));
    assert!(text(near(|r| r.about_unit_id = Some("b03-emg".to_owned())).await.unwrap_err()).en.contains("b03-eng"));
}

#[tokio::test]
async fn no_problem_repeats_what_was_written() {
    let house = House::open().await;
    let secret = "绝密内容-canary";
    let mut request = plain("r-1");
    request.narrative = format!("{secret}\u{0}");
    request.subject = format!("{secret}\u{1}");
    request.identity = person(|p| p.email = "canary".to_owned());
    let problem = house.hand_in(request).await.unwrap_err();
    assert!(!format!("{problem:?}").contains("canary"));
}
