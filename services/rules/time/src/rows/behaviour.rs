//! What rows do beside their length: dates asked for, chains, extensions, pauses, exclusions, office hours.

use super::periods::midnight_after;
use super::*;
use crate::samples::{facts, tier};
use crate::state::What;
use regime::{Assessed, Effect, Extend, ExtendBy, FactRef, Office, Pause, Term};

fn paused(id: &str, from: &str, until: &str) -> Clock {
    let pause = Pause {
        condition: regime::Condition::always(),
        from: facts(from),
        until: facts(until),
        cap: None,
        cite: id.to_owned(),
    };
    Clock { paused: vec![pause], ..row(id) }
}

/// The last day with a tier of more time granted whole, on each occasion.
fn extended(id: &str, by: Length) -> Vec<String> {
    let clock = Clock { extend: vec![tier(ExtendBy::Whole(by))], ..row(id) };
    let of = |start: &&str| {
        let case = Sample::of(&[(row(id).from[0].word.clone().leak(), *start)]);
        run(&clock, &case.more(id.to_owned().leak(), by, 1, start), start).due.last_day.unwrap().to_string()
    };
    OCCASIONS.iter().map(of).collect()
}

/// What the misses of a clock that is never stopped bring about.
fn brought(clock: &Clock, start: &str, now: &str) -> Vec<Effect> {
    let case = Sample::of(&[(clock.from[0].word.clone().leak(), start)]);
    let fired = run(clock, &case, now).marks.into_iter().filter(|mark| mark.is_fired);
    let effects = |what| match what {
        What::Missed { effects, .. } | What::Overdue { effects, .. } => effects,
        What::Near { .. } => Vec::new(),
    };
    fired.flat_map(|mark| effects(mark.what)).collect()
}

/// The row, with what its miss brings about at once.
fn failing(id: &str, effect: Effect) -> Clock {
    let mut clock = row(id);
    clock.missed[0].effects = vec![effect];
    clock
}

#[test]
fn d07_an_unfinished_task_is_assessed_and_evasion_twice_as_much() {
    let assess = Effect::Assess { ledger: "performance".to_owned(), points: 2, against: Assessed::Handler };
    let clock = failing("D07", assess.clone());
    assert_eq!(brought(&clock, "2026-11-17 09:30", "2026-11-17 23:59"), []);
    assert_eq!(brought(&clock, "2026-11-17 09:30", "2026-11-18 00:00"), [assess]);
}

#[test]
fn d48_the_length_that_a_notice_states_is_a_date_set_for_the_case() {
    let mut clock = row("D48");
    clock.within[0].take.push(Length::Set);
    let case = Sample::of(&[("notified", "2026-11-17 09:30")]).dated("D48", "2026-12-20", "2026-11-17 09:30");
    assert_eq!(run(&clock, &case, "2026-11-18 00:00").due.at, midnight_after("2026-12-20"));
}

#[test]
fn d53_late_feedback_is_supervised_from_above() {
    let order = Effect::Order("city-supervision".to_owned());
    assert_eq!(brought(&failing("E06", order.clone()), "2026-11-17 09:30", "2026-12-09 00:00"), [order]);
}

#[test]
fn e02_e03_e08_a_period_without_agreement_ends_in_a_step() {
    for (id, step, missed) in [
        ("E02", "mediation-terminated", "2027-01-20 00:00"),
        ("E03", "mediation-terminated", "2027-01-19 00:00"),
        ("E08", "superior-designates", "2026-11-27 00:00"),
    ] {
        let effect = Effect::Do(FactRef::new(step));
        let clock = failing(id, effect.clone());
        let before = at(missed) - TimeDelta::minutes(1);
        let case = Sample::of(&[(clock.from[0].word.clone().leak(), "2026-11-17 09:30")]);
        assert_eq!(run(&clock, &case, missed).due.at, at(missed), "{id}");
        assert!(!derive(std::slice::from_ref(&clock), &counting(), &case, before)[0].is_missed(), "{id}");
        assert_eq!(brought(&clock, "2026-11-17 09:30", missed), [effect], "{id}");
    }
}

