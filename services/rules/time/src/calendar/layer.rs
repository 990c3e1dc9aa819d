//! One layer of a calendar: what a nation, a region or a branch says of its days, each with the line that says so.

use super::CalendarError;
use crate::hours::Hours;
use crate::timetable::Slot;
use chrono::{Datelike as _, NaiveDate};
use kit_core::Text;
use std::collections::BTreeMap;

/// What a layer says of a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayMark {
    /// 休: nobody works.
    Off,
    /// 班: worked, though the week or a layer below says otherwise.
    Work,
    /// Half a day off. It is still a working day; only its hours are fewer.
    MorningOff,
    AfternoonOff,
}

/// The words of the marks in CSV.
pub(super) const MARKS: [(&str, DayMark); 4] = [
    ("off", DayMark::Off),
    ("work", DayMark::Work),
    ("morning-off", DayMark::MorningOff),
    ("afternoon-off", DayMark::AfternoonOff),
];

impl DayMark {
    /// As CSV names it.
    pub(in crate::calendar) fn word(self) -> &'static str {
        MARKS.iter().find(|(_, mark)| *mark == self).map_or("", |(word, _)| word)
    }
}

/// A day that a layer names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) mark: DayMark,
    pub(super) name: String,
    pub(super) line: u64,
}

/// A layer as it was published. A later layer of a calendar speaks before an earlier one.
#[derive(Clone, Debug)]
pub struct Layer {
    pub(super) id: String,
    pub(super) fingerprint: String,
    pub(super) days: BTreeMap<NaiveDate, Entry>,
    pub(super) hours: BTreeMap<Slot, (Hours, u64)>,
}

impl Layer {
    /// The name of it, such as `cn`.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// A short digest of its text.
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    /// The first and the last year of which it names a day.
    pub fn years(&self) -> Option<(i32, i32)> {
        let (first, last) = self.days.keys().next().zip(self.days.keys().next_back())?;
        Some((first.year(), last.year()))
    }

    /// This layer, brought to take the place of `present`. One that names days in all years of which the present one does
    /// replaces it; any other supplements it: what it names counts, all else stays. Without hours it leaves those.
    #[must_use]
    pub fn over(self, present: &Self) -> Self {
        let mut layer = self;
        let is_whole = match (layer.years(), present.years()) {
            (Some((from, to)), Some((first, last))) => from <= first && to >= last,
            (_, None) => true,
            (None, Some(_)) => false,
        };
        if !is_whole {
            for (day, entry) in &present.days {
                layer.days.entry(*day).or_insert_with(|| entry.clone());
            }
        }
        if layer.hours.is_empty() {
            layer.hours.clone_from(&present.hours);
        }
        layer
    }

    /// The days that it names, in order.
    pub fn days(&self) -> impl Iterator<Item = (NaiveDate, DayMark, &str)> {
        self.days.iter().map(|(date, entry)| (*date, entry.mark, entry.name.as_str()))
    }
}

/// A layer being read, and everything that is wrong with it.
pub(super) struct Draft {
    layer: Layer,
    errors: Vec<CalendarError>,
}

impl Draft {
    pub(super) fn new(id: &str, text: &[u8]) -> Self {
        let (days, hours) = (BTreeMap::new(), BTreeMap::new());
        let layer = Layer { id: id.to_owned(), fingerprint: fingerprint(text), days, hours };
        Self { layer, errors: Vec::new() }
    }

    pub(super) fn fail(&mut self, line: u64, text: Text) {
        self.errors.push(CalendarError::new(&self.layer.id, line, text));
    }

    /// Notes a day. That it is off and worked, or named twice, is a mistake.
    pub(super) fn day(&mut self, date: NaiveDate, mark: DayMark, name: &str, line: u64) {
        if !(1900..=2999).contains(&date.year()) {
            let near = date.year().clamp(1900, 2999);
            let (zh, en) = (
                format!("{date} 超出 1900 至 2999 年；最近的年份是 {near}"),
                format!("{date} is not between 1900 and 2999; the nearest year is {near}"),
            );
            return self.fail(line, Text::new(zh, en));
        }
        let Some(before) = self.layer.days.get(&date) else {
            self.layer.days.insert(date, Entry { mark, name: name.to_owned(), line });
            return;
        };
        let (first, was, is) = (before.line, before.mark.word(), mark.word());
        let text = if before.mark == mark {
            Text::new(
                format!("{date} 重复列出(第 {first} 行)"),
                format!("{date} is listed twice; line {first} lists it"),
            )
        } else {
            Text::new(
                format!("{date} 前后矛盾：第 {first} 行为 {was},此处为 {is}；是否指“{was}”？"),
                format!("{date} contradicts itself: `{was}` on line {first}, `{is}` here; did you mean `{was}`?"),
            )
        };
        self.fail(line, text);
    }

    /// Notes the hours of a day of the week.
    pub(super) fn hours(&mut self, slot: Slot, hours: Hours, line: u64) {
        if let Some((_, first)) = self.layer.hours.get(&slot) {
            let (first, name) = (*first, slot.name());
            let (zh, en) = (
                format!("“{name}”的时间重复列出(第 {first} 行)"),
                format!("the hours of `{name}` are listed twice; line {first} lists them"),
            );
            return self.fail(line, Text::new(zh, en));
        }
        self.layer.hours.insert(slot, (hours, line));
    }

    /// The layer, or all that is wrong with it in the order of its lines.
    pub(super) fn finish(mut self) -> Result<Layer, Vec<CalendarError>> {
        self.errors.sort_by_key(|error| error.line);
        if self.errors.is_empty() { Ok(self.layer) } else { Err(self.errors) }
    }
}

/// The date that was probably meant by one that does not exist: its month and day brought into range.
pub(super) fn nearest_date(year: i32, month: u32, day: u32) -> Option<NaiveDate> {
    let month = month.clamp(1, 12);
    (1..=day.clamp(1, 31)).rev().find_map(|day| NaiveDate::from_ymd_opt(year, month, day))
}

/// FNV-1a: the same in every build, which is all that is asked of it.
pub(super) fn fingerprint(text: &[u8]) -> String {
    let hash = text
        .iter()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3));
    format!("{hash:016x}")
}
