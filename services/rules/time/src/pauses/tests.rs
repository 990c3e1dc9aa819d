//! Pauses told by hand: what they cost, and that nothing falls due while a clock stands still.

use super::*;
use crate::calendar::{Calendar, Layer};
use crate::derive::derive;
use crate::samples::{Sample, at, clock, cn, date, facts, shanghai};
use crate::state::{ClockState, Phase};
use regime::Clock;
use regime::{Condition, Ends, Length};

fn paused(take: Length, cap: Option<Length>) -> Clock {
    let (from, until) = (facts("sent-for-testing"), facts("testing-done"));
    let pause = Pause { condition: Condition::always(), from, until, cap, cite: "四".to_owned() };
    Clock { paused: vec![pause], ..clock("handling", "case-accepted", "case-resolved", &[take]) }
}

fn one(clock: Clock, case: &Sample, now: &str) -> ClockState {
    let calendar = cn();
    derive(&[clock], &shanghai(calendar), case, at(now)).remove(0)
}

/// Accepted on Monday 2026-11-16, sent for testing and back.
fn tested(from: &str, until: &str) -> Sample {
    Sample::of(&[("case-accepted", "2026-11-16 09:00"), ("sent-for-testing", from), ("testing-done", until)])
}

#[test]
fn a_pause_costs_the_days_at_whose_end_the_clock_stands_still() {
    use Length::{Days, Hours, Months, SameDay, WorkingDays};
    // (period, from, until, last day)
    let table = [
        (WorkingDays(3), "2026-11-17 10:00", "2026-11-17 16:00", "2026-11-19"),
        (WorkingDays(3), "2026-11-17 10:00", "2026-11-19 16:00", "2026-11-23"),
        (WorkingDays(3), "2026-11-21 10:00", "2026-11-22 16:00", "2026-11-19"),
        (WorkingDays(5), "2026-11-20 17:00", "2026-11-23 09:00", "2026-11-24"),
        (WorkingDays(5), "2026-11-16 10:00", "2026-11-17 09:00", "2026-11-23"),
        (WorkingDays(5), "2026-11-16 10:00", "2026-11-18 09:00", "2026-11-24"),
        // It begins on the very last day: that day is still there when the clock goes on.
        (WorkingDays(3), "2026-11-19 23:00", "2026-11-24 09:00", "2026-11-24"),
        (Days(2), "2026-11-17 10:00", "2026-11-20 16:00", "2026-11-23"),
        (Days(3), "2026-11-17 10:00", "2026-11-17 16:00", "2026-11-19"),
        // Five days end on a Saturday and roll to the Monday, which is not counted either.
        (Days(5), "2026-11-22 10:00", "2026-11-25 16:00", "2026-11-25"),
        (Months(1), "2026-11-17 10:00", "2026-11-27 16:00", "2026-12-28"),
        (SameDay, "2026-11-16 10:00", "2026-11-18 16:00", "2026-11-18"),
    ];
    for (length, from, until, last_day) in table {
        let state = one(paused(length, None), &tested(from, until), "2026-11-16 09:00");
        assert_eq!(state.due.last_day, Some(date(last_day)), "{length} with a pause from {from} to {until}");
    }
    let hours = one(paused(Hours(24), None), &tested("2026-11-16 10:00", "2026-11-16 16:00"), "2026-11-16 17:00");
    assert_eq!(hours.due.at, at("2026-11-17 15:00"));
}

#[test]
fn a_clock_that_stands_still_is_never_due_and_goes_on_with_what_was_left() {
    let mut case = Sample::of(&[("case-accepted", "2026-11-16 09:00"), ("sent-for-testing", "2026-11-17 10:00")]);
    let clock = || paused(Length::WorkingDays(3), None);
    let still = one(clock(), &case, "2026-12-31 00:00");
    assert_eq!((still.phase(), still.is_missed(), still.next_change()), (Phase::Paused, false, None));
    case = case.then("testing-done", "2026-12-01 10:00");
    let running = one(clock(), &case, "2026-12-01 10:00");
    assert_eq!((running.phase(), running.due.last_day), (Phase::Running, Some(date("2026-12-03"))));
    assert_eq!(one(clock(), &case, "2026-12-04 00:00").phase(), Phase::Missed);
    // Stopped while it stands still, it stops on time.
    let stopped = Sample::of(&[
        ("case-accepted", "2026-11-16 09:00"),
        ("sent-for-testing", "2026-11-17 10:00"),
        ("case-resolved", "2026-12-20 10:00"),
    ]);
    assert!(one(clock(), &stopped, "2026-12-31 00:00").stopped.unwrap().is_on_time);
}

