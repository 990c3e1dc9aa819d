//! `cargo xtask …`: the checks of the house that the compiler does not make. CI and developers use the same words.

mod catalogue;
mod deny;
mod faults;
mod layers;
mod names;
mod proto;
mod tree;

use anyhow::{Context as _, Result, bail};
use clap::{Parser, Subcommand};
use std::process::Command;

#[derive(Parser)]
#[command(about = "Checks of the house", bin_name = "cargo xtask")]
struct Args {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Everything that needs no build of the workspace: layers, names, deny, proto, catalogue
    Check,
    /// Who may import whom, and that every crate inherits the lint table
    Layers,
    /// No Rust outside the packs names a regime
    Names,
    /// No second copy of the crates that must be one, and none of the banned ones
    Deny,
    /// buf lint, and no breaking change against the last commit
    Proto,
    /// The event catalogue in proto/README.md is up to date
    Catalogue {
        /// Write it instead of comparing
        #[arg(long)]
        write: bool,
    },
    /// The long run of the fault tests: thousands of kills, and the count at the end
    Faults(faults::Faults),
    /// rustfmt in checking mode
    Fmt,
    /// clippy over everything, the deny list as errors
    Clippy,
}

fn main() -> Result<()> {
    let root = tree::root()?;
    match Args::parse().task {
        Task::Check => {
            layers::check(&root)?;
            names::check(&root)?;
            deny::check(&root)?;
            proto::check(&root)?;
            catalogue::check(&root)
        }
        Task::Layers => layers::check(&root),
        Task::Names => names::check(&root),
        Task::Deny => deny::check(&root),
        Task::Proto => proto::check(&root),
        Task::Catalogue { write: true } => catalogue::write(&root),
        Task::Catalogue { write: false } => catalogue::check(&root),
        Task::Faults(faults) => faults.run(),
        Task::Fmt => cargo(&["fmt", "--all", "--check"]),
        Task::Clippy => cargo(&["clippy", "--workspace", "--all-targets", "--quiet"]),
    }
}

fn cargo(args: &[&str]) -> Result<()> {
    let status = Command::new("cargo").args(args).status().context("cargo does not start")?;
    if !status.success() {
        bail!("cargo {} failed", args.join(" "));
    }
    Ok(())
}

/// Fails with every finding, or says that there is none.
fn verdict(what: &str, findings: &[String]) -> Result<()> {
    if findings.is_empty() {
        eprintln!("{what}: ok");
        return Ok(());
    }
    for finding in findings {
        eprintln!("{what}: {finding}");
    }
    bail!("{what}: {} finding(s)", findings.len())
}
