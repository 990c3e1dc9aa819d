//! `jiesu dead-man`: whether deadlines are watched at all, asked from outside: over a role of its own that may ask this and
//! nothing else, without NATS, without any service, and by Postgres' clock. The alarm is a command of the operator's.

use crate::{client::Where, cmd::progress, secrets::Secrets};
use anyhow::{Context as _, Result};
use kit_config::{EnvSource, Source as _};
use sqlx::{ConnectOptions as _, Connection as _, PgConnection, postgres::PgConnectOptions};
use std::{process::ExitCode, str::FromStr as _, time::Duration};
use tokio::{process::Command, time::Instant};

/// What it asks, the seconds from which it is wrong, and how a person reads that.
const CHECKS: [(&str, f64, &str); 5] = [
    ("overdue", 60.0, "有时限到期而未处理 / deadlines are due and were not fired"),
    ("stuck", 60.0, "有到期案件无法推算 / cases are due and cannot be derived"),
    ("sweep", 10.0, "时限监控没有在运行 / the watcher does not sweep"),
    ("clock", 300.0, "监控时间与数据库时钟不一致 / the watcher's time and Postgres' clock differ"),
    ("held", 0.0, "机器时钟前跳,超期判断已暂停 / the machine's clock jumped; misses are held back"),
];
/// How often an alarm that goes on is given again.
const AGAIN: Duration = Duration::from_secs(600);

/// Reads `JIESU_DEAD_MAN_DATABASE_URL`; without it, the database of a running `jiesu up`
#[derive(clap::Args, Debug)]
pub(crate) struct Args {
    #[command(flatten)]
    at: Where,
    /// 只检查一次,有问题则退出码为 1 / Checks once; exit code 1 if anything is wrong
    #[arg(long)]
    once: bool,
    /// 检查间隔(秒)/ How many seconds between two checks
    #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(u64).range(1..=3600))]
    every: u64,
    /// 报警时由 sh 运行的命令,报警内容在标准输入 / Run by sh on an alarm, with its text on standard input
    #[arg(long)]
    alarm: Option<String>,
}

/// Checks, for ever or once.
///
/// # Errors
/// It is not known where the database is.
pub(crate) async fn run(args: Args) -> Result<ExitCode> {
    let url = database(&args.at)?;
    let mut sounding: Option<(String, Instant)> = None;
    loop {
        let wrong = look(&url).await;
        let what = wrong.join("\n");
        if args.once {
            progress(if wrong.is_empty() { "正常 / all is well" } else { &what });
            return Ok(if wrong.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE });
        }
        let kinds = kinds(&wrong);
        let is_news = sounding.as_ref().is_none_or(|(before, at)| *before != kinds || at.elapsed() >= AGAIN);
        match (wrong.is_empty(), sounding.is_some()) {
            (false, _) if is_news => {
                sound(args.alarm.as_deref(), &what).await;
                sounding = Some((kinds, Instant::now()));
            }
            (true, true) => {
                sound(args.alarm.as_deref(), "时限监控已恢复 / deadlines are watched again").await;
                sounding = None;
            }
            _ => {}
        }
        pause(Duration::from_secs(args.every)).await;
    }
}

/// What is wrong, a line each.
async fn look(url: &str) -> Vec<String> {
    let asked = tokio::time::timeout(Duration::from_secs(20), ask(url)).await;
    let found = match asked {
        Ok(Ok(found)) => found,
        Ok(Err(error)) => return vec![format!("无法查询数据库 / the database cannot be asked: {error}")],
        Err(_) => return vec!["数据库 20 秒未应答 / the database did not answer for 20 seconds".to_owned()],
    };
    // A watcher that has never swept has no mark at all.
    let seconds = |name: &str| {
        let row = found.iter().find(|(check, ..)| check == name);
        row.and_then(|(_, seconds, cases)| Some(((*seconds)?, *cases)))
    };
    let judged = CHECKS.iter().filter_map(|(name, limit, text)| match seconds(name) {
        Some((seconds, cases)) if seconds >= *limit => {
            let cases = if cases > 0 { format!(", {cases}") } else { String::new() };
            Some(format!("{name}: {text} ({seconds:.0} s{cases})"))
        }
        None if *name == "sweep" => Some(format!("{name}: {text}")),
        _ => None,
    });
    judged.collect()
}

async fn ask(url: &str) -> sqlx::Result<Vec<(String, Option<f64>, i64)>> {
    let mut connection = PgConnection::connect(url).await?;
    let found = sqlx::query_as("SELECT check_name, seconds, cases FROM deadline_watcher.dead_man()")
        .fetch_all(&mut connection)
        .await?;
    connection.close().await?;
    Ok(found)
}

/// The names of the checks alone: their seconds change at every look.
fn kinds(wrong: &[String]) -> String {
    wrong.iter().filter_map(|line| line.split(':').next()).collect::<Vec<_>>().join(" ")
}

/// Gives the alarm; that it could not be given is said here, since nobody else is left to say it to.
async fn sound(command: Option<&str>, what: &str) {
    progress(what);
    let Some(command) = command else { return };
    if let Err(error) = given(command, what).await {
        progress(&format!("报警命令失败 / the alarm command failed: {error:#}"));
    }
}

async fn given(command: &str, what: &str) -> Result<()> {
    use tokio::io::AsyncWriteExt as _;
    let mut child =
        Command::new("sh").args(["-c", command]).stdin(std::process::Stdio::piped()).kill_on_drop(true).spawn()?;
    if let Some(mut stdin) = child.stdin.take() {
        // A command that does not read its input is none the worse for it.
        let _ = stdin.write_all(format!("{what}\n").as_bytes()).await;
    }
    let status = tokio::time::timeout(Duration::from_secs(60), child.wait()).await.context("60 s")??;
    anyhow::ensure!(status.success(), "{status}");
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "waits for its next look, in the machine's time")]
async fn pause(length: Duration) {
    tokio::time::sleep(length).await;
}

fn database(at: &Where) -> Result<String> {
    if let Some(url) = EnvSource.get("JIESU_DEAD_MAN_DATABASE_URL") {
        return Ok(url);
    }
    let ready = at.ready()?.context("set JIESU_DEAD_MAN_DATABASE_URL, or start `jiesu up`")?;
    let folder = ready.data.context("the ready file names no data folder")?;
    let password = Secrets::of(&folder)?.dead_man;
    let mut url = PgConnectOptions::from_str(&ready.postgres)?.to_url_lossy();
    let role = kit_db::role_name(crate::house::DEAD_MAN);
    let is_set = url.set_username(&role).is_ok() && url.set_password(Some(&password)).is_ok();
    anyhow::ensure!(is_set, "the database's address takes no other user");
    Ok(url.to_string())
}
