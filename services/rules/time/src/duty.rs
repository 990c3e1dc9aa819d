//! What recurs by the calendar: the periods of a duty, and by when it is due in each.

use crate::count::{Counting, Due};
use crate::day;
use chrono::{DateTime, Datelike as _, NaiveDate, Utc};
use regime::{Duty, DutyDue, Length};

/// A duty in one period. Its first day tells it from every other of the same duty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DutyRun {
    pub first_day: NaiveDate,
    pub last_day: NaiveDate,
    /// From when it can be done: with the period, or after it where it is due so long after the period.
    pub opens_at: DateTime<Utc>,
    pub due: Due,
}

/// The runs of a duty that open from `from` on and before `to`, in their order. Periods begin on the first of a month;
/// a year is divided from January on.
pub fn duty_runs(duty: &Duty, counting: &Counting<'_>, from: DateTime<Utc>, to: DateTime<Utc>) -> Vec<DutyRun> {
    let months = duty.months.max(1);
    // The period before may open only when this one begins.
    let first = day::sub_months(period(day::local(from, counting.zone), months), months);
    let starts = std::iter::successors(Some(first), |first| {
        let next = day::add_months(*first, months);
        (next > *first && next.day() == 1).then_some(next)
    });
    let runs = starts.map(|first| run(duty, counting, first, months));
    runs.take_while(|run| run.opens_at < to).filter(|run| run.opens_at >= from).collect()
}

/// The first day of the period that `date` lies in.
fn period(date: NaiveDate, months: u32) -> NaiveDate {
    let month = date.year().saturating_mul(12).saturating_add(i32::try_from(date.month0()).unwrap_or(0));
    let first = month - month.rem_euclid(i32::try_from(months).unwrap_or(1));
    let month = u32::try_from(first.rem_euclid(12)).unwrap_or(0) + 1;
    NaiveDate::from_ymd_opt(first.div_euclid(12), month, 1).map_or(day::FIRST, |date| date.max(day::FIRST))
}

fn run(duty: &Duty, counting: &Counting<'_>, first_day: NaiveDate, months: u32) -> DutyRun {
    let last_day = day::add(day::add_months(first_day, months), -1);
    let begins = day::end_of(day::add(first_day, -1), counting.zone);
    let (opens_at, due) = match duty.due {
        DutyDue::Within(length) => {
            let over = day::end_of(last_day, counting.zone);
            (over, within(counting, &length, last_day, over))
        }
        DutyDue::BeforeDay(n) => {
            let month = last_day.with_day(1).unwrap_or(last_day);
            (begins, counting.ending(day::before_day(month, n).min(last_day)))
        }
        DutyDue::PeriodEnd => (begins, counting.ending(last_day)),
    };
    DutyRun { first_day, last_day, opens_at, due }
}

/// Days are counted from the period's last day, which is not counted; hours from its end.
fn within(counting: &Counting<'_>, length: &Length, last_day: NaiveDate, over: DateTime<Utc>) -> Due {
    let end = Due { at: over, ..counting.ending(last_day) };
    let hours = Due { last_day: None, ..end };
    let of = if matches!(length, Length::Hours(_) | Length::Minutes(_)) { hours } else { end };
    counting.extended(&of, length).unwrap_or(end)
}

#[cfg(test)]
mod tests;
