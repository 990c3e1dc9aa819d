//! From which fact to which fact: several that start and end a clock, what they are about, days without an instant, and
//! cases that go back.

use super::*;
use crate::derive::derive;
use crate::samples::{Sample, at, clock, cn, facts, shanghai};
use crate::state::Phase;
use regime::{Length, Pause};

/// Each run of the clock: when it started, by what, when and by what it stopped.
fn told(clock: &Clock, case: &Sample) -> Vec<String> {
    let (calendar, zone) = (cn(), Tz::Asia__Shanghai);
    let short = |at: DateTime<Utc>| at.with_timezone(&zone).format("%d %H:%M").to_string();
    let line = |run: &Run<'_>| {
        let stop = run.stopped.map(|stop| {
            let dropped = if stop.is_dropped { " dropped" } else { "" };
            format!(" - {} {}{dropped}", short(stop.at), stop.word)
        });
        format!("{} {}{}", short(run.started_at), run.by, stop.unwrap_or_default())
    };
    runs(clock, &shanghai(calendar), &case.0).iter().map(line).collect()
}

fn ten_days(from: &str, until: &str) -> Clock {
    clock("x", from, until, &[Length::Days(10)])
}

#[test]
fn facts_with_and_without_what_they_are_about_start_and_end_a_clock() {
    // What starts, what ends, what happens on the 2nd and on the 3rd, and the runs of it.
    for (from, until, happens, expected) in [
        ("mediation-ended(agreement)", "case-closed", ["mediation-ended(agreement)", "case-closed"], "02 - 03"),
        ("mediation-ended(agreement)", "case-closed", ["mediation-ended(period-over)", "case-closed"], ""),
        ("mediation-ended", "case-closed", ["mediation-ended(period-over)", "case-closed"], "02 - 03"),
        (
            "ordered(supervision)",
            "order-answered(supervision)",
            ["ordered(supervision)", "order-answered(other)"],
            "02",
        ),
        (
            "ordered(supervision)",
            "order-answered(supervision)",
            ["ordered(supervision)", "order-answered(supervision)"],
            "02 - 03",
        ),
        (
            "approval-asked(decide)",
            "approval-given(decide)",
            ["approval-asked(decide)", "approval-given(decide)"],
            "02 - 03",
        ),
        ("appeal-lodged(first)", "appeal-decided(first)", ["appeal-lodged(second)", "appeal-decided(first)"], ""),
        ("appeal-lodged(first)", "appeal-decided", ["appeal-lodged(first)", "appeal-decided(first)"], "02 - 03"),
        (
            "case-registered",
            "case-accepted, case-referred(time-bar)",
            ["case-registered", "case-referred(other)"],
            "02",
        ),
        (
            "case-registered",
            "case-accepted, case-referred(time-bar)",
            ["case-registered", "case-referred(time-bar)"],
            "02 - 03",
        ),
        ("mediation-ended, penalty-decided", "result-entered", ["penalty-decided", "result-entered"], "02 - 03"),
        ("mediation-ended, penalty-decided", "result-entered", ["mediation-ended(agreement)", "penalty-decided"], "02"),
        ("case-registered, case-reopened(verify)", "case-resolved", ["case-reopened(decide)", "case-resolved"], ""),
        (
            "case-registered, case-reopened(verify)",
            "case-resolved",
            ["case-reopened(verify)", "case-resolved"],
            "02 - 03",
        ),
    ] {
        let case = Sample::default().about(happens[0], "2026-11-02 09:00").about(happens[1], "2026-11-03 09:00");
        let days: Vec<String> = told(&ten_days(from, until), &case)
            .iter()
            .map(|run| {
                let days: Vec<&str> = run.split(" - ").filter_map(|end| end.split(' ').next()).collect();
                days.join(" - ")
            })
            .collect();
        assert_eq!(days.join(", "), expected, "{from} to {until}: {happens:?}");
    }
}

#[test]
fn the_first_of_several_counts_and_the_next_begins_only_after_the_end() {
    let clock = Clock { anew: facts("cases-merged, handler-named"), ..ten_days("a, b", "y, z") };
    let case = Sample::of(&[
        ("b", "2026-11-02 09:00"),
        ("a", "2026-11-03 09:00"),
        ("z", "2026-11-04 09:00"),
        ("y", "2026-11-05 09:00"),
        ("a", "2026-11-06 09:00"),
        ("handler-named", "2026-11-07 09:00"),
        ("cases-merged", "2026-11-08 09:00"),
        ("y", "2026-11-09 09:00"),
    ]);
    let expected = [
        "02 09:00 b - 04 09:00 z",
        "06 09:00 a - 07 09:00 handler-named",
        "07 09:00 handler-named - 08 09:00 cases-merged",
        "08 09:00 cases-merged - 09 09:00 y",
    ];
    assert_eq!(told(&clock, &case), expected);
}

