//! A change of a calendar: proposed from a file, shown as a file, decided.

use crate::cmd::tool::{Tool, answer, exact, local};
use crate::cmd::{progress, say};
use crate::desk::request_id;
use anyhow::{Context as _, Result, bail};
use contracts::deadline_watcher::{
    ApproveCalendarRequest, CalendarChange, CalendarMove, ListCalendarChangesRequest, ListCalendarMovesRequest,
    ProposeCalendarRequest, WithdrawCalendarRequest,
};
use serde_json::{Value, json};
use std::path::PathBuf;
use std::time::Duration;

#[derive(clap::Args, Debug)]
pub(super) struct Propose {
    /// 日历名,如 cn;或单位编号 / The calendar, such as `cn`, or the id of a unit
    calendar: String,
    /// CSV(date,kind,name)或 iCalendar 文件 / The file: CSV or iCalendar
    file: PathBuf,
    /// 理由,3 至 500 字 / Why, in 3 to 500 characters
    #[arg(long)]
    reason: String,
}

#[derive(clap::Args, Debug)]
pub(super) struct Moves {
    /// 变更编号 / The change
    change: String,
    /// 写入 CSV 文件 / Writes them into a CSV file
    #[arg(long)]
    file: Option<PathBuf>,
}

#[derive(clap::Args, Debug)]
pub(super) struct Decide {
    /// 变更编号 / The change
    change: String,
    /// 理由,3 至 500 字 / Why, in 3 to 500 characters
    #[arg(long)]
    reason: String,
}

pub(super) async fn propose(tool: &Tool, args: Propose) -> Result<()> {
    let read = || format!("无法读取 / cannot read {}", args.file.display());
    let body = std::fs::read_to_string(&args.file).with_context(read)?;
    let request = ProposeCalendarRequest {
        request_id: request_id(),
        calendar_id: args.calendar,
        body,
        actor: tool.actor.clone(),
        reason: args.reason,
    };
    let id = answer(tool.calendars().propose_calendar(tool.request(request)).await)?.change_id;
    progress("正在核查对在办案件的影响 / finding out what it would do to the open cases");
    let change = checked(tool, &id).await?;
    print(&change);
    Ok(())
}

/// Waits until the change has been held against every case.
#[expect(clippy::disallowed_methods, reason = "asks a server again, in the machine's time")]
async fn checked(tool: &Tool, id: &str) -> Result<CalendarChange> {
    loop {
        let Some(change) = all(tool).await?.into_iter().find(|change| change.change_id == id) else {
            bail!("变更已不存在 / the change is gone: {id}")
        };
        if change.state != "checking" {
            return Ok(change);
        }
        tokio::time::sleep(Duration::from_millis(300)).await;
    }
}

async fn all(tool: &Tool) -> Result<Vec<CalendarChange>> {
    let listed = tool.calendars().list_calendar_changes(tool.request(ListCalendarChangesRequest {})).await;
    Ok(answer(listed)?.changes)
}

pub(super) async fn list(tool: &Tool) -> Result<()> {
    let changes = all(tool).await?;
    if tool.is_json {
        say(&serde_json::to_string_pretty(&changes.iter().map(json_of).collect::<Vec<_>>())?);
    } else if changes.is_empty() {
        say("没有日历变更 / there are no changes of calendars");
    } else {
        changes.iter().for_each(print);
    }
    Ok(())
}

fn print(change: &CalendarChange) {
    let state = match change.state.as_str() {
        "checking" => "核查中 checking",
        "checked" => "待批准 to be approved",
        "moving" => "移动中 moving",
        "done" => "已完成 done",
        _ => "已撤回 withdrawn",
    };
    let version = if change.version == 0 { String::new() } else { format!(" v{}", change.version) };
    say(&format!(
        "{}  {}{version}  {state}  {}",
        change.change_id,
        change.calendar_id,
        local(change.proposed_at.as_ref())
    ));
    say(&format!("    {} · {}", change.proposed_by, change.reason));
    say(&format!("    变动日期 days: {}", change.days.join(" ")));
    say(&format!(
        "    案件 cases {}  移动 moved {}  提前 earlier {}  推后 later {}  新增超期 breaches made {}  撤销超期 undone {}  通知 notices {}",
        change.cases,
        change.moved_cases,
        change.earlier,
        change.later,
        change.breaches_made,
        change.breaches_undone,
        change.notices
    ));
}

fn json_of(change: &CalendarChange) -> Value {
    json!({
        "change_id": change.change_id, "calendar_id": change.calendar_id, "state": change.state,
        "version": change.version, "proposed_at": exact(change.proposed_at.as_ref()),
        "proposed_by": change.proposed_by, "reason": change.reason, "days": change.days, "cases": change.cases,
        "moved_cases": change.moved_cases, "earlier": change.earlier, "later": change.later,
        "breaches_made": change.breaches_made, "breaches_undone": change.breaches_undone, "notices": change.notices,
    })
}

pub(super) async fn moves(tool: &Tool, args: Moves) -> Result<()> {
    let to: Box<dyn std::io::Write> = match &args.file {
        Some(path) => Box::new(std::fs::File::create(path).with_context(|| path.display().to_string())?),
        None => Box::new(std::io::stdout()),
    };
    let mut out = csv::Writer::from_writer(to);
    out.write_record(["case_id", "clock", "run", "due_before", "due_after", "breach", "notices"])?;
    let mut page_token = String::new();
    loop {
        let request = ListCalendarMovesRequest { change_id: args.change.clone(), page_size: 200, page_token };
        let page = answer(tool.calendars().list_calendar_moves(tool.request(request)).await)?;
        for one in &page.moves {
            out.write_record(row(one))?;
        }
        page_token = page.next_page_token;
        if page_token.is_empty() {
            return Ok(out.flush()?);
        }
    }
}

fn row(one: &CalendarMove) -> [String; 7] {
    let at = |at| exact(at).unwrap_or_default();
    let (before, after) = (at(one.due_before.as_ref()), at(one.due_after.as_ref()));
    let numbers = (one.run.to_string(), one.notices.to_string());
    [one.case_id.clone(), one.clock.clone(), numbers.0, before, after, one.breach.clone(), numbers.1]
}

pub(super) async fn approve(tool: &Tool, args: Decide) -> Result<()> {
    let request = ApproveCalendarRequest {
        request_id: request_id(),
        change_id: args.change,
        actor: tool.actor.clone(),
        reason: args.reason,
    };
    let version = answer(tool.calendars().approve_calendar(tool.request(request)).await)?.version;
    say(&format!(
        "已公布第 {version} 版,在办案件正在后台重新计算 / version {version} is in force; open cases are counted anew in the background"
    ));
    Ok(())
}

pub(super) async fn withdraw(tool: &Tool, args: Decide) -> Result<()> {
    let request = WithdrawCalendarRequest {
        request_id: request_id(),
        change_id: args.change,
        actor: tool.actor.clone(),
        reason: args.reason,
    };
    answer(tool.calendars().withdraw_calendar(tool.request(request)).await)?;
    say("已撤回 / withdrawn");
    Ok(())
}
