//! Who may act and who may know, and that a forbid comes first.

use super::*;
use crate::sample::{REGIME, at, case, small_law};
use contracts::{Fact, assignment, deadline_watcher, resolution};

fn dispatched() -> CaseView {
    let mut case = case();
    let (case_id, unit_id, staff_id) = ("case_1".into(), "b03-eng".into(), "bo".into());
    case.apply(
        &Fact::CaseDispatched(assignment::CaseDispatched { case_id, unit_id, staff_id, ..Default::default() }),
        at(10),
    );
    case
}

fn code(result: Result<(), Problem>) -> String {
    result.err().map_or_else(|| "yes".to_owned(), |problem| problem.code)
}

#[test]
fn a_role_acts_within_its_units_and_the_handler_acts_in_person() {
    let (law, case) = (small_law(), dispatched());
    for (staff, command, expected) in [
        ("ann", "triage", "yes"),
        ("ann", "resolve", "not-permitted"),
        ("bo", "resolve", "yes"),
        ("bo", "opinion-form-returned", "yes"),
        ("mia", "regrade", "yes"),
        ("mia", "no-such-command", "not-permitted"),
        ("mia", "move-to-version", "not-permitted"),
        ("gus", "move-to-version", "yes"),
        ("cleo", "note", "unknown-case"),
        ("far", "triage", "unknown-case"),
        ("cook", "triage", "unknown-case"),
        ("nobody", "triage", "unknown-case"),
    ] {
        assert_eq!(code(authorise(&law, &case, staff, command)), expected, "{staff} {command}");
    }
}

#[test]
fn whoever_is_accused_or_recused_learns_nothing_whatever_they_hold() {
    let (law, mut case) = (small_law(), dispatched());
    for staff in ["ann", "bo", "gus"] {
        case.excluded.insert(staff.to_owned());
        case.watchers.insert(staff.to_owned());
        assert!(!may_read(&law, &case, staff));
        for command in ["triage", "resolve", "statistics", "nonsense"] {
            assert_eq!(code(authorise(&law, &case, staff, command)), "unknown-case", "{staff} {command}");
        }
    }
}

#[test]
fn a_head_reads_what_their_department_handles_and_not_before() {
    let law = small_law();
    assert!(!may_read(&law, &case(), "bo"));
    assert!(may_read(&law, &dispatched(), "bo"));
    assert!(!may_read(&law, &dispatched(), "cleo"));
    let mut climbed = dispatched();
    climbed.watchers.insert("cleo".into());
    assert!(may_read(&law, &climbed, "cleo"));
}

#[test]
fn whoever_did_one_of_two_acts_that_are_kept_apart_does_not_do_the_other() {
    let rule = "\napart:\n  - {acts: [note, measure(repair), set-date(handling)], cite: 二.9}\n\nladder:\n";
    let yaml = packs::regime(REGIME).unwrap().yaml.replacen("\nladder:\n", rule, 1);
    let regime = Regime::parse("pack.yaml", &yaml).unwrap();
    let mut case = dispatched();
    let (case_id, staff_id) = ("case_1".to_owned(), "bo".to_owned());
    case.apply(&Fact::NoteAdded(resolution::NoteAdded { case_id: case_id.clone(), staff_id, text: None }), at(11));
    let (measures, staff_id) = (vec!["repair".to_owned(), "explain".to_owned()], "mia".to_owned());
    let ordered = resolution::MeasuresOrdered { case_id: case_id.clone(), measures, staff_id, text: None };
    case.apply(&Fact::MeasuresOrdered(ordered), at(11));
    let (clock, set_by) = ("handling".to_owned(), "gus".to_owned());
    case.apply(&Fact::DateSet(deadline_watcher::DateSet { case_id, clock, set_by, ..Default::default() }), at(11));
    for (staff, act, expected) in [
        ("bo", "measure(repair)", "same-person"),
        ("bo", "measure(explain)", "yes"),
        ("bo", "note", "yes"),
        ("mia", "note", "same-person"),
        ("gus", "note", "same-person"),
        ("gus", "measure(repair)", "same-person"),
        ("ann", "note", "yes"),
    ] {
        assert_eq!(code(apart(&regime, &case, staff, act)), expected, "{staff} {act}");
    }
}

#[test]
fn a_refusal_names_who_may() {
    let problem = authorise(&small_law(), &dispatched(), "ann", "resolve").unwrap_err();
    assert!(problem.text.zh.contains("承办人") && problem.text.en.contains("the handler"), "{problem:?}");
}

#[test]
fn a_case_under_an_unknown_regime_is_nobodys() {
    let mut case = dispatched();
    case.regime_version = 9;
    assert_eq!(code(authorise(&small_law(), &case, "ann", "triage")), "unknown-case");
}

#[test]
fn where_everybody_who_may_is_kept_from_the_case_somebody_above_acts_in_their_place() {
    let (law, mut case) = (small_law(), dispatched());
    assert_eq!(code(authorise(&law, &case, "gus", "triage")), "not-permitted");
    case.excluded.insert("ann".into());
    // A receptionist stands on no rung, so the highest acts for them, and nobody who might be under them.
    for (staff, expected) in
        [("ann", "unknown-case"), ("gus", "yes"), ("mia", "not-permitted"), ("bo", "not-permitted")]
    {
        assert_eq!(code(authorise(&law, &case, staff, "triage")), expected, "{staff}");
    }
    let regime = law.regime(&case.regime_id, case.regime_version).unwrap();
    let acting = |case: &CaseView, role: &str| crate::acting(law.directory(), &regime, case, role).to_owned();
    // The head is on a rung: the one next above, unless nobody holds it who may know of the case.
    case.excluded.insert("bo".into());
    assert_eq!(acting(&case, "head"), "manager-in-charge");
    case.excluded.insert("mia".into());
    assert_eq!(acting(&case, "head"), "general-manager");
    assert_eq!(acting(&case, "general-affairs-head"), "general-affairs-head", "a role that nobody holds is nobody's");
}
