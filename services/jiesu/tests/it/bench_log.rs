//! `jiesu bench log`, small: it runs, its report has the shape of all reports, and what was appended was applied. No
//! figure is held against a limit: the machine is not ours alone.

use anyhow::{Context as _, Result};
use serde_json::Value;
use std::{
    collections::BTreeMap,
    fs,
    process::{Command, Stdio},
};

const SMALL: [&str; 8] = ["--seconds", "1", "--rounds", "1", "--backlog", "2000", "--pile", "2000"];

fn report() -> Result<Value> {
    let file = std::env::temp_dir().join(format!("jiesu-test-bench-log-{}.json", std::process::id()));
    let mut command = Command::new(env!("CARGO_BIN_EXE_jiesu"));
    let output = command.args(["bench", "log", "--report"]).arg(&file).args(SMALL).stdin(Stdio::null()).output()?;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let table = String::from_utf8(output.stdout)?;
    let report: Value = serde_json::from_slice(&fs::read(&file)?)?;
    fs::remove_file(&file)?;
    assert!(table.contains("applied end to end, 1 a transaction"), "{table}");
    Ok(report)
}

/// The rows by name; each has its spread in order.
fn rows(report: &Value) -> Result<BTreeMap<&str, f64>> {
    let mut found = BTreeMap::new();
    for row in report["rows"].as_array().context("rows")? {
        let (name, figure) = (row["name"].as_str().context("a name")?, |of: &str| row[of].as_f64().context("a figure"));
        let (median, min, max) = (figure("median")?, figure("min")?, figure("max")?);
        assert!(min <= median && median <= max && row["unit"].is_string(), "{row}");
        assert!(found.insert(name, median).is_none(), "{name} stands there twice");
    }
    Ok(found)
}

#[test]
fn a_small_run_reports_every_measure_and_applies_what_it_appends() -> Result<()> {
    let report = report()?;
    assert_eq!((report["bench"].as_str(), report["runs"].as_u64()), (Some("log"), Some(1)));
    for key in ["cores", "memory", "postgres", "nats", "commit"] {
        assert!(!report["machine"][key].is_null(), "{key}");
    }
    let rows = rows(&report)?;
    let counted: Vec<&str> = rows.keys().filter_map(|name| name.strip_prefix("events in the log, ")).collect();
    assert_eq!(counted.len(), 5, "four shapes and the catch-up: {counted:?}");
    for what in counted {
        let (log, tables) =
            (rows[&*format!("events in the log, {what}")], rows[&*format!("events in the tables, {what}")]);
        assert!(log >= 1000.0 && (log - tables).abs() < 0.5, "{what}: {log} in the log, {tables} in the tables");
    }
    for at in ["at 200/s", "at 2000/s", "without a repair", "during a repair"] {
        for of in ["p50", "p99", "max"] {
            assert!(rows.contains_key(&*format!("commit → applied, {at}: {of}")), "{at} {of}");
        }
    }
    assert!(rows["events behind the follower that stands still"] >= 2000.0);
    assert!(rows["idle: program, memory (PSS)"] > 1.0);

    let ratios = report["ratios"].as_object().context("ratios")?;
    for name in
        ["3 relay / ", "4 follow + apply / ", "applied end to end / bare Postgres (aim 0.75), ", "idle: ", "live p99 "]
    {
        let found = ratios.iter().find(|(key, _)| key.starts_with(name)).map(|(_, ratio)| ratio);
        assert!(found.is_some_and(Value::is_number), "{name}: {ratios:?}");
    }
    assert!(report["notes"].as_array().is_some_and(|notes| !notes.is_empty()));
    Ok(())
}
