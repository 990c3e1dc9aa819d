//! Bans: crates of which there must be one copy, and crates that must not come in at all.

use crate::{tree, verdict};
use anyhow::Result;
use std::{collections::BTreeMap, path::Path};

/// Two copies of these mean two worlds of types in one process.
const ONCE: &[&str] = &[
    "tonic",
    "prost",
    "axum",
    "hyper",
    "rustls",
    "sqlx",
    "sqlx-core",
    "reqwest",
    "chrono",
    "opentelemetry",
    "async-nats",
];

/// C builds with cmake, or a second TLS.
const NEVER: &[&str] = &["aws-lc-sys", "aws-lc-rs", "openssl-sys", "openssl", "native-tls"];

pub(crate) fn check(root: &Path) -> Result<()> {
    let metadata = tree::metadata(root)?;
    let mut versions: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for package in metadata.get("packages").and_then(|found| found.as_array()).into_iter().flatten() {
        let name = package["name"].as_str().unwrap_or_default().to_owned();
        versions.entry(name).or_default().push(package["version"].as_str().unwrap_or_default().to_owned());
    }
    let mut findings = Vec::new();
    for name in ONCE {
        if let Some(found) = versions.get(*name).filter(|found| found.len() > 1) {
            findings.push(format!("{name} must be one, but is {}", found.join(" and ")));
        }
    }
    findings.extend(NEVER.iter().filter(|name| versions.contains_key(**name)).map(|name| format!("{name} is banned")));
    verdict("deny", &findings)
}
