//! The workspace as files and as cargo's metadata.

use anyhow::{Context as _, Result};
use serde_json::Value;
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// The folder of the workspace.
pub(crate) fn root() -> Result<PathBuf> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    Ok(here.ancestors().nth(2).context("deploy/xtask lies two levels below the root")?.to_path_buf())
}

/// One package of the workspace with the names of its normal dependencies.
pub(crate) struct Package {
    pub(crate) name: String,
    /// Folder relative to the root, such as `services/kit/core`.
    pub(crate) folder: String,
    pub(crate) dependencies: Vec<String>,
}

/// Cargo's metadata, without the network.
pub(crate) fn metadata(root: &Path) -> Result<Value> {
    let output = Command::new("cargo")
        .args(["metadata", "--format-version", "1", "--locked"])
        .current_dir(root)
        .output()
        .context("cargo metadata does not start")?;
    anyhow::ensure!(output.status.success(), "cargo metadata: {}", String::from_utf8_lossy(&output.stderr));
    Ok(serde_json::from_slice(&output.stdout)?)
}

fn list<'m>(metadata: &'m Value, name: &str) -> Result<&'m Vec<Value>> {
    metadata.get(name).and_then(Value::as_array).with_context(|| format!("cargo metadata has no {name}"))
}

/// The packages of the workspace.
pub(crate) fn packages(root: &Path) -> Result<Vec<Package>> {
    let metadata = metadata(root)?;
    let members = list(&metadata, "workspace_members")?;
    let mut found = Vec::new();
    for package in list(&metadata, "packages")? {
        if !members.contains(&package["id"]) {
            continue;
        }
        let manifest = PathBuf::from(package["manifest_path"].as_str().unwrap_or_default());
        let folder = manifest.parent().unwrap_or(root).strip_prefix(root)?.to_string_lossy().into_owned();
        let dependencies = package["dependencies"]
            .as_array()
            .into_iter()
            .flatten()
            .filter(|d| d["kind"].is_null())
            .filter_map(|d| d["name"].as_str().map(str::to_owned))
            .collect();
        found.push(Package { name: package["name"].as_str().unwrap_or_default().to_owned(), folder, dependencies });
    }
    Ok(found)
}

/// All files below `folder` with this ending, sorted, relative to `root`.
pub(crate) fn files(root: &Path, folder: &str, ending: &str) -> Result<Vec<(String, String)>> {
    let mut found = Vec::new();
    let mut waiting = vec![root.join(folder)];
    while let Some(next) = waiting.pop() {
        if !next.is_dir() {
            continue;
        }
        for entry in fs::read_dir(&next)? {
            let path = entry?.path();
            if path.is_dir() {
                if path.file_name().is_some_and(|n| n != "target") {
                    waiting.push(path);
                }
            } else if path.extension().is_some_and(|e| e == ending) {
                let name = path.strip_prefix(root)?.to_string_lossy().into_owned();
                found.push((name, fs::read_to_string(&path)?));
            }
        }
    }
    found.sort();
    Ok(found)
}
