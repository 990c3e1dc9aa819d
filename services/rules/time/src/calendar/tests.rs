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
    let line = |text: &str| Calendar::parse("x", text).unwrap_err().line;
    assert_eq!(line("date,kind,name\n2026-01-01,off,a\n2026-13-01,off,b\n"), 3);
    assert_eq!(line("date,kind,name\n2026-01-01,half,a\n"), 2);
    assert_eq!(line("date,kind,name\n2026-01-05,work,a\n"), 2);
    assert_eq!(line("date,kind,name\n2026-01-01,off,a\n2026-01-01,off,a\n"), 3);
    assert_eq!(line("date,kind,name\n2026-01-01,off\n"), 2);
    assert_eq!(line("date,kind,name\n"), 0);
    assert_eq!(line("date,kind,name\n2024-01-01,off,a\n2026-01-01,off,a\n"), 0);
}

proptest! {
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
