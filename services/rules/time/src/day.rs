//! Dates without a calendar: sums that stop at the year 9999, and the instant at which a local day ends.

use chrono::{
    DateTime, Datelike as _, Days, LocalResult, Months, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone as _,
    Utc,
};
use chrono_tz::{GapInfo, Tz};

/// The last day that anything is counted to, so that an absurd length stays a date that every store can hold.
pub(crate) const LAST: NaiveDate = match NaiveDate::from_ymd_opt(9999, 12, 30) {
    Some(date) => date,
    None => NaiveDate::MAX,
};

/// The first day that anything is counted back to.
pub(crate) const FIRST: NaiveDate = match NaiveDate::from_ymd_opt(1, 1, 1) {
    Some(date) => date,
    None => NaiveDate::MIN,
};

/// `date` moved by `days`, within what is counted.
pub(crate) fn add(date: NaiveDate, days: i64) -> NaiveDate {
    let by = Days::new(days.unsigned_abs());
    let moved = if days < 0 { date.checked_sub_days(by) } else { date.checked_add_days(by) };
    moved.unwrap_or(if days < 0 { FIRST } else { LAST }).clamp(FIRST, LAST)
}

/// The day of the same number in the month `months` later, or that month's last day.
pub(crate) fn add_months(date: NaiveDate, months: u32) -> NaiveDate {
    date.checked_add_months(Months::new(months)).map_or(LAST, |date| date.min(LAST))
}

/// The day of the same number in the same month `years` later; 28 February for a leap day.
pub(crate) fn add_years(date: NaiveDate, years: u32) -> NaiveDate {
    add_months(date, years.saturating_mul(12))
}

/// The day of the same number in the month `months` earlier, or that month's last day.
pub(crate) fn sub_months(date: NaiveDate, months: u32) -> NaiveDate {
    date.checked_sub_months(Months::new(months)).map_or(FIRST, |date| date.max(FIRST))
}

/// The last day before the next day of the number `n`, `date` being the first that may be it. A month that has no such
/// day ends before its last: a report due before the 30th is due before the 28th of an ordinary February.
pub(crate) fn before_day(date: NaiveDate, n: u32) -> NaiveDate {
    let in_month = |first: NaiveDate| {
        let last = add(add_months(first, 1), -1);
        add(first.with_day(n).unwrap_or(last), -1)
    };
    let first = date.with_day(1).unwrap_or(date);
    let end = in_month(first);
    if end >= date { end } else { in_month(add_months(first, 1)) }
}

/// The instant, or the nearest within what is counted: beyond it a zone's offset can leave the range of dates.
pub(crate) fn clamped(at: DateTime<Utc>) -> DateTime<Utc> {
    let [earliest, latest] = [FIRST, LAST].map(|date| date.and_time(NaiveTime::MIN).and_utc());
    at.clamp(earliest, latest)
}

/// The local date of an instant, within what is counted.
pub(crate) fn local(at: DateTime<Utc>, zone: Tz) -> NaiveDate {
    clamped(at).with_timezone(&zone).date_naive().clamp(FIRST, LAST)
}

/// 24:00 of `date`: the instant after which it is never again that day, also where clocks are changed at midnight.
pub fn end_of(date: NaiveDate, zone: Tz) -> DateTime<Utc> {
    at(add(date, 1).and_time(NaiveTime::MIN), zone)
}

/// The instant at which a wall clock shows `time`. In a gap it is the end of the gap. Of two it is the first, unless
/// the date turns back between them: at St John's it was a minute past midnight, and once more the evening before.
pub(crate) fn at(time: NaiveDateTime, zone: Tz) -> DateTime<Utc> {
    match zone.from_local_datetime(&time) {
        LocalResult::Single(at) => at.with_timezone(&Utc),
        LocalResult::Ambiguous(first, second) => {
            let between = (second - TimeDelta::nanoseconds(1)).date_naive();
            if between < time.date() { second } else { first }.with_timezone(&Utc)
        }
        LocalResult::None => {
            let end = GapInfo::new(&time, &zone).and_then(|gap| gap.end);
            end.map_or_else(|| time.and_utc(), |at| at.with_timezone(&Utc))
        }
    }
}

/// The zone of this IANA name; none for a name that no table has.
pub fn zone(name: &str) -> Option<Tz> {
    name.parse().ok()
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
    fn a_midnight_that_comes_twice_ends_the_day_when_the_day_does_not_come_back() {
        let date = |text: &str| text.parse::<NaiveDate>().unwrap();
        // Havana puts its clocks back at 01:00 to 00:00 of the same day: the first midnight ended the day before.
        assert_eq!(end_of(date("2026-10-31"), Tz::America__Havana).to_rfc3339(), "2026-11-01T04:00:00+00:00");
        // St John's put them back at 00:01 to 23:01 of the day before, which then went on for an hour.
        assert_eq!(end_of(date("2010-11-06"), Tz::America__St_Johns).to_rfc3339(), "2010-11-07T03:30:00+00:00");
        // Brazil put them back at 24:00 to 23:00: that midnight came only once.
        assert_eq!(end_of(date("2018-02-17"), Tz::America__Sao_Paulo).to_rfc3339(), "2018-02-18T03:00:00+00:00");
        // Shanghai, too, had summer time once: 1986-05-04 began at 00:00 and lost an hour at 02:00.
        assert_eq!(end_of(date("1986-05-03"), Tz::Asia__Shanghai).to_rfc3339(), "1986-05-03T16:00:00+00:00");
    }

    #[test]
    fn absurd_lengths_end_in_the_year_9999() {
        assert_eq!(add(LAST, i64::from(u32::MAX)), LAST);
        assert_eq!(add_months(LAST, u32::MAX), LAST);
    }
}
