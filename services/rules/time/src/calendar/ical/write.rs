//! A layer written as iCalendar.

use super::lines::{escaped, folded};
use super::summary;
use crate::calendar::{DayMark, Layer};
use chrono::{DateTime, Days, NaiveDate, Utc};

impl Layer {
    /// Its days as all-day events, those that follow each other under one name in one event; `stamp` is when it was
    /// published. Hours of work have no place in iCalendar and are left to CSV.
    pub fn to_ical(&self, stamp: DateTime<Utc>) -> String {
        let days: Vec<(NaiveDate, DayMark, &str)> = self.days().collect();
        let follows = |a: &(NaiveDate, DayMark, &str), b: &(NaiveDate, DayMark, &str)| {
            a.0 + Days::new(1) == b.0 && a.1 == b.1 && a.2 == b.2
        };
        let mut lines = vec!["BEGIN:VCALENDAR".to_owned(), "VERSION:2.0".to_owned()];
        lines.push(format!("PRODID:-//Jiesu//{}//ZH", escaped(self.id())));
        for run in days.chunk_by(follows) {
            let (Some((first, mark, name)), Some((last, ..))) = (run.first(), run.last()) else { continue };
            let (start, end) = (first.format("%Y%m%d"), (*last + Days::new(1)).format("%Y%m%d"));
            lines.extend([
                "BEGIN:VEVENT".to_owned(),
                format!("UID:{start}-{}@{}", mark.word(), escaped(self.id())),
                format!("DTSTAMP:{}", stamp.format("%Y%m%dT%H%M%SZ")),
                format!("DTSTART;VALUE=DATE:{start}"),
                format!("DTEND;VALUE=DATE:{end}"),
                format!("SUMMARY:{}", escaped(&summary::write(*mark, name))),
                "TRANSP:TRANSPARENT".to_owned(),
                "END:VEVENT".to_owned(),
            ]);
        }
        lines.push("END:VCALENDAR".to_owned());
        lines.iter().map(|line| folded(line)).collect()
    }
}
