//! `jiesu calendar …`: what is in force, and a new version from the file to the last case that it moves.

mod change;

use super::tool::{Tool, answer};
use crate::{client::Where, cmd::say};
use anyhow::Result;
use contracts::deadline_watcher::{GetCalendarRequest, ListCalendarsRequest};

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
    /// 现行日历 / The calendars in force
    List,
    /// 输出一个日历 / Prints a calendar
    Export(Export),
    /// 提议新版本并核查影响 / Proposes a new version and finds out what it would move
    Propose(change::Propose),
    /// 日历变更 / The changes of calendars
    Changes,
    /// 将要或已经移动的时限 / The deadlines that would move, or have moved
    Moves(change::Moves),
    /// 批准变更 / Approves a change
    Approve(change::Decide),
    /// 撤回提议 / Withdraws a proposal
    Withdraw(change::Decide),
}

#[derive(clap::Args, Debug)]
struct Export {
    /// 日历名,如 cn;或单位编号 / The calendar, such as `cn`, or the id of a unit
    calendar: String,
    /// 版本;默认为现行版本 / The version; the one in force if not given
    #[arg(long, default_value_t = 0)]
    version: u32,
    /// 该单位实际适用的日历 / Instead: what this unit counts by, all layers together
    #[arg(long, default_value = "")]
    unit: String,
    /// iCalendar 而非 CSV / iCalendar instead of CSV
    #[arg(long)]
    ics: bool,
}

/// Runs the command.
///
/// # Errors
/// The watcher does not answer or refuses, or a file cannot be read or written.
pub(crate) async fn run(args: Args) -> Result<()> {
    let tool = Tool::new(&args.at, args.json, args.actor)?;
    match args.command {
        Command::List => list(&tool).await,
        Command::Export(args) => export(&tool, args).await,
        Command::Propose(args) => change::propose(&tool, args).await,
        Command::Changes => change::list(&tool).await,
        Command::Moves(args) => change::moves(&tool, args).await,
        Command::Approve(args) => change::approve(&tool, args).await,
        Command::Withdraw(args) => change::withdraw(&tool, args).await,
    }
}

async fn list(tool: &Tool) -> Result<()> {
    let listed = answer(tool.calendars().list_calendars(tool.request(ListCalendarsRequest {})).await)?.calendars;
    if tool.is_json {
        let list = listed.iter().map(|one| {
            serde_json::json!({
                "calendar_id": one.calendar_id, "version": one.version, "covered_until": one.covered_until,
                "days": one.days,
            })
        });
        say(&serde_json::to_string_pretty(&list.collect::<Vec<_>>())?);
        return Ok(());
    }
    for one in listed {
        let until = if one.covered_until.is_empty() {
            "单位自设 / a unit's own".to_owned()
        } else {
            format!("公布至 announced until {}", one.covered_until)
        };
        say(&format!("{:<20} v{:<4} {} 天 days  {until}", one.calendar_id, one.version, one.days));
    }
    Ok(())
}

async fn export(tool: &Tool, args: Export) -> Result<()> {
    let request = GetCalendarRequest {
        calendar_id: args.calendar,
        version: args.version,
        unit_id: args.unit,
        format: if args.ics { "ics".to_owned() } else { "csv".to_owned() },
    };
    let body = answer(tool.calendars().get_calendar(tool.request(request)).await)?.body;
    say(body.trim_end_matches('\n'));
    Ok(())
}
