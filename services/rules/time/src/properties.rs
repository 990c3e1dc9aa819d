//! What holds of every period and every derivation, whatever the facts.

mod instruments;

use crate::calendar::{Calendar, DayKind, Layer};
use crate::count::Counting;
use crate::derive::derive;
use crate::explain::explain;
use crate::samples::{self, Sample, at, clock, cn, shanghai};
use crate::story::Matter as _;
use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use facts::{CaseView, Happened};
use proptest::prelude::*;
use regime::{Clock, Condition, Ends, Length, Pause, Regime, Roll};
use std::sync::LazyLock;

/// A branch with hours, a half day and a holiday of its own.
static BRANCH: LazyLock<Calendar> = LazyLock::new(|| {
    let hours = "mon-thu,hours,09:00-12:00 13:30-17:30\nfri,hours,09:00-12:00\nmake-up,hours,10:00-16:00\n";
    let days = "2026-03-20,off,开斋节\n2026-02-14,afternoon-off,除夕\n2027-05-03,off,搬迁\n";
    let branch = Layer::from_csv("branch", &format!("date,kind,name\n{hours}{days}")).unwrap();
    let nation = Layer::from_csv("cn", &packs::calendar("cn").unwrap()).unwrap();
    Calendar::layered("branch", &[&nation, &branch]).unwrap()
});
static REGIME: LazyLock<Regime> = LazyLock::new(|| {
    let pack = packs::demonstration().remove(0);
    Regime::parse(&pack.file, &pack.yaml).unwrap()
});

fn counting() -> impl Strategy<Value = Counting<'static>> {
    let roll = prop_oneof![Just(Roll::WeekendsAndHolidays), Just(Roll::Holidays), Just(Roll::Nowhere)];
    let ends = prop_oneof![Just(Ends::Midnight), Just(Ends::Close)];
    let calendar = prop_oneof![Just(cn()), Just(&*BRANCH)];
    let zone = (0..chrono_tz::TZ_VARIANTS.len()).prop_map(|n| chrono_tz::TZ_VARIANTS[n]);
    let zone = prop_oneof![Just(Tz::Asia__Shanghai), zone];
    (roll, ends, calendar, zone).prop_map(|(roll, ends, calendar, zone)| Counting { calendar, zone, roll, ends })
}

/// Some minute of 2018 to 2028.
fn instant() -> impl Strategy<Value = DateTime<Utc>> {
    (0_i64..10 * 365 * 24 * 60).prop_map(|minutes| at("2018-01-01 00:00") + TimeDelta::minutes(minutes))
}

fn unit() -> impl Strategy<Value = fn(u32) -> Length> {
    prop_oneof![
        Just(Length::WorkingDays as fn(u32) -> Length),
        Just(Length::Days as fn(u32) -> Length),
        Just(Length::Months as fn(u32) -> Length),
        Just(Length::Years as fn(u32) -> Length),
        Just(Length::Hours as fn(u32) -> Length),
        Just(Length::Minutes as fn(u32) -> Length),
    ]
}

/// Whiles by their distance from the start and their length, in minutes; they may overlap and lie before the start.
type Whiles = Vec<(i64, i64)>;

fn whiles() -> impl Strategy<Value = Whiles> {
    prop::collection::vec((-3_000_i64..60_000, 1_i64..30_000), 0..4)
}

fn from(start: DateTime<Utc>, whiles: &Whiles) -> Vec<(DateTime<Utc>, DateTime<Utc>)> {
    let minutes = |n: i64| TimeDelta::minutes(n);
    whiles.iter().map(|(after, long)| (start + minutes(*after), start + minutes(after + long))).collect()
}

/// A clock of this length that testing pauses, and the facts of a case that went through these whiles.
fn tested(length: Length, start: DateTime<Utc>, whiles: &Whiles) -> (Clock, Vec<Happened>) {
    let (begun, done) = (samples::facts("testing-begun"), samples::facts("testing-done"));
    let pause = Pause { condition: Condition::always(), from: begun, until: done, cap: None, cite: "四".to_owned() };
    let clock = Clock { paused: vec![pause], ..clock("handling", "case-registered", "case-resolved", &[length]) };
    let fact = |word: &str, at| Happened::new(word, None, at);
    let mut facts = vec![fact("case-registered", start)];
    for (begun, done) in from(start, whiles) {
        facts.extend([fact("testing-begun", begun), fact("testing-done", done)]);
    }
    (clock, facts)
}

