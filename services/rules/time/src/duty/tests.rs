//! Periods counted by hand.

use super::*;
use crate::samples::{at, cn, date, shanghai};
use kit_core::Text;
use proptest::prelude::*;
use regime::DutyDue::{BeforeDay, PeriodEnd, Within};

fn duty(months: u32, due: DutyDue) -> Duty {
    let (title, cite) = (Text::new("统计", "Statistics"), "二.4".to_owned());
    let (role, to) = ("head".to_owned(), "manager".to_owned());
    Duty { id: "statistics".to_owned(), title, months, due, role, to, holds: Vec::new(), cite }
}

fn told(months: u32, due: DutyDue, from: &str, to: &str) -> Vec<(String, String, String)> {
    let runs = duty_runs(&duty(months, due), &shanghai(cn()), at(from), at(to));
    let local = |at: DateTime<Utc>| day::local(at, chrono_tz::Tz::Asia__Shanghai).to_string();
    let tell = |run: DutyRun| (run.first_day.to_string(), local(run.opens_at), run.due.last_day.unwrap().to_string());
    runs.into_iter().map(tell).collect()
}

fn rows(rows: &[(&str, &str, &str)]) -> Vec<(String, String, String)> {
    rows.iter().map(|(a, b, c)| ((*a).to_owned(), (*b).to_owned(), (*c).to_owned())).collect()
}

#[test]
fn d19_monthly_statistics_are_due_before_the_thirtieth_and_in_february_before_its_last_day() {
    let year = told(1, BeforeDay(30), "2026-01-01 00:00", "2026-05-01 00:00");
    let expected = [
        ("2026-01-01", "2026-01-01", "2026-01-29"),
        ("2026-02-01", "2026-02-01", "2026-02-27"),
        ("2026-03-01", "2026-03-01", "2026-03-29"),
        ("2026-04-01", "2026-04-01", "2026-04-29"),
    ];
    assert_eq!(year, rows(&expected));
    // Before the first there is no day of the month left: it is due with the day before.
    assert_eq!(
        told(1, BeforeDay(2), "2026-03-01 00:00", "2026-03-02 00:00"),
        rows(&[("2026-03-01", "2026-03-01", "2026-03-01")])
    );
}

#[test]
fn quarters_halves_years_and_other_periods_divide_the_year_from_january_on() {
    let opens = |months| told(months, PeriodEnd, "2026-01-01 00:00", "2027-01-01 00:00");
    let first = |months| opens(months).into_iter().map(|run| run.0).collect::<Vec<_>>();
    assert_eq!(first(3), ["2026-01-01", "2026-04-01", "2026-07-01", "2026-10-01"]);
    assert_eq!(first(6), ["2026-01-01", "2026-07-01"]);
    assert_eq!(opens(12), rows(&[("2026-01-01", "2026-01-01", "2026-12-31")]));
    assert_eq!(first(2).len(), 6);
    assert_eq!(opens(4).last(), rows(&[("2026-09-01", "2026-09-01", "2026-12-31")]).last());
}

#[test]
fn what_is_due_after_its_period_opens_with_the_end_of_it_and_rolls() {
    // Ten working days after September: 10-01 to 10-07 are off, Saturday 10-10 is worked.
    let autumn = told(1, Within(Length::WorkingDays(10)), "2026-10-01 00:00", "2026-10-02 00:00");
    assert_eq!(autumn, rows(&[("2026-09-01", "2026-10-01", "2026-10-20")]));
    // Five days after September end on a day off.
    let days = told(1, Within(Length::Days(5)), "2026-10-01 00:00", "2026-10-02 00:00");
    assert_eq!(days, rows(&[("2026-09-01", "2026-10-01", "2026-10-08")]));
    let hours =
        duty_runs(&duty(1, Within(Length::Hours(24))), &shanghai(cn()), at("2026-10-01 00:00"), at("2026-10-02 00:00"));
    assert_eq!(hours[0].due.at, at("2026-10-02 00:00"));
}

#[test]
fn the_ends_of_time_hold() {
    let far = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
    for due in [BeforeDay(31), PeriodEnd, Within(Length::Years(100))] {
        for months in [0, 1, 1_200, u32::MAX] {
            let count = |from, to| duty_runs(&duty(months, due), &shanghai(cn()), far(from), far(to)).len();
            assert!(count("9999-11-01T00:00:00Z", "9999-12-31T00:00:00Z") <= 3);
            assert!(count("0001-01-01T00:00:00Z", "0001-02-01T00:00:00Z") <= 3);
            assert_eq!(count("2026-02-01T00:00:00Z", "2026-01-01T00:00:00Z"), 0);
        }
    }
}

proptest! {
    #[test]
    fn every_period_comes_once_however_one_asks(months in 1_u32..14, days in prop::collection::vec(0_i64..1_500, 1..6), kind in 0_u8..3) {
        let due = [BeforeDay(30), PeriodEnd, Within(Length::WorkingDays(7))][usize::from(kind)];
        let duty = duty(months, due);
        let start = at("2026-01-01 00:00");
        let end = start + chrono::TimeDelta::days(1_500);
        let whole = duty_runs(&duty, &shanghai(cn()), start, end);
        let mut cuts: Vec<_> = days.iter().map(|days| start + chrono::TimeDelta::days(*days)).collect();
        cuts.extend([start, end]);
        cuts.sort_unstable();
        let parts: Vec<_> = cuts.windows(2).flat_map(|cut| duty_runs(&duty, &shanghai(cn()), cut[0], cut[1])).collect();
        prop_assert_eq!(&parts, &whole);
        prop_assert!(whole.windows(2).all(|pair| day::add(pair[0].last_day, 1) == pair[1].first_day));
        prop_assert!(whole.iter().all(|run| run.due.at > run.opens_at && run.first_day <= date("2030-12-31")));
    }
}
