//! Periods with whiles in them that are not counted. Of days, those are not counted at whose end the clock stands
//! still: so a pause from one day to another costs as many days as lie between them, counted as the Civil Code counts
//! (Art. 201), one within a day costs none, and no period ends while it stands still. Hours stand still exactly.

use super::{Counting, Due};
use crate::day;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use regime::Length;

/// The first day that is not counted, and the first after it that is.
pub(crate) type Days = (NaiveDate, NaiveDate);
type Whiles<'a> = &'a [(DateTime<Utc>, DateTime<Utc>)];

impl Counting<'_> {
    /// Where `length` ends that began at `from` and stood still in these whiles; as [`Counting::due`].
    pub fn due_paused(
        &self,
        length: &Length,
        from: DateTime<Utc>,
        asked: Option<NaiveDate>,
        whiles: Whiles<'_>,
    ) -> Option<Due> {
        let whiles = merged(whiles, from);
        let still = self.still_days(from, &whiles);
        let zero = day::local(from, self.zone);
        let due = match *length {
            Length::Days(n) => self.rolled(pushed(day::add(zero, i64::from(n)), zero, &still), &still),
            Length::Months(n) => self.rolled(pushed(day::add_months(zero, n), zero, &still), &still),
            Length::Years(n) => self.rolled(pushed(day::add_years(zero, n), zero, &still), &still),
            Length::WorkingDays(n) => self.worked(zero, n, &still),
            Length::SameDay => self.same_day(zero, from, &whiles),
            // Points of the calendar are no periods: nothing pauses a date.
            Length::BeforeDay(n) => self.ending_after(day::before_day(zero, n), from),
            // A date before the matter was known cannot be kept; its own day is the earliest that can.
            Length::Asked => self.ending_after(asked?.max(zero).min(day::LAST), from),
            Length::Hours(n) => super::after(from, TimeDelta::hours(i64::from(n)), &whiles),
            Length::Minutes(n) => super::after(from, TimeDelta::minutes(i64::from(n)), &whiles),
            // It is a date; [`Counting::named`] counts to it.
            Length::Set => return None,
        };
        Some(due)
    }

    /// Where a period that began at `from` ends when it goes on for `by` after it was due; as [`Counting::extended`].
    pub(crate) fn extended_paused(
        &self,
        due: &Due,
        by: &Length,
        from: DateTime<Utc>,
        whiles: Whiles<'_>,
    ) -> Option<Due> {
        let on = |by| Some(super::after(due.at, by, &merged(whiles, due.at)));
        // Hours go on from the instant; and so do days after hours, counted from its day.
        let zero = due.last_day.unwrap_or_else(|| day::local(due.at, self.zone));
        let still = self.still_days(from, whiles);
        let end = |date| Some(self.rolled(pushed(date, zero, &still), &still));
        match *by {
            Length::Days(n) => end(day::add(zero, i64::from(n))),
            Length::WorkingDays(n) => Some(self.worked(zero, n, &still)),
            Length::Months(n) => end(day::add_months(zero, n)),
            Length::Years(n) => end(day::add_years(zero, n)),
            Length::Hours(n) => on(TimeDelta::hours(i64::from(n))),
            Length::Minutes(n) => on(TimeDelta::minutes(i64::from(n))),
            Length::SameDay | Length::BeforeDay(_) | Length::Asked | Length::Set => None,
        }
    }

    /// The end of a day that was set at `since` for a period that began at `from`. A date that somebody named is no
    /// period: it ends on that day, whatever day that is, and what stands still later pushes it on.
    pub(crate) fn named(&self, date: NaiveDate, from: DateTime<Utc>, since: DateTime<Utc>, whiles: Whiles<'_>) -> Due {
        let zero = day::local(from, self.zone);
        let since = since.max(from);
        let whiles: Vec<_> = whiles.iter().copied().filter(|(start, _)| *start >= since).collect();
        let still = self.still_days(since, &whiles);
        self.ending_after(pushed(date.max(zero).min(day::LAST), day::FIRST, &still), from)
    }

    /// The end of the day of the fact; of the day on which the clock goes on, if it stands still at that end.
    fn same_day(&self, zero: NaiveDate, from: DateTime<Utc>, whiles: Whiles<'_>) -> Due {
        whiles.iter().fold(self.ending_after(zero, from), |due, (start, until)| {
            if *start < due.at && due.at <= *until { self.ending(self.counted_next(*until)) } else { due }
        })
    }

    /// The end of `last_day`; its 24:00 where business had closed before the fact came.
    fn ending_after(&self, last_day: NaiveDate, from: DateTime<Utc>) -> Due {
        let due = self.ending(last_day);
        if due.at > from { due } else { Due { at: day::end_of(last_day, self.zone), ..due } }
    }

    /// The end of the day `until`, pushed on by what stood still later than `since`, when that day was set.
    pub(crate) fn ending_paused(&self, until: NaiveDate, since: DateTime<Utc>, whiles: Whiles<'_>) -> Due {
        let whiles: Vec<_> = whiles.iter().copied().filter(|(from, _)| *from >= since).collect();
        let still = self.still_days(since, &whiles);
        self.ending(pushed(until, day::FIRST, &still))
    }

    /// When a pause that began at `from` is over at the latest: as many days are not counted as `cap` says.
    pub fn capped(&self, from: DateTime<Utc>, cap: Length) -> Option<DateTime<Utc>> {
        let first = self.counted_next(from);
        let before = day::add(first, -1);
        match cap {
            Length::Hours(n) => Some(super::after(from, TimeDelta::hours(i64::from(n)), &[]).at),
            Length::Minutes(n) => Some(super::after(from, TimeDelta::minutes(i64::from(n)), &[]).at),
            Length::Days(n) => Some(self.end(day::add(before, i64::from(n)))),
            Length::WorkingDays(n) => Some(self.end(self.calendar.nth_working_day(before, n))),
            Length::Months(n) => Some(self.end(day::add(day::add_months(first, n), -1))),
            Length::Years(n) => Some(self.end(day::add(day::add_years(first, n), -1))),
            Length::SameDay | Length::BeforeDay(_) | Length::Asked | Length::Set => None,
        }
    }

    /// The days of a period begun at `from` that whiles leave uncounted, in order.
    pub(crate) fn still_days(&self, from: DateTime<Utc>, whiles: Whiles<'_>) -> Vec<Days> {
        let whiles = merged(whiles, from);
        let days = whiles.iter().map(|(from, until)| (self.counted_next(*from), self.counted_next(*until)));
        days.filter(|(first, next)| first < next).collect()
    }

    /// The first day that ends after the instant.
    fn counted_next(&self, at: DateTime<Utc>) -> NaiveDate {
        let date = day::local(at, self.zone);
        if self.end(date) > at { date } else { day::add(date, 1) }
    }

    /// The `n`-th working day that is counted, whichever days the regime rolls off: it is no day off under any reading.
    pub(super) fn worked(&self, zero: NaiveDate, n: u32, still: &[Days]) -> Due {
        let mut n = n;
        let mut end = self.calendar.nth_working_day(zero, n);
        for (first, next) in within(zero, still) {
            if first > end {
                break;
            }
            let lost = self.calendar.working_days_between(day::add(first, -1), day::add(next, -1));
            n = n.saturating_add(u32::try_from(lost).unwrap_or(0));
            end = self.calendar.nth_working_day(zero, n);
        }
        let due = self.rolled(end, still);
        let ends = [day::add(zero, 1), due.last_day.unwrap_or(zero)];
        let is_provisional = ends.iter().any(|date| self.calendar.is_provisional(*date));
        Due { is_provisional, ..due }
    }
}

