//! Periods counted by hand on paper calendars, and their properties.

use super::*;
use crate::calendar::Layer;
use crate::samples::{at, cn, date, shanghai};
use proptest::prelude::*;

#[test]
fn periods_end_where_a_paper_calendar_says() {
    use Length::{Days, Months, SameDay, WorkingDays, Years};
    let calendar = cn();
    let counting = shanghai(calendar);
    // (starting fact, period, last day, the day it would have ended)
    let table: &[(&str, Length, &str, Option<&str>)] = &[
        // An ordinary week: Tuesday 2026-11-17, late in the evening.
        ("2026-11-17 23:59", Days(2), "2026-11-19", None),
        ("2026-11-17 00:00", Days(2), "2026-11-19", None),
        ("2026-11-18 09:00", Days(3), "2026-11-23", Some("2026-11-21")),
        ("2026-11-18 09:00", WorkingDays(3), "2026-11-23", None),
        ("2026-11-17 09:00", SameDay, "2026-11-17", None),
        ("2026-11-21 09:00", SameDay, "2026-11-21", None),
        ("2026-11-21 09:00", WorkingDays(1), "2026-11-23", None),
        ("2026-11-20 09:00", Days(0), "2026-11-20", None),
        // Spring Festival 2026: off 02-15 to 02-23, worked on Saturdays 02-14 and 02-28.
        ("2026-02-12 09:00", Days(2), "2026-02-14", None),
        ("2026-02-12 09:00", Days(3), "2026-02-24", Some("2026-02-15")),
        ("2026-02-12 09:00", WorkingDays(2), "2026-02-14", None),
        ("2026-02-12 09:00", WorkingDays(3), "2026-02-24", None),
        ("2026-02-17 09:00", WorkingDays(5), "2026-02-28", None),
        ("2026-02-18 09:00", Days(10), "2026-02-28", None),
        ("2026-02-27 09:00", Days(2), "2026-03-02", Some("2026-03-01")),
        // National Day 2026: off 10-01 to 10-07, worked on Sunday 09-20 and Saturday 10-10.
        ("2026-09-30 09:00", Days(2), "2026-10-08", Some("2026-10-02")),
        ("2026-09-30 09:00", WorkingDays(3), "2026-10-10", None),
        ("2026-09-17 09:00", Days(3), "2026-09-20", None),
        ("2026-10-08 09:00", Days(3), "2026-10-12", Some("2026-10-11")),
        // Months: the same number, or the end of the month, then a day off gives way.
        ("2025-01-31 09:00", Months(1), "2025-02-28", None),
        ("2026-01-31 09:00", Months(1), "2026-02-28", None),
        ("2024-01-31 09:00", Months(1), "2024-02-29", None),
        ("2026-01-17 09:00", Months(1), "2026-02-24", Some("2026-02-17")),
        ("2026-03-31 09:00", Months(1), "2026-04-30", None),
        ("2026-08-31 09:00", Months(1), "2026-09-30", None),
        ("2024-02-29 09:00", Months(12), "2025-02-28", None),
        ("2024-02-29 09:00", Years(2), "2026-02-28", None),
        ("2024-02-29 09:00", Years(4), "2028-02-29", None),
        ("2023-05-16 09:00", Years(3), "2026-05-18", Some("2026-05-16")),
        // Across the end of a year, and over the leap day.
        ("2025-12-31 09:00", Days(2), "2026-01-04", Some("2026-01-02")),
        ("2025-12-31 09:00", WorkingDays(1), "2026-01-04", None),
        ("2024-02-27 09:00", Days(2), "2024-02-29", None),
        ("2024-02-28 09:00", WorkingDays(2), "2024-03-01", None),
        // Past the announced years.
        ("2026-12-31 09:00", WorkingDays(1), "2027-01-01", None),
        ("2026-12-30 09:00", Days(3), "2027-01-04", Some("2027-01-02")),
    ];
    for (from, length, last_day, rolled_from) in table {
        let due = counting.due(length, at(from), None).unwrap();
        assert_eq!(due.last_day, Some(date(last_day)), "{length:?} from {from}");
        assert_eq!(due.rolled_from, rolled_from.map(date), "{length:?} from {from}");
        assert_eq!(due.at, at(&format!("{last_day} 00:00")) + TimeDelta::days(1), "{length:?} from {from}");
        assert_eq!(due.is_provisional, *last_day > "2026-12-31", "{length:?} from {from}");
    }
}

