//! The alert rules speak of numbers that are exported, and the runbook has what they point at.

use std::collections::BTreeSet;
use std::path::Path;

const RULES: &str = include_str!("../../../../deploy/alerts/jiesu.yml");
const RUNBOOK: &str = include_str!("../../../../deploy/README.md");

/// The text of every source below the folder.
fn sources(folder: &Path) -> String {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let texts =
        entries.filter(|path| path.file_name().is_some_and(|name| name != "target" && name != "tests")).map(|path| {
            if path.is_dir() {
                sources(&path)
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                std::fs::read_to_string(&path).unwrap()
            } else {
                String::new()
            }
        });
    texts.collect()
}

#[test]
fn every_alert_reads_a_number_that_is_there_and_leads_to_its_page() {
    let is_word = |c: char| c.is_ascii_lowercase() || c == '_';
    let named: BTreeSet<&str> = RULES.split(|c| !is_word(c)).filter(|word| word.starts_with("jiesu_")).collect();
    assert!(named.len() >= 5, "{named:?}");
    let services = sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../.."));
    for number in named {
        // A histogram is exported in buckets.
        let number = number.strip_suffix("_bucket").unwrap_or(number);
        assert!(services.contains(&format!("\"{number}\"")), "nobody exports {number}");
    }
    let anchors: BTreeSet<&str> = RULES.split("README.md#").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    let titles: Vec<String> = RUNBOOK
        .lines()
        .filter_map(|line| line.strip_prefix("### "))
        .map(|title| title.to_lowercase().replace(' ', "-"))
        .collect();
    for anchor in anchors {
        assert!(titles.iter().any(|title| title == anchor), "the runbook has no {anchor}");
    }
}
