//! What is wrong or odd with a pack as a whole is found at its place, and a good pack gives no alarm.

use crate::sample::PACK;
use crate::{Gravity, Pack, PackError, Regime, Surroundings};

fn found(yaml: &str) -> Vec<PackError> {
    let pack = Pack { file: "pack.yaml".to_owned(), yaml: yaml.to_owned() };
    Regime::check(&pack, &Surroundings::default()).found
}

/// The line on which the text stands.
fn line(text: &str) -> u32 {
    let at = PACK.find(text).unwrap();
    u32::try_from(PACK[..at].matches('\n').count() + 1).unwrap()
}

/// What the shipped pack gives rise to when one spot of it is bent.
fn bent(right: &str, wrong: &str) -> Vec<PackError> {
    let yaml = PACK.replacen(right, wrong, 1);
    assert_ne!(yaml, PACK, "{right}");
    found(&yaml)
}

fn one(right: &str, wrong: &str, gravity: Gravity, clause: &str, say: &str) {
    let found = bent(right, wrong);
    let hit = found.iter().find(|found| found.en.contains(say)).unwrap_or_else(|| panic!("{wrong}: {found:#?}"));
    assert_eq!((hit.gravity, hit.clause.as_str()), (gravity, clause), "{wrong}: {hit}");
    assert!(hit.line.abs_diff(line(right)) <= 1, "{wrong}: {hit}");
}

#[test]
fn the_shipped_pack_gives_no_alarm() {
    assert_eq!(found(PACK), []);
}

#[test]
fn a_step_that_nobody_may_do_and_a_clock_that_nothing_stops_or_starts_are_errors() {
    let alone = PACK.replace(", opinion-form-returned", "");
    let errors = found(&alone);
    let step = errors.iter().find(|error| error.en.contains("nobody may do the step `opinion-form-returned`")).unwrap();
    assert_eq!((step.gravity, step.clause.as_str()), (Gravity::Error, "二.1"));
    assert!(errors.iter().all(|error| !error.en.contains("nothing st")), "{errors:#?}");
    let errors = found(&PACK.replace("decision, answer,", "decision,").replace("decide, answer,", "decide,"));
    let clock = errors.iter().find(|error| error.en.contains("nothing stops the clock `clear-answer`")).unwrap();
    assert_eq!((clock.gravity, clock.clause.as_str(), clock.line), (Gravity::Error, "三.3", line("明确答复期限")));
    assert!(clock.en.contains("somebody would have to be allowed answer"), "{clock}");
    let errors =
        found(&PACK.replacen("{default: case-registered,", "{default: case-accepted,", 1).replace(" triage,", ""));
    let started = errors.iter().filter(|error| error.en.contains("nothing starts the clock")).count();
    assert_eq!(started, 3, "{errors:#?}");
}

#[test]
fn conditions_that_no_case_can_meet_are_errors_and_those_that_some_case_can_are_not() {
    let right = "case.promise_unmet && case.times_raised >= 2";
    for never in [
        "case.injury && !case.injury",
        "case.loss == 'heavy' && case.loss == 'some'",
        "case.times_raised > 5 && case.times_raised < 3",
        "case.times_raised < 0",
        "case.times_raised > 1000000000000",
        "case.times_raised > 2 && case.times_raised < 4 && case.times_raised != 3",
        "case.valid && case.validity == 'invalid'",
        "!case.valid && case.validity == 'valid'",
        "case.severity in ['minor'] && case.severity != 'minor'",
        "case.times_raised in [1, 2] && case.times_raised > 2",
        "false",
    ] {
        let errors = bent(right, never);
        assert_eq!(errors.len(), 1, "{never}: {errors:#?}");
        let error = &errors[0];
        assert!(error.en.contains("can never hold") && error.zh.contains("永远不会成立"), "{error}");
        assert_eq!((error.gravity, error.clause.as_str()), (Gravity::Error, "一.1(1)"));
    }
    for possible in [
        "case.times_raised > 2 && case.times_raised < 4",
        "case.times_raised > 999999999999",
        "case.times_raised == 0",
        "case.validity == '' && !case.valid",
        "case.severity == '' && case.kind == ''",
        "case.times_raised + case.times_raised == 7 && case.times_raised > 0",
        "case.times_raised * 0 == 1 || case.times_raised > 100",
        "case.loss != 'none' && case.fault != 'none' && case.injury && case.promise_unmet && case.channel == 'web'",
    ] {
        let errors = bent(right, possible);
        assert!(errors.iter().all(|error| error.gravity == Gravity::Warning), "{possible}: {errors:#?}");
    }
    // Arithmetic is not decided: nothing is claimed, though this can never hold.
    let undecided = bent(right, "case.times_raised + 1 < case.times_raised && case.promise_unmet");
    assert!(undecided.iter().all(|error| error.gravity == Gravity::Warning), "{undecided:#?}");
}

