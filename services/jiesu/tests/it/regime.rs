//! `jiesu regime …` on files: what it says, and its exit codes.

use crate::Place;
use std::{fs, path::Path, process::Command};

/// The exit code, and what it said on either stream.
fn jiesu(args: &[&str]) -> (i32, String, String) {
    let out = Command::new(env!("CARGO_BIN_EXE_jiesu")).arg("regime").args(args).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (out.status.code().unwrap(), text(&out.stdout), text(&out.stderr))
}

fn write(folder: &Path, name: &str, yaml: &str) -> String {
    fs::create_dir_all(folder).unwrap();
    let path = folder.join(name);
    fs::write(&path, yaml).unwrap();
    path.display().to_string()
}

const BASE: &str = "property-internal-procedure";
const OWN: &str = "extends: property-internal-procedure\nregime: own\nset: {day-unit: working-days}\n";

#[test]
fn packs_are_checked_with_an_exit_code_that_tells_mistakes_from_blanks() {
    let place = Place::new("regime-check");
    // The shipped packs leave blank what their sources do, and nothing else is wrong with them.
    assert_eq!(jiesu(&["check", "--all"]).0, 2);
    let own = write(&place.0, "own.yaml", OWN);
    assert_eq!(jiesu(&["check", &own]).0, 0);
    let wrong = write(&place.0, "wrong.yaml", &OWN.replace("day-unit:", "day-units:"));
    let (code, said, _) = jiesu(&["check", &wrong, &own]);
    assert!(code == 1 && said.contains("wrong.yaml:3") && said.contains("did you mean `day-unit`?"), "{said}");
    let blank = "parameters: {extra: {blank: yes, such-as: 2 days, reads: ____日内, cite: 一}}\n";
    let blank = write(&place.0, "blank.yaml", &(OWN.replace("regime: own", "regime: blank") + blank));
    let (code, said, _) = jiesu(&["check", "--json", &blank]);
    assert!(code == 2 && said.contains(r#""gravity":"blank""#) && said.contains(r#""line":4"#), "{said}");
    assert_eq!(jiesu(&["check", &blank, "--set", "extra=3 days"]).0, 0);
    let (code, _, said) = jiesu(&["compose", &blank]);
    assert!(code == 1 && said.contains("left blank"), "{said}");
    let (code, said, _) = jiesu(&["check", BASE, "--roles", "receptionist,head"]);
    assert!(code == 1 && said.contains("nobody holds the role `general-manager`"), "{said}");
    let (code, _, said) = jiesu(&["check", "property-internal-procedur"]);
    assert!(code == 1 && said.contains("did you mean property-internal-procedure?"), "{said}");
    fs::write(place.0.join("binary.yaml"), b"regime: x\n\xff\xfe\n").unwrap();
    let (code, _, said) = jiesu(&["check", place.0.join("binary.yaml").to_str().unwrap()]);
    assert!(code == 1 && said.contains("binary.yaml:2 不是 UTF-8"), "{said}");
}

#[test]
fn a_pack_is_compared_composed_explained_and_described() {
    let place = Place::new("regime-tell");
    let own = write(&place.0, "own.yaml", OWN);
    let (code, said, _) = jiesu(&["diff", BASE, &own]);
    assert!(code == 0 && said.contains("parameters/day-unit default") && said.contains("own.yaml:3"), "{said}");
    assert!(jiesu(&["diff", BASE, BASE]).1.contains("no difference"));
    let (_, yaml, _) = jiesu(&["compose", &own]);
    let whole = write(&place.0, "whole.yaml", &yaml.replace("regime: own", "regime: whole"));
    assert_eq!(jiesu(&["check", &whole]).0, 0);
    let (_, zh, _) = jiesu(&["explain", &own]);
    let (_, en, _) = jiesu(&["explain", &own, "--lang", "en"]);
    assert!(zh.contains("3 个工作日") && en.contains("3 working days"), "{zh}{en}");
    let schema: serde_json::Value = serde_json::from_str(&jiesu(&["schema"]).1).unwrap();
    assert!(schema.pointer("/$defs/clock/properties/within").is_some());
}

#[test]
fn a_changed_pack_is_tried_on_cases() {
    let place = Place::new("regime-try");
    let own = write(&place.0, "own.yaml", OWN);
    let (code, said, _) = jiesu(&["simulate", BASE, "--generate", "100", "--against", &own]);
    assert!(code == 0 && said.contains("100 cases, of which") && said.contains("处理期限 / Handling: 20"), "{said}");
    let case = r#"{"case_id":"c1","history":[{"word":"case-registered","at":"2026-03-06T01:00:00Z"},{"word":"case-resolved","at":"2026-03-10T01:00:00Z"}]}"#;
    let cases = write(&place.0, "cases.jsonl", case);
    let (_, said, _) = jiesu(&["simulate", BASE, "--cases", &cases, "--against", &own]);
    assert!(said.contains("of which 1 are different") && said.contains("不再违反"), "{said}");
    let broken = write(&place.0, "broken.jsonl", &format!("{case}\n{{\"case_id\":5}}\n"));
    let (code, _, said) = jiesu(&["simulate", BASE, "--cases", &broken]);
    assert!(code == 1 && said.contains("broken.jsonl:2"), "{said}");
    let other = write(&place.0, "other.log", "no log\n");
    assert_eq!(jiesu(&["simulate", BASE, "--cases", &other]).0, 1);
}
