//! A change of a pack shows in the cases that it concerns, and nowhere else.

use crate::{Change, Season, Sheet, Trial, Work, compare, generate};
use chrono::{DateTime, Utc};
use facts::{CaseView, Happened};
use legal_time::{Calendar, Counting, Tz};
use regime::{Regime, Value};
use std::sync::LazyLock;

static CN: LazyLock<Calendar> = LazyLock::new(|| Calendar::parse("cn", &packs::calendar("cn").unwrap()).unwrap());

fn pack() -> String {
    packs::regime("property-internal-procedure").unwrap().yaml
}

fn regime(yaml: &str) -> Regime {
    Regime::parse("pack.yaml", yaml).unwrap()
}

/// An instant in Shanghai, `2026-03-02 09:00`.
fn at(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(&format!("{}:00+08:00", text.replace(' ', "T"))).unwrap().to_utc()
}

fn run(regime: &Regime, was: &Regime, cases: &[CaseView]) -> Vec<Sheet> {
    let counting = Counting::of(regime, &CN, Tz::Asia__Shanghai);
    let trial = Trial { regime, counting, was, now: at("2026-06-30 00:00") };
    cases.iter().map(|case| trial.run(case)).collect()
}

fn case(facts: &[(&str, &str)]) -> CaseView {
    let happened = |(word, when): &(&str, &str)| Happened::new(*word, None, at(when));
    CaseView { case_id: "c1".into(), history: facts.iter().map(happened).collect(), ..CaseView::default() }
}

#[test]
fn a_case_has_the_deadlines_the_breaches_and_the_messages_of_its_regime() {
    let regime = regime(&pack());
    let mut late = case(&[
        ("case-registered", "2026-03-02 09:00"),
        ("case-graded", "2026-03-02 10:00"),
        ("case-resolved", "2026-03-06 10:00"),
        ("opinion-form-returned", "2026-03-06 15:00"),
        ("complainant-told", "2026-03-06 16:00"),
    ]);
    late.facts.insert("fault".into(), Value::Word("ours".into()));
    let sheet = run(&regime, &regime, &[late]).remove(0);
    assert_eq!(sheet.severity, "important");
    let deadlines: Vec<_> = sheet.deadlines.iter().map(|d| (d.clock.as_str(), d.due, d.is_breached)).collect();
    assert_eq!(
        deadlines,
        [
            ("handling", at("2026-03-06 00:00"), true),
            ("form-back", at("2026-03-07 00:00"), false),
            ("tell-resident", at("2026-03-07 00:00"), false),
        ]
    );
    assert_eq!(sheet.told["complainant"], 1);
    assert_eq!((sheet.told["handler"], sheet.told["general-affairs-head"]), (1, 1));
    assert_eq!(sheet.work["receptionist"], Work { tasks: 1, ..Work::default() });
    let head = sheet.work["head"];
    assert_eq!((head.cases, head.climbs), (1, 1));
}

#[test]
fn a_miss_that_regrades_starts_the_clocks_of_the_new_grade() {
    let regime = regime(&pack());
    let mut open = case(&[("case-registered", "2026-03-02 09:00"), ("case-graded", "2026-03-02 10:00")]);
    open.validity = "valid".into();
    let sheet = run(&regime, &regime, &[open.clone()]).remove(0);
    assert_eq!(sheet.severity, "major");
    assert!(sheet.deadlines.iter().any(|deadline| deadline.clock == "clear-answer" && deadline.is_breached));
    // What the clocks of its time did is not counted twice.
    open.history.push(Happened::new("clock-missed", Some("one-month"), at("2026-04-03 00:00")));
    open.severity = "major".into();
    assert_eq!(run(&regime, &regime, &[open]).remove(0), sheet);
}

#[test]
fn only_what_a_change_concerns_is_different() {
    let old = regime(&pack());
    let new = regime(&pack().replacen("within: 1 month,", "within: 10 days,", 1));
    let mut valid = case(&[("case-registered", "2026-03-02 09:00"), ("case-resolved", "2026-03-20 10:00")]);
    valid.validity = "valid".into();
    let other = CaseView { case_id: "c2".into(), validity: "invalid".into(), ..valid.clone() };
    let cases = [valid, other];
    let comparison = compare(&run(&old, &old, &cases), &run(&new, &old, &cases));
    assert_eq!(comparison.cases, 2);
    let changed: Vec<&str> = comparison.changed.iter().map(|change| change.case.as_str()).collect();
    assert_eq!(changed, ["c1"]);
    let changes = &comparison.changed[0].changes;
    assert!(changes.contains(&Change::Graded { was: "minor".into(), is: "major".into() }), "{changes:#?}");
    assert!(changes.contains(&Change::Breached { clock: "one-month".into(), run: 1 }), "{changes:#?}");
    let moved = |change: &Change| matches!(change, Change::Moved { clock, is, .. } if clock == "one-month" && *is == at("2026-03-13 00:00"));
    assert!(changes.iter().any(moved), "{changes:#?}");
    assert_eq!(comparison.breaches["one-month"], (0, 1));
}

#[test]
fn a_grade_that_a_person_gave_against_the_rules_stays() {
    let old = regime(&pack());
    let mut case = case(&[("case-registered", "2026-03-02 09:00")]);
    case.severity = "major".into();
    assert_eq!(run(&old, &old, std::slice::from_ref(&case))[0].severity, "major");
    case.severity = "minor".into();
    let new = regime(&pack().replacen("{otherwise: minor,", "{otherwise: important,", 1));
    assert_eq!(run(&new, &old, &[case])[0].severity, "important");
}

#[test]
fn generated_cases_are_plausible_and_the_same_for_the_same_seed() {
    let regime = regime(&pack());
    let season = Season { from: at("2026-01-05 00:00"), days: 90, zone: Tz::Asia__Shanghai };
    let cases = generate(&regime, 300, 7, season);
    assert_eq!(cases, generate(&regime, 300, 7, season));
    assert_ne!(cases, generate(&regime, 300, 8, season));
    let sheets = run(&regime, &regime, &cases);
    let severities: std::collections::BTreeSet<&str> = sheets.iter().map(|sheet| sheet.severity.as_str()).collect();
    assert_eq!(severities.len(), 3);
    let breached = sheets.iter().filter(|sheet| sheet.deadlines.iter().any(|one| one.is_breached)).count();
    assert!((30..200).contains(&breached), "{breached}");
    assert!(cases.iter().all(|case| case.history.is_sorted_by_key(|fact| fact.at)));
    let comparison = compare(&sheets, &sheets);
    assert!(comparison.changed.is_empty() && comparison.breaches.values().all(|(was, is)| was == is));
}
