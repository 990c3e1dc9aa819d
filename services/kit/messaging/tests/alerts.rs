//! The alert rules speak of numbers that are exported, and the runbook has what they point at.

use std::collections::BTreeSet;

const RULES: &str = include_str!("../../../../deploy/alerts/jiesu.yml");
const METERS: &str = include_str!("../src/meters.rs");
const RUNBOOK: &str = include_str!("../../../../deploy/README.md");

#[test]
fn every_alert_reads_a_number_that_is_there_and_leads_to_its_page() {
    let is_word = |c: char| c.is_ascii_lowercase() || c == '_';
    let named: BTreeSet<&str> = RULES.split(|c| !is_word(c)).filter(|word| word.starts_with("jiesu_")).collect();
    assert!(named.len() >= 5, "{named:?}");
    for number in named {
        assert!(METERS.contains(&format!("\"{number}\"")), "nobody exports {number}");
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
