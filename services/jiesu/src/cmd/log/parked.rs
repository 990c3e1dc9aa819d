//! `jiesu log parked …`: what could not be applied, why, and what to do about it.

use crate::cmd::tool::{Tool, answer, exact, local, place, service};
use crate::{cmd::say, services::NAMES};
use anyhow::Result;
use contracts::log::{GetParkedRequest, ListParkedRequest, ParkedEvent, RetryParkedRequest, SkipParkedRequest};
use serde_json::{Value, json};
use std::str::FromStr;

#[derive(clap::Args, Debug)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct Args {
    /// 只看这个服务 / Of this service only
    service: Option<String>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(clap::Subcommand, Debug)]
enum Command {
    /// 一个编号下的事件及其失败记录 / The events under a key, with what they failed of
    Show { service: String, key: String },
    /// 再试一次 / Tries a key again
    Retry { service: String, key: String },
    /// 永久跳过该编号下最先的事件 / Passes over the first event of a key, for good
    Skip {
        service: String,
        key: String,
        /// 事件,写作 对方服务/分区#序号 / The event, as PRODUCER/PP#SEQ
        #[arg(long)]
        event: EventName,
        /// 理由,3 至 500 字 / Why, in 3 to 500 characters
        #[arg(long)]
        reason: String,
    },
}

/// An event as the lists write it: `intake/03#17`.
#[derive(Clone, Debug, PartialEq, Eq)]
struct EventName {
    producer: String,
    partition: u32,
    seq: u64,
}

impl FromStr for EventName {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let read = || {
            let (place, seq) = text.split_once('#')?;
            let (producer, partition) = place.split_once('/')?;
            let (partition, seq) = (partition.parse().ok()?, seq.parse().ok()?);
            (!producer.is_empty()).then(|| Self { producer: producer.to_owned(), partition, seq })
        };
        read().ok_or("应写作 对方服务/分区#序号,如 intake/03#17 / write it as PRODUCER/PP#SEQ, such as intake/03#17")
    }
}

pub(super) async fn run(tool: &Tool, args: Args) -> Result<()> {
    match args.command {
        None => list(tool, args.service.as_deref()).await,
        Some(Command::Show { service: name, key }) => show(tool, service(&name)?, key).await,
        Some(Command::Retry { service: name, key }) => {
            let name = service(&name)?;
            let request = tool.request(RetryParkedRequest { key });
            let events = answer(tool.log(name).retry_parked(request).await)?.events;
            say(&format!("正在重试 {events} 个事件 / {events} events are tried again"));
            Ok(())
        }
        Some(Command::Skip { service: name, key, event, reason }) => {
            let EventName { producer, partition, seq } = event;
            let actor = tool.actor.clone();
            let name = service(&name)?;
            let request = SkipParkedRequest { key, producer, partition, seq, reason, actor };
            let done = answer(tool.log(name).skip_parked(tool.request(request)).await)?;
            say(&format!("已跳过,决定编号 / skipped, decision {}", done.decision_id));
            say(&format!("其余 {0} 个事件正在重试 / the other {0} events are tried again", done.events));
            Ok(())
        }
    }
}

async fn list(tool: &Tool, name: Option<&str>) -> Result<()> {
    let one = name.map(service).transpose()?;
    let services: Vec<&str> = one.map_or_else(|| NAMES.to_vec(), |one| vec![one]);
    let mut all = Vec::new();
    for name in services {
        let mut page_token = String::new();
        loop {
            let request = tool.request(ListParkedRequest { page_size: 1000, page_token });
            let page = answer(tool.log(name).list_parked(request).await)?;
            all.extend(page.events.into_iter().map(|event| (name, event)));
            page_token = page.next_page_token;
            if page_token.is_empty() {
                break;
            }
        }
    }
    if tool.is_json {
        let list: Vec<Value> = all.iter().map(|(name, event)| json_of(name, event)).collect();
        say(&serde_json::to_string_pretty(&list)?);
    } else if all.is_empty() {
        say("没有搁置的事件 / nothing is parked");
    }
    for (name, event) in all.iter().filter(|_| !tool.is_json) {
        print(name, event);
    }
    Ok(())
}

async fn show(tool: &Tool, name: &str, key: String) -> Result<()> {
    let events = answer(tool.log(name).get_parked(tool.request(GetParkedRequest { key })).await)?.events;
    if tool.is_json {
        let list: Vec<Value> = events.iter().map(|event| json_of(name, event)).collect();
        say(&serde_json::to_string_pretty(&list)?);
        return Ok(());
    }
    for event in &events {
        print(name, event);
        for failure in &event.failures {
            let (first, last) = (local(failure.first_at.as_ref()), local(failure.last_at.as_ref()));
            say(&format!("    {first} – {last}  ×{}  {}", failure.times, failure.reason));
        }
    }
    Ok(())
}

fn print(name: &str, event: &ParkedEvent) {
    let state = match event.state.as_str() {
        "waiting" => "等待 waiting",
        "failed" => "失败 failed",
        _ => "排队 behind",
    };
    let from = format!("{}#{}", place(&event.producer, event.partition), event.seq);
    let parked_at = local(event.parked_at.as_ref());
    say(&format!("{name:<17} {}  {from}  {state} ×{}  {}  {parked_at}", event.key, event.attempts, event.r#type));
    if !event.reason.is_empty() {
        say(&format!("    {}", event.reason));
    }
}

fn json_of(name: &str, event: &ParkedEvent) -> Value {
    let failures = event.failures.iter().map(|failure| {
        json!({
            "reason": failure.reason, "times": failure.times,
            "first_at": exact(failure.first_at.as_ref()), "last_at": exact(failure.last_at.as_ref()),
        })
    });
    json!({
        "service": name, "key": event.key, "producer": event.producer, "partition": event.partition, "seq": event.seq,
        "event": format!("{}#{}", place(&event.producer, event.partition), event.seq),
        "type": event.r#type, "state": event.state, "reason": event.reason, "attempts": event.attempts,
        "parked_at": exact(event.parked_at.as_ref()), "failures": failures.collect::<Vec<_>>(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_is_named_as_the_lists_write_it() {
        let name: EventName = "deadline-watcher/03#17".parse().unwrap();
        assert_eq!((name.producer.as_str(), name.partition, name.seq), ("deadline-watcher", 3, 17));
        for bad in ["intake/03", "intake#3", "/03#1", "intake/x#1", ""] {
            assert!(bad.parse::<EventName>().is_err(), "{bad}");
        }
    }
}
