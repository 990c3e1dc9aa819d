//! The fold: what each fact changes, in any order, and that nothing is lost on the way through JSON.

use super::*;
use crate::sample::{at, case, registered};
use crate::{ExtensionState, Stage};
use contracts::common::fact_value;
use contracts::{assignment, deadline_watcher, intake, resolution, triage};
use proptest::prelude::*;
use regime::{Case, FactRef, Length, Value};

fn id() -> String {
    "case_1".into()
}

/// A whole life, each fact with its hour.
fn life() -> Vec<Fact> {
    let said =
        |name: &str, kind| common::Fact { name: name.into(), value: Some(common::FactValue { kind: Some(kind) }) };
    vec![
        Fact::CaseRegistered(CaseRegistered {
            about_staff_ids: vec!["bad".into()],
            asked_by: Some("2026-03-09".into()),
            facts: vec![said("injury", fact_value::Kind::Flag(true)), common::Fact::default()],
            ..registered()
        }),
        Fact::CaseClassified(triage::CaseClassified {
            case_id: id(),
            kind: "complaint".into(),
            category: "facilities".into(),
            about_unit_id: Some("b03-eng".into()),
            facts: vec![
                said("loss", fact_value::Kind::Word("heavy".into())),
                said("times_raised", fact_value::Kind::Number(2)),
            ],
            ..Default::default()
        }),
        Fact::CaseAccepted(triage::CaseAccepted { case_id: id(), ..Default::default() }),
        Fact::ValidityJudged(triage::ValidityJudged { case_id: id(), validity: "valid".into(), reason: None }),
        Fact::CaseGraded(triage::CaseGraded { case_id: id(), severity: "minor".into(), ..Default::default() }),
        Fact::CaseDispatched(assignment::CaseDispatched {
            case_id: id(),
            unit_id: "b03-eng".into(),
            staff_id: "bo".into(),
            ..Default::default()
        }),
        Fact::CaseSigned(assignment::CaseSigned { case_id: id(), staff_id: "bo".into() }),
        Fact::ClockMissed(deadline_watcher::ClockMissed {
            case_id: id(),
            clock: "one-month".into(),
            ..Default::default()
        }),
        Fact::CaseEscalated(assignment::CaseEscalated {
            case_id: id(),
            rung: 2,
            staff_ids: vec!["mia".into()],
            ..Default::default()
        }),
        Fact::ExtensionAsked(deadline_watcher::ExtensionAsked {
            case_id: id(),
            extension_id: "ext_1".into(),
            clock: "handling".into(),
            until: "2026-03-20".into(),
            ..Default::default()
        }),
        Fact::ExtensionGranted(deadline_watcher::ExtensionGranted {
            case_id: id(),
            extension_id: "ext_1".into(),
            clock: "handling".into(),
            until: "2026-03-18".into(),
            granted_by: "mia".into(),
            ..Default::default()
        }),
        Fact::ComplainantAnswered(resolution::ComplainantAnswered { case_id: id(), text: None }),
        Fact::CaseResolved(resolution::CaseResolved { case_id: id(), finding: "partly".into(), ..Default::default() }),
        Fact::StepDone(resolution::StepDone {
            case_id: id(),
            step: "opinion-form-returned".into(),
            ..Default::default()
        }),
        Fact::CaseCalledBack(resolution::CaseCalledBack {
            case_id: id(),
            is_reached: true,
            satisfaction: "mostly".into(),
            ..Default::default()
        }),
        Fact::CaseClosed(resolution::CaseClosed { case_id: id(), outcome: "resolved".into(), ..Default::default() }),
    ]
}

fn lived(facts: &[Fact]) -> CaseView {
    let mut view = CaseView::default();
    facts.iter().enumerate().for_each(|(hour, fact)| view.apply(fact, at(u32::try_from(hour).unwrap())));
    view
}

