//! More time: asked for, ruled on, and what it does to the deadline.

use crate::harness::{GENERAL_MANAGER, HANDLER, House, MANAGER, RECEPTIONIST, STRANGER, case, code, told};
use contracts::deadline_watcher::{AskExtensionRequest, GetCaseRequest, RuleOnExtensionRequest};

fn ask(request_id: &str, until: &str) -> AskExtensionRequest {
    AskExtensionRequest {
        request_id: request_id.to_owned(),
        case_id: case(1),
        version: 0,
        clock: "handling".to_owned(),
        until: until.to_owned(),
        reason_ref: "ref_00000000000070008000000000000001".to_owned(),
    }
}

fn rule(request_id: &str, extension_id: &str, is_granted: bool) -> RuleOnExtensionRequest {
    let (request_id, extension_id) = (request_id.to_owned(), extension_id.to_owned());
    RuleOnExtensionRequest { request_id, case_id: case(1), extension_id, is_granted }
}

async fn minor() -> House {
    let house = House::open().await;
    house.graded(&case(1), "minor", |_| ()).await;
    house.tells(&case(1), "started handling").await;
    house
}

#[tokio::test(flavor = "multi_thread")]
async fn granted_time_moves_the_deadline_and_it_is_missed_at_the_new_one() {
    let house = minor().await;
    let mut client = house.client.clone();
    let asked = told(client.ask_extension(house.by(HANDLER, ask("a1", "2026-11-25"))).await).unwrap();
    assert_eq!(asked.approver_role, "manager-in-charge");
    let again = told(client.ask_extension(house.by(HANDLER, ask("a1", "2026-11-25"))).await).unwrap();
    assert_eq!(again, asked);
    let id = &asked.extension_id;
    told(client.rule_on_extension(house.by(MANAGER, rule("r1", id, true))).await).unwrap();
    told(client.rule_on_extension(house.by(MANAGER, rule("r1", id, true))).await).unwrap();
    assert_eq!(code(client.rule_on_extension(house.by(MANAGER, rule("r2", id, false))).await), "extension-ruled");
    house.until("2026-11-22 12:00");
    house.tells(&case(1), "near handling 1").await;
    house.until("2026-11-26 00:00");
    let told = house.tells(&case(1), "missed handling climb 1").await;
    let expected = [
        "started handling",
        "extension-asked",
        "extension-granted",
        "moved handling",
        "near handling 1",
        "near handling 2",
        "missed handling climb 1",
    ];
    assert_eq!(told, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn refused_time_changes_nothing_and_more_may_be_asked_for_again() {
    let house = minor().await;
    let mut client = house.client.clone();
    let asked = told(client.ask_extension(house.by(HANDLER, ask("a1", "2026-11-25"))).await).unwrap();
    assert_eq!(code(client.ask_extension(house.by(HANDLER, ask("a2", "2026-11-26"))).await), "extension-pending");
    told(client.rule_on_extension(house.by(MANAGER, rule("r1", &asked.extension_id, false))).await).unwrap();
    told(client.ask_extension(house.by(HANDLER, ask("a3", "2026-11-26"))).await).unwrap();
    let published = house.told(&case(1)).await;
    assert_eq!(published, ["started handling", "extension-asked", "extension-refused", "extension-asked"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missed_clock_may_still_be_given_more_time() {
    let house = minor().await;
    let mut client = house.client.clone();
    house.until("2026-11-20 00:00");
    house.tells(&case(1), "missed handling climb 1").await;
    let asked = told(client.ask_extension(house.by(HANDLER, ask("a1", "2026-11-25"))).await).unwrap();
    told(client.rule_on_extension(house.by(MANAGER, rule("r1", &asked.extension_id, true))).await).unwrap();
    house.tells(&case(1), "moved handling").await;
    let answer = told(client.get_case(house.by(HANDLER, GetCaseRequest { case_id: case(1) })).await).unwrap();
    assert_eq!(answer.clocks[0].state, "running");
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_role_of_the_present_grade_rules_and_never_on_its_own_request() {
    let house = minor().await;
    let mut client = house.client.clone();
    let asked = told(client.ask_extension(house.by(HANDLER, ask("a1", "2026-11-25"))).await).unwrap();
    let id = &asked.extension_id;
    assert_eq!(code(client.rule_on_extension(house.by(HANDLER, rule("r1", id, true))).await), "own-extension");
    assert_eq!(code(client.rule_on_extension(house.by(RECEPTIONIST, rule("r2", id, true))).await), "not-permitted");
    assert_eq!(code(client.rule_on_extension(house.by(STRANGER, rule("r3", id, true))).await), "unknown-case");
    house.grade(&case(1), "important").await;
    house.tells(&case(1), "moved handling").await;
    assert_eq!(code(client.rule_on_extension(house.by(MANAGER, rule("r4", id, true))).await), "not-permitted");
    let seen = told(client.get_case(house.by(GENERAL_MANAGER, GetCaseRequest { case_id: case(1) })).await).unwrap();
    assert!(seen.extensions[0].may_rule && seen.extensions[0].approver_role == "general-manager");
    told(client.rule_on_extension(house.by(GENERAL_MANAGER, rule("r5", id, true))).await).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_that_are_wrong_are_refused_in_words() {
    let house = minor().await;
    let mut client = house.client.clone();
    let with = |change: fn(&mut AskExtensionRequest)| {
        let mut request = ask("x", "2026-11-25");
        change(&mut request);
        request
    };
    for (expected, request) in [
        ("malformed-id", with(|r| r.case_id = "7".to_owned())),
        ("text-needed", with(|r| r.reason_ref = String::new())),
        ("malformed-date", with(|r| r.until = "tomorrow".to_owned())),
        ("malformed-date", with(|r| r.until = "+200000-01-01".to_owned())),
        ("until-too-early", with(|r| r.until = "2026-11-19".to_owned())),
        ("unknown-clock", with(|r| r.clock = "no-such".to_owned())),
        ("no-extension", with(|r| r.clock = "one-month".to_owned())),
        ("bad-request-id", with(|r| r.request_id = String::new())),
        ("stale", with(|r| r.version = 999)),
        ("unknown-case", with(|r| r.case_id = case(7))),
    ] {
        assert_eq!(code(client.ask_extension(house.by(HANDLER, request)).await), expected);
    }
    assert_eq!(code(client.ask_extension(ask("p", "2026-11-25")).await), "sign-in-needed");
    assert_eq!(code(client.ask_extension(house.of("service:triage", ask("s", "2026-11-25"))).await), "staff-only");
    assert_eq!(code(client.ask_extension(house.by(RECEPTIONIST, ask("q", "2026-11-25"))).await), "not-permitted");
    let no_such = rule("r", "ext_00000000000070008000000000000009", true);
    assert_eq!(code(client.rule_on_extension(house.by(MANAGER, no_such)).await), "unknown-extension");
    house.grade(&case(1), "major").await;
    house.tells(&case(1), "moved handling").await;
    assert_eq!(code(client.ask_extension(house.by(HANDLER, ask("m", "2026-12-25"))).await), "no-approver");
    house.resolve(&case(1)).await;
    house.tells(&case(1), "stopped handling on time").await;
    assert_eq!(code(client.ask_extension(house.by(HANDLER, ask("n", "2026-12-25"))).await), "clock-not-running");
}
