//! No case in Rust: no source outside the shipped packs and the tests may hold the name of a regime.

use crate::{tree, verdict};
use anyhow::Result;
use std::path::Path;

pub(crate) fn check(root: &Path) -> Result<()> {
    let regimes: Vec<String> = tree::files(root, "services/rules/packs/regimes", "yaml")?
        .into_iter()
        .filter_map(|(file, _)| Path::new(&file).file_stem().map(|stem| stem.to_string_lossy().into_owned()))
        .collect();
    let mut findings = Vec::new();
    for (file, text) in tree::files(root, "services", "rs")? {
        // `sample.rs` is what a crate's own tests share; it is compiled for them alone.
        if file.contains("/tests/") || file.ends_with("/tests.rs") || file.ends_with("/sample.rs") {
            continue;
        }
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        for (number, line) in code.lines().enumerate() {
            if let Some(name) = regimes.iter().find(|name| line.contains(name.as_str())) {
                findings.push(format!("{file}:{}: names the regime `{name}`", number + 1));
            }
        }
    }
    verdict("names", &findings)
}
