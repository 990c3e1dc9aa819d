//! The lengths that the texts use, on six occasions.

use super::*;
use chrono::{DateTime, Utc};
use regime::Roll;

/// An ordinary week; the Spring Festival of 2026 with its worked Saturdays 02-14 and 02-28; National Day 2026 with
/// Saturday 10-10; the end of a month that has a thirtieth before one that has none; the end of a year; a leap day.
pub(super) const OCCASIONS: [&str; 6] = [
    "2026-11-17 09:30",
    "2026-02-12 09:30",
    "2026-09-29 09:30",
    "2026-01-30 09:30",
    "2025-12-31 09:30",
    "2024-02-29 09:30",
];

type Ends = [&'static str; 6];

/// The last day of each length on each occasion, where days off give way to the next working day.
const ENDS: &[(&str, Ends)] = &[
    ("same-day", ["2026-11-17", "2026-02-12", "2026-09-29", "2026-01-30", "2025-12-31", "2024-02-29"]),
    ("1 working-day", ["2026-11-18", "2026-02-13", "2026-09-30", "2026-02-02", "2026-01-04", "2024-03-01"]),
    ("3 working-days", ["2026-11-20", "2026-02-24", "2026-10-09", "2026-02-04", "2026-01-06", "2024-03-05"]),
    ("5 working-days", ["2026-11-24", "2026-02-26", "2026-10-12", "2026-02-06", "2026-01-08", "2024-03-07"]),
    ("7 working-days", ["2026-11-26", "2026-02-28", "2026-10-14", "2026-02-10", "2026-01-12", "2024-03-11"]),
    ("10 working-days", ["2026-12-01", "2026-03-04", "2026-10-19", "2026-02-13", "2026-01-15", "2024-03-14"]),
    ("15 working-days", ["2026-12-08", "2026-03-11", "2026-10-26", "2026-02-27", "2026-01-22", "2024-03-21"]),
    ("30 working-days", ["2026-12-29", "2026-04-01", "2026-11-16", "2026-03-19", "2026-02-12", "2024-04-12"]),
    ("45 working-days", ["2027-01-19", "2026-04-23", "2026-12-07", "2026-04-10", "2026-03-11", "2024-05-07"]),
    ("2 days", ["2026-11-19", "2026-02-14", "2026-10-08", "2026-02-02", "2026-01-04", "2024-03-04"]),
    ("3 days", ["2026-11-20", "2026-02-24", "2026-10-08", "2026-02-02", "2026-01-04", "2024-03-04"]),
    ("10 days", ["2026-11-27", "2026-02-24", "2026-10-09", "2026-02-09", "2026-01-12", "2024-03-11"]),
    ("15 days", ["2026-12-02", "2026-02-27", "2026-10-14", "2026-02-14", "2026-01-15", "2024-03-15"]),
    ("30 days", ["2026-12-17", "2026-03-16", "2026-10-29", "2026-03-02", "2026-01-30", "2024-04-01"]),
    ("60 days", ["2027-01-18", "2026-04-13", "2026-11-30", "2026-03-31", "2026-03-02", "2024-04-29"]),
    ("90 days", ["2027-02-15", "2026-05-13", "2026-12-28", "2026-04-30", "2026-03-31", "2024-05-29"]),
    ("1 month", ["2026-12-17", "2026-03-12", "2026-10-29", "2026-02-28", "2026-02-02", "2024-03-29"]),
    ("before day 30 of month", ["2026-11-29", "2026-02-27", "2026-09-29", "2026-02-27", "2026-01-29", "2024-03-29"]),
    ("3 years", ["2029-11-19", "2029-02-12", "2029-10-01", "2029-01-30", "2029-01-01", "2027-03-01"]),
];

/// Sixty days under the reading of SAMR Order 121 (Art. 45), in which an ordinary weekend ends a period. None of them
/// ends on a holiday, so they are the same where nothing gives way.
const SIXTY: Ends = ["2027-01-16", "2026-04-13", "2026-11-28", "2026-03-31", "2026-03-01", "2024-04-29"];
/// Two days under the two readings, over holidays and a worked Saturday.
const TWO_HOLIDAYS: Ends = ["2026-11-19", "2026-02-14", "2026-10-08", "2026-02-01", "2026-01-04", "2024-03-02"];
const TWO_PLAIN: Ends = ["2026-11-19", "2026-02-14", "2026-10-01", "2026-02-01", "2026-01-02", "2024-03-02"];

/// The end of a length on an occasion, as an instant.
pub(super) fn period(length: &str, occasion: usize) -> DateTime<Utc> {
    let start = at(OCCASIONS[occasion]);
    match length {
        "24 hours" => start + TimeDelta::days(1),
        "48 hours" => start + TimeDelta::days(2),
        "30 minutes" => start + TimeDelta::minutes(30),
        _ => {
            let (_, ends) = ENDS.iter().find(|(known, _)| *known == length).unwrap_or_else(|| panic!("{length}"));
            midnight_after(ends[occasion])
        }
    }
}

/// 24:00 of a day in Shanghai.
pub(super) fn midnight_after(day: &str) -> DateTime<Utc> {
    at(&format!("{day} 00:00")) + TimeDelta::days(1)
}

#[test]
fn every_length_of_the_texts_ends_on_the_day_that_was_counted_by_hand() {
    for (length, ends) in ENDS {
        for (start, end) in OCCASIONS.iter().zip(ends) {
            let due = counting().due(&length.parse().unwrap(), at(start), None).unwrap();
            assert_eq!((due.last_day, due.at), (Some(date(end)), midnight_after(end)), "{length} from {start}");
            let is_fixed = ["same-day", "before day 30 of month"].contains(length);
            assert_eq!(due.is_provisional, *end > "2026-12-31" && !is_fixed, "{length} from {start}");
        }
    }
}

#[test]
fn the_three_readings_of_a_last_day_off_give_their_own_days() {
    let table = [
        ("60 days", Roll::Holidays, SIXTY),
        ("60 days", Roll::Nowhere, SIXTY),
        ("2 days", Roll::Holidays, TWO_HOLIDAYS),
        ("2 days", Roll::Nowhere, TWO_PLAIN),
    ];
    for (length, roll, ends) in table {
        let counting = Counting { roll, ..counting() };
        for (start, end) in OCCASIONS.iter().zip(ends) {
            let due = counting.due(&length.parse().unwrap(), at(start), None).unwrap();
            assert_eq!(due.last_day, Some(date(end)), "{length} from {start}, {roll:?}");
        }
    }
}
