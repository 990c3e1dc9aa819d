//! `jiesu log export SERVICE --to FILE`: the log as it stands, verified on its way out.

use super::{
    file::{Header, Writer},
    verify::report,
};
use crate::cmd::say;
use crate::cmd::tool::{Tool, answer, service};
use anyhow::Result;
use contracts::log::ReadLogRequest;
use kit_core::Env;
use kit_messaging::Walker;
use std::{path::PathBuf, process::ExitCode};

#[derive(clap::Args, Debug)]
pub(crate) struct Args {
    service: String,
    /// 写入的文件 / The file to write
    #[arg(long)]
    to: PathBuf,
}

/// Writes the file, whatever it finds: a broken log is evidence. Exit code 1 if it is broken.
pub(super) async fn run(tool: &Tool, args: Args) -> Result<ExitCode> {
    let name = service(&args.service)?;
    let mut parts = answer(tool.log(name).read_log(tool.request(ReadLogRequest::default())).await)?;
    let header = Header::new(name, kit_grpc::timestamp(Env::system().now()));
    let mut file = Writer::start(&args.to, &header)?;
    let mut walker = Walker::new(name);
    while let Some(message) =
        parts.message().await.map_err(|status| crate::cmd::explained(kit_grpc::problem(&status)))?
    {
        file.put(&message)?;
        if let Some(part) = &message.part {
            walker.take(part);
        }
    }
    file.finish()?;
    say(&format!("已写入 / written: {}", args.to.display()));
    Ok(report(name, &walker.finish(), &[]))
}
