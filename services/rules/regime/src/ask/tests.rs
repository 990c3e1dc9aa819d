//! What the shipped pack answers about cases.

use crate::sample::{PACK, Told, regime};
use crate::{Condition, FactRef, Length, Missing, Regime, Telling, Together};
use std::collections::BTreeMap;

fn told() -> Told {
    Told::default()
}

#[test]
fn cases_are_graded_by_the_first_rule_that_speaks() {
    let regime = regime();
    let table = [
        (told(), "minor", "一.3"),
        (told().flag("promise_unmet", true).number("times_raised", 2), "major", "一.1(1)"),
        (told().flag("promise_unmet", true).number("times_raised", 1), "minor", "一.3"),
        (told().flag("promise_unmet", true), "minor", "一.3"),
        (told().number("times_raised", 9), "minor", "一.3"),
        (told().word("loss", "heavy"), "major", "一.1(2)"),
        (told().word("loss", "some"), "minor", "一.3"),
        (told().flag("injury", true).word("fault", "ours"), "major", "一.1(2)"),
        (told().word("fault", "ours"), "important", "一.2"),
        (told().word("fault", "none"), "minor", "一.3"),
    ];
    for (case, severity, cite) in table {
        let graded = regime.grade(&case).unwrap();
        assert_eq!(
            (graded.severity.as_str(), graded.cite.as_str(), graded.is_automatic),
            (severity, cite, false),
            "{case:?}"
        );
    }
}

#[test]
fn a_valid_complaint_unresolved_for_a_month_becomes_major_by_itself() {
    let regime = regime();
    let month = FactRef::about("clock-missed", "one-month");
    let valid = told().flag("valid", true);
    let graded = regime.regrade_on(&month, &valid.clone().word("severity", "minor")).unwrap();
    assert_eq!((graded.severity.as_str(), graded.cite.as_str(), graded.is_automatic), ("major", "一.1(3)", true));
    assert_eq!(regime.regrade_on(&month, &valid.clone().word("severity", "major")), None);
    assert_eq!(regime.regrade_on(&month, &told().flag("valid", false).word("severity", "minor")), None);
    assert_eq!(regime.regrade_on(&FactRef::about("clock-missed", "handling"), &valid), None);
    assert_eq!(regime.regrade_on(&FactRef::new("case-resolved"), &valid), None);
}

#[test]
fn a_fact_of_another_type_than_the_question_counts_as_not_said() {
    let odd = told().word("injury", "yes").flag("times_raised", true).number("loss", 3).word("unheard-of", "x");
    assert_eq!(regime().grade(&odd).unwrap().severity, "minor");
}

#[test]
fn guards_name_everything_that_is_missing() {
    let regime = regime();
    let needs = |step: &str, case: &Told| {
        regime.guard(step, case).into_iter().map(|m: Missing| m.needs.unwrap().to_string()).collect::<Vec<_>>()
    };
    let harm = told().flag("harm_ongoing", true);
    assert_eq!(needs("dispatch", &harm), ["containment-recorded"]);
    assert_eq!(needs("sign", &harm), ["containment-recorded"]);
    assert!(needs("dispatch", &told()).is_empty());
    assert!(needs("dispatch", &harm.has("containment-recorded")).is_empty());
    assert_eq!(needs("close", &told()), ["opinion-form-returned", "complainant-told"]);
    assert_eq!(needs("close", &told().has("opinion-form-returned")), ["complainant-told"]);
    assert!(needs("note", &told()).is_empty());
    let missing = regime.guard("close", &told().has("opinion-form-returned"));
    assert_eq!(missing.first().map(|m| (m.cite.as_str(), m.say.zh.as_str())), Some(("二.3", "须先将结果告知住户")));
}

#[test]
fn the_approver_of_an_overrun_follows_the_severity() {
    let regime = regime();
    let by = |severity: &str| regime.approver("overrun", &told().word("severity", severity)).map(|(role, _)| role);
    assert_eq!(by("minor").as_deref(), Some("manager-in-charge"));
    assert_eq!(by("important").as_deref(), Some("general-manager"));
    assert_eq!(by("major"), None);
    assert_eq!(regime.approver("decision", &told()), None);
}

#[test]
fn each_severity_has_its_clocks() {
    let regime = regime();
    let running = |case: &Told| -> Vec<String> {
        let terms = regime.clocks.iter().filter_map(|clock| Some((clock, clock.term(case, || crate::Office::Open)?)));
        terms
            .map(|(clock, term)| {
                format!("{} {:?}{}", clock.name, term.take, if term.advisory { " advisory" } else { "" })
            })
            .collect()
    };
    let same_day = ["form-back [SameDay]", "tell-resident [SameDay]"];
    let of = |severity: &str, valid: bool| running(&told().word("severity", severity).flag("valid", valid));
    assert_eq!(of("minor", false), [&["handling [Days(2), Asked]"][..], &same_day].concat());
    assert_eq!(of("important", true), [&["handling [Days(3)]", "one-month [Months(1)]"][..], &same_day].concat());
    assert_eq!(
        of("major", false),
        [&["handling [Days(10)] advisory", "clear-answer [Days(2)]"][..], &same_day].concat()
    );
    assert_eq!(of("", false), same_day, "an ungraded case has no handling clock yet");
    let handling = regime.clocks.first().unwrap();
    assert_eq!(handling.within.first().map(|term| term.together), Some(Together::Asked));
    assert_eq!(
        handling.missed.iter().map(|step| (step.after, step.climb)).collect::<Vec<_>>(),
        [(None, 1), (Some(Length::Days(1)), 2)]
    );
    assert!(handling.overrun.as_ref().is_some_and(|overrun| overrun.on_approval && overrun.cap.is_none()));
}

