//! An independent check: the working days of every start day from 2020 to 2026 and every count from 1 to 60, against the
//! package `chinesecalendar`, which has the State Council's notices from its own hands and walks day by day.

use chrono::NaiveDate;
use legal_time::Calendar;
use std::fmt::Write as _;
use std::io::Write as _;
use std::process::{Command, Stdio};

/// Days in 2020 to 2026 times 60, less the counts that reach into 2027: the package ends with 2026. The last 60 working
/// days of 2026 and the days off among them are the start days concerned.
const STARTS: usize = 2557;
const COUNTS: u32 = 60;

#[test]
fn every_working_day_of_seven_years_is_the_one_that_another_program_counts() {
    #[expect(clippy::disallowed_methods, reason = "the test runner says where the python with the package is")]
    let python = std::env::var("JIESU_TEST_SMTP_PYTHON").unwrap_or_else(|_| {
        panic!(
            "JIESU_TEST_SMTP_PYTHON is not set: name a python that has chinesecalendar (deploy/local/test installs it)"
        )
    });
    let calendar = Calendar::parse("cn", &packs::calendar("cn").unwrap()).unwrap();
    let first: NaiveDate = "2020-01-01".parse().unwrap();
    let mut table = String::new();
    let mut within = 0;
    for start in first.iter_days().take(STARTS) {
        write!(table, "{start}").unwrap();
        for n in 1..=COUNTS {
            let end = calendar.nth_working_day(start, n);
            within += u32::from(end <= calendar.covered_until());
            write!(table, ",{end}").unwrap();
        }
        table.push('\n');
    }
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/chinesecalendar.py");
    let mut child = Command::new(&python)
        .arg(script)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("{python} does not start: {error}"));
    // A script that ends early closes the pipe; what it says counts, not that.
    let _ = child.stdin.take().unwrap().write_all(table.as_bytes());
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{python} {script}: {said}\n(deploy/local/test installs chinesecalendar)");
    assert_eq!(String::from_utf8_lossy(&output.stdout).trim(), within.to_string());
    assert!(within > 150_000, "only {within} were compared");
}