#[test]
fn a_case_that_goes_back_drops_what_a_fact_behind_it_started_and_wakes_nothing_that_had_ended() {
    let first = |case: Sample| {
        case.then("complainant-told", "2026-11-04 09:00").lapsed().about("case-called-back(no)", "2026-11-05 09:00")
    };
    let registered = Sample::of(&[("case-registered", "2026-11-02 09:00")]);
    let round = first(registered.then("case-resolved", "2026-11-03 09:00").lapsed());
    let back = round.about("case-reopened(verify)", "2026-11-05 09:00");
    let again = back.clone().then("case-resolved", "2026-11-08 09:00").then("complainant-told", "2026-11-09 09:00");
    for (from, until, then, later) in [
        // Ended in the first round: it stays ended.
        ("case-registered", "case-resolved", &["02 09:00 case-registered - 03 09:00 case-resolved"][..], &[][..]),
        // What had started with a fact of the first round is dropped, and starts with the same fact of the second.
        (
            "complainant-told",
            "case-archived",
            &["04 09:00 complainant-told - 05 09:00 case-reopened dropped"],
            &["09 09:00 complainant-told"],
        ),
        // It runs on where what started it still counts.
        ("case-registered", "case-archived", &["02 09:00 case-registered"], &[]),
        // It may begin with the new round.
        (
            "case-registered, case-reopened",
            "case-resolved",
            &["02 09:00 case-registered - 03 09:00 case-resolved", "05 09:00 case-reopened"],
            &[],
        ),
        (
            "complainant-told, case-reopened",
            "case-archived",
            &["04 09:00 complainant-told - 05 09:00 case-reopened dropped", "05 09:00 case-reopened"],
            &[],
        ),
    ] {
        let clock = ten_days(from, until);
        assert_eq!(told(&clock, &back), then, "{from}");
        let all = told(&clock, &again);
        let new: Vec<&str> = all.iter().skip(then.len()).map(String::as_str).collect();
        assert_eq!(new, later, "{from}");
    }
}

#[test]
fn a_closed_case_that_is_reopened_runs_again_from_there() {
    let clock = ten_days("case-registered, case-reopened", "case-resolved");
    for ending in
        ["case-closed(answered-at-once)", "case-closed(merged)", "case-closed(referred)", "case-declined(late)"]
    {
        let case = Sample::of(&[("case-registered", "2026-11-02 09:00")]).about(ending, "2026-11-03 09:00").lapsed();
        let word = ending.split('(').next().unwrap();
        let first = format!("02 09:00 case-registered - 03 09:00 {word}");
        assert_eq!(told(&clock, &case), [first.clone()], "{ending}");
        let back = case.about("case-reopened(verify)", "2026-11-05 09:00");
        assert_eq!(told(&clock, &back), [first, "05 09:00 case-reopened".to_owned()], "{ending}");
    }
}

#[test]
fn a_withdrawal_ends_a_case_only_where_the_regime_ends_it() {
    for (withdrawn, runs_on) in
        [("case-withdrawn", false), ("case-withdrawn(decide)", true), ("case-withdrawn(go-on)", true)]
    {
        let case = Sample::of(&[("case-registered", "2026-11-02 09:00")]).about(withdrawn, "2026-11-03 09:00");
        let states =
            derive(&[ten_days("case-registered", "case-resolved")], &shanghai(cn()), &case, at("2026-11-04 09:00"));
        assert_eq!(states[0].phase() == Phase::Running, runs_on, "{withdrawn}");
    }
}

#[test]
fn what_is_known_by_its_day_alone_ends_what_began_on_that_day_and_nothing_that_began_later() {
    let clock = ten_days("case-accepted", "copy-served");
    let accepted = Sample::of(&[("case-accepted", "2026-11-02 09:00")]);
    for (day, expected) in [
        ("2026-11-01", "02 09:00 case-accepted"),
        ("2026-11-02", "02 09:00 case-accepted - 02 09:00 copy-served"),
        ("2026-11-03", "02 09:00 case-accepted - 03 00:00 copy-served"),
    ] {
        assert_eq!(told(&clock, &accepted.clone().on("copy-served", day)), [expected], "{day}");
    }
    // One such fact ends one run.
    let twice = accepted.on("copy-served", "2026-11-02").then("case-accepted", "2026-11-02 15:00");
    assert_eq!(told(&clock, &twice)[1..], ["02 15:00 case-accepted"]);
}

#[test]
fn a_pause_ends_with_any_of_its_facts_and_with_a_case_that_goes_back_behind_it() {
    let pause = Pause {
        condition: regime::Condition::always(),
        from: facts("appraisal-started, hearing-started"),
        until: facts("appraisal-ended, hearing-ended"),
        cap: None,
        cite: "四".to_owned(),
    };
    let clock = Clock { paused: vec![pause], ..ten_days("case-registered", "case-closed") };
    let paused = |case: &Sample| {
        let states = derive(std::slice::from_ref(&clock), &shanghai(cn()), case, at("2026-11-10 09:00"));
        states[0].pauses.iter().map(|pause| (pause.from, pause.until)).collect::<Vec<_>>()
    };
    let start = at("2026-11-03 09:00");
    let case = Sample::of(&[("case-registered", "2026-11-02 09:00"), ("hearing-started", "2026-11-03 09:00")]);
    assert_eq!(paused(&case), [(start, None)]);
    assert_eq!(
        paused(&case.clone().then("hearing-ended", "2026-11-05 09:00")),
        [(start, Some(at("2026-11-05 09:00")))]
    );
    let other = case.clone().about("case-reopened(verify)", "2026-11-05 09:00");
    assert_eq!(paused(&other), [(start, None)], "it was before the stage to which the case went back");
    let back = case.lapsed().about("case-reopened(verify)", "2026-11-05 09:00");
    assert_eq!(paused(&back), [(start, Some(at("2026-11-05 09:00")))]);
}
