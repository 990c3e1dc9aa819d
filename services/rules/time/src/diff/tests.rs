//! Differences between derivations, and that they do not depend on when one looks.

use super::*;
use crate::derive::derive;
use crate::samples::{Sample, at, clock, cn, facts, shanghai};
use chrono::TimeDelta;
use proptest::prelude::*;
use regime::{Clock, Length};

fn handling(length: Length) -> Clock {
    clock("handling", "case-registered", "case-resolved", &[length])
}

fn registered() -> Sample {
    Sample::of(&[("case-registered", "2026-11-17 09:00")])
}

fn at_time(clock: &Clock, case: &Sample, now: DateTime<Utc>) -> Vec<ClockState> {
    let calendar = cn();
    derive(std::slice::from_ref(clock), &shanghai(calendar), case, now)
}

fn told(old: &[ClockState], new: &[ClockState]) -> Vec<String> {
    let tell = |change: Change<'_>| match change.what {
        Changed::Started => "started".to_owned(),
        Changed::Moved { .. } => "moved".to_owned(),
        Changed::Near { reminder, .. } => format!("near {reminder}"),
        Changed::Paused { .. } => "paused".to_owned(),
        Changed::Resumed { .. } => "resumed".to_owned(),
        Changed::Missed { climb, .. } => format!("missed climb {climb}"),
        Changed::Overdue { step, climb, .. } => format!("overdue {step} climb {climb}"),
        Changed::Stopped { is_on_time } => format!("stopped {is_on_time}"),
    };
    diff(old, new).into_iter().map(tell).collect()
}

#[test]
fn a_run_tells_each_thing_once_in_its_order() {
    let clock = handling(Length::Days(2));
    let mut old = Vec::new();
    for (now, expected) in [
        ("2026-11-17 09:00", &["started"][..]),
        ("2026-11-17 09:01", &[]),
        ("2026-11-18 16:30", &["near 1"]),
        ("2026-11-19 20:00", &["near 2"]),
        ("2026-11-19 23:59", &[]),
        ("2026-11-20 00:00", &["missed climb 1"]),
        ("2026-11-20 00:00", &[]),
        ("2026-11-21 00:00", &["overdue 1 climb 2"]),
        ("2027-11-21 00:00", &[]),
    ] {
        let new = at_time(&clock, &registered(), at(now));
        assert_eq!(told(&old, &new), expected, "{now}");
        old = new;
    }
    let resolved = registered().then("case-resolved", "2027-11-22 09:00");
    assert_eq!(told(&old, &at_time(&clock, &resolved, at("2027-11-22 09:00"))), ["stopped false"]);
}

#[test]
fn what_came_at_once_after_an_outage_is_told_at_once() {
    let new = at_time(&handling(Length::Days(2)), &registered(), at("2026-12-01 00:00"));
    assert_eq!(told(&[], &new), ["started", "near 1", "near 2", "missed climb 1", "overdue 1 climb 2"]);
}

#[test]
fn another_grade_moves_the_deadline_and_a_later_one_is_missed_anew() {
    let (two, ten) = (handling(Length::Days(2)), handling(Length::Days(10)));
    let missed = at_time(&two, &registered(), at("2026-11-20 00:00"));
    let moved = at_time(&ten, &registered(), at("2026-11-20 00:00"));
    assert_eq!(told(&missed, &moved), ["moved"]);
    let near = at_time(&ten, &registered(), at("2026-11-27 23:59"));
    assert_eq!(told(&moved, &near), ["near 1", "near 2"]);
    let again = at_time(&ten, &registered(), at("2026-11-28 00:00"));
    assert_eq!(told(&near, &again), ["missed climb 1"]);
    assert_eq!(told(&again, &at_time(&two, &registered(), at("2026-11-28 00:00"))), ["moved", "overdue 1 climb 2"]);
}

