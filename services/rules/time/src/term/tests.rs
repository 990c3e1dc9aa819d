//! Instruments told by hand: more time in tiers, dates set for a case, suspensions, outside parties, returns.

use crate::derive::derive;
use crate::explain::explain;
use crate::samples::{Sample, at, clock, cn, date, facts, shanghai, suspend, tier};
use crate::state::{ClockState, Phase, What};
use regime::{Clock, Counts, Effect, Extend, ExtendBy, FactRef, Length, Pause, Regime};

fn one(clock: &Clock, case: &Sample, now: &str) -> ClockState {
    let mut states = derive(std::slice::from_ref(clock), &shanghai(cn()), case, at(now));
    assert_eq!(states.len(), 1, "{states:?}");
    states.remove(0)
}

fn last_day(clock: &Clock, case: &Sample) -> String {
    one(clock, case, "2026-11-18 00:00").due.last_day.unwrap().to_string()
}

fn investigation() -> Clock {
    let whole = |by| tier(ExtendBy::Whole(by));
    let date = Extend { times: None, ..tier(ExtendBy::Date { cap: None }) };
    Clock {
        extend: vec![whole(Length::WorkingDays(3)), whole(Length::Days(30)), date],
        ..clock("result", "case-accepted", "complainant-told", &[Length::WorkingDays(7)])
    }
}

fn accepted() -> Sample {
    Sample::of(&[("case-accepted", "2026-11-17 09:00")])
}

#[test]
fn more_time_goes_on_from_the_end_in_the_order_in_which_it_was_granted() {
    let clock = investigation();
    assert_eq!(last_day(&clock, &accepted()), "2026-11-26");
    let first = accepted().more("result", Length::WorkingDays(3), 1, "2026-11-25 10:00");
    assert_eq!(last_day(&clock, &first), "2026-12-01");
    // Thirty days after the 1st of December are New Year's Eve, which is worked.
    let second = first.clone().more("result", Length::Days(30), 2, "2026-11-30 10:00");
    assert_eq!(last_day(&clock, &second), "2026-12-31");
    let third = second.clone().granted("result", "2027-03-06", "2026-12-30 10:00");
    let state = one(&clock, &third, "2026-12-30 11:00");
    // A day that was decided is no period: it stays the Saturday that it is.
    assert_eq!(state.due.last_day, Some(date("2027-03-06")));
    assert_eq!(state.ungranted.unwrap().last_day, Some(date("2026-11-26")));
    let ends: Vec<_> = state.grants.iter().map(|grant| (grant.tier, grant.due.last_day.unwrap().to_string())).collect();
    assert_eq!(ends, [(1, "2026-12-01".to_owned()), (2, "2026-12-31".to_owned()), (0, "2027-03-06".to_owned())]);
}

#[test]
fn what_counts_from_the_start_is_one_period_and_rolls_once() {
    let mut clock = clock("decision", "case-accepted", "complainant-told", &[Length::Days(30)]);
    clock.extend = vec![tier(ExtendBy::Whole(Length::Days(30)))];
    let case = Sample::of(&[("case-accepted", "2026-01-22 09:00")]);
    // Thirty days end on Saturday 02-21, which rolls to the end of the festival, Tuesday 02-24.
    assert_eq!(last_day(&clock, &case), "2026-02-24");
    let longer = case.more("decision", Length::Days(30), 1, "2026-02-20 09:00");
    assert_eq!(last_day(&clock, &longer), "2026-03-26");
    clock.extend[0].counts = Counts::FromStart;
    assert_eq!(last_day(&clock, &longer), "2026-03-23");
}

