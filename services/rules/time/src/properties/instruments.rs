//! What holds of the instruments that people use on clocks, whatever the facts and however they came.

use super::{BRANCH, REGIME, counting, instant, unit};
use crate::derive::derive;
use crate::diff::{Changed, diff};
use crate::explain::explain;
use crate::samples::{at, clock, cn, facts, shanghai, suspend, tier};
use crate::state::ClockState;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use contracts::Fact;
use contracts::{assignment, deadline_watcher as watcher, resolution};
use facts::CaseView;
use proptest::prelude::*;
use regime::{Clock, Condition, Counts, Extend, ExtendBy, Length, Pause};

/// A clock with everything on it.
fn laden(length: Length, counts: Counts) -> Clock {
    let (from, until) = (facts("note-added"), facts("measures-ordered"));
    let pause =
        Pause { condition: Condition::always(), from, until, cap: Some(Length::Days(20)), cite: "四".to_owned() };
    Clock {
        or_after: facts("clock-missed(other)"),
        dropped: vec!["case-returned".parse().unwrap()],
        paused: vec![pause],
        extend: vec![
            Extend { counts, ..tier(ExtendBy::Whole(Length::WorkingDays(3))) },
            Extend { times: None, ..tier(ExtendBy::Date { cap: None }) },
        ],
        suspend: Some(suspend(Some(Length::WorkingDays(10)))),
        ..clock("x", "case-dispatched", "case-resolved", &[length, Length::Set])
    }
}

/// One fact of the case; `n` tells apart what has an id.
fn fact(kind: u8, n: usize, date: NaiveDate) -> Fact {
    let (case_id, clock, id) = ("case_1".to_owned(), "x".to_owned(), n.to_string());
    match kind % 12 {
        0 => Fact::CaseDispatched(assignment::CaseDispatched { case_id, ..Default::default() }),
        1 => Fact::CaseReturned(assignment::CaseReturned { case_id, ..Default::default() }),
        2 => Fact::CaseResolved(resolution::CaseResolved { case_id, ..Default::default() }),
        3 => Fact::NoteAdded(resolution::NoteAdded { case_id, ..Default::default() }),
        4 => Fact::MeasuresOrdered(resolution::MeasuresOrdered { case_id, ..Default::default() }),
        5 | 6 => {
            let (by, extension_id) = ("3 working-days".to_owned(), id);
            Fact::ExtensionGranted(watcher::ExtensionGranted {
                case_id,
                extension_id,
                clock,
                by,
                tier: 1,
                ..Default::default()
            })
        }
        7 => {
            let (until, extension_id) = (date.to_string(), id);
            Fact::ExtensionGranted(watcher::ExtensionGranted {
                case_id,
                extension_id,
                clock,
                until,
                tier: 2,
                ..Default::default()
            })
        }
        8 => {
            let (suspension_id, clocks) = (id, vec![clock]);
            Fact::SuspensionGranted(watcher::SuspensionGranted { case_id, suspension_id, clocks, ..Default::default() })
        }
        9 => Fact::DateSet(watcher::DateSet { case_id, clock, date: date.to_string(), ..Default::default() }),
        10 => Fact::ClockMissed(watcher::ClockMissed { case_id, clock: "other".to_owned(), ..Default::default() }),
        // Ends the suspension before it, if that is one.
        _ => Fact::SuspensionEnded(watcher::SuspensionEnded {
            case_id,
            suspension_id: n.saturating_sub(1).to_string(),
            ..Default::default()
        }),
    }
}

/// Facts at instants of their own, over a few months.
fn course() -> impl Strategy<Value = Vec<(Fact, DateTime<Utc>)>> {
    let one = (0_u8..12, 1_i64..6_000, 0_i64..90);
    prop::collection::vec(one, 1..24).prop_map(|ones| {
        let mut now = at("2026-01-05 09:00");
        let facts = ones.into_iter().enumerate().map(|(n, (kind, minutes, days))| {
            now += TimeDelta::minutes(minutes);
            (fact(kind, n, (now + TimeDelta::days(days)).date_naive()), now)
        });
        let start = (fact(0, 99, NaiveDate::default()), at("2026-01-05 08:00"));
        std::iter::once(start).chain(facts).collect()
    })
}

fn told<'a>(facts: impl IntoIterator<Item = &'a (Fact, DateTime<Utc>)>) -> CaseView {
    let mut view = CaseView::default();
    facts.into_iter().for_each(|(fact, at)| view.apply(fact, *at));
    view
}

