//! Who may import whom. Between crates: contracts, kit and rules, then services, then the binary. Inside a service:
//! `domain` is pure, `store` knows no contracts, nobody but kit names the broker or commits.

use crate::{tree, verdict};
use anyhow::Result;
use std::{fs, path::Path};

/// One rule for the lines of some files: where it holds, what must not occur, and why.
struct Rule {
    holds: fn(&str) -> bool,
    words: &'static [&'static str],
    why: &'static str,
}

const RULES: &[Rule] = &[
    Rule {
        holds: |file| in_service(file) && (file.contains("/src/domain/") || file.ends_with("/src/domain.rs")),
        words: &["sqlx", "tonic", "async_nats", "tokio", "async fn", "kit_messaging", "kit_db"],
        why: "domain is pure: no SQL, no network, no async",
    },
    Rule {
        holds: |file| file.starts_with("services/rules/"),
        words: &["sqlx", "async_nats", "tokio", "async fn"],
        why: "rules are pure domain libraries",
    },
    Rule {
        holds: |file| in_service(file) && (file.contains("/src/store/") || file.ends_with("/src/store.rs")),
        words: &["tonic", "async_nats"],
        why: "store speaks SQL and nothing else",
    },
    Rule {
        holds: |file| in_service(file) && file.contains("/src/usecase"),
        words: &["tonic", "async_nats"],
        why: "a use case knows no transport",
    },
    Rule {
        holds: |file| in_service(file) && file.contains("/src/"),
        words: &["async_nats", ".begin()", ".commit()"],
        why: "only kit names the broker, begins and commits",
    },
];

fn in_service(file: &str) -> bool {
    file.starts_with("services/")
        && !["services/kit/", "services/rules/", "services/jiesu/"].iter().any(|p| file.starts_with(p))
}

fn is_service(folder: &str) -> bool {
    in_service(&format!("{folder}/")) && folder.matches('/').count() == 1
}

pub(crate) fn check(root: &Path) -> Result<()> {
    let mut findings = between_crates(root)?;
    findings.extend(inside(root)?);
    verdict("layers", &findings)
}

fn between_crates(root: &Path) -> Result<Vec<String>> {
    let packages = tree::packages(root)?;
    let mut findings = Vec::new();
    for package in &packages {
        let manifest = fs::read_to_string(root.join(&package.folder).join("Cargo.toml"))?;
        if package.name != "contracts" && !manifest.contains("[lints]\nworkspace = true") {
            findings.push(format!("{} does not inherit the lint table", package.folder));
        }
        for name in &package.dependencies {
            let Some(other) = packages.iter().find(|p| &p.name == name) else { continue };
            if let Some(why) = forbidden(&package.folder, &other.folder) {
                findings.push(format!("{} must not depend on {}: {why}", package.folder, other.folder));
            }
        }
    }
    Ok(findings)
}

/// Why `from` must not depend on `to`, if so.
fn forbidden(from: &str, to: &str) -> Option<&'static str> {
    let pure_kit = ["services/kit/core", "services/kit/ids"].contains(&to);
    if is_service(to) && from != "services/jiesu" {
        Some("no crate but the binary imports a service")
    } else if from.starts_with("services/kit/") && to.starts_with("services/rules/") {
        Some("kit has no domain words")
    } else if from.starts_with("services/rules/") && to.starts_with("services/kit/") && !pure_kit {
        Some("rules are pure: of kit they may use core and ids")
    } else if from == "proto" && to.starts_with("services/") {
        Some("the contracts stand alone")
    } else if to == "services/jiesu" && from != "tests" {
        Some("nothing imports the binary but the system tests")
    } else if to == "services/kit/testing" && !from.starts_with("tests") {
        Some("kit-testing is a dev-dependency only")
    } else {
        None
    }
}

fn inside(root: &Path) -> Result<Vec<String>> {
    let mut findings = Vec::new();
    for (file, text) in tree::files(root, "services", "rs")? {
        if file.ends_with("/mod.rs") {
            findings.push(format!("{file}: foo.rs + foo/, never mod.rs"));
        }
        let code = text.split("#[cfg(test)]\nmod ").next().unwrap_or_default();
        for rule in RULES.iter().filter(|rule| (rule.holds)(&file)) {
            for (number, line) in code.lines().enumerate() {
                let line = line.split("//").next().unwrap_or_default();
                if let Some(word) = rule.words.iter().find(|word| line.contains(**word)) {
                    findings.push(format!("{file}:{}: `{word}` — {}", number + 1, rule.why));
                }
            }
        }
    }
    Ok(findings)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_service_may_not_import_a_service_and_kit_may_not_import_rules() {
        assert!(forbidden("services/triage", "services/intake").is_some());
        assert!(forbidden("services/kit/db", "services/rules/regime").is_some());
        assert!(forbidden("services/rules/time", "services/kit/db").is_some());
        assert!(forbidden("services/rules/time", "services/kit/ids").is_none());
        assert!(forbidden("services/jiesu", "services/intake").is_none());
        assert!(forbidden("services/triage", "services/kit/messaging").is_none());
    }
}
