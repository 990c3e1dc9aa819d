//! `jiesu log status`: all services at a glance. One that does not answer is a line like any other.

use crate::cmd::tool::{Tool, answer};
use crate::{cmd::say, services::NAMES};
use anyhow::Result;
use contracts::log::{
    Head, ListForksRequest, ListForksResponse, ListParkedRequest, ListPartitionsRequest, ListPartitionsResponse,
    Position,
};
use futures::future::join_all;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// What one service says of its log.
struct Seen {
    service: &'static str,
    partitions: ListPartitionsResponse,
    parked: u64,
    forks: ListForksResponse,
}

/// Asks all of them at once, and prints.
pub(super) async fn run(tool: &Tool) -> Result<()> {
    let answers = join_all(NAMES.iter().map(|service| async move { (*service, ask(tool, service).await) })).await;
    let heads: BTreeMap<&str, &[Head]> = answers
        .iter()
        .filter_map(|(service, seen)| Some((*service, seen.as_ref().ok()?.partitions.heads.as_slice())))
        .collect();
    if tool.is_json {
        let list = answers.iter().map(|(service, seen)| match seen {
            Ok(seen) => seen.json(&heads),
            Err(error) => json!({ "service": service, "problem": format!("{error:#}") }),
        });
        say(&serde_json::to_string_pretty(&list.collect::<Vec<_>>())?);
        return Ok(());
    }
    for (service, seen) in &answers {
        match seen {
            Ok(seen) => seen.print(&heads),
            Err(error) => say(&format!("{service:<17} ⚠ {error:#}")),
        }
    }
    Ok(())
}

async fn ask(tool: &Tool, service: &'static str) -> Result<Seen> {
    let mut log = tool.log(service);
    let partitions = answer(log.list_partitions(tool.request(ListPartitionsRequest {})).await)?;
    let forks = answer(log.list_forks(tool.request(ListForksRequest {})).await)?;
    let (mut parked, mut page_token) = (0, String::new());
    loop {
        let request = tool.request(ListParkedRequest { page_size: 1000, page_token });
        let page = answer(log.list_parked(request).await)?;
        parked += page.events.len() as u64;
        page_token = page.next_page_token;
        if page_token.is_empty() {
            return Ok(Seen { service, partitions, parked, forks });
        }
    }
}

impl Seen {
    fn events(&self) -> u64 {
        self.partitions.heads.iter().map(|head| head.seq).sum()
    }

    /// By producer, how many of its events are not applied yet; nothing where the producer did not answer.
    fn lags(&self, heads: &BTreeMap<&str, &[Head]>) -> BTreeMap<&str, Option<u64>> {
        let mut lags = BTreeMap::new();
        for Position { producer, partition, seq, .. } in &self.partitions.positions {
            let head = heads.get(producer.as_str()).and_then(|heads| heads.iter().find(|h| h.partition == *partition));
            let behind = head.map(|head| head.seq.saturating_sub(*seq));
            let lag = lags.entry(producer.as_str()).or_insert(Some(0));
            *lag = lag.zip(behind).map(|(sum, behind)| sum + behind);
        }
        lags
    }

    /// The partitions of each instance.
    fn instances(&self) -> BTreeMap<&str, Vec<u32>> {
        let mut instances: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
        for lease in &self.partitions.leases {
            instances.entry(lease.owner.as_str()).or_default().push(lease.partition);
        }
        instances
    }

    fn json(&self, heads: &BTreeMap<&str, &[Head]>) -> Value {
        json!({
            "service": self.service,
            "events": self.events(),
            "lag": self.lags(heads),
            "instances": self.instances(),
            "parked": self.parked,
            "forks": self.forks.forks.len(),
        })
    }

    fn print(&self, heads: &BTreeMap<&str, &[Head]>) {
        let (service, parked, forks) = (self.service, self.parked, self.forks.forks.len());
        let mark = if parked > 0 || forks > 0 { "⚠" } else { "✓" };
        say(&format!("{service:<17} {mark} 事件 events {} · 搁置 parked {parked} · 分歧 forks {forks}", self.events()));
        for (producer, lag) in self.lags(heads) {
            let lag = lag.map_or_else(|| "?".to_owned(), |lag| lag.to_string());
            say(&format!("  ← {producer:<17} 落后 lag {lag}"));
        }
        for (owner, partitions) in self.instances() {
            let owner = if owner.is_empty() { "无人 nobody" } else { owner };
            let list: Vec<String> = partitions.iter().map(|partition| format!("{partition:02}")).collect();
            say(&format!("  ◦ {owner} 分区 partitions {}", list.join(" ")));
        }
    }
}
