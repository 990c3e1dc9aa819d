//! The protos by buf: its STANDARD lint, and no breaking change against the last commit.

use anyhow::{Context as _, Result, bail};
use std::{path::Path, process::Command};

#[expect(clippy::disallowed_methods, reason = "a developer's tool, not a service")]
pub(crate) fn check(root: &Path) -> Result<()> {
    let buf = std::env::var("JIESU_BUF").unwrap_or_else(|_| "buf".to_owned());
    run(&buf, &["lint", "proto"], root)?;
    let has_protos = Command::new("git").args(["cat-file", "-e", "HEAD:proto/buf.yaml"]).current_dir(root).status();
    if has_protos.is_ok_and(|status| status.success()) {
        run(&buf, &["breaking", "proto", "--against", ".git#ref=HEAD,subdir=proto"], root)?;
    }
    eprintln!("proto: ok");
    Ok(())
}

fn run(buf: &str, args: &[&str], root: &Path) -> Result<()> {
    let status = Command::new(buf)
        .args(args)
        .current_dir(root)
        .status()
        .with_context(|| format!("`{buf}` does not start; it comes from PyPI `buf-bin`, or set JIESU_BUF"))?;
    if !status.success() {
        bail!("buf {} failed", args.join(" "));
    }
    Ok(())
}
