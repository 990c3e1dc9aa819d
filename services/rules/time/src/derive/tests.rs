//! Clocks derived from stories told by hand.

use super::*;
use crate::samples::{Sample, at, clock, cn, date, shanghai};
use crate::state::Phase;
use regime::{Length, Office, Term, Together};

/// The one state that `clock` has in `case` at `now`.
fn one(clock: Clock, case: &Sample, now: &str) -> ClockState {
    let calendar = cn();
    let mut states = derive(&[clock], &shanghai(calendar), case, at(now));
    assert_eq!(states.len(), 1, "{states:?}");
    states.remove(0)
}

fn handling() -> Clock {
    clock("handling", "case-registered", "case-resolved", &[Length::Days(2), Length::Asked])
}

fn registered() -> Sample {
    Sample::of(&[("case-registered", "2026-11-17 09:00")])
}

#[test]
fn a_clock_runs_from_its_fact_and_tells_when_it_changes_next() {
    let running = one(handling(), &registered(), "2026-11-17 10:00");
    assert_eq!(running.phase(), Phase::Running);
    assert_eq!(running.due.at, at("2026-11-20 00:00"));
    // Half of the 63 hours between the start and the end.
    assert_eq!(running.next_change(), Some(at("2026-11-18 16:30")));
    let near = one(handling(), &registered(), "2026-11-18 16:30");
    assert_eq!(near.next_change(), Some(at("2026-11-19 20:00")));
    let missed = one(handling(), &registered(), "2026-11-20 00:00");
    assert_eq!((missed.phase(), missed.next_change()), (Phase::Missed, Some(at("2026-11-21 00:00"))));
    let overdue = one(handling(), &registered(), "2026-11-21 00:00");
    assert_eq!((overdue.phase(), overdue.next_change()), (Phase::Missed, None));
}

#[test]
fn a_clock_stops_on_time_until_the_last_instant_of_its_last_day() {
    let stopped = |when| one(handling(), &registered().then("case-resolved", when), "2026-12-01 00:00");
    let on_time = stopped("2026-11-19 23:59");
    assert!(on_time.stopped.as_ref().unwrap().is_on_time && !on_time.is_missed());
    assert_eq!((on_time.phase(), on_time.next_change()), (Phase::Stopped, None));
    let late = stopped("2026-11-20 00:00");
    assert!(!late.stopped.as_ref().unwrap().is_on_time && late.is_missed());
}

#[test]
fn an_asked_date_governs_where_one_was_asked() {
    let mut case = registered();
    assert_eq!(one(handling(), &case, "2026-11-17 10:00").taken, Length::Days(2));
    case.0.asked_by = Some(date("2026-11-25"));
    let asked = one(handling(), &case, "2026-11-17 10:00");
    assert_eq!((asked.taken, asked.due.at), (Length::Asked, at("2026-11-26 00:00")));
    let mut earlier = handling();
    earlier.within[0].together = Together::Earlier;
    assert_eq!(one(earlier.clone(), &case, "2026-11-17 10:00").taken, Length::Days(2));
    earlier.within[0].together = Together::Later;
    assert_eq!(one(earlier, &case, "2026-11-17 10:00").taken, Length::Asked);
}

#[test]
fn nothing_runs_where_no_term_governs_or_the_fact_has_not_come() {
    let calendar = cn();
    let none = |clock: Clock, case: &Sample| derive(&[clock], &shanghai(calendar), case, at("2026-12-01 00:00"));
    assert!(none(clock("x", "case-resolved", "complainant-told", &[Length::SameDay]), &registered()).is_empty());
    assert!(none(clock("x", "case-registered", "case-resolved", &[Length::Asked]), &registered()).is_empty());
    let mut without = handling();
    without.within.clear();
    assert!(none(without, &registered()).is_empty());
}

#[test]
fn the_end_of_a_case_stops_what_ran_before_it_and_not_what_it_starts() {
    for ending in ["case-closed", "case-declined", "case-withdrawn"] {
        let case = registered().then(ending, "2026-11-18 09:00");
        assert_eq!(one(handling(), &case, "2026-12-01 00:00").stopped.unwrap().word, ending);
        let after = clock("after", ending, "case-archived", &[Length::Days(1)]);
        assert_eq!(one(after, &case, "2026-11-18 10:00").phase(), Phase::Running);
    }
}

