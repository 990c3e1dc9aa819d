//! The lengths a pack may give a clock. Counts of days and counts of hours stay different things.

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
    Hours(u32),
    Minutes(u32),
    /// Until the end of the day of the starting fact.
    SameDay,
    /// Until the date that the complainant asked for; none was asked, none counts.
    Asked,
}

impl FromStr for Length {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const SHAPE: &str = "a length is a number and a unit, `same-day` or `asked`";
        let text = text.trim();
        match text {
            "same-day" => return Ok(Self::SameDay),
            "asked" => return Ok(Self::Asked),
            _ => {}
        }
        let (count, unit) = text.split_once(char::is_whitespace).ok_or(SHAPE)?;
        let count: u32 = count.parse().map_err(|_| SHAPE)?;
        // A century: beyond it a number is a slip, and date arithmetic would have to answer for it.
        if count == 0 || count > 36_500 {
            return Err("a length is at least 1 and at most 36500 of its unit");
        }
        match unit.trim() {
            "working-day" | "working-days" => Ok(Self::WorkingDays(count)),
            "day" | "days" => Ok(Self::Days(count)),
            "month" | "months" => Ok(Self::Months(count)),
            "hour" | "hours" => Ok(Self::Hours(count)),
            "minute" | "minutes" => Ok(Self::Minutes(count)),
            _ => Err("the units are minutes, hours, days, working-days and months"),
        }
    }
}

impl fmt::Display for Length {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (count, unit) = match self {
            Self::SameDay => return f.write_str("same-day"),
            Self::Asked => return f.write_str("asked"),
            Self::WorkingDays(n) => (n, "working-day"),
            Self::Days(n) => (n, "day"),
            Self::Months(n) => (n, "month"),
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
        for text in ["2 days", "1 day", "3 working-days", "1 month", "4 hours", "30 minutes", "same-day", "asked"] {
            assert_eq!(text.parse::<Length>().map(|l| l.to_string()), Ok(text.to_owned()));
        }
        for text in ["", "2", "days", "two days", "0 days", "-1 days", "2 weeks", "99999999999 days"] {
            assert!(text.parse::<Length>().is_err(), "{text}");
        }
    }
}