#[test]
fn e11_thirty_days_by_the_head_and_then_a_date_by_collective_decision() {
    let collective = Extend { times: None, ..tier(ExtendBy::Date { cap: None }) };
    let clock = Clock { extend: vec![tier(ExtendBy::Whole(Length::Days(30))), collective], ..row("E11") };
    // Ninety days from 11-17 end on 02-15, inside the festival of 2027, of which nobody has announced anything yet.
    let case = Sample::of(&[("filed", "2026-11-17 09:30")]);
    let head = case.more("E11", Length::Days(30), 1, "2027-02-10 09:00");
    assert_eq!(run(&clock, &head, "2027-02-10 10:00").due.at, midnight_after("2027-03-17"));
    let meeting = head.granted("E11", "2027-06-30", "2027-03-15 09:00");
    let state = run(&clock, &meeting, "2027-03-15 10:00");
    assert_eq!((state.due.at, state.grants.len()), (midnight_after("2027-06-30"), 2));
}

#[test]
fn d05_d06_a_new_limit_is_promised_without_a_maximum() {
    for id in ["D05", "D06"] {
        let case = Sample::of(&[("accepted", "2026-11-17 09:30")]).granted(
            id.to_owned().leak(),
            "2027-06-30",
            "2026-11-20 09:00",
        );
        assert_eq!(run(&row(id), &case, "2026-11-21 00:00").due.at, midnight_after("2027-06-30"), "{id}");
    }
}

#[test]
fn d12_two_days_or_the_period_that_the_resident_asks_for() {
    let mut clock = row("D12");
    clock.within[0].take.push(Length::Asked);
    let mut case = Sample::of(&[("received", "2026-09-29 09:30")]);
    assert_eq!(run(&clock, &case, "2026-09-29 10:00").due.at, midnight_after("2026-10-08"));
    case.0.asked_by = Some(date("2026-10-06"));
    assert_eq!(run(&clock, &case, "2026-09-29 10:00").due.at, midnight_after("2026-10-06"));
}

#[test]
fn d15_passing_ten_days_warns_and_is_no_breach() {
    let clock = Clock { advisory: true, ..row("D15") };
    let case = Sample::of(&[("received", "2026-11-17 09:30")]);
    assert!(run(&clock, &case, "2026-12-01 00:00").is_advisory);
}

#[test]
fn d25_d26_a_respondent_who_never_answers_misses_and_starts_no_investigation() {
    let mut case = Sample::of(&[("copy-received", "2026-09-29 09:30")]);
    let both = |case: &Sample, now: &str| derive(&[row("D25"), row("D26")], &counting(), case, at(now));
    let silent = both(&case, "2027-06-01 00:00");
    assert_eq!((silent.len(), silent[0].phase()), (1, Phase::Missed));
    case = case.then("defence-received", "2026-10-10 17:00");
    let answered = both(&case, "2026-10-10 17:00");
    assert!(answered[0].stopped.as_ref().unwrap().is_on_time);
    assert_eq!(answered[1].due.at, midnight_after("2026-10-30"));
}

#[test]
fn d31_d32_e05_e06_e11_an_extension_goes_on_from_the_last_day() {
    let ten = ["2026-12-01", "2026-03-04", "2026-10-19", "2026-02-13", "2026-01-15", "2024-03-14"];
    assert_eq!(extended("D31", Length::WorkingDays(3)), ten);
    let thirty = ["2026-12-29", "2026-04-01", "2026-11-16", "2026-03-19", "2026-02-12", "2024-04-12"];
    assert_eq!(extended("E05", Length::WorkingDays(15)), thirty);
    assert_eq!(extended("E06", Length::WorkingDays(15)), thirty);
    // Thirty days after a last day that had rolled; the last of them is a Labour Day of 2024.
    let sixty = ["2027-01-18", "2026-04-15", "2026-11-30", "2026-04-01", "2026-03-02", "2024-05-06"];
    assert_eq!(extended("D32", Length::Days(30)), sixty);
    let penalty = ["2027-03-17", "2026-06-12", "2027-01-27", "2026-06-01", "2026-04-30", "2024-06-28"];
    assert_eq!(extended("E11", Length::Days(30)), penalty);
}

