//! The lengths a pack may give a clock. Counts of days and counts of hours stay different things, and so do a number of
//! months and the days that they happen to have: nothing converts one into another.

use crate::nearest;
use kit_core::Text;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// How long a clock runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Length {
    WorkingDays(u32),
    Days(u32),
    Months(u32),
    Years(u32),
    Hours(u32),
    Minutes(u32),
    /// Until the end of the day of the starting fact.
    SameDay,
    /// Before the next day of this number begins, or the last day of a month that has no such day.
    BeforeDay(u32),
    /// Until the date that the complainant asked for; none was asked, none counts.
    Asked,
    /// Until the date that a person sets for this clock of this case; until one is set, none counts.
    Set,
}

/// A unit, and the most of it that a length may have. A century: beyond it a number is a slip, and date arithmetic
/// would have to answer for it.
struct Unit {
    name: &'static str,
    most: u32,
    of: fn(u32) -> Length,
}

const UNITS: [Unit; 6] = [
    Unit { name: "minutes", most: 36_500, of: Length::Minutes },
    Unit { name: "hours", most: 36_500, of: Length::Hours },
    Unit { name: "days", most: 36_500, of: Length::Days },
    Unit { name: "working-days", most: 36_500, of: Length::WorkingDays },
    Unit { name: "months", most: 1_200, of: Length::Months },
    Unit { name: "years", most: 100, of: Length::Years },
];

impl Length {
    /// Whether it is a distance that can lie before or after any instant, rather than a point of the calendar.
    pub fn is_span(self) -> bool {
        !matches!(self, Self::SameDay | Self::BeforeDay(_) | Self::Asked | Self::Set)
    }

    /// A length in both languages.
    pub fn title(self) -> Text {
        let zh = match self {
            Self::WorkingDays(n) => format!("{n} 个工作日"),
            Self::Days(n) => format!("{n} 日"),
            Self::Months(n) => format!("{n} 个月"),
            Self::Years(n) => format!("{n} 年"),
            Self::Hours(n) => format!("{n} 小时"),
            Self::Minutes(n) => format!("{n} 分钟"),
            Self::SameDay => "当日".to_owned(),
            Self::BeforeDay(n) => format!("每月 {n} 日前"),
            Self::Asked => "投诉人要求的日期".to_owned(),
            Self::Set => "为本案确定的日期".to_owned(),
        };
        let en = match self {
            Self::SameDay => "the same day".to_owned(),
            Self::BeforeDay(n) => format!("before day {n} of the month"),
            Self::Asked => "the date that the complainant asked for".to_owned(),
            Self::Set => "the date that was set for the case".to_owned(),
            other => other.to_string(),
        };
        Text::new(zh, en)
    }

    /// Both together, where they have one unit; nothing converts one into another.
    pub fn plus(self, more: Self) -> Option<Self> {
        Some(match (self, more) {
            (Self::WorkingDays(a), Self::WorkingDays(b)) => Self::WorkingDays(a.saturating_add(b)),
            (Self::Days(a), Self::Days(b)) => Self::Days(a.saturating_add(b)),
            (Self::Months(a), Self::Months(b)) => Self::Months(a.saturating_add(b)),
            (Self::Years(a), Self::Years(b)) => Self::Years(a.saturating_add(b)),
            (Self::Hours(a), Self::Hours(b)) => Self::Hours(a.saturating_add(b)),
            (Self::Minutes(a), Self::Minutes(b)) => Self::Minutes(a.saturating_add(b)),
            _ => return None,
        })
    }
}

impl FromStr for Length {
    type Err = Text;