#[test]
fn a_life_ends_in_what_its_facts_said() {
    let view = lived(&life());
    assert_eq!(
        (view.severity.as_str(), view.category.as_str(), view.validity.as_str()),
        ("minor", "facilities", "valid")
    );
    assert_eq!(view.asked_by, NaiveDate::from_ymd_opt(2026, 3, 9));
    assert_eq!(view.handler.as_deref(), Some("bo"));
    assert!(view.handler_signed && view.excluded.contains("bad") && view.watchers.contains("mia"));
    assert_eq!((view.rung, view.finding.as_deref(), view.satisfaction.as_deref()), (2, Some("partly"), Some("mostly")));
    assert_eq!(view.facts.get("loss"), Some(&Value::Word("heavy".into())));
    assert_eq!(view.facts.len(), 3, "an answer without a value is no answer");
    assert_eq!((view.stage(), view.is_open()), (Stage::Closed, false));
    let extension = view.extensions.first().unwrap();
    assert_eq!((extension.state, extension.until), (ExtensionState::Granted, NaiveDate::from_ymd_opt(2026, 3, 18)));
    assert_eq!(view.variables().get("valid"), Some(&Value::Flag(true)));
}

#[test]
fn a_case_that_moved_is_governed_by_the_other_version_and_keeps_all_else() {
    let mut view = lived(&life());
    let before = view.clone();
    let moved = triage::CaseMoved {
        case_id: id(),
        regime_id: "another".into(),
        regime_version: 2,
        staff_id: "gus".into(),
        ..Default::default()
    };
    view.apply(&Fact::CaseMoved(moved), at(20));
    assert_eq!((view.regime_id.as_str(), view.regime_version), ("another", 2));
    assert!(view.has_word("case-moved") && view.acted["move-to-version"].contains("gus"));
    let (regime_id, regime_version) = (before.regime_id.clone(), before.regime_version);
    let (history, acted) = (before.history.clone(), before.acted.clone());
    assert_eq!(CaseView { regime_id, regime_version, history, acted, ..view }, before);
}

#[test]
fn facts_are_found_by_word_by_clock_and_by_step() {
    let view = lived(&life());
    assert!(view.has(&FactRef::about("clock-missed", "one-month")));
    assert!(view.has(&FactRef::new("clock-missed")));
    assert!(!view.has(&FactRef::about("clock-missed", "handling")));
    assert!(view.has(&FactRef::new("opinion-form-returned")) && !view.has_word("step-done"));
    assert_eq!(view.first(&FactRef::new("case-registered")), Some(at(0)));
    assert_eq!(view.last(&FactRef::new("case-closed")), Some(at(15)));
    assert_eq!(view.last(&FactRef::new("case-withdrawn")), None);
}

