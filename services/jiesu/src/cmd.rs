//! The commands of `jiesu`, each in a file of its own: its arguments as `Args`, and `run`.

mod bench;
mod bootstrap;
mod calendar;
mod case;
mod dead_man;
mod deadline;
mod demo;
mod healthcheck;
mod import;
mod log;
mod rebuild;
mod regime;
mod scenario;
mod seed;
mod serve;
mod servers;
mod submit;
mod time;
mod tool;
mod tour;
mod up;

use anyhow::Result;
use clap::{Parser, Subcommand};
use kit_config::Source;
use std::{
    io::{self, Write as _},
    process::ExitCode,
};

/// 接诉 Jiesu: complaints and reports of a large organisation, from any door to their close
#[derive(Debug, Parser)]
#[command(name = "jiesu", version)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Runs all services in this process, over a private Postgres and NATS unless told of others
    Up(up::Args),
    /// Runs one service, configured by the environment
    Serve(serve::Args),
    /// Makes the database role and schema of each service
    Bootstrap(bootstrap::Args),
    /// Publishes the shipped regimes (and the demo organisation) to running services
    Seed(seed::Args),
    /// Runs a command beside a private Postgres and NATS for tests
    Servers(servers::Args),
    /// Asks a service whether it is well
    Healthcheck(healthcheck::Args),
    /// Plays the life of one complaint on a running instance, fact by fact
    Tour(tour::Args),
    /// Hands one matter in
    Submit(submit::Args),
    /// Shows a case
    Case(case::Args),
    /// Hands in many matters from a CSV file
    Import(import::Args),
    /// Fills a running demo installation with complaints in all states
    Demo(demo::Args),
    /// Makes a service's read model anew from the logs, and compares it with what it was
    Rebuild(rebuild::Args),
    /// 各服务之间的日志:查看、处置、校验、导出 / The log between the services: see, decide, verify, export
    Log(log::Args),
    /// 工作日历:查看、提议、核查影响、批准 / Calendars: see, propose, see what would move, approve
    Calendar(calendar::Args),
    /// 判断时限所依据的时间 / The present by which deadlines are judged
    Time(time::Args),
    /// 案件时限与逐日说明 / The deadlines of a case, explained day by day
    Deadline(deadline::Args),
    /// 独立检查时限监控是否在工作 / Checks from outside that deadlines are watched
    DeadMan(dead_man::Args),
    /// 规则包:检查、比较、解释、试算、发布 / Packs: check, compare, explain, try, publish
    Regime(regime::Args),
    /// 场景:按制度逐步核对 / Scenarios: what a pack makes happen, step by step
    Scenario(scenario::Args),
    /// Measures, with a report
    Bench(bench::Args),
}

impl Cli {
    /// Runs the command.
    ///
    /// # Errors
    /// What the command says.
    pub async fn run(self) -> Result<ExitCode> {
        match self.command {
            Command::Up(args) => Box::pin(up::run(args)).await.map(|()| ExitCode::SUCCESS),
            Command::Serve(args) => serve::run(args).await.map(|()| ExitCode::SUCCESS),
            Command::Bootstrap(args) => bootstrap::run(args).await.map(|()| ExitCode::SUCCESS),
            Command::Seed(args) => seed::run(args).await.map(|()| ExitCode::SUCCESS),
            Command::Servers(args) => servers::run(args).await,
            Command::Healthcheck(args) => healthcheck::run(args).await.map(|()| ExitCode::SUCCESS),
            Command::Tour(args) => Box::pin(tour::run(args)).await.map(|()| ExitCode::SUCCESS),
            Command::Submit(args) => submit::run(args).await.map(|()| ExitCode::SUCCESS),
            Command::Case(args) => case::run(args).await.map(|()| ExitCode::SUCCESS),
            Command::Import(args) => import::run(args).await.map(|()| ExitCode::SUCCESS),
            Command::Demo(args) => Box::pin(demo::run(args)).await.map(|()| ExitCode::SUCCESS),
            Command::Rebuild(args) => Box::pin(rebuild::run(args)).await,
            Command::Log(args) => Box::pin(log::run(args)).await,
            Command::Calendar(args) => Box::pin(calendar::run(args)).await.map(|()| ExitCode::SUCCESS),
            Command::Time(args) => Box::pin(time::run(args)).await.map(|()| ExitCode::SUCCESS),
            Command::Deadline(args) => Box::pin(deadline::run(args)).await.map(|()| ExitCode::SUCCESS),
            Command::DeadMan(args) => Box::pin(dead_man::run(args)).await,
            Command::Regime(args) => Box::pin(regime::run(args)).await,
            Command::Scenario(args) => Box::pin(scenario::run(args)).await,
            Command::Bench(args) => Box::pin(bench::run(args)).await.map(|()| ExitCode::SUCCESS),
        }
    }
}

/// A line of output. A reader that has gone away, as `head` does, is no failure.
pub(crate) fn say(line: &str) {
    let _ = writeln!(io::stdout(), "{line}");
}

/// A problem as a person at a terminal reads it: in both languages, with each field.
pub(crate) fn explained(problem: kit_core::Problem) -> anyhow::Error {
    let fields =
        problem.fields.iter().map(|field| format!("\n  {}: {} / {}", field.field, field.text.zh, field.text.en));
    let fields: String = fields.collect();
    anyhow::anyhow!("{} / {} [{}]{fields}", problem.text.zh, problem.text.en, problem.code)
}

/// A line of progress.
pub(crate) fn progress(line: &str) {
    let _ = writeln!(io::stderr(), "{line}");
}

/// A setting with a default before the environment.
struct Default<'a> {
    key: &'a str,
    value: &'a str,
    below: &'a dyn Source,
}

impl Source for Default<'_> {
    fn get(&self, key: &str) -> Option<String> {
        self.below.get(key).or_else(|| (key == self.key).then(|| self.value.to_owned()))
    }
}

/// `source`, logging only what is wrong unless it says otherwise: for commands that talk to a person.
fn quiet(source: &dyn Source) -> impl Source + '_ {
    Default { key: "JIESU_LOG", value: "warn,sqlx=error", below: source }
}
