//! `jiesu log months`, `detach` and `attach`.

use crate::cmd::say;
use crate::cmd::tool::{Tool, answer, service};
use anyhow::Result;
use contracts::log::{AttachMonthRequest, DetachMonthRequest, ListMonthsRequest};
use serde_json::{Value, json};

#[derive(clap::Args, Debug)]
pub(crate) struct List {
    service: String,
}

#[derive(clap::Args, Debug)]
pub(crate) struct Change {
    service: String,
    /// 月份,如 2026-11 / The month, such as 2026-11
    month: String,
    /// 理由,3 至 500 字 / Why, in 3 to 500 characters
    #[arg(long)]
    reason: String,
}

pub(super) async fn list(tool: &Tool, args: List) -> Result<()> {
    let name = service(&args.service)?;
    let months = answer(tool.log(name).list_months(tool.request(ListMonthsRequest {})).await)?.months;
    if tool.is_json {
        let list: Vec<Value> = months
            .iter()
            .map(|m| json!({ "month": m.month, "is_attached": m.is_attached, "events": m.events }))
            .collect();
        say(&serde_json::to_string_pretty(&list)?);
        return Ok(());
    }
    for month in months {
        let (state, about) =
            if month.is_attached { ("在日志中 attached", "约 about ") } else { ("已卸下 detached", "") };
        say(&format!("{}  {state}  {about}{} 个事件 events", month.month, month.events));
    }
    Ok(())
}

pub(super) async fn detach(tool: &Tool, args: Change) -> Result<()> {
    let (name, actor) = (service(&args.service)?, tool.actor.clone());
    let request = DetachMonthRequest { month: args.month, reason: args.reason, actor };
    let done = answer(tool.log(name).detach_month(tool.request(request)).await)?;
    let (table, events) = (done.table, done.events);
    say(&format!("已卸下 {events} 个事件,现在表 {table} 中 / {events} events detached, now in the table {table}"));
    Ok(())
}

pub(super) async fn attach(tool: &Tool, args: Change) -> Result<()> {
    let (name, actor) = (service(&args.service)?, tool.actor.clone());
    let request = AttachMonthRequest { month: args.month, reason: args.reason, actor };
    let events = answer(tool.log(name).attach_month(tool.request(request)).await)?.events;
    say(&format!("已挂回 {events} 个事件 / {events} events attached"));
    Ok(())
}
