//! A small disk of its own for a folder, which can be filled to the last byte.

use std::{
    fs::{self, File},
    io::Write as _,
    path::{Path, PathBuf},
    process::Command,
};

/// A mounted disk; unmounted when dropped.
pub struct Disk(PathBuf);

impl Disk {
    /// Mounts one of so many megabytes at `folder`.
    ///
    /// # Errors
    /// Why it cannot be: whoever is not root may not.
    pub fn mount(folder: &Path, megabytes: u32) -> Result<Self, String> {
        let size = format!("size={megabytes}m");
        let mut mount = Command::new("mount");
        let done = mount.args(["-t", "tmpfs", "-o", &size, "tmpfs"]).arg(folder).output();
        match done.map_err(|error| error.to_string())? {
            output if output.status.success() => Ok(Self(folder.to_path_buf())),
            output => Err(String::from_utf8_lossy(&output.stderr).trim().to_owned()),
        }
    }

    /// Fills it; answers with how much.
    pub fn fill(&self) -> usize {
        let mut file = File::create(self.0.join("ballast")).unwrap();
        let mut written = 0;
        for size in [64 * 1024, 512, 1] {
            while file.write_all(&vec![0; size]).is_ok() {
                written += size;
            }
        }
        written
    }

    /// Gives the room back.
    pub fn clear(&self) {
        fs::remove_file(self.0.join("ballast")).unwrap();
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}