#[test]
fn d41_d42_d43_a_number_in_office_hours_and_a_warning_outside_of_them() {
    let mut clock = row("D41");
    let soft = |during: &[Office], take| Term {
        during: during.to_vec(),
        take: vec![take],
        advisory: true,
        ..row("D41").within[0].clone()
    };
    clock.within[0].during = vec![Office::Open];
    clock.within.push(soft(&[Office::Break, Office::DayOff, Office::Closed], Length::Hours(2)));
    let branch = "date,kind,name\nmon-fri,hours,08:30-12:00 14:00-18:00\n";
    let layers = [("cn", packs::calendar("cn").unwrap()), ("branch", branch.to_owned())];
    let layers = layers.map(|(id, text)| crate::calendar::Layer::from_csv(id, &text).unwrap());
    let calendar = crate::calendar::Calendar::layered("branch", &[&layers[0], &layers[1]]).unwrap();
    let taken = |when: &str| {
        let case = Sample::of(&[("instructed", when)]);
        let state = derive(std::slice::from_ref(&clock), &shanghai(&calendar), &case, at(when)).remove(0);
        (state.taken, state.is_advisory)
    };
    assert_eq!(taken("2026-11-17 09:30"), (Length::Minutes(30), false));
    assert_eq!(taken("2026-10-10 09:30"), (Length::Minutes(30), false));
    for off in ["2026-11-17 12:30", "2026-11-17 20:00", "2026-11-21 09:30", "2026-10-01 09:30"] {
        assert_eq!(taken(off), (Length::Hours(2), true), "{off}");
    }
}

#[test]
fn d44_d45_the_same_day_where_it_can_be_and_nothing_for_what_is_excluded() {
    let case = Sample::of(&[("accepted", "2026-11-17 09:30")]);
    let at_once = Clock { advisory: true, ..row("D44") };
    let states = derive(&[at_once, row("D45")], &counting(), &case, at("2026-11-18 00:00"));
    let told: Vec<_> = states.iter().map(|state| (state.phase(), state.is_advisory)).collect();
    assert_eq!(told, [(Phase::Missed, true), (Phase::Running, false)]);
    // A case that is opened for investigation has no term, so no clock.
    let excluded = Clock { within: Vec::new(), ..row("D45") };
    assert!(derive(&[excluded], &counting(), &case, at("2026-11-18 00:00")).is_empty());
}

#[test]
fn e02_e03_e06_e11_testing_is_not_counted() {
    // Accepted on 02-12, tested from Friday 02-13 to Friday 02-27: of the working days 02-13, 02-14, 02-24, 02-25 and
    // 02-26 are lost, of the days fourteen.
    let table = [
        ("E02", "accepted", "2026-04-30"),
        ("E06", "received", "2026-03-18"),
        ("E11", "filed", "2026-05-27"),
        ("E03", "accepted", "2026-04-27"),
    ];
    for (id, from, last_day) in table {
        let case = Sample::of(&[
            (from, "2026-02-12 09:30"),
            ("testing-begun", "2026-02-13 10:00"),
            ("testing-done", "2026-02-27 16:00"),
        ]);
        let state = run(&paused(id, "testing-begun", "testing-done"), &case, "2026-02-28 00:00");
        assert_eq!(state.due.at, midnight_after(last_day), "{id}");
    }
}

#[test]
fn e09_a_merged_report_counts_the_period_anew() {
    let clock = Clock { anew: facts("report-merged"), ..row("E09") };
    let case = Sample::of(&[("received", "2026-02-12 09:30"), ("report-merged", "2026-02-26 15:00")]);
    let states = derive(&[clock], &counting(), &case, at("2026-03-01 00:00"));
    assert_eq!(states.len(), 2);
    assert_eq!((states[0].phase(), states[0].stopped.as_ref().unwrap().is_on_time), (Phase::Stopped, true));
    // 02-27, Saturday 02-28, then five a week.
    assert_eq!((states[1].run, states[1].due.at), (2, midnight_after("2026-03-18")));
}
