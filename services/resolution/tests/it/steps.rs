//! The order of the steps, and what a person is told when one is not due.

use crate::harness::{House, case, pack, problem, staff, text_ref};
use contracts::{Fact, assignment, intake, resolution::*};
use kit_config::MapSource;
use kit_core::Class;
use kit_ids::RefId;
use resolution::Resolution;
use resolution_service_client::ResolutionServiceClient as Client;

fn note(request_id: &str, case_id: &str) -> AddNoteRequest {
    AddNoteRequest { request_id: request_id.to_owned(), case_id: case_id.to_owned(), version: 0, text_ref: text_ref(1) }
}

fn resolve(request_id: &str, case_id: &str) -> ResolveCaseRequest {
    ResolveCaseRequest {
        request_id: request_id.to_owned(),
        case_id: case_id.to_owned(),
        finding: "substantiated".to_owned(),
        text_ref: text_ref(9),
        ..Default::default()
    }
}

fn step(request_id: &str, case_id: &str, step: &str) -> DoStepRequest {
    DoStepRequest {
        request_id: request_id.to_owned(),
        case_id: case_id.to_owned(),
        version: 0,
        step: step.to_owned(),
        ..Default::default()
    }
}

fn close(request_id: &str, case_id: &str) -> CloseCaseRequest {
    CloseCaseRequest { request_id: request_id.to_owned(), case_id: case_id.to_owned(), version: 0 }
}

#[tokio::test]
async fn the_handler_signs_before_anything_and_the_refusal_says_so() {
    let house = House::start::<Resolution>(&pack(), MapSource::default()).await;
    let id = house.dispatched(1, "minor").await;
    let mut client = Client::new(house.channel.clone());
    let refused = problem(client.add_note(house.by("head", note("n1", &id))).await);
    assert_eq!((refused.class, refused.code.as_str()), (Class::Conflict, "not-yet"));
    assert_eq!(refused.fields[0].field, "case-signed");
    assert!(refused.text.zh.contains("签收"), "{}", refused.text.zh);
    house.signed(&id).await;
    client.add_note(house.by("head", note("n1", &id))).await.unwrap();
    assert_eq!(house.words().await, ["investigation-opened", "note-added"]);
    client.add_note(house.by("head", note("n2", &id))).await.unwrap();
    assert_eq!(house.words().await, ["investigation-opened", "note-added", "note-added"]);
}

#[tokio::test]
async fn a_note_by_another_role_needs_no_signature_and_opens_no_investigation() {
    let house = House::start::<Resolution>(&pack(), MapSource::default()).await;
    let id = house.dispatched(1, "minor").await;
    let mut client = Client::new(house.channel.clone());
    client.add_note(house.by("reception", note("n1", &id))).await.unwrap();
    assert_eq!(house.words().await, ["note-added"]);
}

#[tokio::test]
async fn closing_says_everything_that_is_missing_with_its_clauses() {
    let house = House::start::<Resolution>(&pack(), MapSource::default()).await;
    let id = house.dispatched(1, "minor").await;
    house.signed(&id).await;
    let mut client = Client::new(house.channel.clone());
    let refused = problem(client.close_case(house.by("reception", close("c1", &id))).await);
    let missing: Vec<&str> = refused.fields.iter().map(|f| f.field.as_str()).collect();
    assert_eq!(missing, ["case-resolved", "opinion-form-returned", "complainant-told"]);
    assert!(refused.text.zh.contains("二.1") && refused.text.zh.contains("二.3"), "{}", refused.text.zh);
    assert!(refused.text.en.contains("The resident must have been told"), "{}", refused.text.en);
}