#[test]
fn restating_a_stopped_run_tells_whether_it_was_on_time_after_all() {
    let case = registered().then("case-resolved", "2026-11-23 09:00");
    let (two, ten) = (handling(Length::Days(2)), handling(Length::Days(10)));
    let late = at_time(&two, &case, at("2026-11-23 09:00"));
    assert_eq!(told(&late, &at_time(&ten, &case, at("2026-11-23 10:00"))), ["moved", "stopped true"]);
}

#[test]
fn a_clock_that_no_longer_applies_stops_once() {
    let old = at_time(&handling(Length::Days(2)), &registered(), at("2026-11-17 09:00"));
    assert_eq!(told(&old, &[]), ["stopped true"]);
    assert_eq!(told(&[], &[]), Vec::<String>::new());
}

#[test]
fn a_row_of_an_older_build_reads_and_tells_nothing_anew() {
    let now = at_time(&handling(Length::Days(2)), &registered(), at("2026-11-21 00:00"));
    let mut row = serde_json::to_value(&now).unwrap();
    let state = row[0].as_object_mut().unwrap();
    assert!(state.remove("started_by").is_some());
    assert!(!state.contains_key("grants") && !state.contains_key("pauses"), "what is empty is not kept");
    for mark in state["marks"].as_array_mut().unwrap() {
        for kind in ["missed", "overdue"] {
            if let Some(what) = mark["what"].get_mut(kind) {
                assert!(what.as_object_mut().unwrap().remove("effects").is_some());
            }
        }
    }
    let older: Vec<ClockState> = serde_json::from_value(row).unwrap();
    assert_eq!(told(&older, &now), Vec::<String>::new());
}

fn paused() -> Clock {
    let condition = regime::Condition::always();
    let (from, until) = (facts("sent-for-testing"), facts("testing-done"));
    let pause = regime::Pause { condition, from, until, cap: Some(Length::Days(10)), cite: "四".to_owned() };
    Clock { paused: vec![pause], suspend: Some(crate::samples::suspend(None)), ..handling(Length::Days(2)) }
}

#[test]
fn a_run_that_stands_still_and_goes_on_says_so_once() {
    let clock = paused();
    let sent = registered().then("sent-for-testing", "2026-11-18 10:00");
    let done = sent.clone().then("testing-done", "2026-11-20 10:00");
    let mut old = at_time(&clock, &registered(), at("2026-11-17 09:00"));
    for (case, now, expected) in [
        (&sent, "2026-11-18 10:00", &["paused"][..]),
        (&sent, "2026-11-19 10:00", &[]),
        (&done, "2026-11-20 10:00", &["moved", "resumed"]),
        (&done, "2026-11-20 11:00", &[]),
    ] {
        let new = at_time(&clock, case, at(now));
        assert_eq!(told(&old, &new), expected, "{now}");
        old = new;
    }
    // The cap lets it go on by itself.
    let still = at_time(&clock, &sent, at("2026-11-18 10:00"));
    assert_eq!(told(&still, &at_time(&clock, &sent, at("2026-11-28 00:00"))), ["moved", "near 1", "resumed"]);
}

#[test]
fn a_pause_that_is_recorded_late_is_told_late_and_its_miss_is_taken_back_by_the_move() {
    let clock = paused();
    let missed = at_time(&clock, &registered(), at("2026-11-20 09:00"));
    assert!(missed[0].is_missed());
    let late = registered().then("sent-for-testing", "2026-11-18 10:00").then("testing-done", "2026-11-19 10:00");
    let new = at_time(&clock, &late, at("2026-11-20 10:00"));
    assert_eq!(told(&missed, &new), ["moved", "paused", "resumed"]);
    assert_eq!(told(&new, &at_time(&clock, &late, at("2026-11-21 00:00"))), ["near 2", "missed climb 1"]);
}

