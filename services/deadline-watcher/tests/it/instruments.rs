//! More time in tiers, suspension, dates set for a case, and failures that are no time limit, with a pack that has them.

use crate::harness::{GENERAL_MANAGER, HANDLER, House, MANAGER, RECEPTIONIST, REGIME, STRANGER, case, code, told};
use contracts::Fact;
use contracts::assignment::CaseSigned;
use contracts::common::{self, FactValue, fact_value};
use contracts::deadline_watcher::{
    AskExtensionRequest, AskSuspensionRequest, EndSuspensionRequest, ExplainClockRequest, GetCaseRequest,
    RuleOnExtensionRequest, RuleOnSuspensionRequest, SetDateRequest,
};
use contracts::intake::CaseSupplemented;
use contracts::records::CaseArchived;
use contracts::resolution::{CaseReopened, StepDone};
use contracts::triage::RegimePublished;
use regime::{Assessed, Effect};

const CLOCKS: &str = "  result:
    {zh: 告知结果, en: Result, from: case-accepted, until: complainant-told, within: 7 working-days, cite: 七,
     extend: [
       {by: 3 working-days, ground: {zh: 复杂, en: Complex}, approve: manager-in-charge, cite: 七.1},
       {by: date, cap: 10 days, approve: general-manager, cite: 七.2}],
     suspend: {cap: 30 days, times: 1, approve: manager-in-charge, cite: 八},
     missed: [{order: supervision, cite: 九}]}
  promised:
    {zh: 承诺答复, en: Promised answer, from: date-set(promised), until: complainant-answered, within: set, cite: 十}
  copy:
    {zh: 送达副本, en: Serve the copy, from: [case-signed, case-reopened(tested)], until: [opinion-form-returned, case-archived], within: 7 working-days, cite: 十三,
     extend: {by: 3 working-days, on-notice: yes, cite: 十三.1}}
  soon:
    {zh: 及时告知, en: Tell in time, from: case-signed, until: complainant-told, within: none, advisory: yes, cite: 十四}

breaches:
  chased: {zh: 催办, en: Had to chase, on: [case-supplemented, complainant-chased], assess: lateness, points: 2, cite: 十一}

orders:
  supervision: {zh: 督办, en: Supervision, to: handler, answer: {zh: 回复, en: Answer}, cite: 九}

course:
  - {stage: tested, zh: 核实, en: Verified, reached: case-signed, cite: 十三}

notices:
";
const WHO: &str = "who:\n  - {role: handler, may: [ask-extension, ask-suspension, end-suspension, set-date(promised), set-date(result)], cite: 七}\n  - {role: manager-in-charge, may: [set-date], cite: 七}\n";
const GUARDS: &str = "guards:
  - {before: set-date(promised), if: case.harm_ongoing, cite: 十.1, say: {zh: 损害还在继续的，不得另定日期, en: Not while the harm goes on}}
";
const LEDGERS: &str = "records:\n  ledgers:\n    lateness: {zh: 超期考核, en: Lateness, of: staff, cite: 十一}\n";
const REASON: &str = "ref_00000000000070008000000000000001";

/// A minor complaint, accepted on Tuesday 2026-11-17 under a regime with every instrument: `result` is due with the end
/// of Thursday 11-26.
async fn house() -> House {
    let house = House::open_empty().await;
    house.organise().await;
    let pack = packs::regime(REGIME).unwrap().yaml;
    let pack = pack.replacen("\nnotices:\n", CLOCKS, 1).replacen("who:\n", WHO, 1);
    let pack = pack.replacen("guards:\n", GUARDS, 1).replacen("records:\n", LEDGERS, 1);
    let (regime_id, in_force_from) = (REGIME.to_owned(), "2020-01-01".to_owned());
    let event = RegimePublished { regime_id, version: 1, pack, in_force_from, ..RegimePublished::default() };
    house.say(REGIME, event).await;
    house.knows("reference", 10).await;
    house.graded(&case(1), "minor", |_| ()).await;
    house.tells(&case(1), "started result").await;
    house
}