#[test]
fn what_begins_after_the_end_pauses_nothing_and_what_began_before_the_start_counts_from_it() {
    let late =
        one(paused(Length::WorkingDays(1), None), &tested("2026-11-18 00:00", "2026-11-30 00:00"), "2026-12-01 00:00");
    assert_eq!((late.phase(), late.pauses.len(), late.due.last_day), (Phase::Missed, 0, Some(date("2026-11-17"))));
    let early = Sample::of(&[
        ("sent-for-testing", "2026-11-02 10:00"),
        ("case-accepted", "2026-11-16 09:00"),
        ("testing-done", "2026-11-18 10:00"),
    ]);
    let early = one(paused(Length::WorkingDays(1), None), &early, "2026-11-16 09:00");
    assert_eq!((early.pauses[0].from, early.due.last_day), (at("2026-11-16 09:00"), Some(date("2026-11-18"))));
}

#[test]
fn a_capped_pause_ends_by_itself() {
    let case = Sample::of(&[("case-accepted", "2026-11-16 09:00"), ("sent-for-testing", "2026-11-17 10:00")]);
    let clock = || paused(Length::WorkingDays(3), Some(Length::Days(2)));
    let still = one(clock(), &case, "2026-11-18 12:00");
    assert_eq!((still.phase(), still.next_change()), (Phase::Paused, Some(at("2026-11-19 00:00"))));
    let on = one(clock(), &case, "2026-11-19 00:00");
    assert_eq!((on.phase(), on.due.last_day), (Phase::Running, Some(date("2026-11-23"))));
    let hours = one(paused(Length::Hours(48), Some(Length::Hours(5))), &case, "2026-11-18 12:00");
    assert_eq!(hours.due.at, at("2026-11-18 14:00"));
}

#[test]
fn pauses_that_overlap_are_counted_once_and_time_granted_is_paused_too() {
    let second = |mut clock: Clock| {
        let (from, until) = (facts("suspended"), facts("resumed"));
        clock.paused.push(Pause { from, until, ..clock.paused[0].clone() });
        clock
    };
    let both = tested("2026-11-17 10:00", "2026-11-19 10:00").then("suspended", "2026-11-18 10:00");
    let both = both.then("resumed", "2026-11-20 10:00");
    let state = one(second(paused(Length::WorkingDays(3), None)), &both, "2026-11-20 11:00");
    assert_eq!((state.pauses.len(), state.due.last_day), (2, Some(date("2026-11-24"))));
    let granted = tested("2026-11-24 10:00", "2026-11-26 10:00").granted("handling", "2026-11-25", "2026-11-18 10:00");
    let state = one(paused(Length::WorkingDays(3), None), &granted, "2026-11-18 10:00");
    assert_eq!(state.due.last_day, Some(date("2026-11-27")));
}

#[test]
fn where_days_end_at_closing_a_pause_that_begins_or_ends_with_it_costs_the_days_between() {
    let nation = Layer::from_csv("cn", &packs::calendar("cn").unwrap()).unwrap();
    let hours = Layer::from_csv("branch", "date,kind,name\nmon-fri,hours,09:00-17:30\n").unwrap();
    let calendar = Calendar::layered("branch", &[&nation, &hours]).unwrap();
    let counting = Counting { ends: Ends::Close, ..shanghai(&calendar) };
    let due = |from, until| {
        let whiles = [(at(from), at(until))];
        counting.due_paused(&Length::WorkingDays(3), at("2026-11-16 09:00"), None, &whiles).unwrap().at
    };
    // Tuesday was over when it began, and Wednesday's end came while it lasted.
    assert_eq!(due("2026-11-17 17:30", "2026-11-18 17:30"), at("2026-11-20 17:30"));
    assert_eq!(due("2026-11-17 17:29", "2026-11-18 17:29"), at("2026-11-20 17:30"));
    assert_eq!(due("2026-11-17 17:29", "2026-11-18 17:30"), at("2026-11-23 17:30"));
    assert_eq!(due("2026-11-17 17:30", "2026-11-18 17:29"), at("2026-11-19 17:30"));
}
