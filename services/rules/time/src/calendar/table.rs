//! Layers as CSV: `date,kind,name`, a day a line; and the hours of a week, as in `mon-fri,hours,09:00-12:00 13:30-17:30`.

use super::layer::{Draft, Layer, MARKS, nearest_date};
use super::{CalendarError, DayMark};
use crate::hours::Hours;
use crate::timetable::Slot;
use chrono::NaiveDate;
use csv::{ReaderBuilder, StringRecord, Trim};
use kit_core::Text;
use regime::nearest;
use std::fmt::Write as _;

const HEADER: [&str; 3] = ["date", "kind", "name"];

impl Layer {
    /// Reads CSV.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn from_csv(id: &str, text: &str) -> Result<Self, Vec<CalendarError>> {
        let mut draft = Draft::new(id, text.as_bytes());
        let text = text.trim_start_matches('\u{feff}');
        let mut reader = ReaderBuilder::new().comment(Some(b'#')).trim(Trim::All).from_reader(text.as_bytes());
        if reader.headers().is_ok_and(|header| header.iter().ne(HEADER)) {
            let (zh, en) = ("首行应为 date,kind,name", "the first line is `date,kind,name`");
            draft.fail(1, Text::new(zh, en));
        }
        for record in reader.records() {
            match record {
                Ok(record) => row(&mut draft, &record),
                Err(error) => {
                    let line = error.position().map_or(0, csv::Position::line);
                    draft.fail(
                        line,
                        Text::new("每行应有三项 date,kind,name", "a line has three fields: date,kind,name"),
                    );
                }
            }
        }
        draft.finish()
    }

    /// Writes CSV that reads as the same layer.
    pub fn to_csv(&self) -> String {
        let mut text = format!("{}\n", HEADER.join(","));
        for (slot, (hours, _)) in &self.hours {
            let _ = writeln!(text, "{},hours,{hours}", slot.name());
        }
        for (date, mark, name) in self.days() {
            let is_plain = !name.contains([',', '"', '\n', '\r']);
            let name = if is_plain { name.to_owned() } else { format!("\"{}\"", name.replace('"', "\"\"")) };
            let _ = writeln!(text, "{date},{},{name}", mark.word());
        }
        text
    }
}

fn row(draft: &mut Draft, record: &StringRecord) {
    let line = record.position().map_or(0, csv::Position::line);
    let field = |index: usize| record.get(index).unwrap_or_default();
    let (when, kind, name) = (field(0), field(1), field(2));
    if kind == "hours" {
        match Slot::read(when).and_then(|slots| Ok((slots, name.parse::<Hours>()?))) {
            Ok((slots, hours)) => slots.into_iter().for_each(|slot| draft.hours(slot, hours.clone(), line)),
            Err(text) => draft.fail(line, text),
        }
        return;
    }
    match (date(when), mark(kind)) {
        (Ok(date), Ok(mark)) => draft.day(date, mark, name, line),
        (date, mark) => date.err().into_iter().chain(mark.err()).for_each(|text| draft.fail(line, text)),
    }
}

fn date(text: &str) -> Result<NaiveDate, Text> {
    NaiveDate::parse_from_str(text, "%Y-%m-%d").map_err(|_| {
        let parts: Vec<u32> = text.split(['-', '/', '.']).filter_map(|part| part.trim().parse().ok()).collect();
        let near = match parts[..] {
            [year, month, day] => i32::try_from(year).ok().and_then(|year| nearest_date(year, month, day)),
            _ => None,
        };
        match near {
            Some(near) => Text::new(
                format!("“{text}”不是日期；是否指 {near}？"),
                format!("`{text}` is not a date; did you mean {near}?"),
            ),
            None => Text::new(
                format!("“{text}”不是日期，应如 2026-02-14"),
                format!("`{text}` is not a date such as 2026-02-14"),
            ),
        }
    })
}

fn mark(word: &str) -> Result<DayMark, Text> {
    let known = MARKS.iter().find(|(name, _)| *name == word).map(|(_, mark)| *mark);
    known.ok_or_else(|| {
        let words = MARKS.map(|(name, _)| name);
        match nearest(word, words.into_iter().chain(["hours"])) {
            Some(near) => Text::new(
                format!("没有“{word}”这一类；是否指“{near}”？"),
                format!("there is no kind `{word}`; did you mean `{near}`?"),
            ),
            None => Text::new(
                format!("没有“{word}”这一类；可用的有：{}、hours", words.join("、")),
                format!("there is no kind `{word}`; there are: {}, hours", words.join(", ")),
            ),
        }
    })
}
