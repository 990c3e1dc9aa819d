//! The deadline rows of the texts by their ids (D01–D53 of the company and office rules, E01–E11 of the statutes), as
//! clocks on six occasions whose dates were counted day by day on the notices of the State Council, not by this code.

mod behaviour;
mod periods;

use crate::count::Counting;
use crate::derive::derive;
use crate::samples::{Sample, at, clock, cn, date, shanghai};
use crate::state::{ClockState, Phase};
use chrono::TimeDelta;
use periods::{OCCASIONS, period};
use regime::{Clock, Length};
use std::collections::BTreeSet;

/// An id, the fact it starts on, the fact it stops on, its length. What the text leaves blank has a value for the test.
const ROWS: &[(&str, &str, &str, &str)] = &[
    ("D01", "received", "confirmed", "24 hours"),
    ("D02", "accepted", "reviewed", "3 working-days"),
    ("D03", "dispatched", "investigated", "15 working-days"),
    ("D04", "registered", "transferred", "3 working-days"), // blank in the text
    ("D05", "accepted", "closed", "5 working-days"),        // blank in the text
    ("D06", "accepted", "closed", "10 working-days"),       // blank in the text
    ("D07", "instructed", "handled", "same-day"),
    ("D08", "instructed", "reported", "2 days"),
    ("D09", "received", "fed-back", "5 working-days"),
    ("D10", "appealed", "fed-back", "7 working-days"),
    ("D11", "received", "handed-over", "24 hours"),
    ("D12", "received", "handled", "2 days"),
    ("D13", "received", "handled", "3 days"),
    ("D14", "received", "answered", "2 days"),
    ("D15", "received", "resolved", "10 days"),
    ("D16", "received", "resolved", "1 month"),
    ("D17", "handled", "form-returned", "same-day"),
    ("D18", "form-returned", "told", "same-day"),
    ("D20", "received", "replied", "24 hours"),
    ("D21", "investigated", "fed-back", "7 working-days"),
    ("D22", "received", "decided", "3 working-days"),
    ("D23", "received", "decided", "7 working-days"),
    ("D24", "accepted", "copy-sent", "7 working-days"),
    ("D25", "copy-received", "defence-received", "15 working-days"),
    ("D26", "defence-received", "investigated", "15 working-days"),
    ("D27", "decided", "told", "7 working-days"),
    ("D28", "received", "recorded", "24 hours"),
    ("D29", "verified", "reported", "3 working-days"), // prescribed elsewhere
    ("D30", "received", "told", "1 working-day"),
    ("D31", "accepted", "told", "7 working-days"),
    ("D32", "received", "told", "30 days"),
    ("D33", "handled", "reported", "15 days"),
    ("D34", "received", "investigated", "24 hours"),
    ("D35", "received", "told", "48 hours"), // the literal reading: from receipt
    ("D36", "accepted", "confirmed", "24 hours"),
    ("D37", "accepted", "answered", "7 working-days"),
    ("D38", "received", "responded", "24 hours"),
    ("D39", "received", "handled", "5 working-days"),
    ("D40", "instructed", "arrived", "30 minutes"), // blank in the text
    ("D41", "instructed", "arrived", "30 minutes"), // blank in the text
    ("D44", "accepted", "solved", "same-day"),
    ("D45", "accepted", "solved", "5 working-days"),  // blank in the text
    ("D46", "received", "replied", "3 working-days"), // prescribed elsewhere
    ("D47", "step-begun", "step-ended", "1 working-day"), // prescribed elsewhere, for each step
    ("D48", "notified", "told", "60 days"),           // stated in each notice
    ("E01", "received", "told", "7 working-days"),
    ("E02", "accepted", "mediated", "45 working-days"),
    ("E03", "accepted", "mediated", "60 days"),
    ("E04", "terminated", "told", "7 working-days"),
    ("E05", "discovered", "verified", "15 working-days"),
    ("E06", "received", "filing-decided", "15 working-days"),
    ("E07", "filing-decided", "told", "5 working-days"),
    ("E08", "disputed", "agreed", "7 working-days"),
    ("E09", "received", "filing-decided", "15 working-days"),
    ("E11", "filed", "penalised", "90 days"),
];

/// Rows that are told by a test of their own, because a length alone does not tell them: in `rows/`, `term/tests.rs`
/// and `duty/tests.rs`, by their ids.
const OTHERWISE: &[&str] = &["D19", "D42", "D43", "D50", "D51", "D52", "D53", "E10"];

/// Rows that cannot be told, and why.
const NOT_YET: &[(&str, &str)] = &[("D49", "the text states neither start nor stop nor length")];

/// Rows of which something cannot be told, and why.
const PARTLY: &[(&str, &str)] = &[
    ("D42", "the text has no number; the pack must set one for the warning"),
    ("D43", "as D42"),
    ("D53", "the lengths are the statutes' own rows; what is told here is the supervision that follows a miss"),
];

fn counting() -> Counting<'static> {
    shanghai(cn())
}

fn row(id: &str) -> Clock {
    let (_, from, until, length) = ROWS.iter().find(|(known, ..)| *known == id).unwrap();
    clock(id, from, until, &[length.parse().unwrap()])
}

/// The one run of a clock.
fn run(clock: &Clock, case: &Sample, now: &str) -> ClockState {
    let mut states = derive(std::slice::from_ref(clock), &counting(), case, at(now));
    assert_eq!(states.len(), 1, "{}", clock.name);
    states.remove(0)
}

#[test]
fn every_row_is_told_or_stands_among_those_that_are_not_yet() {
    let ids = (1..=53).map(|n| format!("D{n:02}")).chain((1..=11).map(|n| format!("E{n:02}")));
    let told: Vec<&str> = ROWS.iter().map(|row| row.0).chain(OTHERWISE.iter().copied()).collect();
    let all: Vec<&str> = told.iter().copied().chain(NOT_YET.iter().map(|row| row.0)).collect();
    let known: BTreeSet<&str> = all.iter().copied().collect();
    assert_eq!(known.len(), all.len(), "a row stands here twice");
    assert_eq!(known, ids.collect::<Vec<_>>().iter().map(String::as_str).collect());
    assert!(PARTLY.iter().all(|(id, why)| told.contains(id) && !why.is_empty()));
}

#[test]
fn every_row_ends_on_its_day_on_all_six_occasions_and_not_a_moment_later() {
    for (id, from, until, length) in ROWS {
        let clock = row(id);
        for (occasion, start) in OCCASIONS.iter().enumerate() {
            let case = Sample::of(&[(*from, *start)]);
            let due = period(length, occasion);
            let minute = TimeDelta::minutes(1);
            let phase = |now| derive(std::slice::from_ref(&clock), &counting(), &case, now)[0].phase();
            assert_eq!(run(&clock, &case, start).due.at, due, "{id} from {start}");
            assert_eq!((phase(due - minute), phase(due)), (Phase::Running, Phase::Missed), "{id} from {start}");
            let stopped = |when| {
                let mut case = case.clone();
                case.0.happened.push(crate::story::Happening::new(until, None, when));
                derive(std::slice::from_ref(&clock), &counting(), &case, due)[0].stopped.clone().unwrap().is_on_time
            };
            assert!(stopped(due - minute) && !stopped(due), "{id} from {start}");
        }
    }
}
