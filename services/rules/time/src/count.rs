//! Counting one period, as the Civil Code does (Arts. 200–204): the day of the starting fact is not counted, a last day
//! that is a day off gives way to the next that is not, and the last day ends at 24:00. Hours run from the fact.

mod paused;

use crate::calendar::Calendar;
use crate::day;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;
pub(crate) use paused::Days;
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
        self.due_paused(length, from, asked, &[])
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
            Length::SameDay | Length::BeforeDay(_) | Length::Asked | Length::Set => None,
        }
    }

    /// The instant `length` after the end of a period that was missed. Days are counted from its last day and end
    /// where they end: what the house asks of itself waits for no holiday unless it says working days.
    pub fn after(&self, due: &Due, length: &Length) -> Option<DateTime<Utc>> {
        let last_day = due.last_day.unwrap_or_else(|| day::local(due.at, self.zone));
        match *length {
            Length::Hours(n) => Some(after(due.at, TimeDelta::hours(i64::from(n)), &[]).at),
            Length::Minutes(n) => Some(after(due.at, TimeDelta::minutes(i64::from(n)), &[]).at),
            Length::Days(n) => Some(self.end(day::add(last_day, i64::from(n)))),
            Length::WorkingDays(n) => Some(self.end(self.calendar.nth_working_day(last_day, n))),
            Length::Months(n) => Some(self.end(day::add_months(last_day, n))),
            Length::Years(n) => Some(self.end(day::add_years(last_day, n))),
            Length::SameDay | Length::BeforeDay(_) | Length::Asked | Length::Set => None,
        }
    }

    /// Where a period ends that goes on for `by` after its last day, which is not counted; none for what is no distance.
    pub fn extended(&self, due: &Due, by: &Length) -> Option<Due> {
        self.extended_paused(due, by, due.at, &[])
    }

    /// The period ends with `last_day`, whatever day that is.
    pub fn ending(&self, last_day: NaiveDate) -> Due {
        let last_day = last_day.clamp(day::FIRST, day::LAST);
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

    /// The period ends on `date`, or on the first day after it that the regime lets a period end on and at whose end
    /// the clock goes.
    fn rolled(&self, date: NaiveDate, still: &[Days]) -> Due {
        let start = self.roll_forward(date);
        let last_day = still.iter().fold(start, |last_day, (first, next)| {
            if (*first..*next).contains(&last_day) { self.roll_forward(*next) } else { last_day }
        });
        let end = self.ending(last_day);
        let is_guess = self.roll != Roll::Nowhere && [date, last_day].iter().any(|d| self.calendar.is_provisional(*d));
        let is_provisional = end.is_provisional || is_guess;
        Due { rolled_from: (last_day != date).then_some(date), is_provisional, ..end }
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

/// `by` after `from`, what lies in the whiles not counted.
fn after(from: DateTime<Utc>, by: TimeDelta, whiles: &[(DateTime<Utc>, DateTime<Utc>)]) -> Due {
    let latest = DateTime::<Utc>::MAX_UTC;
    let end = whiles.iter().fold(from.checked_add_signed(by).unwrap_or(latest), |end, (start, until)| {
        if *start < end { end.checked_add_signed(*until - *start).unwrap_or(latest) } else { end }
    });
    let at = day::clamped(end);
    let is_cut = at != end || day::local(at, Tz::UTC) >= day::LAST;
    Due { at, last_day: None, rolled_from: None, is_provisional: false, is_cut }
}

#[cfg(test)]
mod tests;