proptest! {
    #[test]
    fn a_longer_period_never_ends_sooner(counting in counting(), start in instant(), unit in unit(), n in 0_u32..300, whiles in whiles()) {
        let whiles = from(start, &whiles);
        let due = |n| counting.due_paused(&unit(n), start, None, &whiles).unwrap();
        prop_assert!(due(n).at <= due(n + 1).at);
    }

    #[test]
    fn a_pause_never_makes_an_end_earlier_and_none_ends_while_it_stands_still(
        counting in counting(), start in instant(), unit in unit(), n in 1_u32..40, whiles in whiles(),
    ) {
        let whiles = from(start, &whiles);
        for length in [unit(n), Length::SameDay] {
            let mut before = counting.due(&length, start, None).unwrap();
            for known in 0..=whiles.len() {
                let due = counting.due_paused(&length, start, None, &whiles[..known]).unwrap();
                prop_assert!(due.at >= before.at, "{:?} then {:?}", before, due);
                let still = whiles[..known].iter().find(|(from, until)| *from < due.at && due.at <= *until && *until > start);
                prop_assert!(still.is_none(), "{:?} in {:?}", due, still);
                before = due;
            }
        }
    }

    #[test]
    fn what_is_added_can_be_taken_away(counting in counting(), start in instant(), n in 1_u32..300) {
        let plain = Counting { roll: Roll::Nowhere, ends: Ends::Midnight, ..counting };
        let zero = crate::day::local(start, plain.zone);
        let back = |length| plain.before(&plain.due(&length, start, None).unwrap(), &length).unwrap();
        prop_assert_eq!(back(Length::Days(n)), crate::day::end_of(zero, plain.zone));
        prop_assert_eq!(back(Length::Hours(n)), start);
        prop_assert_eq!(back(Length::Minutes(n)), start);
        // Days off before the first working day are as far from its end as day zero is.
        let working = back(Length::WorkingDays(n));
        let first = plain.calendar.nth_working_day(zero, 1);
        prop_assert!(crate::day::end_of(zero, plain.zone) <= working && working < crate::day::end_of(first, plain.zone));
    }

    #[test]
    fn no_period_ends_on_a_day_that_the_rule_excludes(
        counting in counting(), start in instant(), unit in unit(), n in 1_u32..300, whiles in whiles(),
    ) {
        let due = counting.due_paused(&unit(n), start, None, &from(start, &whiles)).unwrap();
        let Some(last_day) = due.last_day else { return Ok(()) };
        let kind = counting.calendar.day_kind(last_day).kind;
        match counting.roll {
            Roll::WeekendsAndHolidays => prop_assert!(counting.calendar.is_working_day(last_day)),
            Roll::Holidays => prop_assert!(kind != DayKind::Holiday),
            Roll::Nowhere => prop_assert!(!matches!(unit(n), Length::WorkingDays(_)) || counting.calendar.is_working_day(last_day)),
        }
        // A make-up working day carries nothing onward.
        let is_held = due.rolled_from.is_some_and(|date| counting.calendar.day_kind(date).kind == DayKind::MakeUp);
        prop_assert!(!is_held || !whiles.is_empty());
    }

    #[test]
    fn a_derivation_is_the_same_however_the_facts_came(
        start in instant(), unit in unit(), n in 1_u32..40, whiles in whiles(), seed in any::<u64>(), now in 0_i64..200_000,
    ) {
        let (clock, facts) = tested(unit(n), start, &whiles);
        let mut sorted = facts.clone();
        sorted.sort_by_key(|fact| fact.at);
        prop_assume!(sorted.windows(2).all(|pair| pair[0].at != pair[1].at));
        let now = start + TimeDelta::minutes(now);
        let states = |history: Vec<Happened>| {
            let case = CaseView { history, ..CaseView::default() };
            prop_assert!(case.story().happened.is_sorted_by_key(|fact| fact.at));
            Ok(derive(std::slice::from_ref(&clock), &shanghai(cn()), &case, now))
        };
        let expected = states(sorted)?;
        // In an order of the seed's, and in two batches of which the second was known first.
        let mut shuffled: Vec<_> = facts.iter().cloned().zip(1_u64..).collect();
        shuffled.sort_by_key(|(_, n)| n.wrapping_mul(seed | 1).rotate_left(17));
        prop_assert_eq!(&states(shuffled.into_iter().map(|(fact, _)| fact).collect())?, &expected);
        let (first, second) = facts.split_at(facts.len() / 2);
        prop_assert_eq!(&states([second, first].concat())?, &expected);
    }

    #[test]
    fn the_days_that_an_account_counts_are_as_many_as_the_period_has(
        start in instant(), n in 1_u32..15, is_working in any::<bool>(), whiles in prop::collection::vec((1_i64..9_000, 1_i64..9_000), 0..3),
    ) {
        let length = if is_working { Length::WorkingDays(n) } else { Length::Days(n) };
        let (clock, history) = tested(length, start, &whiles);
        let case = CaseView { history, ..CaseView::default() };
        let state = derive(&[clock], &shanghai(cn()), &case, start + TimeDelta::days(400)).remove(0);
        let lines = explain(&REGIME, &shanghai(cn()), &state);
        let counted = |mark: &str, text: fn(&kit_core::Text) -> &String| {
            lines.iter().filter(|line| text(line).contains(mark)).count()
        };
        prop_assert_eq!(counted("):第 ", |text| &text.zh), n as usize, "{:#?}", lines);
        prop_assert_eq!(counted("): day ", |text| &text.en), n as usize);
    }

    #[test]
    fn time_only_adds_to_what_has_come(start in instant(), unit in unit(), n in 1_u32..40, now in 0_i64..100_000, later in 0_i64..100_000) {
        let case = Sample(crate::story::Story {
            happened: vec![crate::story::Happening::new("case-registered", None, start)],
            ..Default::default()
        });
        let clock = clock("handling", "case-registered", "case-resolved", &[unit(n)]);
        let fired = |minutes| {
            let states = derive(std::slice::from_ref(&clock), &shanghai(cn()), &case, start + TimeDelta::minutes(minutes));
            states[0].marks.iter().map(|mark| mark.is_fired).collect::<Vec<_>>()
        };
        prop_assert!(fired(now).iter().zip(fired(now + later)).all(|(before, after)| after || !before));
    }
}