fn more(request_id: &str, until: &str) -> AskExtensionRequest {
    AskExtensionRequest {
        request_id: request_id.to_owned(),
        case_id: case(1),
        version: 0,
        clock: "result".to_owned(),
        until: until.to_owned(),
        reason_ref: REASON.to_owned(),
    }
}

fn rule(request_id: &str, extension_id: &str) -> RuleOnExtensionRequest {
    let (request_id, extension_id) = (request_id.to_owned(), extension_id.to_owned());
    RuleOnExtensionRequest { request_id, case_id: case(1), extension_id, is_granted: true }
}

fn suspend(request_id: &str, clocks: &[&str], until: &str) -> AskSuspensionRequest {
    AskSuspensionRequest {
        request_id: request_id.to_owned(),
        case_id: case(1),
        version: 0,
        clocks: clocks.iter().map(|clock| (*clock).to_owned()).collect(),
        until: until.to_owned(),
        reason_ref: REASON.to_owned(),
    }
}

fn rule_suspension(request_id: &str, suspension_id: &str, is_granted: bool) -> RuleOnSuspensionRequest {
    let (request_id, suspension_id) = (request_id.to_owned(), suspension_id.to_owned());
    RuleOnSuspensionRequest { request_id, case_id: case(1), suspension_id, is_granted }
}

fn end(request_id: &str, suspension_id: &str) -> EndSuspensionRequest {
    let (request_id, suspension_id) = (request_id.to_owned(), suspension_id.to_owned());
    EndSuspensionRequest { request_id, case_id: case(1), suspension_id }
}

fn set(request_id: &str, clock: &str, date: &str) -> SetDateRequest {
    let (request_id, clock, date) = (request_id.to_owned(), clock.to_owned(), date.to_owned());
    SetDateRequest { request_id, case_id: case(1), version: 0, clock, date }
}

/// The day on which the clock is due, as the account ends it; and the account.
async fn account(house: &House, clock: &str) -> Vec<String> {
    let request = ExplainClockRequest { case_id: case(1), clock: clock.to_owned() };
    let lines = told(house.client.clone().explain_clock(house.by(HANDLER, request)).await).unwrap().lines;
    lines.into_iter().map(|line| line.zh).collect()
}

async fn due(house: &House, clock: &str) -> String {
    let answer =
        told(house.client.clone().get_case(house.by(HANDLER, GetCaseRequest { case_id: case(1) })).await).unwrap();
    let found = answer.clocks.iter().rfind(|found| found.clock == clock).unwrap();
    let at = kit_grpc::instant(found.due_at.as_ref().unwrap()).unwrap();
    format!("{} {}", found.state, (at + chrono::TimeDelta::hours(8)).format("%m-%d %H:%M"))
}

