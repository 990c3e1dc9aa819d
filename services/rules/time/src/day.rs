//! Dates without a calendar: weekdays counted by arithmetic, sums that stop at the year 9999, and the instant at
//! which a local day ends.

use chrono::{DateTime, Datelike as _, Days, LocalResult, Months, NaiveDate, NaiveTime, TimeZone as _, Utc, Weekday};
use chrono_tz::{GapInfo, Tz};

/// The last day that anything is counted to, so that an absurd length stays a date that every store can hold.
pub(crate) const LAST: NaiveDate = match NaiveDate::from_ymd_opt(9999, 12, 30) {
    Some(date) => date,
    None => NaiveDate::MAX,
};

/// Whether `date` is a Saturday or a Sunday.
pub(crate) fn is_weekend(date: NaiveDate) -> bool {
    matches!(date.weekday(), Weekday::Sat | Weekday::Sun)
}

/// `date` moved by `days`.
pub(crate) fn add(date: NaiveDate, days: i64) -> NaiveDate {
    let by = Days::new(days.unsigned_abs());
    let moved = if days < 0 { date.checked_sub_days(by) } else { date.checked_add_days(by) };
    moved.map_or(LAST, |date| date.min(LAST))
}

/// The day of the same number in the month `months` later, or that month's last day.
pub(crate) fn add_months(date: NaiveDate, months: u32) -> NaiveDate {
    date.checked_add_months(Months::new(months)).map_or(LAST, |date| date.min(LAST))
}

/// The local date of an instant.
pub(crate) fn local(at: DateTime<Utc>, zone: Tz) -> NaiveDate {
    at.with_timezone(&zone).date_naive()
}

/// 24:00 of `date`: the first instant of the next local day, also where clocks are changed at midnight.
pub fn end_of(date: NaiveDate, zone: Tz) -> DateTime<Utc> {
    let midnight = add(date, 1).and_time(NaiveTime::MIN);
    match zone.from_local_datetime(&midnight) {
        LocalResult::Single(at) | LocalResult::Ambiguous(at, _) => at.with_timezone(&Utc),
        LocalResult::None => {
            let end = GapInfo::new(&midnight, &zone).and_then(|gap| gap.end);
            end.map_or_else(|| midnight.and_utc(), |at| at.with_timezone(&Utc))
        }
    }
}

/// The zone of this IANA name; none for a name that no table has.
pub fn zone(name: &str) -> Option<Tz> {
    name.parse().ok()
}

/// Monday to Friday as an unbounded sequence of numbered days.
pub(crate) struct Weekdays;

impl Weekdays {
    /// How many weekdays there are from Monday 0001-01-01 up to and including `date`.
    pub(crate) fn rank(date: NaiveDate) -> i64 {
        let days = i64::from(date.num_days_from_ce());
        days.div_euclid(7) * 5 + days.rem_euclid(7).min(5)
    }

    /// The weekday whose rank is `rank`.
    pub(crate) fn with_rank(rank: i64) -> NaiveDate {
        let days = (rank - 1).div_euclid(5) * 7 + (rank - 1).rem_euclid(5) + 1;
        i32::try_from(days).ok().and_then(NaiveDate::from_num_days_from_ce_opt).map_or(LAST, |date| date.min(LAST))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_ends_at_the_first_instant_of_the_next_even_where_midnight_does_not_exist() {
        let date = |text: &str| text.parse::<NaiveDate>().unwrap();
        assert_eq!(end_of(date("2026-02-12"), Tz::Asia__Shanghai).to_rfc3339(), "2026-02-12T16:00:00+00:00");
        // Brazil put its clocks forward at midnight: 2018-11-04 began at 01:00.
        assert_eq!(end_of(date("2018-11-03"), Tz::America__Sao_Paulo).to_rfc3339(), "2018-11-04T03:00:00+00:00");
        // Samoa left out 2011-12-30 altogether.
        assert_eq!(end_of(date("2011-12-29"), Tz::Pacific__Apia), end_of(date("2011-12-30"), Tz::Pacific__Apia));
    }

    #[test]
    fn absurd_lengths_end_in_the_year_9999() {
        assert_eq!(add(LAST, i64::from(u32::MAX)), LAST);
        assert_eq!(add_months(LAST, u32::MAX), LAST);
        assert_eq!(Weekdays::with_rank(i64::from(u32::MAX) * 2), LAST);
    }
}
