//! One event of iCalendar: its days, and what they are.

use super::lines::{self, Line};
use super::summary;
use crate::calendar::layer::{Draft, nearest_date};
use chrono::{Days, NaiveDate};
use kit_core::Text;

/// A longer event is a slip: no announced holiday comes near it.
const LONGEST: i64 = 366;

/// One event as far as it is read.
#[derive(Default)]
pub(super) struct Event {
    pub(super) line: u64,
    /// How deep in parts of it we are.
    pub(super) depth: usize,
    summary: Option<Line>,
    start: Option<Line>,
    end: Option<Line>,
    duration: Option<Line>,
    rule: Option<Line>,
    is_cancelled: bool,
}

impl Event {
    /// One that begins at this line.
    pub(super) fn at(line: u64) -> Self {
        Self { line, ..Self::default() }
    }

    /// Takes a property of it.
    pub(super) fn take(&mut self, line: &Line) {
        let place = match line.name.as_str() {
            "SUMMARY" => &mut self.summary,
            "DTSTART" => &mut self.start,
            "DTEND" => &mut self.end,
            "DURATION" => &mut self.duration,
            "RRULE" | "RDATE" => &mut self.rule,
            "STATUS" => {
                self.is_cancelled = line.value.eq_ignore_ascii_case("CANCELLED");
                return;
            }
            _ => return,
        };
        *place = Some(line.clone());
    }

    /// Puts its days into the draft.
    pub(super) fn note(self, draft: &mut Draft) {
        let Some(summary) = self.summary.as_ref().filter(|_| !self.is_cancelled) else { return };
        let (mark, name) = match summary::read(&lines::unescaped(&summary.value)) {
            Ok(Some(read)) => read,
            Ok(None) => return,
            Err(text) => return draft.fail(summary.number, text),
        };
        match self.days() {
            Ok((first, last)) => {
                let days = first.iter_days().take_while(|date| *date <= last);
                days.for_each(|date| draft.day(date, mark, &name, self.line));
            }
            Err((line, text)) => draft.fail(line, text),
        }
    }

    /// Its first and its last day.
    fn days(&self) -> Result<(NaiveDate, NaiveDate), (u64, Text)> {
        let missing = || (self.line, Text::new("事件缺少 DTSTART", "this event lacks DTSTART"));
        let start = self.start.as_ref().ok_or_else(missing)?;
        let first = all_day(start)?;
        if let Some(rule) = &self.rule {
            let (zh, en) = (
                "放假安排逐年公布，不能是重复事件；请逐日列出",
                "days off are announced year by year and cannot recur; list each",
            );
            return Err((rule.number, Text::new(zh, en)));
        }
        // RFC 5545: the end of an all-day event is the day after its last; without one it lasts a day.
        let (line, days) = match (&self.end, &self.duration) {
            (Some(end), _) => (end.number, (all_day(end)? - first).num_days()),
            (None, Some(line)) => (line.number, duration(line)?),
            (None, None) => (start.number, 1),
        };
        if days < 1 {
            let near = (first + Days::new(1)).format("%Y%m%d");
            return Err((
                line,
                Text::new(
                    format!("结束不晚于开始(全天事件的 DTEND 是最后一日的次日)；最早应为 {near}"),
                    format!(
                        "it does not end after it starts (DTEND is the day after the last); the earliest end is {near}"
                    ),
                ),
            ));
        }
        if days > LONGEST {
            return Err((
                line,
                Text::new(
                    format!("事件长达 {days} 日；最多 {LONGEST} 日"),
                    format!("it lasts {days} days; {LONGEST} is the most"),
                ),
            ));
        }
        Ok((first, first + Days::new(days.unsigned_abs() - 1)))
    }
}

/// The date of an all-day property.
fn all_day(line: &Line) -> Result<NaiveDate, (u64, Text)> {
    let (value, name) = (line.value.trim(), &line.name);
    let digits = value.get(..8).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()));
    let number = |range: std::ops::Range<usize>| digits.and_then(|digits| digits.get(range)?.parse::<u32>().ok());
    let parts = number(0..4).zip(number(4..6)).zip(number(6..8));
    let parts = parts.and_then(|((year, month), day)| Some((i32::try_from(year).ok()?, month, day)));
    let date = parts.and_then(|(year, month, day)| NaiveDate::from_ymd_opt(year, month, day));
    let near = parts.and_then(|(year, month, day)| nearest_date(year, month, day));
    let written = near.map(|near| format!("{name};VALUE=DATE:{}", near.format("%Y%m%d")));
    match (date, written) {
        (Some(date), _) if value.len() == 8 => Ok(date),
        (Some(_), Some(written)) => Err((
            line.number,
            Text::new(
                format!("“{value}”不是全天；是否指 {written}？"),
                format!("`{value}` is not a whole day; did you mean {written}?"),
            ),
        )),
        (_, Some(written)) => Err((
            line.number,
            Text::new(
                format!("“{value}”不是日期；是否指 {written}？"),
                format!("`{value}` is not a date; did you mean {written}?"),
            ),
        )),
        _ => Err((
            line.number,
            Text::new(
                format!("“{value}”不是日期，应如 {name};VALUE=DATE:20260214"),
                format!("`{value}` is not a date such as {name};VALUE=DATE:20260214"),
            ),
        )),
    }
}

/// Whole days, `P3D` or `P1W`.
fn duration(line: &Line) -> Result<i64, (u64, Text)> {
    let value = line.value.trim();
    let number = |text: &str| text.parse::<u16>().ok().map(i64::from);
    let body = value.strip_prefix("+").unwrap_or(value).strip_prefix('P');
    let days = body.and_then(|body| match (body.strip_suffix('D'), body.strip_suffix('W')) {
        (Some(days), _) => number(days),
        (None, Some(weeks)) => number(weeks).map(|weeks| weeks * 7),
        (None, None) => None,
    });
    days.ok_or_else(|| {
        let (zh, en) =
            (format!("“{value}”不是整日的时长，应如 P3D"), format!("`{value}` is not whole days such as P3D"));
        (line.number, Text::new(zh, en))
    })
}