    fn from_str(text: &str) -> Result<Self, Text> {
        let text = text.trim();
        match text {
            "same-day" => return Ok(Self::SameDay),
            "asked" => return Ok(Self::Asked),
            "set" => return Ok(Self::Set),
            _ => {}
        }
        if let Some(day) = text.strip_prefix("before ") {
            let shape = || Text::new("应写作 before day 30 of month", "it is written as `before day 30 of month`");
            return day_of_month(day).map(Self::BeforeDay).ok_or_else(shape);
        }
        let (count, name) = text.split_once(char::is_whitespace).ok_or_else(shape)?;
        let name = name.trim();
        let unit = UNITS.iter().find(|unit| unit.name == name || unit.name.strip_suffix('s') == Some(name));
        let is_number = !count.is_empty() && count.bytes().all(|digit| digit.is_ascii_digit());
        let unit = match unit {
            Some(unit) if is_number => unit,
            None if is_number => return Err(unknown(name)),
            _ => return Err(shape()),
        };
        // What does not fit is too long as well.
        let count = count.parse().unwrap_or(u32::MAX);
        if count == 0 || count > unit.most {
            let Unit { name, most, .. } = unit;
            return Err(Text::new(
                format!("{name} 应为 1 至 {most}"),
                format!("there are 1 to {most} {name} in a length"),
            ));
        }
        Ok((unit.of)(count))
    }
}

fn shape() -> Text {
    Text::new(
        "应如 2 days、3 working-days、1 month、4 hours、same-day、before day 30 of month、asked、set",
        "a length is a number and a unit, `same-day`, `before day 30 of month`, `asked` or `set`",
    )
}

fn unknown(name: &str) -> Text {
    let names = UNITS.map(|unit| unit.name);
    if let Some(near) = nearest(name, names) {
        let (zh, en) = (
            format!("没有单位“{name}”；是否指“{near}”？"),
            format!("there is no unit `{name}`; did you mean `{near}`?"),
        );
        return Text::new(zh, en);
    }
    let (zh, en) = (names.join("、"), names.join(", "));
    Text::new(format!("没有单位“{name}”；可用的有：{zh}"), format!("there is no unit `{name}`; there are: {en}"))
}

/// The number in `day 30 of month`.
pub(crate) fn day_of_month(text: &str) -> Option<u32> {
    let number = text.trim().strip_prefix("day ")?.strip_suffix(" of month")?;
    number.trim().parse().ok().filter(|day| (1..=31).contains(day))
}

impl fmt::Display for Length {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (count, unit) = match self {
            Self::SameDay => return f.write_str("same-day"),
            Self::Asked => return f.write_str("asked"),
            Self::Set => return f.write_str("set"),
            Self::BeforeDay(day) => return write!(f, "before day {day} of month"),
            Self::WorkingDays(n) => (n, "working-day"),
            Self::Days(n) => (n, "day"),
            Self::Months(n) => (n, "month"),
            Self::Years(n) => (n, "year"),
            Self::Hours(n) => (n, "hour"),
            Self::Minutes(n) => (n, "minute"),
        };
        write!(f, "{count} {unit}{}", if *count == 1 { "" } else { "s" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_read_as_a_text_says_them_and_print_the_same() {
        for text in [
            "2 days",
            "1 day",
            "3 working-days",
            "1 month",
            "3 years",
            "4 hours",
            "30 minutes",
            "same-day",
            "before day 30 of month",
            "asked",
            "set",
        ] {
            assert_eq!(text.parse::<Length>().map(|l| l.to_string()), Ok(text.to_owned()));
        }
        for text in ["", "2", "days", "two days", "0 days", "-1 days", "+1 days", "2 weeks", "99999999999 days"] {
            assert!(text.parse::<Length>().is_err(), "{text}");
        }
    }

    #[test]
    fn what_is_no_length_is_told_with_the_nearest_word_or_the_bounds() {
        let en = |text: &str| text.parse::<Length>().unwrap_err().en;
        assert_eq!(en("3 wroking-days"), "there is no unit `wroking-days`; did you mean `working-days`?");
        assert_eq!(en("1000000000 days"), "there are 1 to 36500 days in a length");
        assert_eq!(en("99999999999 years"), "there are 1 to 100 years in a length");
        assert_eq!(en("1201 months"), "there are 1 to 1200 months in a length");
        assert_eq!(en("before day 32 of month"), "it is written as `before day 30 of month`");
    }

    #[test]
    fn a_point_of_the_calendar_is_no_span() {
        assert!(Length::Years(1).is_span() && Length::Minutes(1).is_span());
        assert!(![Length::SameDay, Length::BeforeDay(30), Length::Asked, Length::Set].into_iter().any(Length::is_span));
    }
}
