//! Time as people read it: how long is left in words and tone, and instants on the wall clock of the zone.

use chrono::{DateTime, TimeDelta, Utc};
use kit_core::Text;
use serde::Serialize;

/// How a clock stands: a tone for colour, a symbol and a word so that colour is never alone, and the time in words.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Left {
    /// `normal`, `near`, `late` or `stopped`.
    pub(crate) tone: &'static str,
    pub(crate) symbol: &'static str,
    pub(crate) word: Text,
    pub(crate) text: Text,
}

/// How much is left until `due`.
pub(crate) fn left(now: DateTime<Utc>, started: Option<DateTime<Utc>>, due: DateTime<Utc>) -> Left {
    let remaining = due - now;
    if remaining <= TimeDelta::zero() {
        let (zh, en) = span(-remaining);
        let text = Text::new(format!("超期 {zh}"), format!("{en} late"));
        return Left { tone: "late", symbol: "■", word: Text::new("超期", "Late"), text };
    }
    let (zh, en) = span(remaining);
    let text = Text::new(format!("剩 {zh}"), format!("{en} left"));
    if remaining <= warning(started.map_or(remaining, |started| due - started)) {
        return Left { tone: "near", symbol: "▲", word: Text::new("临期", "Due soon"), text };
    }
    Left { tone: "normal", symbol: "●", word: Text::new("正常", "On time"), text }
}

/// A clock that does not run any more.
pub(crate) fn stopped(due: Option<DateTime<Utc>>, at: Option<DateTime<Utc>>) -> Left {
    let is_late = due.zip(at).is_some_and(|(due, at)| at > due);
    let word =
        if is_late { Text::new("逾期停止", "Stopped late") } else { Text::new("按时停止", "Stopped in time") };
    Left { tone: "stopped", symbol: "○", word, text: Text::default() }
}

/// The last quarter of a time limit or its last day, whichever is longer, but never more than its second half.
fn warning(whole: TimeDelta) -> TimeDelta {
    (whole / 4).max(TimeDelta::days(1)).min(whole / 2)
}

/// The two largest units of a span.
fn span(span: TimeDelta) -> (String, String) {
    let (days, hours, minutes) = (span.num_days(), span.num_hours() % 24, span.num_minutes() % 60);
    let unit = |n: i64, one: &str| if n == 1 { format!("1 {one}") } else { format!("{n} {one}s") };
    match (days, hours, minutes) {
        (0, 0, 0) => ("不到 1 分钟".to_owned(), "less than a minute".to_owned()),
        (0, 0, m) => (format!("{m} 分钟"), unit(m, "minute")),
        (0, h, 0) => (format!("{h} 小时"), unit(h, "hour")),
        (0, h, m) => (format!("{h} 小时 {m} 分"), format!("{} {}", unit(h, "hour"), unit(m, "minute"))),
        (d, 0, _) => (format!("{d} 天"), unit(d, "day")),
        (d, h, _) => (format!("{d} 天 {h} 小时"), format!("{} {}", unit(d, "day"), unit(h, "hour"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minutes: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::minutes(minutes)
    }

    #[test]
    fn remaining_time_reads_in_words_in_both_languages() {
        let table = [
            (27 * 60, "剩 1 天 3 小时", "1 day 3 hours left"),
            (48 * 60, "剩 2 天", "2 days left"),
            (61, "剩 1 小时 1 分", "1 hour 1 minute left"),
            (120, "剩 2 小时", "2 hours left"),
            (5, "剩 5 分钟", "5 minutes left"),
        ];
        for (minutes, zh, en) in table {
            assert_eq!(left(at(0), None, at(minutes)).text, Text::new(zh, en));
        }
        assert_eq!(left(at(0), None, at(0) + TimeDelta::seconds(20)).text.zh, "剩 不到 1 分钟");
    }

    #[test]
    fn a_missed_deadline_says_by_how_much() {
        let late = left(at(49 * 60), Some(at(0)), at(60));
        assert_eq!((late.tone, late.text.zh.as_str(), late.text.en.as_str()), ("late", "超期 2 天", "2 days late"));
        assert_eq!(left(at(60), Some(at(0)), at(60)).tone, "late");
    }

    #[test]
    fn the_last_quarter_is_near_but_a_short_limit_is_not_near_from_its_start() {
        let ten_days = 10 * 24 * 60;
        assert_eq!(left(at(ten_days / 2), Some(at(0)), at(ten_days)).tone, "normal");
        assert_eq!(left(at(ten_days * 3 / 4), Some(at(0)), at(ten_days)).tone, "near");
        assert_eq!(left(at(60), Some(at(0)), at(8 * 60)).tone, "normal");
        assert_eq!(left(at(5 * 60), Some(at(0)), at(8 * 60)).tone, "near");
    }

    #[test]
    fn a_stopped_clock_says_whether_it_was_in_time() {
        assert_eq!(stopped(Some(at(60)), Some(at(59))).word.zh, "按时停止");
        assert_eq!(stopped(Some(at(60)), Some(at(61))).word.zh, "逾期停止");
    }
}