#[test]
fn hours_run_from_the_fact_through_weekends_and_nights() {
    let calendar = cn();
    let counting = shanghai(calendar);
    let due = |length| counting.due(&length, at("2026-02-14 17:30"), None).unwrap();
    assert_eq!(due(Length::Hours(24)).at, at("2026-02-15 17:30"));
    assert_eq!(due(Length::Minutes(30)).at, at("2026-02-14 18:00"));
    assert_eq!(due(Length::Hours(24)).last_day, None);
}

#[test]
fn an_asked_date_ends_with_that_day_and_is_nothing_when_nobody_asked() {
    let calendar = cn();
    let counting = shanghai(calendar);
    let due = |asked| counting.due(&Length::Asked, at("2026-11-17 09:00"), asked);
    assert_eq!(due(None), None);
    assert_eq!(due(Some(date("2026-11-22"))).unwrap().at, at("2026-11-23 00:00"));
    assert_eq!(due(Some(date("2026-11-01"))).unwrap().at, at("2026-11-18 00:00"));
}

#[test]
fn the_reading_of_days_off_is_the_callers() {
    let calendar = cn();
    let last_day = |roll, from: &str| {
        let counting = Counting { roll, ..shanghai(calendar) };
        counting.due(&Length::Days(2), at(from), None).unwrap().last_day.unwrap()
    };
    assert_eq!(last_day(Roll::Holidays, "2026-11-19 09:00"), date("2026-11-21"));
    // The last day of the National Day run is a Wednesday; the Saturday worked for it carries nothing onward.
    assert_eq!(last_day(Roll::Holidays, "2026-10-05 09:00"), date("2026-10-08"));
    assert_eq!(last_day(Roll::Holidays, "2026-10-08 09:00"), date("2026-10-10"));
    assert_eq!(last_day(Roll::WeekendsAndHolidays, "2026-10-08 09:00"), date("2026-10-10"));
    assert_eq!(last_day(Roll::WeekendsAndHolidays, "2026-02-12 09:00"), date("2026-02-14"));
    assert_eq!(last_day(Roll::Holidays, "2026-02-15 09:00"), date("2026-02-24"));
    assert_eq!(last_day(Roll::Nowhere, "2026-02-15 09:00"), date("2026-02-17"));
}

#[test]
fn a_unit_that_keeps_hours_may_end_a_day_when_it_closes() {
    let nation = Layer::from_csv("cn", &packs::calendar("cn").unwrap()).unwrap();
    let hours =
        "date,kind,name\nmon-thu,hours,09:00-12:00 13:30-17:30\nfri,hours,09:00-12:00\n2026-11-18,afternoon-off,x\n";
    let branch = Layer::from_csv("branch", hours).unwrap();
    let calendar = Calendar::layered("branch", &[&nation, &branch]).unwrap();
    let counting = Counting { ends: Ends::Close, ..shanghai(&calendar) };
    let due = |length, from| counting.due(&length, at(from), None).unwrap().at;
    assert_eq!(due(Length::WorkingDays(2), "2026-11-17 18:00"), at("2026-11-19 17:30"));
    assert_eq!(due(Length::Days(3), "2026-11-17 09:00"), at("2026-11-20 12:00"));
    assert_eq!(due(Length::Days(1), "2026-11-17 09:00"), at("2026-11-18 12:00"));
    // A Saturday worked out of turn keeps the hours of Monday.
    assert_eq!(due(Length::WorkingDays(2), "2026-02-12 09:00"), at("2026-02-14 17:30"));
    // What comes after closing and is due the same day has until 24:00.
    assert_eq!(due(Length::SameDay, "2026-11-17 09:00"), at("2026-11-17 17:30"));
    assert_eq!(due(Length::SameDay, "2026-11-17 17:30"), at("2026-11-18 00:00"));
    // A day off has no close, so a date asked for on one ends at 24:00.
    assert_eq!(counting.ending(date("2026-11-21")).at, at("2026-11-22 00:00"));
    // A house without hours ends its days at 24:00.
    let national = Counting { ends: Ends::Close, ..shanghai(cn()) };
    assert_eq!(national.due(&Length::Days(1), at("2026-11-17 09:00"), None).unwrap().at, at("2026-11-19 00:00"));
}