fn counts() -> impl Strategy<Value = Counts> {
    prop_oneof![Just(Counts::FromEnd), Just(Counts::FromStart)]
}

proptest! {
    #[test]
    fn a_derivation_with_every_instrument_is_the_same_however_the_facts_came(
        (course, shuffled) in course().prop_flat_map(|course| (Just(course.clone()), Just(course).prop_shuffle())),
        n in 1_u32..40, counts in counts(), now in 0_i64..200_000,
    ) {
        let clock = laden(Length::WorkingDays(n), counts);
        let now = at("2026-01-05 08:00") + TimeDelta::minutes(now);
        let derived = |view: &CaseView| derive(std::slice::from_ref(&clock), &shanghai(cn()), view, now);
        let expected = derived(&told(&course));
        prop_assert_eq!(&derived(&told(&shuffled)), &expected);
        // In two batches, with a look and a store between them.
        let (first, second) = course.split_at(course.len() / 2);
        let mut view: CaseView = serde_json::from_str(&serde_json::to_string(&told(first)).unwrap()).unwrap();
        let _ = derived(&view);
        second.iter().for_each(|(fact, at)| view.apply(fact, *at));
        prop_assert_eq!(&derived(&view), &expected);
        // The state comes back from its row as it went, and accounts for itself.
        for state in &expected {
            let json = serde_json::to_string(state).unwrap();
            prop_assert_eq!(&serde_json::from_str::<ClockState>(&json).unwrap(), state);
            let lines = explain(&REGIME, &shanghai(cn()), state);
            prop_assert!(lines.iter().all(|line| !line.zh.is_empty() && !line.en.is_empty()));
        }
    }

    #[test]
    fn a_run_never_ends_while_it_stands_still_and_a_grant_never_moves_it_forward(
        course in course(), n in 1_u32..40, counts in counts(),
    ) {
        let clock = laden(Length::WorkingDays(n), counts);
        let view = told(&course);
        for state in derive(&[clock], &shanghai(cn()), &view, at("2027-06-01 00:00")) {
            let whiles = state.pauses.iter().filter_map(|pause| Some((pause.from, pause.until?)));
            let dated = state.taken == Length::Set || state.grants.iter().any(|grant| grant.by.is_none());
            for (from, until) in whiles {
                // A day that somebody named while the clock stood still is that day.
                prop_assert!(dated || !(from < state.due.at && state.due.at < until), "{state:#?}");
            }
            let mut before = state.ungranted.unwrap_or(state.due).at;
            for grant in &state.grants {
                prop_assert!(grant.due.at > before, "{state:#?}");
                before = grant.due.at;
            }
            prop_assert_eq!(before, state.due.at);
        }
    }

    #[test]
    fn what_is_given_whole_is_never_less_and_rolls_as_any_period(
        counting in counting(), start in instant(), unit in unit(), n in 1_u32..100, more in 1_u32..40,
    ) {
        let due = counting.due(&unit(n), start, None).unwrap();
        let longer = |more| counting.extended(&due, &unit(more)).unwrap();
        prop_assert!(due.at < longer(more).at && longer(more).at <= longer(more + 1).at);
        if let (Some(last_day), regime::Roll::WeekendsAndHolidays) = (longer(more).last_day, counting.roll) {
            prop_assert!(counting.calendar.is_working_day(last_day));
        }
    }

    #[test]
    fn a_transfer_to_a_unit_with_another_calendar_is_a_move_and_nothing_else(start in instant(), n in 1_u32..60) {
        let clock = clock("x", "case-registered", "case-resolved", &[Length::WorkingDays(n)]);
        let mut case = crate::samples::Sample::default();
        case.0.happened = vec![crate::story::Happening::new("case-registered", None, start)];
        let old = derive(std::slice::from_ref(&clock), &shanghai(cn()), &case, start);
        let new = derive(std::slice::from_ref(&clock), &shanghai(&BRANCH), &case, start);
        let changes: Vec<Changed<'_>> = diff(&old, &new).into_iter().map(|change| change.what).collect();
        let moved = old[0].due.at != new[0].due.at;
        let expected = if moved { vec![Changed::Moved { previous: old[0].due.at }] } else { Vec::new() };
        prop_assert_eq!(changes, expected);
    }
}
