//! Counting one period, as the Civil Code does (Arts. 200–204): the day of the starting fact is not counted, a last day
//! that is a day off gives way to the next that is not, and the last day ends at 24:00. Hours run from the fact.

use crate::calendar::Calendar;
use crate::day;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;
use regime::Length;
use serde::{Deserialize, Serialize};

/// Which days off carry a period that ends on them to the next day; a make-up working day never does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Roll {
    /// Weekends and holidays: how courts and offices read Art. 203.
    #[default]
    WeekendsAndHolidays,
    /// Announced holidays only.
    Holidays,
    /// The period ends where it ends.
    Nowhere,
}

/// What counting needs beside the period: the calendar, the unit's zone, and the reading of days off.
#[derive(Clone, Copy, Debug)]
pub struct Counting<'a> {
    pub calendar: &'a Calendar,
    pub zone: Tz,
    pub roll: Roll,
}

/// Where a period ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Due {
    pub at: DateTime<Utc>,
    /// The last day of a period counted in days; none for hours and minutes.
    pub last_day: Option<NaiveDate>,
    /// The day on which it would have ended, had that not been a day off.
    pub rolled_from: Option<NaiveDate>,
    /// It reaches past the announced calendar and may move when the next year is announced.
    pub is_provisional: bool,
    /// It lies past the last day that is counted to, and was cut off there.
    #[serde(default)]
    pub is_cut: bool,
}

impl Counting<'_> {
    /// Where `length` ends that began at `from`; none for a date to be asked for when nobody has asked.
    pub fn due(&self, length: &Length, from: DateTime<Utc>, asked: Option<NaiveDate>) -> Option<Due> {
        let day_zero = day::local(from, self.zone);
        let due = match *length {
            Length::Days(n) => self.rolled(day::add(day_zero, i64::from(n))),
            Length::Months(n) => self.rolled(day::add_months(day_zero, n)),
            Length::Years(n) => self.rolled(day::add_years(day_zero, n)),
            Length::WorkingDays(n) => self.rolled(self.calendar.nth_working_day(day_zero, n)),
            Length::SameDay => self.ending(day_zero),
            Length::BeforeDay(n) => self.ending(day::before_day(day_zero, n)),
            // A date before the matter was known cannot be kept; its own day is the earliest that can.
            Length::Asked => self.ending(asked?.max(day_zero).min(day::LAST)),
            Length::Hours(n) => after(from, TimeDelta::hours(i64::from(n))),
            Length::Minutes(n) => after(from, TimeDelta::minutes(i64::from(n))),
        };
        Some(due)
    }

    /// The instant `length` before the end of a period; none for what is no distance.
    pub fn before(&self, due: &Due, length: &Length) -> Option<DateTime<Utc>> {
        let last_day = due.last_day.unwrap_or_else(|| day::local(due.at, self.zone));
        // A period counted in hours keeps its time of day when it is walked back by days, whatever clocks do meanwhile.
        let back = |to: NaiveDate| match due.last_day {
            Some(_) => day::end_of(to, self.zone),
            None => day::at(to.and_time(due.at.with_timezone(&self.zone).time()), self.zone),
        };
        match *length {
            Length::Hours(n) => due.at.checked_sub_signed(TimeDelta::hours(i64::from(n))).map(day::clamped),
            Length::Minutes(n) => due.at.checked_sub_signed(TimeDelta::minutes(i64::from(n))).map(day::clamped),
            Length::Days(n) => Some(back(day::add(last_day, -i64::from(n)))),
            Length::WorkingDays(n) => Some(back(self.calendar.nth_working_day_before(last_day, n))),
            Length::Months(n) => Some(back(day::sub_months(last_day, n))),
            Length::Years(n) => Some(back(day::sub_months(last_day, n.saturating_mul(12)))),
            Length::SameDay | Length::BeforeDay(_) | Length::Asked => None,
        }
    }

    /// The instant `length` after the end of a period that was missed. Days are counted from its last day and end
    /// where they end: what the house asks of itself waits for no holiday unless it says working days.
    pub fn after(&self, due: &Due, length: &Length) -> Option<DateTime<Utc>> {
        let last_day = due.last_day.unwrap_or_else(|| day::local(due.at, self.zone));
        match *length {
            Length::Hours(n) => Some(after(due.at, TimeDelta::hours(i64::from(n))).at),
            Length::Minutes(n) => Some(after(due.at, TimeDelta::minutes(i64::from(n))).at),
            Length::Days(n) => Some(day::end_of(day::add(last_day, i64::from(n)), self.zone)),
            Length::WorkingDays(n) => Some(day::end_of(self.calendar.nth_working_day(last_day, n), self.zone)),
            Length::Months(n) => Some(day::end_of(day::add_months(last_day, n), self.zone)),
            Length::Years(n) => Some(day::end_of(day::add_years(last_day, n), self.zone)),
            Length::SameDay | Length::BeforeDay(_) | Length::Asked => None,
        }
    }

    /// The period ends with `last_day`, whatever day that is.
    pub fn ending(&self, last_day: NaiveDate) -> Due {
        let at = day::end_of(last_day, self.zone);
        let (is_provisional, is_cut) = (self.calendar.is_provisional(last_day), last_day >= day::LAST);
        Due { at, last_day: Some(last_day), rolled_from: None, is_provisional, is_cut }
    }

    fn rolled(&self, date: NaiveDate) -> Due {
        let last_day = self.roll_forward(date);
        Due { rolled_from: (last_day != date).then_some(date), ..self.ending(last_day) }
    }

    fn roll_forward(&self, date: NaiveDate) -> NaiveDate {
        match self.roll {
            Roll::Nowhere => date,
            Roll::WeekendsAndHolidays if self.calendar.is_working_day(date) => date,
            Roll::WeekendsAndHolidays => self.calendar.nth_working_day(date, 1),
            Roll::Holidays => self.calendar.after_holiday(date),
        }
        .min(day::LAST)
    }
}

fn after(from: DateTime<Utc>, by: TimeDelta) -> Due {
    let end = from.checked_add_signed(by).unwrap_or(DateTime::<Utc>::MAX_UTC);
    let at = day::clamped(end);
    let is_cut = at != end || day::local(at, Tz::UTC) >= day::LAST;
    Due { at, last_day: None, rolled_from: None, is_provisional: false, is_cut }
}

#[cfg(test)]
mod tests;
