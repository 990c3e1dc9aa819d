//! That an order is a difference too, and what cannot be compared.

use super::diff;
use crate::Pack;
use crate::sample::PACK;

fn pack(yaml: &str) -> Pack {
    Pack { file: "pack.yaml".to_owned(), yaml: yaml.to_owned() }
}

#[test]
fn rules_of_which_the_first_counts_differ_by_their_order() {
    let rows: Vec<&str> = PACK.lines().filter(|line| line.contains("then: major, cite: 一.1(")).collect();
    let swapped = PACK.replacen(&rows[..2].join("\n"), &[rows[1], rows[0]].join("\n"), 1);
    assert_ne!(swapped, PACK);
    let differences = diff(&pack(PACK), &pack(&swapped), &[]).unwrap();
    let told: Vec<_> = differences.iter().map(|one| (one.rule.as_str(), one.field.as_deref())).collect();
    assert_eq!(told, [("grading", Some("order"))]);
}

#[test]
fn what_is_no_pack_is_not_compared() {
    let errors = diff(&pack(PACK), &pack("regime: [x"), &[]).unwrap_err();
    assert_eq!((errors[0].file.as_str(), errors[0].line), ("pack.yaml", 1));
}
