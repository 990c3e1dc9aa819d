//! How a case gets its number (编号): a pattern that intake fills.

use chrono::{Datelike, NaiveDate};

/// A pattern such as `TS-{unit}-{yyyy}-{n:5}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Numbering {
    pattern: String,
    pieces: Vec<Piece>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Text(String),
    Unit,
    Year,
    Month,
    Day,
    Count(usize),
}

impl Numbering {
    /// Reads a pattern.
    ///
    /// # Errors
    /// Says what is wrong with it, in Chinese and in English.
    pub fn parse(pattern: &str) -> Result<Self, (String, String)> {
        let mut pieces = Vec::new();
        let mut rest = pattern;
        while let Some((before, after)) = rest.split_once('{') {
            if !before.is_empty() {
                pieces.push(Piece::Text(before.to_owned()));
            }
            let (name, tail) = after.split_once('}').ok_or_else(|| {
                ("编号规则中的“{”没有配对".to_owned(), "a `{` in the numbering is not closed".to_owned())
            })?;
            pieces.push(piece(name)?);
            rest = tail;
        }
        if !rest.is_empty() {
            pieces.push(Piece::Text(rest.to_owned()));
        }
        let counts = pieces.iter().filter(|piece| matches!(piece, Piece::Count(_))).count();
        if counts != 1 || rest.contains('}') {
            return Err((
                "编号规则须且只须含一个流水号，如 {n:5}".to_owned(),
                "the numbering holds exactly one running number, such as {n:5}".to_owned(),
            ));
        }
        Ok(Self { pattern: pattern.to_owned(), pieces })
    }

    /// The pattern as written.
    pub fn pattern(&self) -> &str {
        &self.pattern
    }

    /// The number of the `n`th case of its series.
    pub fn number(&self, unit: &str, day: NaiveDate, n: u64) -> String {
        self.fill(unit, day, |width| format!("{n:0width$}"))
    }

    /// What is counted together: the number without its running part. Two cases of one series never share a number.
    pub fn series(&self, unit: &str, day: NaiveDate) -> String {
        self.fill(unit, day, |_| "#".to_owned())
    }

    fn fill(&self, unit: &str, day: NaiveDate, count: impl Fn(usize) -> String) -> String {
        let one = |piece: &Piece| match piece {
            Piece::Text(text) => text.clone(),
            Piece::Unit => unit.to_owned(),
            Piece::Year => format!("{:04}", day.year()),
            Piece::Month => format!("{:02}", day.month()),
            Piece::Day => format!("{:02}", day.day()),
            Piece::Count(width) => count(*width),
        };
        self.pieces.iter().map(one).collect()
    }
}

fn piece(name: &str) -> Result<Piece, (String, String)> {
    match name {
        "unit" => return Ok(Piece::Unit),
        "yyyy" => return Ok(Piece::Year),
        "mm" => return Ok(Piece::Month),
        "dd" => return Ok(Piece::Day),
        _ => {}
    }
    let width = name.strip_prefix("n:").and_then(|width| width.parse().ok()).filter(|width| (1..=12).contains(width));
    width.map(Piece::Count).ok_or_else(|| {
        (
            format!("编号规则中没有“{{{name}}}”；可用 {{unit}} {{yyyy}} {{mm}} {{dd}} {{n:1}}–{{n:12}}"),
            format!(
                "`{{{name}}}` is no part of a numbering; there are {{unit}} {{yyyy}} {{mm}} {{dd}} {{n:1}} to {{n:12}}"
            ),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_counts_within_its_unit_and_year() {
        let numbering = Numbering::parse("TS-{unit}-{yyyy}-{n:5}").unwrap();
        let day = NaiveDate::from_ymd_opt(2026, 3, 2).unwrap();
        assert_eq!(numbering.number("b03", day, 7), "TS-b03-2026-00007");
        assert_eq!(numbering.series("b03", day), "TS-b03-2026-#");
        assert_eq!(numbering.number("b03", day, 123_456), "TS-b03-2026-123456");
    }

    #[test]
    fn a_pattern_without_exactly_one_running_number_is_refused() {
        for pattern in ["TS", "TS-{n:5}-{n:5}", "TS-{n:0}", "TS-{m}-{n:5}", "TS-{n:5", "{n:5}}"] {
            assert!(Numbering::parse(pattern).is_err(), "{pattern}");
        }
    }
}
