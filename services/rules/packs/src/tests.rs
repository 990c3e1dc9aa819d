//! Every shipped pack must be one that the engine accepts.

use regime::{Gravity, Regime, Surroundings};

/// A shipped pack may leave blank what its source leaves to the organisation; nothing else may be wrong with it.
#[test]
fn every_shipped_pack_checks_clean_but_for_what_the_organisation_chooses_and_bears_the_name_of_its_file() {
    let packs = super::regimes();
    assert!(!packs.is_empty());
    let around = Surroundings { shelf: packs.clone(), ..Surroundings::default() };
    for pack in packs {
        let found = Regime::check(&pack, &around).found;
        let wrong: Vec<String> =
            found.iter().filter(|found| found.gravity == Gravity::Error).map(ToString::to_string).collect();
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        assert_eq!(format!("{}.yaml", pack.id().unwrap()), pack.file);
    }
}

#[test]
fn a_new_installation_begins_with_regimes_that_leave_nothing_to_choose() {
    let packs = super::demonstration();
    assert!(!packs.is_empty());
    for pack in packs {
        let read = Regime::parse(&pack.file, &pack.yaml);
        assert!(read.is_ok(), "{}: {read:?}", pack.file);
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