/// Whiles in order, clear of each other, none before `from`.
fn merged(whiles: Whiles<'_>, from: DateTime<Utc>) -> Vec<(DateTime<Utc>, DateTime<Utc>)> {
    let mut sorted: Vec<_> = whiles.iter().map(|(start, end)| ((*start).max(from), *end)).collect();
    sorted.retain(|(start, end)| start < end);
    sorted.sort_unstable();
    let mut merged: Vec<(DateTime<Utc>, DateTime<Utc>)> = Vec::new();
    for (start, end) in sorted {
        match merged.last_mut().filter(|(_, before)| *before >= start) {
            Some((_, before)) => *before = end.max(*before),
            None => merged.push((start, end)),
        }
    }
    merged
}

/// What of the uncounted days comes after day zero, which is not counted anyway.
fn within(zero: NaiveDate, still: &[Days]) -> impl Iterator<Item = Days> {
    let after = day::add(zero, 1);
    still.iter().map(move |(first, next)| ((*first).max(after), *next)).filter(|(first, next)| first < next)
}

/// `end` pushed on by every uncounted day before it and on it.
fn pushed(end: NaiveDate, zero: NaiveDate, still: &[Days]) -> NaiveDate {
    within(zero, still).fold(
        end,
        |end, (first, next)| {
            if first <= end { day::add(end, (next - first).num_days()) } else { end }
        },
    )
}
