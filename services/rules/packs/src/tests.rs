//! Every shipped pack must be one that the engine accepts.

use regime::Regime;

#[test]
fn every_shipped_pack_reads_and_checks_clean_and_bears_the_name_of_its_file() {
    let packs = super::regimes();
    assert!(!packs.is_empty());
    for pack in packs {
        let regime = Regime::parse(&pack.file, &pack.yaml).unwrap_or_else(|errors| {
            panic!("{}", errors.iter().map(|e| format!("{e}\n")).collect::<String>());
        });
        assert_eq!(format!("{}.yaml", regime.id), pack.file);
    }
}

#[test]
fn the_chinese_calendar_is_here_and_no_other_is_invented() {
    let calendar = super::calendar("cn").unwrap();
    assert!(calendar.starts_with("date,kind,name\n"));
    assert!(calendar.contains("2026-02-17,off,"));
    assert_eq!(super::calendar("../regimes/x"), None);
    assert_eq!(super::regime("no-such-regime"), None);
}
