//! The folder that holds an installation's data: where it is by default, that one process has it, and secrets that only
//! its owner can read.

use anyhow::{Context as _, Result, bail};
use kit_config::{EnvSource, Source as _};
use std::{
    fs::{self, DirBuilder, File, OpenOptions, TryLockError},
    io::Write as _,
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _},
    path::{Path, PathBuf},
};

/// Where `jiesu up` keeps its data unless told otherwise. Root's home is closed to the user that Postgres runs as, so
/// root gets a place of the system.
pub fn data_folder() -> PathBuf {
    if nix::unistd::geteuid().is_root() {
        return PathBuf::from("/var/lib/jiesu");
    }
    let home = EnvSource.get("XDG_DATA_HOME").map(PathBuf::from);
    let home = home.or_else(|| Some(Path::new(&EnvSource.get("HOME")?).join(".local/share")));
    home.map_or_else(|| PathBuf::from(".jiesu"), |home| home.join("jiesu"))
}

/// A data folder that no other process uses while this is held.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    _lock: File,
}

impl Folder {
    /// Makes the folder if need be, and takes it.
    ///
    /// # Errors
    /// It cannot be made, or another process has it.
    pub fn take(path: &Path) -> Result<Self> {
        let named = || format!("the data folder {} cannot be used", path.display());
        // Others may pass through: Postgres may run as another user.
        DirBuilder::new().recursive(true).mode(0o755).create(path).with_context(named)?;
        let path = path.canonicalize().with_context(named)?;
        let lock = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .mode(0o600)
            .open(path.join("lock"))
            .with_context(named)?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { path, _lock: lock }),
            Err(TryLockError::WouldBlock) => bail!("another jiesu uses {}; stop it first", path.display()),
            Err(TryLockError::Error(error)) => Err(error).with_context(named),
        }
    }

    /// Where it is, as an absolute path.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

/// Writes a file that only its owner can read: whole or not at all.
///
/// # Errors
/// It cannot be written.
pub fn write_secret(path: &Path, text: &str) -> Result<()> {
    let named = || format!("{} cannot be written", path.display());
    let name = path.file_name().and_then(|name| name.to_str()).with_context(named)?;
    let beside = path.with_file_name(format!(".{name}.{}", std::process::id()));
    let mut file =
        OpenOptions::new().create(true).truncate(true).write(true).mode(0o600).open(&beside).with_context(named)?;
    file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).with_context(named)?;
    fs::rename(&beside, path).with_context(named)
}

/// The first folder on the way to `path` that others may not pass through.
pub(super) fn first_closed(path: &Path) -> Option<PathBuf> {
    let closed = |folder: &&Path| fs::metadata(folder).is_ok_and(|m| m.permissions().mode() & 0o001 == 0);
    path.ancestors().skip(1).filter(closed).last().map(Path::to_path_buf)
}