#[test]
fn an_extension_is_counted_around_pauses_and_belongs_to_the_run_in_which_it_was_granted() {
    let mut clock = investigation();
    let condition = regime::Condition::always();
    let (from, until) = (facts("sent-for-testing"), facts("testing-done"));
    clock.paused = vec![Pause { condition, from, until, cap: None, cite: "四".to_owned() }];
    let longer = accepted().more("result", Length::WorkingDays(3), 1, "2026-11-25 10:00");
    // Two working days lost in the second stretch: 11-27 and 11-30.
    let tested = longer.then("sent-for-testing", "2026-11-27 10:00").then("testing-done", "2026-12-01 10:00");
    assert_eq!(one(&clock, &tested, "2026-12-01 11:00").due.last_day, Some(date("2026-12-03")));
    let told = tested.then("complainant-told", "2026-12-02 09:00").then("case-accepted", "2026-12-03 09:00");
    let states = derive(&[clock], &shanghai(cn()), &told, at("2026-12-03 10:00"));
    assert_eq!((states.len(), states[1].grants.len()), (2, 0));
    assert!(states[0].stopped.as_ref().unwrap().is_on_time);
}

#[test]
fn hours_that_are_given_go_on_from_the_instant() {
    let mut clock = clock("confirm", "case-accepted", "complainant-told", &[Length::Hours(24)]);
    clock.extend = vec![tier(ExtendBy::Whole(Length::Hours(12)))];
    let longer = accepted().more("confirm", Length::Hours(12), 1, "2026-11-17 20:00");
    assert_eq!(one(&clock, &longer, "2026-11-17 21:00").due.at, at("2026-11-18 21:00"));
}

#[test]
fn d50_d51_d52_a_date_that_is_set_starts_moves_and_ends_its_clock() {
    let promised = clock("promised", "date-set(promised)", "complainant-answered", &[Length::Set]);
    let happened = |day: &str, when: &str, case: Sample| {
        let mut case = case.dated("promised", day, when);
        case.0.happened.push(crate::Happening::new("date-set", Some("promised"), at(when)));
        case
    };
    let none = derive(std::slice::from_ref(&promised), &shanghai(cn()), &accepted(), at("2026-12-01 00:00"));
    assert!(none.is_empty());
    let first = happened("2026-11-21", "2026-11-17 10:00", accepted());
    assert_eq!(last_day(&promised, &first), "2026-11-21");
    let again = happened("2026-11-30", "2026-11-19 10:00", first);
    let moved = one(&promised, &again, "2026-11-19 10:00");
    assert_eq!((moved.run, moved.due.last_day), (1, Some(date("2026-11-30"))));
    let missed = one(&promised, &again, "2026-12-01 00:00");
    assert_eq!(missed.phase(), Phase::Missed);
    // Answered, and promised once more: another run with a date of its own.
    let answered = again.then("complainant-answered", "2026-12-01 09:00");
    let anew = happened("2026-12-10", "2026-12-02 09:00", answered);
    let states = derive(&[promised], &shanghai(cn()), &anew, at("2026-12-02 10:00"));
    let days: Vec<_> = states.iter().map(|state| state.due.last_day.unwrap().to_string()).collect();
    assert_eq!(days, ["2026-11-30", "2026-12-10"]);
}

#[test]
fn a_date_that_was_set_governs_beside_a_length_and_may_be_set_before_the_start() {
    let clock = clock("opinion", "case-accepted", "complainant-told", &[Length::WorkingDays(5), Length::Set]);
    assert_eq!(last_day(&clock, &accepted()), "2026-11-24");
    assert_eq!(last_day(&clock, &accepted().dated("opinion", "2026-11-20", "2026-11-16 09:00")), "2026-11-20");
    assert_eq!(last_day(&clock, &accepted().dated("opinion", "2026-12-04", "2026-11-18 09:00")), "2026-12-04");
    // A date before the start cannot be kept; the day of the start is the earliest that can.
    assert_eq!(last_day(&clock, &accepted().dated("opinion", "2026-11-02", "2026-11-16 09:00")), "2026-11-17");
    assert_eq!(last_day(&clock, &accepted().dated("another", "2026-12-04", "2026-11-18 09:00")), "2026-11-24");
}

