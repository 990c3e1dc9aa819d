//! The report of every benchmark, one shape for all, as JSON and as a table.

use anyhow::{Context as _, Result};
use serde::Serialize;
use std::{collections::BTreeMap, fs, io::Write, path::Path, process::Command};

#[derive(Debug, Serialize)]
pub struct Report {
    pub bench: &'static str,
    pub machine: Machine,
    pub started: String,
    pub runs: usize,
    pub rows: Vec<Row>,
    /// Figures over the machine's own limit in the same run.
    pub ratios: BTreeMap<String, f64>,
    pub notes: Vec<String>,
}

#[derive(Debug, Serialize)]
pub struct Machine {
    pub cores: usize,
    /// Megabytes.
    pub memory: u64,
    pub postgres: String,
    pub nats: String,
    pub commit: String,
}

#[derive(Debug, Serialize)]
pub struct Row {
    pub name: String,
    pub unit: &'static str,
    pub median: f64,
    pub min: f64,
    pub max: f64,
}

impl Row {
    /// A figure that was measured once in this run.
    pub fn once(name: impl Into<String>, unit: &'static str, value: f64) -> Self {
        Self { name: name.into(), unit, median: value, min: value, max: value }
    }

    /// The spread of several measurements.
    pub fn of(name: impl Into<String>, unit: &'static str, values: &[f64]) -> Self {
        let min = values.iter().copied().fold(f64::INFINITY, f64::min);
        let max = values.iter().copied().fold(0.0, f64::max);
        Self { name: name.into(), unit, median: super::median(values), min, max }
    }
}

impl Machine {
    /// This machine, with the versions of the servers in use.
    pub fn here(postgres: String, nats: String) -> Self {
        let memory = fs::read_to_string("/proc/meminfo").unwrap_or_default();
        let kilobytes = memory.split_whitespace().nth(1).and_then(|text| text.parse::<u64>().ok()).unwrap_or(0);
        let commit = Command::new("git").args(["rev-parse", "--short", "HEAD"]).output();
        let commit = commit.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned()).unwrap_or_default();
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Self { cores, memory: kilobytes / 1024, postgres, nats, commit }
    }
}

impl Report {
    /// Writes the JSON to `path`, if given, and the table to `out`.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn publish(&self, path: Option<&Path>, out: &mut impl Write) -> Result<()> {
        if let Some(path) = path {
            fs::write(path, serde_json::to_vec_pretty(self)?)
                .with_context(|| format!("cannot write {}", path.display()))?;
        }
        for row in &self.rows {
            writeln!(out, "{:<66} {:>12.1} {:<6} ({:.1} – {:.1})", row.name, row.median, row.unit, row.min, row.max)?;
        }
        for (name, ratio) in &self.ratios {
            writeln!(out, "{name:<66} {ratio:>12.3}")?;
        }
        for note in &self.notes {
            writeln!(out, "· {note}")?;
        }
        Ok(())
    }
}
