//! The hours of a day's work: spans with breaks between them.

use kit_core::Text;
use std::fmt;
use std::str::FromStr;

/// Minutes of a whole day; 24:00.
const DAY: u16 = 24 * 60;
const NOON: u16 = 12 * 60;

/// When a day is worked: spans in minutes from midnight, in order and apart. No span: it is not worked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hours(Vec<(u16, u16)>);

impl Hours {
    /// From midnight to midnight, where nobody says more.
    pub(crate) fn whole_day() -> Self {
        Self(vec![(0, DAY)])
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.0.is_empty()
    }

    /// The minute at which the last span ends.
    pub(crate) fn close(&self) -> Option<u16> {
        self.0.last().map(|(_, to)| *to)
    }

    /// Whether the minute lies in a span; in a break between two, none.
    pub(crate) fn at(&self, minute: u16) -> Option<bool> {
        let is_open = self.0.iter().any(|(from, to)| (*from..*to).contains(&minute));
        let (first, close) = (self.0.first().map(|(from, _)| *from), self.close());
        let is_within = first.is_some_and(|first| minute >= first) && close.is_some_and(|close| minute < close);
        if is_open || !is_within { Some(is_open) } else { None }
    }

    /// What is left when the day ends or begins at noon.
    pub(crate) fn half(&self, is_morning: bool) -> Self {
        let (start, end) = if is_morning { (0, NOON) } else { (NOON, DAY) };
        let cut = self.0.iter().map(|(from, to)| ((*from).max(start), (*to).min(end)));
        Self(cut.filter(|(from, to)| from < to).collect())
    }
}

impl FromStr for Hours {
    type Err = Text;

    /// `09:00-12:00 13:30-17:30`, or `closed`.
    fn from_str(text: &str) -> Result<Self, Text> {
        if text.trim() == "closed" {
            return Ok(Self::default());
        }
        let mut spans: Vec<(u16, u16)> = Vec::new();
        for part in text.split_whitespace() {
            let span = part.split_once('-').and_then(|(from, to)| Some((minute(from)?, minute(to)?)));
            let (from, to) = span.ok_or_else(|| shape(part))?;
            if from >= to {
                return Err(Text::new(
                    format!("“{part}”的结束不晚于开始；是否指“{}”？", span_text(to, from)),
                    format!("`{part}` does not end after it starts; did you mean `{}`?", span_text(to, from)),
                ));
            }
            if let Some((_, end)) = spans.last().filter(|(_, end)| *end > from) {
                let next = span_text(*end, to.max(*end));
                return Err(Text::new(
                    format!("“{part}”与前一时段重叠；最近可写“{next}”"),
                    format!("`{part}` overlaps the span before it; the nearest that does not is `{next}`"),
                ));
            }
            spans.push((from, to));
        }
        if spans.is_empty() { Err(shape(text)) } else { Ok(Self(spans)) }
    }
}

fn shape(text: &str) -> Text {
    Text::new(
        format!("“{text}”不是办公时间；应如 09:00-12:00 13:30-17:30,或 closed"),
        format!("`{text}` are no hours; they are written as `09:00-12:00 13:30-17:30`, or `closed`"),
    )
}

fn minute(text: &str) -> Option<u16> {
    let (hour, minute) = text.split_once(':')?;
    let (hour, minute): (u16, u16) = (hour.parse().ok()?, minute.parse().ok()?);
    (hour <= 24 && minute < 60).then(|| hour * 60 + minute).filter(|minute| *minute <= DAY)
}

fn span_text(from: u16, to: u16) -> String {
    format!("{:02}:{:02}-{:02}:{:02}", from / 60, from % 60, to / 60, to % 60)
}

impl fmt::Display for Hours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let spans: Vec<String> = self.0.iter().map(|(from, to)| span_text(*from, *to)).collect();
        f.write_str(if spans.is_empty() { "closed".to_owned() } else { spans.join(" ") }.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_read_with_their_breaks_and_print_the_same() {
        for text in ["09:00-12:00 13:30-17:30", "00:00-24:00", "closed"] {
            assert_eq!(text.parse::<Hours>().map(|hours| hours.to_string()), Ok(text.to_owned()));
        }
        let hours: Hours = "09:00-12:00 13:30-17:30".parse().unwrap();
        let told = [8 * 60, 9 * 60, 12 * 60, 13 * 60 + 30, 17 * 60 + 30].map(|minute| hours.at(minute));
        assert_eq!(told, [Some(false), Some(true), None, Some(true), Some(false)]);
        assert_eq!(hours.half(true).to_string(), "09:00-12:00");
        assert_eq!(hours.half(false).to_string(), "13:30-17:30");
    }

    #[test]
    fn what_are_no_hours_is_refused_with_the_nearest_that_are() {
        let en = |text: &str| text.parse::<Hours>().unwrap_err().en;
        assert_eq!(en("17:30-09:00"), "`17:30-09:00` does not end after it starts; did you mean `09:00-17:30`?");
        assert!(en("09:00-12:00 11:30-17:30").ends_with("the nearest that does not is `12:00-17:30`"));
        for text in ["", "9-5", "09:00", "25:00-26:00", "24:01-24:02", "09:60-10:00"] {
            assert!(en(text).contains("are no hours"), "{text}");
        }
    }
}
