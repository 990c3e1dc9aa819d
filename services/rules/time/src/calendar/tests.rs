//! The calendar against hand-read notices, and its searches against a naive walk over days.

use super::*;
use crate::samples::{cn, date};
use proptest::prelude::*;

fn walk(calendar: &Calendar, from: NaiveDate, n: u32) -> NaiveDate {
    let mut left = n;
    let mut date = from;
    while left > 0 {
        date = date.succ_opt().unwrap();
        left -= u32::from(calendar.is_working_day(date));
    }
    date
}

#[test]
fn years_have_the_working_days_of_their_notices() {
    let calendar = cn();
    for (year, days) in [(2020, 249), (2021, 250), (2022, 249), (2023, 249), (2024, 251), (2025, 248), (2026, 248)] {
        let before = date(&format!("{}-12-31", year - 1));
        assert_eq!(calendar.working_days_between(before, date(&format!("{year}-12-31"))), days, "{year}");
    }
    assert_eq!(calendar.covered_until(), date("2026-12-31"));
}

#[test]
fn make_up_saturdays_are_worked_and_holidays_have_names() {
    let calendar = cn();
    assert_eq!(calendar.day_kind(date("2026-02-14")).kind, DayKind::MakeUp);
    assert!(calendar.is_working_day(date("2026-02-28")));
    let off = calendar.day_kind(date("2026-02-17"));
    assert_eq!((off.kind, off.name, off.is_provisional), (DayKind::Holiday, Some("春节"), false));
    assert_eq!(calendar.day_kind(date("2026-11-22")).kind, DayKind::Weekend);
    assert!(calendar.day_kind(date("2027-02-08")).is_provisional);
    assert!(calendar.is_working_day(date("2027-02-08")));
}

#[test]
fn files_that_are_wrong_are_refused_with_their_line() {
    let line = |text: &str| Calendar::parse("x", text).unwrap_err()[0].line;
    assert_eq!(line("date,kind,name\n2026-01-01,off,a\n2026-13-01,off,b\n"), 3);
    assert_eq!(line("date,kind,name\n2026-01-01,half,a\n"), 2);
    assert_eq!(line("date,kind,name\n2026-01-05,work,a\n"), 2);
    assert_eq!(line("date,kind,name\n2026-01-01,off,a\n2026-01-01,off,a\n"), 3);
    assert_eq!(line("date,kind,name\n2026-01-01,off\n"), 2);
    assert_eq!(line("date,kind,name\n"), 0);
    assert_eq!(line("date,kind,name\n2024-01-01,off,a\n2026-01-01,off,a\n"), 0);
}

fn layer(text: &str) -> Layer {
    Layer::from_csv("x", &format!("date,kind,name\n{text}")).unwrap()
}

#[test]
fn a_mistake_is_told_at_its_line_with_what_was_probably_meant_in_both_languages() {
    let told = |text: &str| {
        let errors = Calendar::parse("x", &format!("date,kind,name\n{text}")).unwrap_err();
        assert!(errors.iter().all(|error| !error.zh.is_empty()), "{errors:?}");
        errors.into_iter().map(|error| format!("{} {}", error.line, error.en)).collect::<Vec<_>>()
    };
    assert_eq!(
        told("2026-02-14,work,春节\n2026-02-14,off,春节\n"),
        ["3 2026-02-14 contradicts itself: `work` on line 2, `off` here; did you mean `work`?"]
    );
    assert_eq!(
        told("2026-02-30,off,a\n2026-13-01,off,b\nsoon,off,c\n2026-01-01,of,d\n"),
        [
            "2 `2026-02-30` is not a date; did you mean 2026-02-28?",
            "3 `2026-13-01` is not a date; did you mean 2026-12-01?",
            "4 `soon` is not a date such as 2026-02-14",
            "5 there is no kind `of`; did you mean `off`?",
        ]
    );
    assert_eq!(told("2026-01-05,work,a\n"), ["2 2026-01-05 is worked without being listed; did you mean `off`?"]);
    assert_eq!(
        told("2026-01-03,morning-off,a\n"),
        ["2 2026-01-03 is not worked at all, so half of it cannot be off; did you mean `off`?"]
    );
    assert_eq!(told("2026-01-01,off,a\nmon-sun,hours,closed\n"), ["3 no day of the week is worked"]);
    assert!(Calendar::parse("x", "2026-01-01,off,a\n").unwrap_err()[0].en.contains("the first line is"));
    assert!(Calendar::layered("x", &[]).is_err());
}