#[tokio::test]
async fn the_way_to_the_close_is_walked_in_order() {
    let house = House::start::<Resolution>(&pack(), MapSource::default()).await;
    let id = house.dispatched(1, "minor").await;
    house.signed(&id).await;
    let mut client = Client::new(house.channel.clone());
    let early = problem(client.do_step(house.by("head", step("s0", &id, "opinion-form-returned"))).await);
    assert_eq!((early.code.as_str(), early.fields[0].field.as_str()), ("not-yet", "case-resolved"));
    assert_eq!(early.fields[0].text.zh, "处理完毕后才能交回意见表（二.1）");
    let measures = OrderMeasuresRequest {
        request_id: "m1".to_owned(),
        case_id: id.clone(),
        measures: vec!["repair".to_owned(), "apologise".to_owned()],
        text_ref: text_ref(2),
        ..Default::default()
    };
    client.order_measures(house.by("head", measures)).await.unwrap();
    client.resolve_case(house.by("head", resolve("r1", &id))).await.unwrap();
    let again = problem(client.resolve_case(house.by("head", resolve("r2", &id))).await);
    assert_eq!(again.code, "already-resolved");
    client.do_step(house.by("head", step("s1", &id, "opinion-form-returned"))).await.unwrap();
    let again = problem(client.do_step(house.by("head", step("s2", &id, "opinion-form-returned"))).await);
    assert_eq!(again.code, "already-done");
    house.hear(&crate::telling::done(&id, "complainant-told", true, "")).await;
    client.close_case(house.by("reception", close("c1", &id))).await.unwrap();
    let closed = problem(client.add_note(house.by("head", note("n9", &id))).await);
    assert_eq!((closed.class, closed.code.as_str()), (Class::Conflict, "already-closed"));
    let shown = client.get_case(house.by("head", GetCaseRequest { case_id: id.clone() })).await.unwrap().into_inner();
    assert_eq!((shown.state.as_str(), shown.finding.as_str()), ("closed", "substantiated"));
    assert_eq!(shown.measures, ["repair", "apologise"]);
    assert_eq!(shown.note_refs, [text_ref(2), text_ref(9)]);
    assert!(shown.actions.is_empty());
    assert_eq!(
        house.words().await,
        ["investigation-opened", "measures-ordered", "case-resolved", "step-done", "complainant-told", "case-closed"]
    );
    let said = house.said().await;
    let Some(Fact::CaseClosed(last)) = said.last() else { panic!("{said:?}") };
    assert_eq!((last.case_id.as_str(), last.outcome.as_str()), (id.as_str(), "resolved"));
}

#[tokio::test]
async fn words_that_the_regime_does_not_have_are_refused_with_those_it_has() {
    let house = House::start::<Resolution>(&pack(), MapSource::default()).await;
    let id = house.dispatched(1, "minor").await;
    house.signed(&id).await;
    let mut client = Client::new(house.channel.clone());
    let bad = ResolveCaseRequest { finding: "guilty".to_owned(), ..resolve("r1", &id) };
    let refused = problem(client.resolve_case(house.by("head", bad)).await);
    assert_eq!((refused.class, refused.code.as_str()), (Class::Invalid, "unknown-word"));
    assert!(refused.text.en.contains("substantiated"), "{}", refused.text.en);
    let refused = problem(client.do_step(house.by("head", step("s1", &id, "burn-the-file"))).await);
    assert_eq!((refused.class, refused.code.as_str()), (Class::Invalid, "unknown-word"));
    let narrative = AddNoteRequest { text_ref: "楼道灯坏了".to_owned(), ..note("n1", &id) };
    assert_eq!(problem(client.add_note(house.by("head", narrative)).await).class, Class::Invalid);
    let empty = AddNoteRequest { text_ref: String::new(), ..note("n2", &id) };
    assert_eq!(problem(client.add_note(house.by("head", empty)).await).code, "missing-text");
    assert!(house.words().await.is_empty());
}

