//! The entry: TLS provider, runtime, command, exit code.

use clap::Parser as _;
use jiesu::cmd::Cli;
use std::{
    io::{self, Write as _},
    process::ExitCode,
};

fn main() -> ExitCode {
    // Before anything opens a connection: with two providers in a binary rustls must be told which.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let cli = Cli::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return failed(&error.into()),
    };
    runtime.block_on(cli.run()).unwrap_or_else(|error| failed(&error))
}

fn failed(error: &anyhow::Error) -> ExitCode {
    let _ = writeln!(io::stderr(), "错误 / error: {error:#}");
    ExitCode::FAILURE
}
