//! The words of an account: days with their names, instants, lengths and clauses.

use crate::calendar::{Day, DayKind, DayMark};
use crate::count::Counting;
use chrono::{DateTime, Datelike as _, NaiveDate, Utc, Weekday};
use chrono_tz::Tz;
use kit_core::Text;

/// `2026-02-14(周六,春节调休上班)`.
pub(super) fn day_name(counting: &Counting<'_>, date: NaiveDate) -> Text {
    let day = counting.calendar.day_kind(date);
    let name = day.name.unwrap_or_default();
    let (zh, en) = match day.kind {
        DayKind::MakeUp => (format!(",{name}调休上班"), format!(", worked to make up for {name}")),
        DayKind::Holiday => (format!(",{name}放假"), format!(", {name} holiday")),
        DayKind::Weekday | DayKind::Weekend => (String::new(), String::new()),
    };
    let half = match day.half {
        Some((DayMark::MorningOff, name)) => Text::new(format!(",{name}上午休"), format!(", {name}: morning off")),
        Some((DayMark::AfternoonOff, name)) => Text::new(format!(",{name}下午休"), format!(", {name}: afternoon off")),
        _ => Text::default(),
    };
    let (zh, en) = (zh + &half.zh, en + &half.en);
    let weekday = date.weekday();
    Text::new(format!("{date}({}{zh})", chinese(weekday)), format!("{date} ({weekday}{en})"))
}

/// Why a day is not worked; none for one that is.
pub(super) fn off_reason(day: &Day<'_>) -> Option<Text> {
    let name = day.name.unwrap_or_default();
    match day.kind {
        DayKind::Holiday => Some(Text::new(format!("{name}放假"), format!("{name} holiday"))),
        DayKind::Weekend => Some(Text::new("周末", "weekend")),
        DayKind::Weekday | DayKind::MakeUp => None,
    }
}

/// An instant as a clock on the wall shows it.
pub(super) fn instant(at: DateTime<Utc>, zone: Tz) -> String {
    at.with_timezone(&zone).format("%Y-%m-%d %H:%M").to_string()
}

/// The clause in brackets, where there is one.
pub(super) fn cited(cite: &str) -> Text {
    if cite.is_empty() { Text::default() } else { Text::new(format!("(条款 {cite})"), format!(" (clause {cite})")) }
}

fn chinese(weekday: Weekday) -> &'static str {
    match weekday {
        Weekday::Mon => "周一",
        Weekday::Tue => "周二",
        Weekday::Wed => "周三",
        Weekday::Thu => "周四",
        Weekday::Fri => "周五",
        Weekday::Sat => "周六",
        Weekday::Sun => "周日",
    }
}
