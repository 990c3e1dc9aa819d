//! Which regime is in force, where and when.

use crate::sample::{REGIME, law, published, small_law, unit};
use chrono::NaiveDate;
use contracts::Fact;
use contracts::triage::RegimePublished;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

#[test]
fn the_nearest_unit_with_a_regime_decides_and_the_latest_in_force_counts() {
    let law = law(&[
        unit("r1", "", "region"),
        unit("b03", "r1", "branch"),
        unit("b04", "r1", "branch"),
        published(1, "", "2020-01-01"),
        published(2, "", "2026-04-15"),
        published(3, "b03", "2025-01-01"),
    ])
    .unwrap();
    let version = |unit: &str, on: &str| law.regime_for(unit, "complaint", day(on)).map(|(_, version)| version);
    assert_eq!(version("b04", "2026-04-14"), Some(1));
    assert_eq!(version("b04", "2026-04-15"), Some(2));
    assert_eq!(version("b03", "2026-04-15"), Some(3));
    assert_eq!(version("b03", "2024-12-31"), Some(1));
    assert_eq!(version("b04", "2019-12-31"), None);
    assert_eq!(law.regime_for("b04", "petition", day("2026-04-15")).map(|(_, version)| version), None);
    assert!(law.regime(REGIME, 1).is_some() && law.regime(REGIME, 4).is_none());
    assert_eq!(law.published().count(), 3);
}

#[test]
fn the_same_pack_is_compiled_once_for_all_laws_of_a_process() {
    let (a, b) = (small_law(), small_law());
    let same = a.regime(REGIME, 1).zip(b.regime(REGIME, 1)).is_some_and(|(a, b)| std::sync::Arc::ptr_eq(&a, &b));
    assert!(same);
}

#[test]
fn a_row_that_cannot_be_read_is_named() {
    let wrong = RegimePublished {
        regime_id: "x".into(),
        version: 2,
        pack: "nonsense".into(),
        in_force_from: "2020-01-01".into(),
        ..Default::default()
    };
    let error = law(&[Fact::RegimePublished(wrong.clone())]).unwrap_err();
    assert!(error.starts_with("regime x version 2: x@2:1"), "{error}");
    let error = law(&[Fact::RegimePublished(RegimePublished { in_force_from: "soon".into(), ..wrong })]).unwrap_err();
    assert!(error.contains("no date"), "{error}");
    let unreadable =
        |kind: &str| super::Entry { kind: kind.to_owned(), id: "x".to_owned(), version: 0, body: vec![0xff] };
    assert!(super::Law::build(&[unreadable("unit")]).is_err());
    assert!(super::Law::build(&[unreadable("calendar")]).is_ok(), "a kind of row this build does not know");
}