#[test]
fn what_overlaps_is_one_while_and_what_stops_while_still_does_not_go_on() {
    let clock = paused();
    let sent = registered().then("sent-for-testing", "2026-11-18 10:00");
    let old = at_time(&clock, &sent, at("2026-11-18 10:00"));
    let both = sent.clone().suspended("handling", "2026-11-18 12:00", None);
    assert_eq!(told(&old, &at_time(&clock, &both, at("2026-11-18 12:00"))), Vec::<String>::new());
    let one_over = both.clone().then("testing-done", "2026-11-19 10:00");
    let still = at_time(&clock, &one_over, at("2026-11-19 10:00"));
    // What the shorter of both cost is known; the clock stands still all the same.
    assert_eq!(told(&old, &still), ["moved"]);
    let stopped = one_over.then("case-resolved", "2026-11-20 10:00");
    assert_eq!(told(&still, &at_time(&clock, &stopped, at("2026-11-20 10:00"))), ["moved", "stopped true"]);
    // It was recorded by mistake: the run goes on as if it had never stood still.
    assert_eq!(told(&old, &at_time(&clock, &registered(), at("2026-11-18 13:00"))), ["resumed"]);
}

proptest! {
    #[test]
    fn standing_still_and_going_on_alternate_however_often_one_looks(
        mut looks in prop::collection::vec(0_i64..12 * 24 * 60, 0..20), minutes in prop::collection::vec(0_i64..12 * 24 * 60, 0..8),
    ) {
        let start = at("2026-11-17 09:00");
        let clock = Clock { within: handling(Length::Days(300)).within, remind: Vec::new(), ..paused() };
        let mut minutes = minutes;
        minutes.sort_unstable();
        minutes.dedup();
        let words = ["sent-for-testing", "testing-done"];
        let facts: Vec<_> = minutes.iter().zip(words.iter().cycle()).map(|(minute, word)| (start + TimeDelta::minutes(*minute), *word)).collect();
        looks.extend(minutes.iter().copied().chain([12 * 24 * 60]));
        looks.sort_unstable();
        let (mut old, mut heard) = (at_time(&clock, &registered(), start), Vec::new());
        for look in looks.iter().map(|minutes| start + TimeDelta::minutes(*minutes)) {
            let mut case = registered();
            let known = facts.iter().filter(|(at, _)| *at <= look);
            case.0.happened.extend(known.map(|(at, word)| crate::story::Happening::new(word, None, *at)));
            let new = at_time(&clock, &case, look);
            heard.extend(told(&old, &new).into_iter().filter(|word| word != "moved"));
            old = new;
        }
        // A pause that ends the moment it begins is none.
        for (n, word) in heard.iter().enumerate() {
            prop_assert_eq!(word, if n % 2 == 0 { "paused" } else { "resumed" }, "{:?}", heard);
        }
        let pauses = old[0].pauses.iter().filter(|pause| pause.until.is_some()).count() * 2 + old[0].pauses.iter().filter(|pause| pause.until.is_none()).count();
        prop_assert_eq!(heard.len(), pauses);
    }

    #[test]
    fn what_is_told_does_not_depend_on_when_one_looks(
        mut looks in prop::collection::vec(0_i64..20 * 24 * 60, 0..30), stop in 0_i64..20 * 24 * 60, days in 1_u32..8,
    ) {
        let start = at("2026-11-17 09:00");
        let clock = handling(Length::Days(days));
        let resolved_at = start + TimeDelta::minutes(stop);
        let mut resolved = registered();
        resolved.0.happened.push(crate::story::Happening::new("case-resolved", None, resolved_at));
        // What one look at the end tells, and what many looks tell together, the stop being known as it happens.
        let end = at_time(&clock, &resolved, start + TimeDelta::days(30));
        looks.push(stop);
        looks.sort_unstable();
        let (mut old, mut heard) = (Vec::new(), Vec::new());
        for look in looks.iter().map(|minutes| start + TimeDelta::minutes(*minutes)) {
            let open = registered();
            let new = at_time(&clock, if look < resolved_at { &open } else { &resolved }, look);
            heard.extend(told(&old, &new));
            old = serde_json::from_str(&serde_json::to_string(&new).unwrap()).unwrap();
        }
        prop_assert_eq!(heard, told(&[], &end));
        prop_assert_eq!(told(&old, &end), Vec::<String>::new());
    }
}