#[test]
fn a_term_that_its_clock_excludes_is_an_error() {
    one(
        "until: complainant-answered, within: 2 $day-unit",
        "until: complainant-answered, within: [{if: \"case.severity == 'minor'\", take: 1 day, cite: t}, {take: 2 $day-unit, cite: u}]",
        Gravity::Error,
        "t",
        "can never hold together",
    );
}

#[test]
fn a_rule_that_others_never_let_speak_is_odd() {
    one(
        "- {if: \"case.fault == 'ours'\", then: important, cite: 一.2}",
        "- {if: \"case.injury || case.loss == 'heavy'\", then: important, cite: s}",
        Gravity::Warning,
        "s",
        "one before it holds first",
    );
    one(
        "- {of: overrun, if: \"case.severity == 'important'\", by: general-manager, cite: 三.2}",
        "- {of: overrun, by: head, cite: x}\n  - {of: overrun, if: \"case.severity == 'important'\", by: general-manager, cite: 三.2}",
        Gravity::Warning,
        "三.2",
        "one before it holds first",
    );
}

#[test]
fn names_that_no_rule_uses_are_odd() {
    let odd = bent("send: report, cite: 二.4", "send: alert, cite: 二.4");
    assert!(odd.iter().any(|odd| odd.en == "no rule uses the template `report`" && odd.line > 150), "{odd:#?}");
    one(
        "    handling-record: {",
        "    unheard-of: {zh: 甲, en: A}\n    handling-record: {",
        Gravity::Warning,
        "",
        "no rule uses the form `unheard-of`",
    );
    one(
        "    patrol-team:  ",
        "    clerk: {zh: 甲, en: A}\n    patrol-team:  ",
        Gravity::Warning,
        "",
        "no rule uses the role `clerk`",
    );
    let odd = bent("if: case.harm_ongoing, needs", "needs");
    assert!(odd.iter().any(|odd| odd.en == "no rule uses the fact `harm_ongoing`"), "{odd:#?}");
}

#[test]
fn a_role_that_nobody_in_the_organisation_holds_is_an_error_where_somebody_must_act() {
    let pack = Pack { file: "pack.yaml".to_owned(), yaml: PACK.to_owned() };
    let all = ["receptionist", "head", "general-affairs-head", "patrol-team", "manager-in-charge", "general-manager"];
    let check = |held: &[&str]| {
        let held = Some(held.iter().map(|role| (*role).to_owned()).collect());
        Regime::check(&pack, &Surroundings { held, ..Surroundings::default() }).found
    };
    assert_eq!(check(&all), []);
    let errors = check(&all[..5]);
    assert!(errors.iter().all(|error| error.en.contains("nobody holds the role `general-manager`")), "{errors:#?}");
    let clauses: Vec<&str> = errors.iter().map(|error| error.clause.as_str()).collect();
    assert_eq!(clauses, ["三.2", "三.2", "二.2"]);
}

#[test]
fn an_overrun_that_nobody_can_approve_or_ask_for_is_odd() {
    let approvals: Vec<&str> = PACK.lines().filter(|line| line.contains("of: overrun")).collect();
    let without = approvals.iter().fold(PACK.to_owned(), |pack, line| pack.replace(&format!("{line}\n"), ""));
    let without = without.replace("approvals:\n", "");
    assert!(found(&without).iter().any(|odd| odd.en.contains("no approval is `of: overrun`")));
    assert!(found(&PACK.replace(", ask-overrun", "")).iter().any(|odd| odd.en.contains("nobody may ask for it")));
}

#[test]
fn effects_that_bring_each_other_about_for_ever_are_an_error_and_one_condition_ends_them() {
    let orders = "\norders:\n  inspect: {zh: 检查, en: Inspect, to: head, answer: {zh: 已答, en: Answered}, cite: 二.1}
  report: {zh: 报告, en: Report, to: head, answer: {zh: 已答, en: Answered}, cite: 二.1}\n";
    let effects = |condition: &str| {
        format!(
            "{PACK}{orders}effects:\n  - {{on: case-accepted, order: inspect, cite: 二.1}}
  - {{on: ordered(inspect), order: report, cite: 二.1}}\n  - {{on: ordered(report){condition}, order: inspect, cite: 二.2}}\n"
        )
    };
    let is_circle = |error: &&PackError| error.en.contains("brings itself about for ever");
    let endless = found(&effects(""));
    let circle = endless.iter().find(is_circle).unwrap_or_else(|| panic!("{endless:#?}"));
    assert_eq!((circle.gravity, circle.clause.as_str()), (Gravity::Error, "二.1"));
    let place = effects("").lines().position(|line| line.contains("on: ordered(inspect)")).unwrap();
    assert_eq!(usize::try_from(circle.line).unwrap(), place + 1);
    assert_eq!(found(&effects(", if: case.injury")).iter().find(is_circle), None);
}