#[tokio::test(flavor = "multi_thread")]
async fn more_time_comes_whole_and_then_until_a_day_each_from_its_own_role() {
    let house = house().await;
    let mut client = house.client.clone();
    assert_eq!(code(client.ask_extension(house.by(HANDLER, more("x", "2026-12-02"))).await), "whole-only");
    let first = told(client.ask_extension(house.by(HANDLER, more("a1", ""))).await).unwrap();
    assert_eq!((first.approver_role.as_str(), first.by.as_str()), ("manager-in-charge", "3 working-days"));
    let id = &first.extension_id;
    assert_eq!(code(client.rule_on_extension(house.by(HANDLER, rule("o", id))).await), "own-extension");
    assert_eq!(code(client.rule_on_extension(house.by(GENERAL_MANAGER, rule("g", id))).await), "not-permitted");
    told(client.rule_on_extension(house.by(MANAGER, rule("r1", id))).await).unwrap();
    assert_eq!(due(&house, "result").await, "running 12-02 00:00");
    // The next tier is a day, ten days after the 1st at most: the 11th.
    assert_eq!(code(client.ask_extension(house.by(HANDLER, more("y", ""))).await), "until-needed");
    assert_eq!(code(client.ask_extension(house.by(HANDLER, more("z", "2026-12-12"))).await), "until-too-late");
    let second = told(client.ask_extension(house.by(HANDLER, more("a2", "2026-12-10"))).await).unwrap();
    assert_eq!(second.approver_role, "general-manager");
    told(client.rule_on_extension(house.by(GENERAL_MANAGER, rule("r2", &second.extension_id))).await).unwrap();
    assert_eq!(due(&house, "result").await, "running 12-11 00:00");
    assert_eq!(code(client.ask_extension(house.by(HANDLER, more("w", "2026-12-20"))).await), "no-more-time");
    let lines = account(&house, "result").await;
    assert!(
        lines.iter().any(|line| line.contains("批准延期 3 个工作日") && line.contains("(条款 七.1)")),
        "{lines:#?}"
    );
    assert!(lines.iter().any(|line| line.contains("2026-12-10 24:00") && line.contains("(条款 七.2)")), "{lines:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cap_that_ends_on_a_day_off_rolls_as_the_deadline_does() {
    let house = house().await;
    let mut client = house.client.clone();
    let first = told(client.ask_extension(house.by(HANDLER, more("a1", ""))).await).unwrap();
    told(client.rule_on_extension(house.by(MANAGER, rule("r1", &first.extension_id))).await).unwrap();
    // Suspended over one day that counts, it is due on 12-02; ten days later is Saturday the 12th, so Monday may be asked.
    let asked = told(client.ask_suspension(house.by(HANDLER, suspend("s1", &[], "2026-11-18"))).await).unwrap();
    told(client.rule_on_suspension(house.by(MANAGER, rule_suspension("q1", &asked.suspension_id, true))).await)
        .unwrap();
    house.until("2026-11-19 00:00");
    house.tells(&case(1), "resumed result").await;
    assert_eq!(due(&house, "result").await, "running 12-03 00:00");
    assert_eq!(code(client.ask_extension(house.by(HANDLER, more("z", "2026-12-15"))).await), "until-too-late");
    told(client.ask_extension(house.by(HANDLER, more("a2", "2026-12-14"))).await).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_suspended_clock_stands_still_until_it_is_ended_and_is_suspended_once() {
    let house = house().await;
    let mut client = house.client.clone();
    let asked = told(client.ask_suspension(house.by(HANDLER, suspend("s1", &[], ""))).await).unwrap();
    assert_eq!((asked.approver_role.as_str(), asked.clocks), ("manager-in-charge", vec!["result".to_owned()]));
    let id = &asked.suspension_id;
    assert_eq!(
        code(client.ask_suspension(house.by(HANDLER, suspend("s2", &["result"], ""))).await),
        "suspension-pending"
    );
    assert_eq!(
        code(client.rule_on_suspension(house.by(HANDLER, rule_suspension("o", id, true))).await),
        "own-suspension"
    );
    let stranger = client.rule_on_suspension(house.by(STRANGER, rule_suspension("t", id, true))).await;
    assert_eq!(code(stranger), "unknown-case");
    let wrong_role = client.rule_on_suspension(house.by(RECEPTIONIST, rule_suspension("p", id, true))).await;
    assert_eq!(code(wrong_role), "not-permitted");
    assert_eq!(code(client.end_suspension(house.by(HANDLER, end("e0", id))).await), "suspension-not-in-force");
    let seen = told(client.get_case(house.by(MANAGER, GetCaseRequest { case_id: case(1) })).await).unwrap();
    assert!(seen.suspensions[0].may_rule && seen.suspensions[0].state == "asked");
    told(client.rule_on_suspension(house.by(MANAGER, rule_suspension("q1", id, true))).await).unwrap();
    told(client.rule_on_suspension(house.by(MANAGER, rule_suspension("q1", id, true))).await).unwrap();
    let again = client.rule_on_suspension(house.by(MANAGER, rule_suspension("q2", id, false))).await;
    assert_eq!(code(again), "suspension-ruled");
    assert!(due(&house, "result").await.starts_with("paused"));
    assert_eq!(
        code(client.ask_suspension(house.by(HANDLER, suspend("s3", &["result"], ""))).await),
        "already-suspended"
    );
    house.until("2026-12-01 10:00");
    told(client.end_suspension(house.by(HANDLER, end("e1", id))).await).unwrap();
    // Nine days of 11-17 to 11-30 were not counted; seven working days are left after the 1st that counts.
    assert_eq!(due(&house, "result").await, "running 12-10 00:00");
    assert_eq!(
        code(client.ask_suspension(house.by(HANDLER, suspend("s4", &["result"], ""))).await),
        "no-more-suspension"
    );
    let told = house.told(&case(1)).await;
    let of_result: Vec<&str> =
        told.iter().map(String::as_str).filter(|line| line.contains("result") || line.starts_with("susp")).collect();
    let expected = [
        "started result",
        "suspension-asked",
        "suspension-granted",
        "paused result",
        "suspension-ended",
        "moved result",
        "resumed result",
    ];
    assert_eq!(of_result, expected);
    let lines = account(&house, "result").await;
    assert!(lines.iter().any(|line| line.starts_with("挂账:2026-11-17 09:00 至 2026-12-01 10:00")), "{lines:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_date_that_is_set_starts_its_clock_and_another_moves_it() {
    let house = house().await;
    let mut client = house.client.clone();
    for (expected, request) in [
        ("malformed-date", set("a", "promised", "")),
        ("malformed-date", set("b", "promised", "tomorrow")),
        ("date-passed", set("c", "promised", "2026-11-16")),
        ("not-permitted", set("d", "no-such", "2026-11-20")),
        ("no-date-to-set", set("e", "result", "2026-11-20")),
        ("stale", SetDateRequest { version: 999, ..set("f", "promised", "2026-11-20") }),
    ] {
        assert_eq!(code(client.set_date(house.by(HANDLER, request)).await), expected);
    }
    assert_eq!(
        code(client.set_date(house.by(RECEPTIONIST, set("g", "promised", "2026-11-20"))).await),
        "not-permitted"
    );
    assert_eq!(code(client.set_date(house.by(MANAGER, set("h", "no-such", "2026-11-20"))).await), "unknown-clock");
    told(client.set_date(house.by(HANDLER, set("s1", "promised", "2026-11-21"))).await).unwrap();
    told(client.set_date(house.by(HANDLER, set("s1", "promised", "2026-11-21"))).await).unwrap();
    assert_eq!(due(&house, "promised").await, "running 11-22 00:00");
    told(client.set_date(house.by(HANDLER, set("s2", "promised", "2026-11-25"))).await).unwrap();
    assert_eq!(due(&house, "promised").await, "running 11-26 00:00");
    house.until("2026-11-26 00:00");
    let told = house.tells(&case(1), "missed promised climb 0").await;
    let promised: Vec<&str> =
        told.iter().map(String::as_str).filter(|line| line.contains("promised") || *line == "date-set").collect();
    assert_eq!(promised, ["date-set", "started promised", "date-set", "moved promised", "missed promised climb 0"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_miss_says_what_it_brings_about_and_a_failure_is_found_once() {
    let house = house().await;
    house.until("2026-11-27 00:00");
    house.tells(&case(1), "missed result climb 0").await;
    house.say(&case(1), CaseSupplemented { case_id: case(1), ..CaseSupplemented::default() }).await;
    house.tells(&case(1), "breach-found").await;
    house.grade(&case(1), "important").await;
    house.tells(&case(1), "moved handling").await;
    let facts = house.facts(&case(1)).await;
    let effects = facts.iter().find_map(|fact| match fact {
        Fact::ClockMissed(missed) if missed.clock == "result" => Some(missed.effects.clone()),
        _ => None,
    });
    let read: Vec<_> = effects.unwrap().iter().map(facts::read_effect).collect();
    assert_eq!(read, [Some(Effect::Order("supervision".to_owned()))]);
    let found: Vec<_> =
        facts.iter().filter_map(|fact| if let Fact::BreachFound(e) = fact { Some(e) } else { None }).collect();
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].breach.as_str(), found[0].cite.as_str(), found[0].effects.len()), ("chased", "十一", 1));
    let assess = Effect::Assess { ledger: "lateness".to_owned(), points: 2, against: Assessed::Handler };
    assert_eq!(facts::read_effect(&found[0].effects[0]), Some(assess));
}

/// A case goes from the signature to the step, back, and to the next end of the same clock, with time that nobody has to
/// approve in between.
#[tokio::test(flavor = "multi_thread")]
async fn a_clock_of_several_facts_runs_once_a_round_and_more_time_may_be_a_matter_of_notice() {
    let house = house().await;
    let mut client = house.client.clone();
    house.say(&case(1), CaseSigned { case_id: case(1), staff_id: crate::harness::staff(HANDLER) }).await;
    house.tells(&case(1), "started copy").await;
    assert_eq!(due(&house, "copy").await, "running 11-27 00:00");
    let more = |id: &str| AskExtensionRequest { clock: "copy".to_owned(), ..more(id, "") };
    let asked = told(client.ask_extension(house.by(HANDLER, more("n1"))).await).unwrap();
    assert_eq!((asked.approver_role.as_str(), asked.by.as_str()), ("", "3 working-days"));
    assert_eq!(told(client.ask_extension(house.by(HANDLER, more("n1"))).await).unwrap(), asked);
    assert_eq!(due(&house, "copy").await, "running 12-02 00:00");
    assert_eq!(code(client.ask_extension(house.by(HANDLER, more("n2"))).await), "no-more-time");
    let rule = client.rule_on_extension(house.by(MANAGER, rule("r", &asked.extension_id))).await;
    assert_eq!(code(rule), "not-permitted");
    let seen = told(client.get_case(house.by(HANDLER, GetCaseRequest { case_id: case(1) })).await).unwrap();
    assert!(seen.extensions.iter().any(|one| one.state == "granted" && one.clock == "copy" && !one.may_rule));
    assert!(!seen.clocks.iter().any(|clock| clock.clock == "soon"), "the text sets it no number");
    // Done on the day on which the clock began, and written down the day after.
    house.until("2026-11-18 10:00");
    let (case_id, step) = (case(1), "opinion-form-returned".to_owned());
    let (on_date, done_at) =
        ("2026-11-17".to_owned(), Some(kit_grpc::timestamp(crate::harness::at("2026-11-17 00:00"))));
    house.say(&case(1), StepDone { case_id, step, on_date, done_at, ..StepDone::default() }).await;
    house.tells(&case(1), "stopped copy on time").await;
    let (case_id, stage) = (case(1), "tested".to_owned());
    let lapsed = ["case-signed", "opinion-form-returned"].map(str::to_owned).to_vec();
    house.say(&case(1), CaseReopened { case_id, stage, round: 2, lapsed, ..CaseReopened::default() }).await;
    house.until("2026-11-19 10:00");
    house.heard(&case(1), "case-reopened").await;
    assert_eq!(due(&house, "copy").await, "running 11-28 00:00");
    house.say(&case(1), CaseArchived { case_id: case(1), ..CaseArchived::default() }).await;
    house.heard(&case(1), "case-archived").await;
    let told = house.told(&case(1)).await;
    let of_copy: Vec<&str> =
        told.iter().map(String::as_str).filter(|line| line.ends_with("copy") || line.contains("copy on")).collect();
    assert_eq!(of_copy, ["started copy", "moved copy", "stopped copy on time", "started copy", "stopped copy on time"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guard_forbids_a_date_and_says_its_clause() {
    let house = house().await;
    let mut client = house.client.clone();
    let harm = common::Fact {
        name: "harm_ongoing".to_owned(),
        value: Some(FactValue { kind: Some(fact_value::Kind::Flag(true)) }),
    };
    house.graded(&case(2), "minor", |event| event.facts = vec![harm]).await;
    let request = SetDateRequest { case_id: case(2), ..set("g", "promised", "2026-11-25") };
    let refused = told(client.set_date(house.by(HANDLER, request)).await).unwrap_err();
    assert_eq!(
        (refused.code.as_str(), refused.text.zh.as_str()),
        ("forbidden-by-rule", "损害还在继续的，不得另定日期（十.1）")
    );
    let seen = told(client.get_case(house.by(HANDLER, GetCaseRequest { case_id: case(2) })).await).unwrap();
    let action = seen.actions.iter().find(|action| action.id == "set-date").unwrap();
    assert!(!action.is_allowed && action.missing[0].en.contains("while the harm goes on"), "{action:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_about_a_suspension_that_are_wrong_are_refused_in_words() {
    let house = house().await;
    let mut client = house.client.clone();
    for (expected, request) in [
        ("unknown-clock", suspend("a", &["no-such"], "")),
        ("no-suspension", suspend("b", &["handling"], "")),
        ("malformed-date", suspend("c", &[], "2026-13-01")),
        ("until-too-early", suspend("d", &[], "2026-11-16")),
        ("until-too-late", suspend("e", &[], "2026-12-18")),
        ("stale", AskSuspensionRequest { version: 999, ..suspend("f", &[], "") }),
        ("unknown-case", AskSuspensionRequest { case_id: case(7), ..suspend("g", &[], "") }),
        ("text-needed", AskSuspensionRequest { reason_ref: String::new(), ..suspend("h", &[], "") }),
        ("bad-request-id", suspend("", &[], "")),
    ] {
        assert_eq!(code(client.ask_suspension(house.by(HANDLER, request)).await), expected);
    }
    let many = vec!["result"; 101];
    assert_eq!(code(client.ask_suspension(house.by(HANDLER, suspend("m", &many, ""))).await), "too-many-clocks");
    assert_eq!(code(client.ask_suspension(suspend("p", &[], "")).await), "sign-in-needed");
    assert_eq!(code(client.ask_suspension(house.by(RECEPTIONIST, suspend("q", &[], ""))).await), "not-permitted");
    let unknown = "susp_00000000000070008000000000000009";
    let no_such = client.rule_on_suspension(house.by(MANAGER, rule_suspension("r", unknown, true))).await;
    assert_eq!(code(no_such), "unknown-suspension");
    assert_eq!(code(client.end_suspension(house.by(HANDLER, end("n", unknown))).await), "unknown-suspension");
    house.until("2026-11-27 00:00");
    house.tells(&case(1), "missed result climb 0").await;
    assert_eq!(code(client.ask_suspension(house.by(HANDLER, suspend("l", &["result"], ""))).await), "clock-missed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_case_offers_what_may_be_asked_for_and_why_not() {
    let house = house().await;
    let mut client = house.client.clone();
    let request = || GetCaseRequest { case_id: case(1) };
    let seen = told(client.get_case(house.by(HANDLER, request())).await).unwrap();
    let offered: Vec<_> = seen.actions.iter().map(|a| (a.id.as_str(), a.is_allowed, a.cite.as_str())).collect();
    let expected = [
        ("ask-overrun", true, "三.1"),
        ("ask-extension", true, "七.1"),
        ("ask-suspension", true, "八"),
        ("set-date", true, "十"),
    ];
    assert_eq!(offered, expected);
    let stranger = told(client.get_case(house.by(RECEPTIONIST, request())).await).unwrap();
    assert!(stranger.actions.is_empty());
    told(client.ask_suspension(house.by(HANDLER, suspend("s1", &[], ""))).await).unwrap();
    let waiting = told(client.get_case(house.by(HANDLER, request())).await).unwrap();
    let ask = waiting.actions.iter().find(|action| action.id == "ask-suspension").unwrap();
    assert!(!ask.is_allowed && ask.missing[0].en.contains("waiting for a ruling"), "{ask:?}");
}