#[test]
fn a_clock_runs_again_when_its_fact_comes_again_after_it_stopped() {
    let case = Sample::of(&[
        ("case-dispatched", "2026-11-17 09:00"),
        ("case-dispatched", "2026-11-17 10:00"),
        ("case-signed", "2026-11-17 11:00"),
        ("case-dispatched", "2026-11-18 09:00"),
    ]);
    let calendar = cn();
    let sign = clock("sign", "case-dispatched", "case-signed", &[Length::Hours(4)]);
    let states = derive(&[sign], &shanghai(calendar), &case, at("2026-11-18 10:00"));
    let told: Vec<_> = states.iter().map(|s| (s.run, s.started_at, s.phase())).collect();
    assert_eq!(told, [(1, at("2026-11-17 09:00"), Phase::Stopped), (2, at("2026-11-18 09:00"), Phase::Running)]);
}

#[test]
fn time_granted_moves_the_end_of_the_run_it_was_granted_in_and_never_forward() {
    let later = registered().granted("handling", "2026-11-25", "2026-11-19 09:00");
    let moved = one(handling(), &later, "2026-11-20 09:00");
    assert_eq!((moved.due.at, moved.phase()), (at("2026-11-26 00:00"), Phase::Running));
    assert_eq!(moved.ungranted.unwrap().at, at("2026-11-20 00:00"));
    let sooner = registered().granted("handling", "2026-11-18", "2026-11-17 10:00");
    assert_eq!(one(handling(), &sooner, "2026-11-17 11:00").due.at, at("2026-11-20 00:00"));
    let other = registered().granted("another", "2026-11-25", "2026-11-19 09:00");
    assert_eq!(one(handling(), &other, "2026-11-19 10:00").ungranted, None);
}

#[test]
fn a_reminder_longer_than_the_period_comes_with_its_start() {
    let case = Sample::of(&[("case-resolved", "2026-11-17 22:30")]);
    let short = one(clock("form-back", "case-resolved", "form", &[Length::SameDay]), &case, "2026-11-17 22:30");
    assert_eq!(short.marks.iter().filter(|m| m.is_fired).count(), 1);
}

#[test]
fn a_long_case_with_many_clocks_is_derived_in_one_pass() {
    const WORDS: [&str; 4] = ["case-dispatched", "case-signed", "case-returned", "note-added"];
    let clocks: Vec<Clock> = (1..=8)
        .map(|n| {
            clock(&format!("c{n}"), WORDS[n % 3], WORDS[n % 3 + 1], &[Length::WorkingDays(36_500), Length::Days(9)])
        })
        .collect();
    let start = at("2026-01-05 09:00");
    let mut case = Sample::default();
    for n in 0..30_u8 {
        let at = start + chrono::TimeDelta::days(i64::from(n));
        case.0.happened.push(crate::story::Happening::new(WORDS[usize::from(n) % 4], None, at));
    }
    let calendar = cn();
    let states = derive(&clocks, &shanghai(calendar), &case, at("2026-06-01 00:00"));
    // Seven or eight rounds of four facts give as many runs, each of a day.
    assert_eq!(states.len(), 61);
    assert!(states.iter().filter(|state| state.stopped.is_none()).count() <= 3, "{states:#?}");
}

#[test]
fn the_hour_at_which_a_run_begins_may_choose_its_term() {
    let mut arrive = clock("arrive", "case-dispatched", "case-signed", &[Length::Minutes(30)]);
    arrive.within[0].during = vec![Office::Open];
    let soon =
        Term { during: vec![Office::DayOff], take: vec![Length::SameDay], advisory: true, ..arrive.within[0].clone() };
    arrive.within.push(soon);
    let taken = |when: &str| one(arrive.clone(), &Sample::of(&[("case-dispatched", when)]), "2026-12-01 00:00").taken;
    assert_eq!(taken("2026-11-17 09:00"), Length::Minutes(30));
    assert_eq!(taken("2026-10-01 09:00"), Length::SameDay);
}
