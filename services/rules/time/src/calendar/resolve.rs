//! Layers put together into one calendar: nation, then region, then branch, the later speaking before the earlier.

use super::layer::{Entry, Layer, fingerprint};
use super::{Calendar, CalendarError, DayKind, DayMark, Sums};
use crate::day;
use crate::timetable::Timetable;
use crate::week::Week;
use chrono::{Datelike as _, NaiveDate};
use kit_core::Text;
use std::collections::BTreeMap;

impl Calendar {
    /// Puts layers together. Every year that the first of them names is announced whole, and no year is missing between.
    ///
    /// # Errors
    /// Everything that does not fit together, at the line of the layer that says it.
    pub fn layered(id: &str, layers: &[&Layer]) -> Result<Self, Vec<CalendarError>> {
        let mut errors = Vec::new();
        let years = layers.first().map_or(Err(nothing(id)), |base| announced(base));
        let mut sum = Sum::default();
        for layer in layers {
            sum.add(layer, &mut errors);
        }
        let (first, last) = match years {
            Ok(years) if errors.is_empty() => years,
            other => return Err(other.err().into_iter().chain(errors).collect()),
        };
        let Sum { timetable, week, named, halves } = sum;
        let sums = sums((first, last), &named, week);
        let prints: Vec<&str> = layers.iter().map(|layer| layer.fingerprint.as_str()).collect();
        let print = match prints[..] {
            [one] => one.to_owned(),
            _ => fingerprint(prints.join(" ").as_bytes()),
        };
        let breaks = breaks(&named);
        let id = id.to_owned();
        Ok(Self { id, fingerprint: print, first, last, week, timetable, sums, named, halves, breaks })
    }
}

impl Calendar {
    /// All its layers in one, for reading elsewhere.
    pub fn flattened(&self) -> Layer {
        let entry = |mark, name: &String| Entry { mark, name: name.clone(), line: 0 };
        let named = self.named.iter().map(|(date, (kind, name))| {
            let mark = if *kind == DayKind::MakeUp { DayMark::Work } else { DayMark::Off };
            (*date, entry(mark, name))
        });
        let mut days: BTreeMap<NaiveDate, Entry> = named.collect();
        for (date, (mark, name)) in &self.halves {
            // A day worked out of turn is told whole; that half of it is off has no line of its own.
            days.entry(*date).or_insert_with(|| entry(*mark, name));
        }
        let hours = self.timetable.said().map(|(slot, hours)| (slot, (hours.clone(), 0))).collect();
        Layer { id: self.id.clone(), fingerprint: self.fingerprint.clone(), days, hours }
    }
}

/// What the layers so far come to.
#[derive(Default)]
struct Sum {
    timetable: Timetable,
    week: Week,
    named: BTreeMap<NaiveDate, (DayKind, String)>,
    halves: BTreeMap<NaiveDate, (DayMark, String)>,
}

impl Sum {
    fn add(&mut self, layer: &Layer, errors: &mut Vec<CalendarError>) {
        for (slot, (hours, _)) in &layer.hours {
            self.timetable.set(*slot, hours.clone());
        }
        if let Some(week) = self.timetable.week() {
            self.week = week;
        } else {
            let line = layer.hours.values().map(|(_, line)| *line).max().unwrap_or(0);
            let text = Text::new("一周没有一天办公", "no day of the week is worked");
            errors.push(CalendarError::new(&layer.id, line, text));
        }
        for (date, entry) in &layer.days {
            let is_worked = match self.named.get(date) {
                Some((kind, _)) => *kind == DayKind::MakeUp,
                None => self.week.is_worked(date.weekday()),
            };
            let name = entry.name.clone();
            let text = match (entry.mark, is_worked) {
                (DayMark::Off, _) => {
                    self.halves.remove(date);
                    self.named.insert(*date, (DayKind::Holiday, name));
                    continue;
                }
                (DayMark::Work, false) => {
                    self.named.insert(*date, (DayKind::MakeUp, name));
                    continue;
                }
                (half @ (DayMark::MorningOff | DayMark::AfternoonOff), true) => {
                    self.halves.insert(*date, (half, name));
                    continue;
                }
                (DayMark::Work, true) => Text::new(
                    format!("{date} 本来就上班，不必列出；是否指“off”？"),
                    format!("{date} is worked without being listed; did you mean `off`?"),
                ),
                (_, false) => Text::new(
                    format!("{date} 本来就不上班，谈不上休半天；是否指“off”？"),
                    format!("{date} is not worked at all, so half of it cannot be off; did you mean `off`?"),
                ),
            };
            errors.push(CalendarError::new(&layer.id, entry.line, text));
        }
    }
}

fn nothing(id: &str) -> CalendarError {
    CalendarError::new(id, 0, Text::new("没有任何日期", "no days"))
}

/// The first and the last day of the years that a layer announces.
fn announced(base: &Layer) -> Result<(NaiveDate, NaiveDate), CalendarError> {
    let years = base.days.keys().next().zip(base.days.keys().next_back()).map(|(a, b)| (a.year(), b.year()));
    let (from, to) = years.ok_or_else(|| nothing(&base.id))?;
    let of_year = |year| NaiveDate::from_ymd_opt(year, 1, 1).zip(NaiveDate::from_ymd_opt(year, 12, 31));
    for year in from..=to {
        if of_year(year).is_none_or(|(first, last)| base.days.range(first..=last).next().is_none()) {
            let (zh, en) = (
                format!("缺少 {year} 年，而其前后年份都有"),
                format!("nothing for the year {year}, between years that are covered"),
            );
            return Err(CalendarError::new(&base.id, 0, Text::new(zh, en)));
        }
    }
    let ends = of_year(from).zip(of_year(to)).map(|((first, _), (_, last))| (first, last));
    ends.ok_or_else(|| nothing(&base.id))
}

/// The sums over the announced years and over every day that is named beside them.
fn sums(years: (NaiveDate, NaiveDate), named: &BTreeMap<NaiveDate, (DayKind, String)>, week: Week) -> Sums {
    let first = named.keys().next().map_or(years.0, |named| years.0.min(*named));
    let last = named.keys().next_back().map_or(years.1, |named| years.1.max(*named));
    let is_worked = |date: NaiveDate| match named.get(&date) {
        Some((kind, _)) => *kind == DayKind::MakeUp,
        None => week.is_worked(date.weekday()),
    };
    let days = first.iter_days().take_while(|date| *date <= last);
    let sums = days.scan(0, |sum, date| {
        *sum += i64::from(is_worked(date));
        Some(*sum)
    });
    Sums { first, last, worked: [0].into_iter().chain(sums).collect() }
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
