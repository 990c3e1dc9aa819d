//! Conditions on their own: what they may say, and that what is missing takes its default.

use super::*;
use crate::sample::Told;

fn variables() -> Variables {
    let defaults =
        [("severity", Value::Word(String::new())), ("injury", Value::Flag(false)), ("times", Value::Number(1))];
    let domains = BTreeMap::from([("severity".to_owned(), vec!["minor".to_owned(), "major".to_owned()])]);
    Variables::new(defaults.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(), domains)
}

fn holds(text: &str, case: &Told) -> bool {
    variables().compile(text).unwrap_or_else(|mistakes| panic!("{text}: {mistakes:?}")).holds(case)
}

#[test]
fn conditions_combine_flags_numbers_and_words() {
    let case = Told::default().word("severity", "major").flag("injury", true).number("times", 3);
    for text in [
        "case.injury",
        "case.times >= 2 && case.times < 10",
        "case.severity == 'major'",
        "case.severity in ['minor', 'major']",
        "!(case.severity == 'minor') || case.times > 100",
        "case.injury ? case.times == 3 : false",
        "['minor', 'major'].exists(one, one == case.severity)",
        "true",
    ] {
        assert!(holds(text, &case), "{text}");
    }
    assert!(!holds("case.severity != 'major'", &case));
}

#[test]
fn what_nobody_has_said_takes_its_default() {
    let nothing = Told::default();
    assert!(!holds("case.injury", &nothing));
    assert!(holds("case.times == 1", &nothing));
    assert!(holds("case.severity == ''", &nothing));
    assert!(Condition::always().holds(&nothing));
}

#[test]
fn a_condition_that_could_fail_in_a_case_is_refused_beforehand() {
    for text in [
        "case.times / 0 == 1",
        "case.injury || case.times",
        "case.injury || case.times >= 'x'",
        "case.severity == 'majr'",
        "'majr' == case.severity",
        "case.unheard == 1",
        "has(case.unheard)",
        "other.injury",
        "injury",
        "size(case.injury) > 0",
        "'text'",
        "1",
        "case",
        "case.injury &",
        "",
        "(((((",
        "nofunction(case.times)",
    ] {
        assert!(variables().compile(text).is_err(), "{text}");
    }
}

#[test]
fn a_tangle_is_refused_before_it_can_exhaust_the_stack() {
    let shapes = [
        ("(", "true", ")"),
        ("!", "true", ""),
        ("-", "1", " == 1"),
        ("", "true", " && true"),
        ("", "1", " + 1"),
        ("", "case", ".a"),
        ("true ? ", "true", " : true"),
        ("[", "1", "]"),
        ("", "'a'", ".size()"),
    ];
    for (before, middle, after) in shapes {
        for depth in [4, 8, 16, 22, 30, 100, 240, 100_000] {
            let text = format!("{}{middle}{}", before.repeat(depth), after.repeat(depth));
            let result = variables().compile(&text);
            assert!(depth < 50 || result.is_err(), "{text}");
        }
    }
    assert!(holds(&format!("{}true{}", "(".repeat(8), ")".repeat(8)), &Told::default()));
    let zeros = ["0"; 40].join(",");
    let within = (0..4).fold("case.injury".to_owned(), |inner, n| format!("[{zeros}].all(x{n}, {inner})"));
    assert!(within.len() < 500 && variables().compile(&within).is_err(), "{within}");
    assert!(holds(&format!("[{zeros}].all(x, x == 0) && [{zeros}].exists(x, x == 0)"), &Told::default()));
    let _ = variables()
        .compile("1+1+1+1+1+1+1+1+(1+1+1+1+1+1+1+1+1==(1+1+1==1 && 1+1+1+1+1==(1+1+1+1==1?1:2)?1:2)?1:2)==1");
}
