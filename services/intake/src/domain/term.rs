//! Until when somebody may still come back: a term in days, months or years after a fact.

use chrono::{DateTime, Datelike as _, Days, Months, NaiveDate, TimeDelta, Utc, Weekday};
use chrono_tz::Tz;
use regime::Length;

/// The last day of the term where the unit is; one that falls on a weekend gives way to Monday. None for a term of working
/// days, since intake keeps no calendar: whoever decides looks at that.
pub(crate) fn last_day(length: Length, from: DateTime<Utc>, zone: Tz) -> Option<NaiveDate> {
    let start = from.with_timezone(&zone).date_naive();
    let end = match length {
        Length::Days(days) => start.checked_add_days(Days::new(days.into()))?,
        Length::Months(months) => start.checked_add_months(Months::new(months))?,
        Length::Years(years) => start.checked_add_months(Months::new(years.checked_mul(12)?))?,
        Length::Hours(hours) => (from + TimeDelta::hours(hours.into())).with_timezone(&zone).date_naive(),
        _ => return None,
    };
    let more = match end.weekday() {
        Weekday::Sat => 2,
        Weekday::Sun => 1,
        _ => 0,
    };
    end.checked_add_days(Days::new(more))
}

/// Whether `now` is no later than the term after `from`; a term that cannot be counted here has not passed.
pub(crate) fn is_within(length: Length, from: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    last_day(length, from, Tz::Asia__Shanghai)
        .is_none_or(|last| now.with_timezone(&Tz::Asia__Shanghai).date_naive() <= last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_term_ends_on_its_day_or_on_the_monday_after_a_weekend() {
        let from: DateTime<Utc> = "2026-03-02T02:00:00Z".parse().unwrap();
        let last = |text: &str| last_day(text.parse().unwrap(), from, Tz::Asia__Shanghai).map(|day| day.to_string());
        assert_eq!(last("3 days").as_deref(), Some("2026-03-05"));
        assert_eq!(last("5 days").as_deref(), Some("2026-03-09"), "a Saturday gives way");
        assert_eq!(last("1 month").as_deref(), Some("2026-04-02"));
        assert_eq!(last("2 years").as_deref(), Some("2028-03-02"));
        assert_eq!(last("5 working-days"), None);
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        assert!(is_within("3 days".parse().unwrap(), from, at("2026-03-05T15:59:00Z")));
        assert!(!is_within("3 days".parse().unwrap(), from, at("2026-03-05T16:00:00Z")));
    }
}
