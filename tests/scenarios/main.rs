//! Every shipped scenario passes, and a scenario that expects something else than what happens fails where it does.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a failure here is a failed test, which says where")]

use jiesu::{
    matrix::Matrix,
    scenario::{Ended, Report, Settings, run},
};
use kit_config::{EnvSource, Source as _};
use std::path::{Path, PathBuf};

async fn play(files: &[PathBuf]) -> (Report, Vec<Ended>) {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let folder = std::env::temp_dir().join(format!("scenarios-{:08x}", rand::random::<u32>()));
    let settings = Settings {
        postgres_url: EnvSource.get("JIESU_TEST_POSTGRES").unwrap(),
        nats_url: EnvSource.get("JIESU_TEST_NATS").unwrap(),
        folder: folder.clone(),
        jobs: std::thread::available_parallelism().map_or(2, usize::from),
        is_thrown_away: false,
    };
    let mut ends = Vec::new();
    let report = run(&settings, files, |ended| ends.push(ended.clone())).await.unwrap();
    let _ = std::fs::remove_dir_all(folder);
    (report, ends)
}

fn shipped() -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "yaml") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// The matrix in the repository is the one that the scenarios show, and every cell that somebody asks for is filled.
#[tokio::test(flavor = "multi_thread")]
async fn every_shipped_scenario_passes_and_together_they_show_every_capability_that_is_asked_for() {
    let files = shipped();
    let (report, ends) = play(&files).await;
    report.coverage().iter().for_each(|line| println!("{line}"));
    let failures: Vec<String> = ends.iter().filter_map(|ended| ended.failure.clone()).collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert_eq!(report.passed, files.len());
    let matrix = Matrix::of(&report);
    assert_eq!(matrix.unfilled(), Vec::<String>::new());
    let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("../services/rules/packs/matrix.md");
    let kept = std::fs::read_to_string(kept).unwrap();
    // Which scenarios are named beside a rule is told, not held to.
    let bare = |text: &str| text.trim_end().lines().map(without_scenarios).collect::<Vec<_>>();
    let (kept, now) = (bare(&kept), bare(&matrix.to_string()));
    let differs = kept.iter().zip(&now).find(|(kept, now)| kept != now);
    assert_eq!(kept.len(), now.len());
    assert_eq!(differs, None, "make it anew: jiesu regime matrix tests/scenarios > services/rules/packs/matrix.md");
}

/// A line of the matrix without the last column of the table of a regime.
fn without_scenarios(line: &str) -> String {
    let is_row = line.starts_with("| C");
    let shown = line.trim_end_matches('|').rsplit_once('|').filter(|_| is_row);
    shown.map_or(line, |(rules, _)| rules).to_owned()
}

/// What is altered in a scenario that passes, and the line on which it then fails.
#[tokio::test(flavor = "multi_thread")]
async fn a_scenario_that_expects_something_else_fails_at_its_line_and_shows_the_timeline() {
    let altered = [
        ("a fact that did not happen", "facts: [case-signed]", "facts: [case-returned]"),
        ("a fact by somebody else", "by: head}", "by: receptionist}"),
        ("another due instant", "due: 2026-03-04 24:00, cite", "due: 2026-03-05 24:00, cite"),
        ("a clock that is not there", "clear-answer: none", "clear-answer: running"),
        (
            "a notice that was not sent",
            "{template: report, to: general-affairs-head",
            "{template: report, to: general-manager",
        ),
        ("a fact that must not happen", "no-notices: [alert]", "no-facts: [case-graded]"),
        ("another field", "severity: minor\n      handler", "severity: major\n      handler"),
        ("another stage", "stage: accepted", "stage: handling"),
        ("somebody who is not blind", "sees: [receptionist, handler", "blind: [receptionist, handler"),
        ("what is not offered", "may-not: {receptionist: [resolve]}", "may-not: {handler: [resolve]}"),
        ("a refusal that does not come", "with: {way: call}", "refused: not-yet"),
        (
            "another refusal",
            "  - do: sign\n    as: handler",
            "  - {do: close, as: handler, refused: already-closed}\n  - do: sign\n    as: handler",
        ),
    ];
    let good = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/property-internal-procedure/minor-in-time.yaml");
    let good = std::fs::read_to_string(good).unwrap();
    let folder = std::env::temp_dir().join(format!("altered-{:08x}", rand::random::<u32>()));
    std::fs::create_dir_all(&folder).unwrap();
    let mut files = Vec::new();
    let mut wanted = Vec::new();
    for (n, (what, from, to)) in altered.iter().enumerate() {
        let at = good.find(from).unwrap_or_else(|| unreachable!("{what}: `{from}` is not in the scenario"));
        let file = folder.join(format!("{n:02}.yaml"));
        std::fs::write(&file, good.replacen(from, to, 1)).unwrap();
        wanted.push((*what, file.clone(), good.split_at(at).0.lines().count()));
        files.push(file);
    }
    let (report, ends) = play(&files).await;
    for (what, file, line) in wanted {
        let failure = ends.iter().find(|ended| ended.file == file).and_then(|ended| ended.failure.clone());
        let failure = failure.unwrap_or_else(|| unreachable!("{what}: it passed"));
        let told: usize = failure.split(':').nth(1).and_then(|line| line.parse().ok()).unwrap_or_default();
        assert!(told.abs_diff(line) <= 2, "{what}: not near line {line}: {failure}");
        assert!(failure.contains("期望 / expected") && failure.contains("经过 / timeline"), "{what}: {failure}");
    }
    assert_eq!((report.passed, report.failed), (0, files.len()));
    let _ = std::fs::remove_dir_all(folder);
}