#[test]
fn a_view_comes_back_from_json_as_it_went_and_an_older_row_still_reads() {
    let view = lived(&life());
    let json = serde_json::to_value(&view).unwrap();
    assert_eq!(serde_json::from_value::<CaseView>(json).unwrap(), view);
    let old: CaseView = serde_json::from_str(r#"{"case_id": "case_1", "severity": "minor"}"#).unwrap();
    assert_eq!(old.severity, "minor");
}

#[test]
fn a_letter_counts_from_the_day_it_reached_us_and_never_from_the_future() {
    let written = |hour: i64| CaseRegistered {
        received_at: Some(prost_types::Timestamp { seconds: at(9).timestamp() + hour * 3600, nanos: 0 }),
        ..registered()
    };
    let first = |e: &CaseRegistered| CaseView::open(e, at(9)).first(&FactRef::new("case-registered"));
    assert_eq!(first(&written(-5)), Some(at(4)));
    assert_eq!(first(&written(5)), Some(at(9)));
    assert_eq!(first(&registered()), Some(at(9)));
}

#[test]
fn a_return_or_a_recusal_leaves_the_case_without_a_handler() {
    let dispatched = |view: &mut CaseView| {
        let (unit_id, staff_id) = ("b03-eng".into(), "bo".into());
        let event = assignment::CaseDispatched { case_id: id(), unit_id, staff_id, ..Default::default() };
        view.apply(&Fact::CaseDispatched(event), at(10));
    };
    let mut view = case();
    dispatched(&mut view);
    view.apply(&Fact::CaseReturned(assignment::CaseReturned { case_id: id(), ..Default::default() }), at(11));
    assert_eq!((view.handler.as_ref(), view.handling_unit_id.as_ref()), (None, None));
    dispatched(&mut view);
    let recused = |who: &str| {
        Fact::HandlerRecused(assignment::HandlerRecused { case_id: id(), staff_id: who.into(), ..Default::default() })
    };
    view.apply(&recused("cleo"), at(12));
    assert_eq!(view.handler.as_deref(), Some("bo"));
    view.apply(&recused("bo"), at(13));
    assert_eq!(view.handler, None);
    assert_eq!(view.excluded.len(), 2);
}

#[test]
fn declined_and_withdrawn_are_stages_of_their_own() {
    let mut declined = case();
    declined.apply(
        &Fact::CaseDeclined(triage::CaseDeclined {
            case_id: id(),
            ground: "not-our-service".into(),
            ..Default::default()
        }),
        at(10),
    );
    assert_eq!((declined.stage(), declined.is_open()), (Stage::Declined, false));
    let mut withdrawn = case();
    withdrawn.apply(&Fact::CaseWithdrawn(intake::CaseWithdrawn { case_id: id(), ..Default::default() }), at(10));
    withdrawn.apply(
        &Fact::CaseClosed(resolution::CaseClosed { case_id: id(), outcome: "withdrawn".into(), ..Default::default() }),
        at(10),
    );
    assert_eq!(withdrawn.stage(), Stage::Withdrawn);
}

#[test]
fn a_fact_about_the_organisation_changes_nothing() {
    let mut view = case();
    view.apply(&crate::sample::unit("b03", "", "branch"), at(10));
    assert_eq!(view, case());
}

#[test]
fn the_facts_that_packs_may_name_are_those_that_happen_to_cases() {
    let known: Vec<&str> = regime::vocabulary::FACTS.iter().map(|term| term.id).collect();
    let not_of_a_case = [
        "submission-received",
        "regime-published",
        "regime-consulted",
        "regime-approved",
        "calendar-published",
        "duty-due",
        "duty-missed",
        "duty-done",
        "survey-opened",
        "survey-closed",
        "unit-changed",
        "staff-changed",
        "event-skipped",
        "fork-settled",
    ];
    for (_, word, _) in contracts::catalogue() {
        // A step is named by its own id.
        let expected = !not_of_a_case.contains(&word) && word != "step-done";
        assert_eq!(known.contains(&word), expected, "{word}");
    }
}

#[test]
fn more_time_comes_whole_and_a_ruling_stands_before_its_request_is_heard_of() {
    let asked = |id: &str| {
        let (case_id, clock, by) = (self::id(), "handling".to_owned(), "3 working-days".to_owned());
        let (extension_id, asked_by) = (id.to_owned(), "bo".to_owned());
        let asked = deadline_watcher::ExtensionAsked {
            case_id,
            extension_id,
            clock,
            by,
            tier: 1,
            asked_by,
            ..Default::default()
        };
        Fact::ExtensionAsked(asked)
    };
    let granted = |id: &str| {
        let (case_id, clock, by) = (self::id(), "handling".to_owned(), "3 working-days".to_owned());
        let (extension_id, granted_by) = (id.to_owned(), "mia".to_owned());
        let granted = deadline_watcher::ExtensionGranted {
            case_id,
            extension_id,
            clock,
            by,
            tier: 1,
            granted_by,
            ..Default::default()
        };
        Fact::ExtensionGranted(granted)
    };
    let view = |facts: &[Fact]| {
        let mut view = case();
        facts.iter().for_each(|fact| view.apply(fact, at(10)));
        view.extensions
    };
    let extensions = view(&[asked("a"), granted("a")]);
    assert_eq!(extensions, view(&[granted("a"), asked("a")]));
    let one = extensions.first().unwrap();
    assert_eq!(
        (one.state, one.by, one.tier, one.until),
        (ExtensionState::Granted, Some(Length::WorkingDays(3)), 1, None)
    );
    assert_eq!((one.asked_by.as_str(), extensions.len()), ("bo", 1));
}

#[test]
fn a_suspension_is_asked_for_granted_and_ended_in_whatever_order_that_is_heard() {
    let (case_id, suspension_id, clocks) = (id(), "s".to_owned(), vec!["handling".to_owned()]);
    let asked = Fact::SuspensionAsked(deadline_watcher::SuspensionAsked {
        case_id: case_id.clone(),
        suspension_id: suspension_id.clone(),
        clocks: clocks.clone(),
        until: "2026-03-09".into(),
        asked_by: "bo".into(),
        ..Default::default()
    });
    let granted = Fact::SuspensionGranted(deadline_watcher::SuspensionGranted {
        case_id: case_id.clone(),
        suspension_id: suspension_id.clone(),
        clocks,
        until: "2026-03-08".into(),
        granted_by: "mia".into(),
    });
    let ended_by = "bo".to_owned();
    let ended = Fact::SuspensionEnded(deadline_watcher::SuspensionEnded { case_id, suspension_id, ended_by });
    let facts = [(asked, 10), (granted, 11), (ended, 12)];
    for order in [[0, 1, 2], [1, 0, 2], [2, 1, 0]] {
        let mut view = case();
        order.iter().for_each(|n| view.apply(&facts[*n].0, at(facts[*n].1)));
        let one = view.suspensions.first().unwrap();
        assert_eq!((one.granted_at, one.ended_at, one.is_asked()), (Some(at(11)), Some(at(12)), false));
        assert_eq!((one.until, one.asked_by.as_str()), (NaiveDate::from_ymd_opt(2026, 3, 8), "bo"));
    }
}

#[test]
fn what_happens_to_a_clock_counts_from_when_it_happened_and_not_from_when_it_was_found() {
    let due_at = Some(prost_types::Timestamp { seconds: at(10).timestamp(), nanos: 0 });
    let missed =
        deadline_watcher::ClockMissed { case_id: id(), clock: "handling".into(), due_at, ..Default::default() };
    let mut view = case();
    view.apply(&Fact::ClockMissed(missed.clone()), at(20));
    assert_eq!(view.last(&FactRef::about("clock-missed", "handling")), Some(at(10)));
    // An older event said no instant.
    view.apply(&Fact::ClockMissed(deadline_watcher::ClockMissed { due_at: None, ..missed }), at(20));
    assert_eq!(view.last(&FactRef::about("clock-missed", "handling")), Some(at(20)));
}

proptest! {
    #[test]
    fn no_order_of_facts_breaks_the_fold(order in Just(life()).prop_shuffle(), cut in 0usize..17) {
        let facts: Vec<Fact> = order.into_iter().take(cut).collect();
        let view = lived(&facts);
        // A registration says two things: when it reached us, and when it was written down.
        let registered = facts.iter().filter(|fact| matches!(fact, Fact::CaseRegistered(_))).count();
        prop_assert_eq!(view.history.len(), facts.len() + registered);
        let _ = (view.stage(), view.variables());
        let json = serde_json::to_string(&view).unwrap();
        prop_assert_eq!(serde_json::from_str::<CaseView>(&json).unwrap(), view);
    }
}

#[test]
fn what_is_judged_again_counts_as_it_was_judged_last() {
    let judged = |outcome: &str| {
        let (case_id, step, outcome) = (id(), "fault-judged".into(), outcome.into());
        Fact::StepDone(resolution::StepDone { case_id, step, outcome, ..Default::default() })
    };
    let has = |view: &CaseView, outcome: &str| view.has(&FactRef::about("fault-judged", outcome));
    let view = lived(&[judged("ours"), judged("not-ours")]);
    assert!(!has(&view, "ours") && has(&view, "not-ours"));
    let view = lived(&[judged("ours"), judged("not-ours"), judged("ours")]);
    assert!(has(&view, "ours") && !has(&view, "not-ours"));
    assert_eq!(view.history.len(), 3);
}
