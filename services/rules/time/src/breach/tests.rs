//! Failures found in cases as the events tell them.

use super::*;
use crate::samples::at;
use facts::{CaseView, Happened};
use kit_core::Text;
use proptest::prelude::*;
use regime::{Assessed, Condition, Effect, FactRef};

fn chased() -> Breach {
    Breach {
        name: "chased".to_owned(),
        title: Text::new("催办", "Had to chase"),
        on: vec![FactRef::new("complainant-chased")],
        condition: Condition::always(),
        is_once: false,
        climb: 0,
        effects: vec![Effect::Assess { ledger: "lateness".to_owned(), points: 2, against: Assessed::Handler }],
        cite: "五".to_owned(),
    }
}

fn fact(word: &str, arg: Option<&str>, hour: i64) -> Happened {
    Happened::new(word, arg, at("2026-11-17 09:00") + chrono::TimeDelta::hours(hour))
}

#[test]
fn each_occurrence_is_found_once() {
    let rules = [chased()];
    let mut case = CaseView { history: vec![fact("case-registered", None, 0)], ..CaseView::default() };
    assert!(breaches(&rules, &case).is_empty());
    case.history.extend([fact("complainant-chased", None, 1), fact("complainant-chased", None, 2)]);
    let found: Vec<_> = breaches(&rules, &case).iter().map(|found| found.at).collect();
    assert_eq!(found, [at("2026-11-17 10:00"), at("2026-11-17 11:00")]);
    case.history.push(fact(BREACH_FACT, Some("chased"), 2));
    assert_eq!(breaches(&rules, &case).len(), 1);
    case.history.push(fact(BREACH_FACT, Some("another"), 1));
    assert_eq!(breaches(&rules, &case)[0].at, at("2026-11-17 10:00"));
    case.history.push(fact(BREACH_FACT, Some("chased"), 1));
    assert!(breaches(&rules, &case).is_empty());
}

#[test]
fn one_that_counts_once_is_found_at_its_first_fact_and_never_again() {
    let on = ["complainant-chased", "case-linked(repeat)"].map(|fact| fact.parse().unwrap()).to_vec();
    let rules = [Breach { on, is_once: true, ..chased() }];
    let mut case = CaseView { history: vec![fact("case-linked", Some("twin"), 0)], ..CaseView::default() };
    assert!(breaches(&rules, &case).is_empty());
    case.history.extend([fact("complainant-chased", None, 3), fact("case-linked", Some("repeat"), 2)]);
    let found: Vec<_> = breaches(&rules, &case).iter().map(|found| found.at).collect();
    assert_eq!(found, [at("2026-11-17 11:00")]);
    case.history.push(fact(BREACH_FACT, Some("chased"), 2));
    case.history.push(fact("complainant-chased", None, 1));
    assert!(breaches(&rules, &case).is_empty());
}

#[test]
fn what_happened_before_a_case_moved_to_these_rules_was_no_failure_by_them() {
    let rules = [chased()];
    let history = vec![fact("complainant-chased", None, 1), fact(MOVED_FACT, None, 2)];
    let mut case = CaseView { history, ..CaseView::default() };
    assert!(breaches(&rules, &case).is_empty());
    case.history.push(fact("complainant-chased", None, 3));
    let found: Vec<_> = breaches(&rules, &case).iter().map(|found| found.at).collect();
    assert_eq!(found, [at("2026-11-17 12:00")]);
}

proptest! {
    #[test]
    fn what_is_found_does_not_depend_on_how_facts_were_batched(hours in prop::collection::vec(0_i64..9, 0..12), cut in 0_usize..12) {
        let rules = [chased()];
        let mut case = CaseView::default();
        let (first, second) = hours.split_at(cut.min(hours.len()));
        let mut told = Vec::new();
        for batch in [second, first] {
            case.history.extend(batch.iter().map(|hour| fact("complainant-chased", None, *hour)));
            let found: Vec<_> = breaches(&rules, &case).iter().map(|found| found.at).collect();
            case.history.extend(found.iter().map(|at| Happened::new(BREACH_FACT, Some("chased"), *at)));
            told.extend(found);
        }
        let mut all: Vec<_> = hours.iter().map(|hour| fact("", None, *hour).at).collect();
        all.sort_unstable();
        told.sort_unstable();
        prop_assert_eq!(told, all);
    }
}
