//! The working calendar of a jurisdiction: which days are worked, under what name a day is off, and how far the
//! announcements reach. Counting working days is a search in prefix sums, never a walk over days.

use crate::day;
use crate::week::Week;
use chrono::{Datelike as _, NaiveDate};
use std::collections::BTreeMap;

/// A calendar file that cannot be used, with the line to look at.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("calendar {id}, line {line}: {text}")]
pub struct CalendarError {
    pub id: String,
    pub line: u64,
    pub text: String,
}

/// What a day is to a calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayKind {
    /// An ordinary Monday to Friday.
    Weekday,
    /// An ordinary Saturday or Sunday.
    Weekend,
    /// A day of an announced holiday, weekend days inside it included.
    Holiday,
    /// A day of the weekend that is worked to make up for a holiday.
    MakeUp,
}

/// A day as the calendar knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Day<'a> {
    pub kind: DayKind,
    /// The holiday that the day belongs to, or makes up for.
    pub name: Option<&'a str>,
    /// Beyond the announced years: Monday to Friday is a guess until the calendar is published.
    pub is_provisional: bool,
}

impl Day<'_> {
    /// Whether the day is worked.
    pub fn is_working(&self) -> bool {
        matches!(self.kind, DayKind::Weekday | DayKind::MakeUp)
    }
}

/// The days off and the make-up days of whole years; outside of them Monday to Friday are taken as worked.
#[derive(Clone, Debug)]
pub struct Calendar {
    id: String,
    fingerprint: String,
    first: NaiveDate,
    last: NaiveDate,
    week: Week,
    /// `worked[i]` is the number of working days among the first `i` covered days.
    worked: Vec<i64>,
    named: BTreeMap<NaiveDate, (DayKind, String)>,
    /// Holidays that follow each other, by their first day, and the day after the last.
    breaks: BTreeMap<NaiveDate, NaiveDate>,
}

impl Calendar {
    /// Reads `date,kind,name` lines, `kind` being `off` or `work`. Every year that a line names is covered whole, and
    /// the covered years have no hole.
    pub fn parse(id: &str, text: &str) -> Result<Self, CalendarError> {
        let named = read(id, text)?;
        let error = |text: &str| CalendarError { id: id.to_owned(), line: 0, text: text.to_owned() };
        let years = named.keys().next().zip(named.keys().next_back()).map(|(a, b)| (a.year(), b.year()));
        let (from, to) = years.ok_or_else(|| error("no days"))?;
        for year in from..=to {
            if !named.keys().any(|date| date.year() == year) {
                return Err(error(&format!("nothing for the year {year}, between years that are covered")));
            }
        }
        let ends = NaiveDate::from_ymd_opt(from, 1, 1).zip(NaiveDate::from_ymd_opt(to, 12, 31));
        let (first, last) = ends.ok_or_else(|| error("years out of range"))?;
        let mut worked = vec![0];
        let mut sum = 0;
        for date in first.iter_days().take_while(|date| *date <= last) {
            let is_working = match named.get(&date) {
                Some((kind, _)) => *kind == DayKind::MakeUp,
                None => Week::default().is_worked(date.weekday()),
            };
            sum += i64::from(is_working);
            worked.push(sum);
        }
        let breaks = breaks(&named);
        let week = Week::default();
        Ok(Self { id: id.to_owned(), fingerprint: fingerprint(text), first, last, week, worked, named, breaks })
    }

    /// The name packs use for it, such as `cn`.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// A short digest of the text, to notice that a stored derivation used another calendar.
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
        match self.named.get(&date) {
            Some((kind, name)) => Day { kind: *kind, name: Some(name), is_provisional },
            None if !Week::default().is_worked(date.weekday()) => {
                Day { kind: DayKind::Weekend, name: None, is_provisional }
            }
            None => Day { kind: DayKind::Weekday, name: None, is_provisional },
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
        if date < self.first {
            return self.week.rank(date);
        }
        let days = usize::try_from((date.min(self.last) - self.first).num_days() + 1).unwrap_or(0);
        let covered = self.before() + self.worked.get(days).copied().unwrap_or(0);
        if date > self.last { covered + self.week.rank(date) - self.week.rank(self.last) } else { covered }
    }

    /// The first day whose rank is `rank`, which is a working day.
    fn with_rank(&self, rank: i64) -> NaiveDate {
        let covered = rank - self.before();
        let total = self.worked.last().copied().unwrap_or(0);
        if covered <= 0 {
            return self.week.with_rank(rank);
        }
        if covered > total {
            return self.week.with_rank(covered - total + self.week.rank(self.last));
        }
        let days = self.worked.partition_point(|sum| *sum < covered);
        day::add(self.first, i64::try_from(days).unwrap_or(0) - 1)
    }

    fn before(&self) -> i64 {
        self.first.pred_opt().map_or(0, |date| self.week.rank(date))
    }
}

/// Runs of holidays, so that getting past one is a look-up and no walk, however long a file makes it.
fn breaks(named: &BTreeMap<NaiveDate, (DayKind, String)>) -> BTreeMap<NaiveDate, NaiveDate> {
    let mut breaks: BTreeMap<NaiveDate, NaiveDate> = BTreeMap::new();
    for date in named.iter().filter(|(_, (kind, _))| *kind == DayKind::Holiday).map(|(date, _)| *date) {
        match breaks.last_entry() {
            Some(mut run) if *run.get() == date => *run.get_mut() = day::add(date, 1),
            _ => drop(breaks.insert(date, day::add(date, 1))),
        }
    }
    breaks
}

fn read(id: &str, text: &str) -> Result<BTreeMap<NaiveDate, (DayKind, String)>, CalendarError> {
    let mut named = BTreeMap::new();
    let mut reader = csv::ReaderBuilder::new().comment(Some(b'#')).trim(csv::Trim::All).from_reader(text.as_bytes());
    for record in reader.records() {
        let record = record.map_err(|error| CalendarError {
            id: id.to_owned(),
            line: error.position().map_or(0, csv::Position::line),
            text: error.to_string(),
        })?;
        let line = record.position().map_or(0, csv::Position::line);
        let error = |text: String| CalendarError { id: id.to_owned(), line, text };
        let field = |index: usize| record.get(index).unwrap_or_default();
        let date = NaiveDate::parse_from_str(field(0), "%Y-%m-%d")
            .ok()
            .filter(|date| (1900..=2999).contains(&date.year()))
            .ok_or_else(|| error(format!("`{}` is not a date like 2026-02-14", field(0))))?;
        let kind = match field(1) {
            "off" => DayKind::Holiday,
            "work" if !Week::default().is_worked(date.weekday()) => DayKind::MakeUp,
            "work" => return Err(error(format!("{date} is a weekday: it is worked without being listed"))),
            other => return Err(error(format!("`{other}` is neither `off` nor `work`"))),
        };
        if named.insert(date, (kind, field(2).to_owned())).is_some() {
            return Err(error(format!("{date} is listed twice")));
        }
    }
    Ok(named)
}

/// FNV-1a: the same in every build, which is all that is asked of it.
fn fingerprint(text: &str) -> String {
    let hash = text
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    format!("{hash:016x}")
}

#[cfg(test)]
mod tests;