#[test]
fn the_unit_zone_decides_what_day_it_is() {
    let calendar = cn();
    let urumqi = Counting { zone: Tz::Asia__Urumqi, ..shanghai(calendar) };
    // 01:00 in Shanghai is still the evening before in Urumqi.
    let from = at("2026-11-18 01:00");
    assert_eq!(shanghai(calendar).due(&Length::SameDay, from, None).unwrap().last_day, Some(date("2026-11-18")));
    assert_eq!(urumqi.due(&Length::SameDay, from, None).unwrap().last_day, Some(date("2026-11-17")));
}

#[test]
fn reminders_lie_before_the_end_and_steps_after_it() {
    let calendar = cn();
    let counting = shanghai(calendar);
    let due = counting.due(&Length::Days(2), at("2026-11-17 09:00"), None).unwrap();
    assert_eq!(counting.before(&due, &Length::Hours(4)), Some(at("2026-11-19 20:00")));
    assert_eq!(counting.before(&due, &Length::Days(1)), Some(at("2026-11-19 00:00")));
    assert_eq!(counting.before(&due, &Length::WorkingDays(3)), Some(at("2026-11-17 00:00")));
    assert_eq!(counting.before(&due, &Length::SameDay), None);
    assert_eq!(counting.after(&due, &Length::Days(1)), Some(at("2026-11-21 00:00")));
    assert_eq!(counting.after(&due, &Length::Hours(1)), Some(at("2026-11-20 01:00")));
    assert_eq!(counting.after(&due, &Length::WorkingDays(2)), Some(at("2026-11-24 00:00")));
    let hours = counting.due(&Length::Hours(48), at("2026-11-17 09:00"), None).unwrap();
    assert_eq!(counting.before(&hours, &Length::Days(1)), Some(at("2026-11-18 09:00")));
}

#[test]
fn before_a_day_of_the_month_is_before_the_last_of_a_month_that_has_no_such_day() {
    let calendar = cn();
    let counting = shanghai(calendar);
    let last_day = |n, from| counting.due(&Length::BeforeDay(n), at(from), None).unwrap().last_day.unwrap();
    assert_eq!(last_day(30, "2026-11-01 09:00"), date("2026-11-29"));
    assert_eq!(last_day(30, "2026-11-29 23:59"), date("2026-11-29"));
    assert_eq!(last_day(30, "2026-11-30 00:00"), date("2026-12-29"));
    assert_eq!(last_day(30, "2026-02-01 09:00"), date("2026-02-27"));
    assert_eq!(last_day(30, "2024-02-01 09:00"), date("2024-02-28"));
    assert_eq!(last_day(30, "2026-02-28 09:00"), date("2026-03-29"));
    assert_eq!(last_day(31, "2026-11-01 09:00"), date("2026-11-29"));
    assert_eq!(last_day(1, "2026-12-01 09:00"), date("2026-12-31"));
    assert_eq!(last_day(30, "2026-12-30 09:00"), date("2027-01-29"));
    // The instant itself is no longer before the day.
    let due = counting.due(&Length::BeforeDay(30), at("2026-11-01 09:00"), None).unwrap();
    assert_eq!((due.at, due.rolled_from), (at("2026-11-30 00:00"), None));
}

