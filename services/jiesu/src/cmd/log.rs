//! `jiesu log …`: the operator's tools for the log between the services.

mod export;
mod file;
mod forks;
mod months;
mod parked;
mod status;

mod verify;

use crate::client::Where;
use crate::cmd::tool::Tool;
use anyhow::Result;
use std::process::ExitCode;

#[derive(clap::Args, Debug)]
pub(crate) struct Args {
    #[command(flatten)]
    at: Where,
    /// 以 JSON 输出列表 / Prints lists as JSON
    #[arg(long, global = true)]
    json: bool,
    /// 由谁决定;默认为本机登录名 / Who decides; the login name on this machine if not given
    #[arg(long = "as", value_name = "NAME", global = true)]
    actor: Option<String>,
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand, Debug)]
enum Command {
    /// 所有服务一览:事件、落后、实例、搁置、分歧 / All services: events, lag, instances, parked, forks
    Status,
    /// 搁置的事件 / Events that could not be applied
    Parked(parked::Args),
    /// 与对方历史的分歧 / Where a producer's history and what was applied fell apart
    Forks,
    /// 处置一处分歧 / Decides about a fork
    Settle(forks::Settle),
    /// 运维人员的决定 / What operators decided
    Decisions(forks::Decisions),
    /// 逐环校验日志 / Verifies logs, link by link
    Verify(verify::Args),
    /// 导出一个服务的日志 / Writes a service's log into a file
    Export(export::Args),
    /// 日志的各个月份 / The months of a log
    Months(months::List),
    /// 卸下一个已过的月份 / Takes a month that has passed out of a log
    Detach(months::Change),
    /// 挂回一个卸下的月份 / Puts a detached month back
    Attach(months::Change),
}

/// Runs the command; a log that does not verify is exit code 1.
///
/// # Errors
/// A service does not answer or refuses, or a file cannot be read or written.
pub(crate) async fn run(args: Args) -> Result<ExitCode> {
    let command = match args.command {
        // Needs no installation.
        Command::Verify(verify::Args { file: Some(file), .. }) => return verify::offline(&file),
        command => command,
    };
    let tool = Tool::new(&args.at, args.json, args.actor)?;
    let done = match command {
        Command::Verify(args) => return verify::online(&tool, args).await,
        Command::Export(args) => return export::run(&tool, args).await,
        Command::Status => status::run(&tool).await,
        Command::Parked(args) => parked::run(&tool, args).await,
        Command::Forks => forks::list(&tool).await,
        Command::Settle(args) => forks::settle(&tool, args).await,
        Command::Decisions(args) => forks::decisions(&tool, args).await,
        Command::Months(args) => months::list(&tool, args).await,
        Command::Detach(args) => months::detach(&tool, args).await,
        Command::Attach(args) => months::attach(&tool, args).await,
    };
    done.map(|()| ExitCode::SUCCESS)
}
