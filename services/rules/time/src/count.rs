//! Counting one period, as the Civil Code does (Arts. 200–204): the day of the starting fact is not counted, a last day
//! that is a day off gives way to the next that is not, and the last day ends at 24:00. Hours run from the fact.

use crate::calendar::Calendar;
use crate::day;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;
use regime::{Ends, Length, Regime, Roll};
use serde::{Deserialize, Serialize};

/// What counting needs beside the period: the calendar, the unit's zone, and the manner of the regime.
#[derive(Clone, Copy, Debug)]
pub struct Counting<'a> {
    pub calendar: &'a Calendar,
    pub zone: Tz,
    pub roll: Roll,
    pub ends: Ends,
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

impl<'a> Counting<'a> {
    /// As the regime counts.
    pub fn of(regime: &Regime, calendar: &'a Calendar, zone: Tz) -> Self {
        Self { calendar, zone, roll: regime.counting.roll, ends: regime.counting.ends }
    }

    /// Where `length` ends that began at `from`; none for a date to be asked for when nobody has asked.
    pub fn due(&self, length: &Length, from: DateTime<Utc>, asked: Option<NaiveDate>) -> Option<Due> {
        let day_zero = day::local(from, self.zone);
        let due = match *length {
            Length::Days(n) => self.rolled(day::add(day_zero, i64::from(n))),
            Length::Months(n) => self.rolled(day::add_months(day_zero, n)),
            Length::Years(n) => self.rolled(day::add_years(day_zero, n)),
            Length::WorkingDays(n) => self.worked(day_zero, n),
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
            Some(_) => self.end(to),
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
            Length::Days(n) => Some(self.end(day::add(last_day, i64::from(n)))),
            Length::WorkingDays(n) => Some(self.end(self.calendar.nth_working_day(last_day, n))),
            Length::Months(n) => Some(self.end(day::add_months(last_day, n))),
            Length::Years(n) => Some(self.end(day::add_years(last_day, n))),
            Length::SameDay | Length::BeforeDay(_) | Length::Asked => None,
        }
    }

    /// The period ends with `last_day`, whatever day that is.
    pub fn ending(&self, last_day: NaiveDate) -> Due {
        let at = self.end(last_day);
        // Only the hour of closing could still be announced otherwise.
        let is_provisional = self.ends == Ends::Close && self.calendar.is_provisional(last_day);
        Due { at, last_day: Some(last_day), rolled_from: None, is_provisional, is_cut: last_day >= day::LAST }
    }

    /// The instant at which a last day is over. A day that is not worked has no close of business.
    fn end(&self, date: NaiveDate) -> DateTime<Utc> {
        let close = match self.ends {
            Ends::Midnight => None,
            Ends::Close => self.calendar.hours(date).close(),
        };
        let close =
            close.and_then(|minute| chrono::NaiveTime::from_num_seconds_from_midnight_opt(u32::from(minute) * 60, 0));
        close.map_or_else(|| day::end_of(date, self.zone), |time| day::at(date.and_time(time), self.zone))
    }

    fn rolled(&self, date: NaiveDate) -> Due {
        let last_day = self.roll_forward(date);
        let end = self.ending(last_day);
        let is_guess = self.roll != Roll::Nowhere && [date, last_day].iter().any(|d| self.calendar.is_provisional(*d));
        let is_provisional = end.is_provisional || is_guess;
        Due { rolled_from: (last_day != date).then_some(date), is_provisional, ..end }
    }

    /// The `n`-th working day, whichever days the regime rolls off: it is no day off under any reading.
    fn worked(&self, day_zero: NaiveDate, n: u32) -> Due {
        let due = self.rolled(self.calendar.nth_working_day(day_zero, n));
        let ends = [day::add(day_zero, 1), due.last_day.unwrap_or(day_zero)];
        let is_provisional = ends.iter().any(|date| self.calendar.is_provisional(*date));
        Due { is_provisional, ..due }
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
