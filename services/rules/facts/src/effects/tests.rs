//! Effects: none is lost on the way through an event, and a fact brings about what it carries and what rules say of it.

use super::*;
use crate::sample::{REGIME, case};
use contracts::{deadline_watcher, resolution, triage};

fn pack() -> Regime {
    let yaml = packs::regime(REGIME).unwrap().yaml;
    let yaml = yaml.replacen("{after: 1 day, climb: 2}", "{after: 1 day, climb: 2, tell: head, cite: 三.9}", 1)
        + "\neffects:
  - {on: [measures-ordered, case-graded(major)], climb: 2, cite: 一.1}
  - {on: case-recorded, tell: [handler, head], send: alert, cite: 二.1}
  - {on: clock-missed, if: case.harm_ongoing, climb: 3, cite: 二.7}
  - {on: clock-missed(handling), do: opinion-form-returned, cite: 二.8}\n";
    Regime::parse("pack.yaml", &yaml).unwrap()
}

fn all() -> Vec<Effect> {
    let to = vec![Recipient::Complainant, Recipient::Handler, Recipient::Role("head".into())];
    vec![
        Effect::Climb(3),
        Effect::Order("supervision".into()),
        Effect::Do(FactRef::about("mediation-ended", "period-over")),
        Effect::Do(FactRef::new("corrected")),
        Effect::Reopen("verify".into()),
        Effect::End("period-over".into()),
        Effect::Open { kind: "lead".into(), regime: None },
        Effect::Open { kind: "report".into(), regime: Some("other".into()) },
        Effect::Tell { to, template: "alert".into() },
        Effect::Assess { ledger: "assessment".into(), points: 3, against: Assessed::FirstContact },
        Effect::Enter("repeats".into()),
    ]
}

#[test]
fn every_effect_comes_back_from_the_event_that_carries_it() {
    for effect in all() {
        assert_eq!(read(&written(&effect)), Some(effect));
    }
    assert_eq!(read(&wire::Effect { kind: "of-a-later-build".into(), ..Default::default() }), None);
}

fn said(fact: &Fact) -> Vec<(Effect, String)> {
    effects(&pack(), &case(), fact).into_iter().map(|due| (due.effect, due.cite)).collect()
}

#[test]
fn a_miss_brings_what_it_carries_and_what_rules_say_of_it() {
    let (case_id, clock) = ("case_1".to_owned(), "handling".to_owned());
    let tell = Effect::Tell { to: vec![Recipient::Role("head".into())], template: "alert".into() };
    let form = (Effect::Do(FactRef::new("opinion-form-returned")), "二.8".to_owned());
    let cite = "三.1".to_owned();
    let (id, name) = (case_id.clone(), clock.clone());
    let missed = deadline_watcher::ClockMissed { case_id, clock, climb: 1, cite, ..Default::default() };
    assert_eq!(said(&Fact::ClockMissed(missed)), [(Effect::Climb(1), "三".to_owned()), form]);
    let overdue = deadline_watcher::ClockOverdue {
        case_id: id,
        clock: name,
        climb: 2,
        effects: vec![written(&tell)],
        ..Default::default()
    };
    let nine = "三.9".to_owned();
    assert_eq!(said(&Fact::ClockOverdue(overdue)), [(Effect::Climb(2), nine.clone()), (tell, nine)]);
}

#[test]
fn a_rule_speaks_once_of_a_fact_and_only_of_the_one_that_it_means() {
    let measures = vec!["repair".into(), "apologise".into()];
    let ordered = resolution::MeasuresOrdered { case_id: "case_1".into(), measures, ..Default::default() };
    let climb = vec![(Effect::Climb(2), "一.1".to_owned())];
    assert_eq!(said(&Fact::MeasuresOrdered(ordered)), climb);
    for (severity, expected) in [("major", climb), ("minor", Vec::new())] {
        let (case_id, severity) = ("case_1".into(), severity.into());
        assert_eq!(said(&Fact::CaseGraded(triage::CaseGraded { case_id, severity, ..Default::default() })), expected);
    }
    let recorded = said(&Fact::CaseRegistered(crate::sample::registered()));
    assert!(matches!(&recorded[..], [(Effect::Tell { .. }, cite)] if cite == "二.1"), "{recorded:?}");
}
