//! The event catalogue in proto/README.md: made from the closed list of facts, the comments in the protos, and what
//! each service says it follows; compared in CI so that it cannot drift.

use crate::tree;
use anyhow::{Context as _, Result, bail};
use std::{collections::BTreeMap, fmt::Write as _, fs, path::Path};

const BEGIN: &str = "<!-- catalogue: made by `cargo xtask catalogue --write` -->\n";
const END: &str = "<!-- /catalogue -->\n";

pub(crate) fn check(root: &Path) -> Result<()> {
    let readme = fs::read_to_string(root.join("proto/README.md"))?;
    if readme != replaced(&readme, &table(root)?)? {
        bail!("catalogue: proto/README.md is out of date; run `cargo xtask catalogue --write`");
    }
    eprintln!("catalogue: ok");
    Ok(())
}

pub(crate) fn write(root: &Path) -> Result<()> {
    let path = root.join("proto/README.md");
    let readme = fs::read_to_string(&path)?;
    Ok(fs::write(path, replaced(&readme, &table(root)?)?)?)
}

fn replaced(readme: &str, table: &str) -> Result<String> {
    let (before, rest) = readme.split_once(BEGIN).context("proto/README.md has no catalogue mark")?;
    let (_, after) = rest.split_once(END).context("proto/README.md has no end of the catalogue")?;
    Ok(format!("{before}{BEGIN}{table}{END}{after}"))
}

fn table(root: &Path) -> Result<String> {
    let comments = comments(root)?;
    let followers = followers(root)?;
    let mut table =
        String::from("| owner | word in packs | message | meaning | followed by |\n|---|---|---|---|---|\n");
    for (owner, word, name) in contracts::catalogue() {
        let meaning = comments.get(&name).map_or("", String::as_str);
        let who: Vec<_> = followers
            .iter()
            .filter(|(_, owners)| owner == contracts::ANY_SERVICE || owners.iter().any(|o| o == owner))
            .map(|(s, _)| s.as_str())
            .collect();
        let _ = writeln!(table, "| {owner} | `{word}` | `{name}` | {meaning} | {} |", who.join(", "));
    }
    Ok(table)
}

/// The comment above each message, by full name.
fn comments(root: &Path) -> Result<BTreeMap<String, String>> {
    let mut found = BTreeMap::new();
    for (_, text) in tree::files(root, "proto/jiesu", "proto")? {
        let package = text.lines().find_map(|l| l.strip_prefix("package ")).unwrap_or_default().trim_end_matches(';');
        let mut comment = String::new();
        for line in text.lines() {
            if let Some(more) = line.strip_prefix("// ") {
                if !comment.is_empty() {
                    comment.push(' ');
                }
                comment.push_str(more);
            } else {
                if let Some(name) = line.strip_prefix("message ").and_then(|l| l.split([' ', '{']).next()) {
                    found.insert(format!("{package}.{name}"), comment.clone());
                }
                comment.clear();
            }
        }
    }
    Ok(found)
}

/// What each service follows, read from the list in its `follows`.
fn followers(root: &Path) -> Result<BTreeMap<String, Vec<String>>> {
    let mut found = BTreeMap::new();
    for (file, text) in tree::files(root, "services", "rs")? {
        let Some(service) = file.strip_prefix("services/").and_then(|f| f.split('/').next()) else { continue };
        if ["kit", "rules", "jiesu"].contains(&service) || file.contains("/tests/") {
            continue;
        }
        let Some((_, body)) = text.split_once("fn follows(") else { continue };
        let Some((_, list)) = body.split_once("&[") else { continue };
        let owners = list.split(']').next().unwrap_or_default();
        let owners = owners.split('"').skip(1).step_by(2).map(str::to_owned).collect();
        found.insert(service.to_owned(), owners);
    }
    Ok(found)
}