#[test]
fn e10_three_years_from_the_day_on_which_the_complainant_knew() {
    let mut bar = clock("time-bar", "date-set(time-bar)", "case-registered", &[Length::Years(3)]);
    bar.is_from_date = true;
    let case =
        |knew: &str| Sample::of(&[("case-registered", "2026-03-02 09:00")]).dated("time-bar", knew, "2026-03-03 10:00");
    let kept = one(&bar, &case("2023-03-02"), "2026-03-03 10:00");
    assert_eq!((kept.started_at, kept.due.last_day), (at("2023-03-02 00:00"), Some(date("2026-03-02"))));
    assert!(kept.stopped.unwrap().is_on_time);
    let barred = one(&bar, &case("2023-02-27"), "2026-03-03 10:00");
    // 2026-02-27 is a Friday; the complaint came on the Monday.
    assert!(barred.is_missed() && !barred.stopped.unwrap().is_on_time);
    let corrected = case("2023-02-27").dated("time-bar", "2023-06-01", "2026-03-04 10:00");
    assert!(one(&bar, &corrected, "2026-03-04 10:00").stopped.unwrap().is_on_time);
    let unknown = Sample::of(&[("case-registered", "2026-03-02 09:00")]);
    assert!(derive(&[bar], &shanghai(cn()), &unknown, at("2026-03-03 10:00")).is_empty());
}

#[test]
fn a_suspension_stands_still_at_somebodys_word_until_it_ends_or_its_cap() {
    let mut clock = clock("handling", "case-accepted", "case-resolved", &[Length::WorkingDays(3)]);
    let still = accepted().suspended("handling", "2026-11-18 10:00", None);
    let unmoved = one(&clock, &still, "2026-12-18 10:00");
    assert_eq!(unmoved.phase(), Phase::Missed, "a clock that may not be suspended does not hear of it");
    clock.suspend = Some(suspend(Some(Length::WorkingDays(5))));
    let state = one(&clock, &still, "2026-11-20 10:00");
    assert_eq!((state.phase(), state.next_change()), (Phase::Paused, Some(at("2026-11-25 00:00"))));
    assert!(state.pauses[0].is_suspension && state.pauses[0].cite == "五");
    assert_eq!(one(&clock, &still, "2026-12-18 10:00").due.last_day, Some(date("2026-11-27")));
    let ended = accepted().suspended("handling", "2026-11-18 10:00", Some("2026-11-20 10:00"));
    assert_eq!(last_day(&clock, &ended), "2026-11-24");
    let mut dated = accepted().suspended("handling", "2026-11-18 10:00", None);
    dated.0.suspended[0].last_day = Some(date("2026-11-19"));
    assert_eq!(one(&clock, &dated, "2026-11-20 00:00").due.last_day, Some(date("2026-11-24")));
    assert_eq!(last_day(&clock, &accepted().suspended("another", "2026-11-18 10:00", None)), "2026-11-20");
}

#[test]
fn d26_what_happens_when_the_outside_party_never_answers_is_a_choice() {
    let mut investigate = clock("investigate", "defence-received", "investigated", &[Length::WorkingDays(15)]);
    let missed = |mut case: Sample| {
        case.0.happened.push(crate::Happening::new("clock-missed", Some("defence"), at("2026-11-20 00:00")));
        case
    };
    let states = |clock: &Clock, case: &Sample| {
        derive(std::slice::from_ref(clock), &shanghai(cn()), case, at("2026-11-25 00:00"))
    };
    assert!(states(&investigate, &missed(accepted())).is_empty());
    investigate.or_after = facts("clock-missed(defence)");
    let silent = states(&investigate, &missed(accepted())).remove(0);
    assert_eq!((silent.started_at, silent.started_by.as_str()), (at("2026-11-20 00:00"), "clock-missed"));
    // It was over at 24:00 of Thursday, which is not counted: Friday is the first of fifteen working days.
    assert_eq!(silent.due.last_day, Some(date("2026-12-10")));
    // Who answers late changes nothing of what has begun; who answered in time is not asked twice.
    let late = missed(accepted()).then("defence-received", "2026-11-23 09:00");
    assert_eq!(states(&investigate, &late)[0].started_at, at("2026-11-20 00:00"));
    let mut answered = accepted().then("defence-received", "2026-11-18 09:00").then("investigated", "2026-11-19 09:00");
    answered = missed(answered);
    assert_eq!(states(&investigate, &answered).len(), 1);
}

