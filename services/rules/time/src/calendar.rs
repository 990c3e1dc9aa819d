//! The working calendar of a place: which days are worked and when, under what name a day is off, and how far the
//! announcements reach. Counting working days is a search in prefix sums, never a walk over days.

mod error;
mod ical;
mod layer;
mod resolve;
mod shelf;
mod table;

use crate::day;
use crate::hours::Hours;
use crate::timetable::Timetable;
use crate::week::Week;
use chrono::{Datelike as _, NaiveDate};
pub use error::CalendarError;
pub use layer::{DayMark, Layer};
pub use shelf::Shelf;
use std::collections::BTreeMap;

/// What a day is to a calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayKind {
    /// An ordinary working day of the week.
    Weekday,
    /// An ordinary day on which the week rests.
    Weekend,
    /// A day of an announced holiday, weekend days inside it included.
    Holiday,
    /// A day that is worked out of turn, to make up for a holiday.
    MakeUp,
}

/// A day as the calendar knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Day<'a> {
    pub kind: DayKind,
    /// The holiday that the day belongs to, or makes up for.
    pub name: Option<&'a str>,
    /// Half of it is off, and under what name; it counts as worked.
    pub half: Option<(DayMark, &'a str)>,
    /// Beyond the announced years: the ordinary week is a guess until the calendar is published.
    pub is_provisional: bool,
}

impl Day<'_> {
    /// Whether the day is worked.
    pub fn is_working(&self) -> bool {
        matches!(self.kind, DayKind::Weekday | DayKind::MakeUp)
    }
}

/// The days off and the make-up days of whole years; outside of them the ordinary week is taken as worked.
#[derive(Clone, Debug)]
pub struct Calendar {
    id: String,
    fingerprint: String,
    /// The announced years.
    first: NaiveDate,
    last: NaiveDate,
    week: Week,
    timetable: Timetable,
    sums: Sums,
    named: BTreeMap<NaiveDate, (DayKind, String)>,
    halves: BTreeMap<NaiveDate, (DayMark, String)>,
    /// Holidays that follow each other, by their first day, and the day after the last.
    breaks: BTreeMap<NaiveDate, NaiveDate>,
}

/// `worked[i]` is the number of working days among the first `i` days from `first` on. All named days lie within.
#[derive(Clone, Debug)]
struct Sums {
    first: NaiveDate,
    last: NaiveDate,
    worked: Vec<i64>,
}

impl Calendar {
    /// Reads a calendar of one layer from CSV.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn parse(id: &str, text: &str) -> Result<Self, Vec<CalendarError>> {
        Self::layered(id, &[&Layer::from_csv(id, text)?])
    }

    /// The name packs use for it, such as `cn`.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// A short digest of its layers, to notice that a stored derivation used another calendar.
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    /// The last day of the announced years.
    pub fn covered_until(&self) -> NaiveDate {
        self.last
    }

    /// Whether `date` lies outside the announced years.
    pub fn is_provisional(&self, date: NaiveDate) -> bool {
        date < self.first || date > self.last
    }

    /// Whether `date` is worked.
    pub fn is_working_day(&self, date: NaiveDate) -> bool {
        self.day_kind(date).is_working()
    }

    /// What `date` is, and under which name.
    pub fn day_kind(&self, date: NaiveDate) -> Day<'_> {
        let is_provisional = self.is_provisional(date);
        let half = self.halves.get(&date).map(|(mark, name)| (*mark, name.as_str()));
        let (kind, name) = match self.named.get(&date) {
            Some((kind, name)) => (*kind, Some(name.as_str())),
            None if self.week.is_worked(date.weekday()) => (DayKind::Weekday, None),
            None => (DayKind::Weekend, None),
        };
        Day { kind, name, half, is_provisional }
    }

    /// When `date` is worked; a whole day where no hours are kept.
    pub fn hours(&self, date: NaiveDate) -> Hours {
        let day = self.day_kind(date);
        let ordinary = self.timetable.of(date);
        let hours = match day.kind {
            DayKind::Holiday | DayKind::Weekend => return Hours::default(),
            DayKind::MakeUp if ordinary.is_closed() => self.timetable.of_make_up(),
            DayKind::Weekday | DayKind::MakeUp => ordinary,
        };
        match day.half {
            Some((DayMark::AfternoonOff, _)) => hours.half(true),
            Some((DayMark::MorningOff, _)) => hours.half(false),
            _ => hours,
        }
    }

    /// The number of working days after `from` up to and including `to`; negative when `to` lies before `from`.
    pub fn working_days_between(&self, from: NaiveDate, to: NaiveDate) -> i64 {
        self.rank(to) - self.rank(from)
    }

    /// The `n`-th working day after `date`; `date` itself for 0.
    pub fn nth_working_day(&self, date: NaiveDate, n: u32) -> NaiveDate {
        if n == 0 { date } else { self.with_rank(self.rank(date) + i64::from(n)) }
    }

    /// The latest day from which `date` is at least `n` working days away; `date` itself for 0.
    pub fn nth_working_day_before(&self, date: NaiveDate, n: u32) -> NaiveDate {
        if n == 0 {
            return date;
        }
        // One before the first day that is too near, since days off share the rank of the working day before them.
        let too_near = self.with_rank(self.rank(date) - i64::from(n) + 1);
        too_near.pred_opt().unwrap_or(too_near)
    }

    /// `date`, or the first day after it that is no announced holiday.
    pub fn after_holiday(&self, date: NaiveDate) -> NaiveDate {
        let run = self.breaks.range(..=date).next_back();
        run.map_or(date, |(_, after)| date.max(*after))
    }

    /// How many working days there are up to and including `date`, from a far past; only differences mean anything.
    fn rank(&self, date: NaiveDate) -> i64 {
        let Sums { first, last, worked } = &self.sums;
        if date < *first {
            return self.week.rank(date);
        }
        let days = usize::try_from((date.min(*last) - *first).num_days() + 1).unwrap_or(0);
        let known = self.before() + worked.get(days).copied().unwrap_or(0);
        if date > *last { known + self.week.rank(date) - self.week.rank(*last) } else { known }
    }

    /// The first day whose rank is `rank`, which is a working day.
    fn with_rank(&self, rank: i64) -> NaiveDate {
        let Sums { first, last, worked } = &self.sums;
        let known = rank - self.before();
        let total = worked.last().copied().unwrap_or(0);
        if known <= 0 {
            return self.week.with_rank(rank);
        }
        if known > total {
            return self.week.with_rank(known - total + self.week.rank(*last));
        }
        let days = worked.partition_point(|sum| *sum < known);
        day::add(*first, i64::try_from(days).unwrap_or(0) - 1)
    }

    fn before(&self) -> i64 {
        self.sums.first.pred_opt().map_or(0, |date| self.week.rank(date))
    }
}

#[cfg(test)]
mod tests;
