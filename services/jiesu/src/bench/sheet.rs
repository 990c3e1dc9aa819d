//! The figures as they are taken, round by round, in the order in which they first came; at the end, the report.

use super::{
    median, percentile,
    report::{Machine, Report, Row},
    usage::Spent,
};
use std::collections::BTreeMap;

/// The figures of one benchmark.
#[derive(Debug, Default)]
pub struct Sheet {
    rows: Vec<(String, &'static str, Vec<f64>)>,
    ratios: BTreeMap<String, f64>,
    notes: Vec<String>,
}

impl Sheet {
    /// A figure of one round.
    pub fn put(&mut self, name: impl Into<String>, unit: &'static str, value: f64) {
        let name = name.into();
        match self.rows.iter_mut().find(|(known, ..)| *known == name) {
            Some((.., values)) => values.push(value),
            None => self.rows.push((name, unit, vec![value])),
        }
    }

    /// The milliseconds of one round.
    pub fn put_spread(&mut self, name: &str, milliseconds: &[f64]) {
        for (of, percent) in [("p50", 50.0), ("p99", 99.0), ("max", 100.0)] {
            self.put(format!("{name}: {of}"), "ms", percentile(milliseconds, percent));
        }
    }

    /// Who kept how many cores busy in one round.
    pub fn put_cores(&mut self, name: &str, spent: Spent) {
        for (who, seconds) in [("program", spent.program), ("Postgres", spent.postgres), ("NATS", spent.nats)] {
            self.put(format!("{who}: processor, {name}"), "cores", seconds / spent.seconds);
        }
    }

    /// The median of a row so far; 0 if there is none.
    pub fn median(&self, name: &str) -> f64 {
        self.rows.iter().find(|(known, ..)| known == name).map_or(0.0, |(.., values)| median(values))
    }

    /// The median of one row over that of another. A denominator that was not measured in this run makes no ratio.
    pub fn ratio(&mut self, name: impl Into<String>, above: &str, below: &str) {
        self.ratio_to(name, above, self.median(below));
    }

    /// The median of a row over a limit that we set ourselves.
    pub fn ratio_to(&mut self, name: impl Into<String>, above: &str, below: f64) {
        if below > 0.0 {
            self.ratios.insert(name.into(), self.median(above) / below);
        }
    }

    pub fn note(&mut self, note: impl Into<String>) {
        self.notes.push(note.into());
    }

    /// All of it, as the report of this benchmark.
    pub fn report(self, bench: &'static str, machine: Machine, started: String, runs: usize) -> Report {
        let rows = self.rows.iter().map(|(name, unit, values)| Row::of(name, unit, values)).collect();
        Report { bench, machine, started, runs, rows, ratios: self.ratios, notes: self.notes }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounds_become_a_row_and_medians_a_ratio() {
        let mut sheet = Sheet::default();
        for (bare, ours) in [(100.0, 70.0), (90.0, 80.0), (110.0, 90.0)] {
            sheet.put("bare", "/s", bare);
            sheet.put("ours", "/s", ours);
        }
        sheet.ratio("ours / bare", "ours", "bare");
        sheet.ratio("ours / never measured", "ours", "nothing");
        let machine =
            Machine { cores: 2, memory: 1, postgres: String::new(), nats: String::new(), commit: String::new() };
        let report = sheet.report("log", machine, String::new(), 3);
        assert_eq!(report.rows.iter().map(|row| row.name.as_str()).collect::<Vec<_>>(), ["bare", "ours"]);
        assert_eq!(report.ratios.into_iter().collect::<Vec<_>>(), [("ours / bare".to_owned(), 0.8)]);
    }
}