#[test]
fn dates_at_the_edges_are_cut_and_say_so() {
    let calendar = cn();
    let counting = shanghai(calendar);
    let edges = [DateTime::<Utc>::MIN_UTC, at("0001-01-01 00:00"), at("9999-12-29 00:00"), DateTime::<Utc>::MAX_UTC];
    let count = 1_000_000_000;
    for from in edges {
        for length in [Length::WorkingDays, Length::Days, Length::Months, Length::Years, Length::Hours, Length::Minutes]
        {
            let due = counting.due(&length(count), from, None).unwrap();
            assert!(due.is_cut || due.at.to_rfc3339().len() == 25, "{:?} from {from}: {due:?}", length(count));
            assert!(counting.before(&due, &length(count)).is_none_or(|before| before <= due.at));
            assert!(counting.after(&due, &length(count)).is_some());
            assert!(counting.due(&length(1), from, None).is_some());
        }
        for asked in [NaiveDate::MIN, NaiveDate::MAX] {
            assert!(counting.due(&Length::Asked, from, Some(asked)).is_some());
            for ends in [Ends::Midnight, Ends::Close] {
                let due = Counting { ends, ..counting }.ending_paused(asked, from, &[(from, DateTime::<Utc>::MAX_UTC)]);
                assert!(due.at.to_rfc3339().len() == 25, "{due:?}");
            }
        }
        assert!(counting.due(&Length::BeforeDay(31), from, None).is_some());
    }
    let due = |length| counting.due(&length, at("2026-11-17 09:00"), None).unwrap();
    assert!(due(Length::Days(count)).is_cut && due(Length::Hours(u32::MAX)).is_cut);
    assert!(!due(Length::Days(36_500)).is_cut && !due(Length::Years(100)).is_cut);
}

#[test]
fn absurd_lengths_are_dates_all_the_same() {
    let calendar = cn();
    let counting = shanghai(calendar);
    for length in
        [Length::Days(u32::MAX), Length::Months(u32::MAX), Length::WorkingDays(u32::MAX), Length::Hours(u32::MAX)]
    {
        let due = counting.due(&length, at("2026-11-17 09:00"), None).unwrap();
        assert!(due.at.to_rfc3339().len() == 25, "{length:?}: {due:?}");
    }
}

proptest! {
    #[test]
    fn a_period_never_ends_on_a_day_off_and_a_longer_one_never_sooner(
        start in 0_i64..3_400 * 24 * 60, n in 0_u32..200, zone in 0_usize..chrono_tz::TZ_VARIANTS.len(),
    ) {
        let calendar = cn();
        let counting = Counting { zone: chrono_tz::TZ_VARIANTS[zone], ..shanghai(calendar) };
        let from = at("2018-01-01 00:00") + TimeDelta::minutes(start);
        for length in [Length::Days, Length::WorkingDays, Length::Months] {
            let (due, longer) = (counting.due(&length(n), from, None).unwrap(), counting.due(&length(n + 1), from, None).unwrap());
            prop_assert!(calendar.is_working_day(due.last_day.unwrap()));
            prop_assert!(due.at <= longer.at && due.at > from);
            // 24:00 is the first instant that is no longer the last day.
            prop_assert!(day::local(due.at, counting.zone) > due.last_day.unwrap());
            prop_assert!(day::local(due.at - TimeDelta::nanoseconds(1), counting.zone) <= due.last_day.unwrap());
        }
    }
}

#[test]
fn an_end_is_provisional_only_where_an_announcement_could_still_move_it() {
    let calendar = cn();
    let counting = shanghai(calendar);
    let is_provisional = |counting: &Counting<'_>, length, from| {
        counting.due(&length, at(from), Some(date("2027-03-01"))).unwrap().is_provisional
    };
    assert!(is_provisional(&counting, Length::WorkingDays(1), "2026-12-31 09:00"));
    assert!(is_provisional(&counting, Length::Days(1), "2026-12-31 09:00"));
    assert!(is_provisional(&counting, Length::WorkingDays(400), "2019-06-01 09:00"));
    assert!(!is_provisional(&counting, Length::WorkingDays(1), "2026-12-30 09:00"));
    for fixed in [Length::SameDay, Length::Asked, Length::BeforeDay(5), Length::Hours(24)] {
        assert!(!is_provisional(&counting, fixed, "2027-02-01 09:00"), "{fixed}");
    }
    let unrolled = Counting { roll: Roll::Nowhere, ..counting };
    assert!(!is_provisional(&unrolled, Length::Days(1), "2026-12-31 09:00"));
    assert!(is_provisional(&unrolled, Length::WorkingDays(1), "2026-12-31 09:00"));
}