#[tokio::test]
async fn a_text_or_a_file_of_another_case_is_refused_at_the_act_that_names_it() {
    let pack =
        pack().replacen("steps:\n", "steps:\n  evidence-kept: {zh: 证据, en: Evidence, takes: files, cite: 二.1}\n", 1);
    let pack = pack.replacen("may: [contain, sign,", "may: [evidence-kept, contain, sign,", 1);
    let house = House::start::<Resolution>(&pack, MapSource::default()).await;
    let (id, other) = (house.dispatched(1, "minor").await, house.dispatched(2, "minor").await);
    house.signed(&id).await;
    let of = |case: &str| RefId::of(case.parse().unwrap(), uuid::Uuid::from_u128(77)).to_string();
    let mut client = Client::new(house.channel.clone());
    let foreign = AddNoteRequest { text_ref: of(&other), ..note("n1", &id) };
    let refused = problem(client.add_note(house.by("head", foreign)).await);
    assert_eq!((refused.code.as_str(), refused.fields[0].field.as_str()), ("of-another-case", "text_ref"));
    let with = |file_refs: Vec<String>| DoStepRequest {
        file_refs,
        text_ref: String::new(),
        ..step("s1", &id, "evidence-kept")
    };
    let refused = problem(client.do_step(house.by("head", with(vec![of(&id), of(&other)]))).await);
    assert_eq!((refused.code.as_str(), refused.fields[0].field.as_str()), ("of-another-case", "file_refs"));
    assert!(house.words().await.is_empty());
    // References that were given before they bore their case go on working.
    client.do_step(house.by("head", with(vec![of(&id), text_ref(5)]))).await.unwrap();
}

#[tokio::test]
async fn a_stale_version_is_refused_and_a_repeated_request_gets_its_first_answer() {
    let house = House::start::<Resolution>(&pack(), MapSource::default()).await;
    let id = house.dispatched(1, "minor").await;
    house.signed(&id).await;
    let mut client = Client::new(house.channel.clone());
    let shown = client.get_case(house.by("head", GetCaseRequest { case_id: id.clone() })).await.unwrap().into_inner();
    let read = intake::NarrativeRead { case_id: id.clone(), staff_id: staff("head"), ..Default::default() };
    house.hear(&read).await;
    let first = AddNoteRequest { version: shown.version, ..note("n1", &id) };
    client.add_note(house.by("head", first.clone())).await.unwrap();
    client.add_note(house.by("head", first)).await.unwrap();
    assert_eq!(house.words().await, ["investigation-opened", "note-added"]);
    let late = AddNoteRequest { version: shown.version, ..note("n2", &id) };
    assert_eq!(problem(client.add_note(house.by("head", late)).await).code, "stale");
    let other = AddNoteRequest { text_ref: text_ref(5), ..note("n1", &id) };
    assert_eq!(problem(client.add_note(house.by("head", other)).await).code, "request-id-reused");
}

#[tokio::test]
async fn actions_name_what_is_allowed_and_what_is_missing() {
    let house = House::start::<Resolution>(&pack(), MapSource::default()).await;
    let id = house.dispatched(1, "major").await;
    house.signed(&id).await;
    let mut client = Client::new(house.channel.clone());
    let shown = client.get_case(house.by("head", GetCaseRequest { case_id: id.clone() })).await.unwrap().into_inner();
    let action = |name: &str| shown.actions.iter().find(|a| a.id == name).cloned().unwrap();
    assert_eq!(shown.state, "handling");
    assert!(action("resolve").is_allowed);
    assert!(!action("opinion-form-returned").is_allowed);
    assert!(!action("opinion-form-returned").missing.is_empty());
    assert!(!shown.actions.iter().any(|a| a.id == "close"), "the handler may not close");
    assert!(shown.guidance.iter().any(|say| say.zh.contains("作业规程")), "{:?}", shown.guidance);
    assert!(shown.findings.iter().any(|w| w.id == "partly" && w.title.as_ref().unwrap().zh == "部分属实"));
}

#[tokio::test]
async fn an_event_of_a_case_that_is_not_here_yet_waits_and_other_cases_go_on() {
    let house = House::start::<Resolution>(&pack(), MapSource::default()).await;
    let unknown = assignment::CaseSigned { case_id: case(77), staff_id: staff("head") };
    let event = house.received(&case(77), &unknown);
    let outcome = house.apply(&[event]).await;
    assert!(matches!(outcome, Err(kit_db::Error::NotYet(_))), "{outcome:?}");
    house.dispatched(1, "minor").await;
}