#[test]
fn notices_speak_on_their_fact_and_have_stable_names_of_their_own() {
    let regime = regime();
    let on = |fact: &str, case: &Told| {
        regime.notices_on(&fact.parse().unwrap(), case).iter().map(|n| n.id.clone()).collect::<Vec<_>>()
    };
    assert_eq!(on("case-registered", &told()), ["case-registered/receipt/complainant"]);
    assert_eq!(
        on("case-graded", &told().word("severity", "major")),
        ["case-graded/alert/manager-in-charge+general-manager"]
    );
    assert!(on("case-graded", &told().word("severity", "minor")).is_empty());
    assert_eq!(on("clock-missed(handling)", &told()).len(), 1);
    assert!(on("clock-missed(one-month)", &told()).is_empty());
    let told_resident = regime.notices_on(&FactRef::new("opinion-form-returned"), &told());
    assert!(matches!(&told_resident.first().unwrap().telling, Telling::Task { role, done, ways, .. }
        if role == "receptionist" && done.word == "complainant-told" && ways == &["call", "visit"]));
    let ids: std::collections::BTreeSet<&str> = regime.notices.iter().map(|notice| notice.id.as_str()).collect();
    assert_eq!(ids.len(), regime.notices.len());
}

#[test]
fn a_command_is_for_those_whom_the_text_names() {
    let regime = regime();
    for command in ["record", "triage", "decline", "dispatch", "sign", "return", "note", "measure", "resolve", "close"]
    {
        assert!(!regime.roles_for(command).is_empty(), "{command}");
    }
    // What a text does not know, nobody may do.
    assert!(regime.roles_for("ask-extension").is_empty());
    assert_eq!(regime.roles_for("opinion-form-returned"), ["receptionist", "handler"]);
    assert!(regime.roles_for("nonsense").is_empty());
}

#[test]
fn which_version_a_case_has_is_for_whoever_keeps_the_regime_or_stands_uppermost() {
    assert_eq!(regime().keepers(), ["general-manager", "administrator"]);
    let upkeep = "\nupkeep: {amends: receptionist, cite: 十二}\ncalendar:";
    let kept = Regime::parse("pack.yaml", &PACK.replacen("\ncalendar:", upkeep, 1)).unwrap();
    assert_eq!(kept.keepers(), ["receptionist", "administrator"]);
}

#[test]
fn advice_before_there_is_a_case_says_for_which_it_is() {
    let advice = "guidance:
  - {at: record, cite: 二, say: {zh: 立即登记, en: Register at once}}
  - {at: record, if: \"case.kind == 'complaint' && case.anonymous\", cite: 二, say: {zh: 交给查询码, en: Give them the code}}
";
    let regime = Regime::parse("pack.yaml", &PACK.replacen("guidance:\n", advice, 1)).unwrap();
    let said = regime.guidance_before("record");
    assert_eq!(
        said.iter().map(|text| text.zh.as_str()).collect::<Vec<_>>(),
        ["立即登记", "事项类型为“投诉”，且匿名的，交给查询码"]
    );
    assert_eq!(said[1].en, "If the kind is \"Complaint\" and it is anonymous: Give them the code");
    assert!(regime.guidance_before("sign").is_empty());
}

#[test]
fn titles_and_the_first_route_are_at_hand() {
    let regime = regime();
    assert_eq!(regime.role_title("handler").zh, "承办人");
    assert_eq!(regime.fact_title(&FactRef::new("case-resolved")).en, "Resolved");
    assert_eq!(regime.fact_title(&FactRef::new("opinion-form-returned")).zh, "意见表交住户服务中心");
    assert!(
        matches!(regime.routing.first().map(|route| &route.condition), Some(condition) if condition.text() == Condition::always().text())
    );
}

#[test]
fn an_organisation_may_choose_what_the_text_leaves_open() {
    let choices = BTreeMap::from([("day-unit".to_owned(), "working-days".to_owned())]);
    let regime = Regime::parse_with("pack.yaml", PACK, &choices).unwrap();
    let important = told().word("severity", "important");
    let term = regime.clocks.first().and_then(|clock| clock.term(&important, || crate::Office::Open)).unwrap();
    assert_eq!(term.take, [Length::WorkingDays(3)]);
    assert_eq!(regime.parameters.get("day-unit").map(String::as_str), Some("working-days"));
    let wrong =
        BTreeMap::from([("day-unit".to_owned(), "weeks".to_owned()), ("days-unit".to_owned(), "days".to_owned())]);
    let errors = Regime::parse_with("pack.yaml", PACK, &wrong).unwrap_err();
    assert!(errors.iter().any(|e| e.en.contains("cannot be `weeks`; it is one of: days, working-days")), "{errors:?}");
    assert!(errors.iter().any(|e| e.en.contains("did you mean `day-unit`?")), "{errors:?}");
}

#[test]
fn the_readme_names_every_fact_command_and_section() {
    let readme = include_str!("../../README.md");
    let names = crate::vocabulary::FACTS.iter().chain(crate::vocabulary::COMMANDS).map(|term| term.id);
    for name in names.chain(crate::read::SECTIONS.iter().copied()) {
        assert!(readme.contains(&format!("`{name}`")) || readme.contains(&format!("`{name}(")), "{name}");
    }
}