#[test]
fn a_return_ends_a_run_and_is_told_apart_from_keeping_it() {
    let mut handle = clock("handle", "case-dispatched", "case-resolved", &[Length::Days(2)]);
    handle.dropped = vec!["case-returned".parse().unwrap()];
    let case = Sample::of(&[
        ("case-dispatched", "2026-11-17 09:00"),
        ("case-returned", "2026-11-18 09:00"),
        ("case-dispatched", "2026-11-18 15:00"),
        ("case-resolved", "2026-11-19 15:00"),
    ]);
    let states = derive(&[handle], &shanghai(cn()), &case, at("2026-11-19 16:00"));
    let told: Vec<_> =
        states.iter().map(|s| s.stopped.as_ref().map(|stop| (stop.word.as_str(), stop.is_dropped))).collect();
    assert_eq!(told, [Some(("case-returned", true)), Some(("case-resolved", false))]);
    assert_eq!(states[1].due.last_day, Some(date("2026-11-20")));
}

#[test]
fn a_miss_says_what_it_brings_about() {
    let mut mediate = clock("mediate", "case-accepted", "mediated", &[Length::WorkingDays(45)]);
    mediate.missed[0].effects = vec![Effect::Do(FactRef::about("mediation-ended", "period-over"))];
    mediate.missed[1].effects = vec![Effect::Order("supervision".to_owned())];
    let state = one(&mediate, &accepted(), "2027-03-01 00:00");
    let effects = |mark: &crate::Mark| match &mark.what {
        What::Missed { effects, .. } | What::Overdue { effects, .. } => effects.clone(),
        What::Near { .. } => Vec::new(),
    };
    let brought: Vec<Effect> = state.marks.iter().filter(|mark| mark.is_fired).flat_map(effects).collect();
    assert_eq!(brought, [mediate.missed[0].effects.clone(), mediate.missed[1].effects.clone()].concat());
}

#[test]
fn an_account_names_the_clause_of_every_instrument() {
    let pack = packs::demonstration().remove(0);
    let mut regime = Regime::parse(&pack.file, &pack.yaml).unwrap();
    let mut clock = investigation();
    clock.or_after = facts("clock-missed(defence)");
    clock.from = facts("defence-received");
    clock.suspend = Some(suspend(None));
    let against = regime::Assessed::Unit;
    clock.missed[0].effects = vec![Effect::Assess { ledger: "lateness".to_owned(), points: 2, against }];
    clock.missed[0].cite = "九".to_owned();
    clock.extend[0].ground = Some(kit_core::Text::new("情况复杂", "a complex matter"));
    regime.clocks = vec![clock.clone()];
    let mut case = Sample::default();
    case.0.happened = vec![crate::Happening::new("clock-missed", Some("defence"), at("2026-11-17 00:00"))];
    let case = case
        .suspended("result", "2026-11-18 10:00", Some("2026-11-20 10:00"))
        .more("result", Length::WorkingDays(3), 1, "2026-11-25 10:00")
        .granted("result", "2026-12-11", "2026-11-26 10:00");
    let state = one(&clock, &case, "2026-12-14 00:00");
    let lines = explain(&regime, &shanghai(cn()), &state);
    let zh: Vec<&str> = lines.iter().map(|line| line.zh.as_str()).collect();
    let has = |part: &str| assert!(zh.iter().any(|line| line.contains(part)), "{part}: {zh:#?}");
    has("起算:2026-11-17 00:00,超期,“defence-received”至此未发生，自此起算(条款 三)");
    has("挂账:2026-11-18 10:00 至 2026-11-20 10:00,其间不计入期限(条款 五)");
    has("2026-11-25 10:00 批准延期 3 个工作日,自原期限届满起计算，至:2026-12-02 24:00(情况复杂)(条款 四)");
    has("经批准延期至:2026-12-11 24:00");
    has("超期:考核承办单位，记 2 分（lateness）(条款 九)");
    assert!(lines.iter().all(|line| !line.en.is_empty() && !line.en.contains('延')), "{lines:#?}");
}