#[test]
fn a_later_layer_speaks_before_an_earlier_one() {
    let nation = Layer::from_csv("cn", &packs::calendar("cn").unwrap()).unwrap();
    // A region with a holiday of its own that does not make up for it, and a branch that is open on Saturdays, shut
    // on Mondays, works on National Day, and lets people go home at noon before the Spring Festival.
    let region = layer("2026-03-20,off,开斋节\n2026-02-28,off,开斋节\n");
    let branch = layer(
        "mon,hours,closed\ntue-sat,hours,09:00-12:00 13:00-17:00\n2026-10-01,work,国庆\n2026-02-14,afternoon-off,除夕\n2027-01-05,off,装修\n",
    );
    let regional = Calendar::layered("r", &[&nation, &region]).unwrap();
    let whole = Calendar::layered("b", &[&nation, &region, &branch]).unwrap();
    assert!(cn().is_working_day(date("2026-03-20")) && !regional.is_working_day(date("2026-03-20")));
    assert!(cn().is_working_day(date("2026-02-28")) && !regional.is_working_day(date("2026-02-28")));
    assert_eq!(whole.day_kind(date("2026-10-01")).kind, DayKind::MakeUp);
    assert_eq!(whole.hours(date("2026-10-01")).to_string(), "09:00-12:00 13:00-17:00");
    assert_eq!(whole.hours(date("2026-02-14")).to_string(), "09:00-12:00");
    assert!(whole.is_working_day(date("2026-02-14")) && whole.is_working_day(date("2026-11-21")));
    assert!(!whole.is_working_day(date("2026-11-16")) && !whole.is_working_day(date("2027-01-05")));
    // What a branch names beyond the announced years is counted, and stays provisional.
    assert_eq!(whole.nth_working_day(date("2027-01-02"), 1), date("2027-01-06"));
    assert!(whole.day_kind(date("2027-01-05")).is_provisional);
    assert_eq!(whole.covered_until(), date("2026-12-31"));
    let prints = [cn(), &regional, &whole].map(Calendar::fingerprint);
    assert!(prints[0] != prints[1] && prints[1] != prints[2]);
}

#[test]
fn the_example_of_the_readme_reads() {
    let readme = include_str!("../../README.md");
    let example = readme.split("```csv\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    let calendar = Calendar::parse("example", example).unwrap();
    assert_eq!(calendar.hours(date("2026-10-10")).to_string(), "09:00-12:00");
    assert_eq!(calendar.hours(date("2026-02-13")).to_string(), "08:30-12:00");
    assert!(!calendar.is_working_day(date("2026-10-01")));
}

#[test]
fn csv_is_written_as_it_reads() {
    for text in [packs::calendar("cn").unwrap(), layer("mon,hours,closed\n2026-01-05,off,\"a, \"\"b\"\"\"\n").to_csv()]
    {
        let again = Layer::from_csv("x", &text).unwrap().to_csv();
        assert_eq!(again, text);
    }
}

proptest! {
    #[test]
    fn layered_searching_equals_walking(offset in -800_i64..3600, n in 0_u32..400, mask in 1_u8..128) {
        let days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
        let hours = days.iter().enumerate().map(|(i, day)| {
            format!("{day},hours,{}\n", if mask >> i & 1 == 1 { "09:00-17:00" } else { "closed" })
        });
        let branch = layer(&format!("{}2019-03-05,off,a\n2027-04-08,off,b\n2028-04-09,off,b\n", hours.collect::<String>()));
        let nation = Layer::from_csv("cn", &packs::calendar("cn").unwrap()).unwrap();
        let calendar = Calendar::layered("b", &[&nation, &branch]).unwrap();
        let from = day::add(date("2020-01-01"), offset);
        let to = calendar.nth_working_day(from, n);
        prop_assert_eq!(to, walk(&calendar, from, n));
        prop_assert_eq!(calendar.working_days_between(from, to), i64::from(n));
    }

    #[test]
    fn searching_equals_walking_and_the_two_searches_are_inverse(offset in -800_i64..3600, n in 0_u32..400) {
        let calendar = cn();
        let from = day::add(date("2020-01-01"), offset);
        let to = calendar.nth_working_day(from, n);
        prop_assert_eq!(to, walk(calendar, from, n));
        prop_assert_eq!(calendar.working_days_between(from, to), i64::from(n));
        let before = calendar.nth_working_day_before(to, n);
        prop_assert!(before >= from && calendar.working_days_between(before, to) == i64::from(n));
        prop_assert!(n == 0 || calendar.working_days_between(before.succ_opt().unwrap(), to) < i64::from(n));
    }

    #[test]
    fn the_day_after_a_holiday_is_the_first_that_is_none(offset in -800_i64..3600) {
        let calendar = cn();
        let date = day::add(date("2020-01-01"), offset);
        let walked = date.iter_days().find(|d| calendar.day_kind(*d).kind != DayKind::Holiday).unwrap();
        prop_assert_eq!(calendar.after_holiday(date), walked);
    }

    #[test]
    fn working_days_between_is_the_number_met_on_the_way(offset in -800_i64..3600, length in 0_i64..900) {
        let calendar = cn();
        let from = day::add(date("2020-01-01"), offset);
        let to = day::add(from, length);
        let met = from.iter_days().skip(1).take_while(|d| *d <= to).filter(|d| calendar.is_working_day(*d)).count();
        prop_assert_eq!(calendar.working_days_between(from, to), i64::try_from(met).unwrap());
        prop_assert_eq!(calendar.working_days_between(to, from), -i64::try_from(met).unwrap());
    }
}
