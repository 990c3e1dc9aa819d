//! `jiesu log verify`: the hash of every event computed here again, over the log as its service reads it out or over an
//! exported file; and online, whether those who follow it stand on its links.

use super::file::Reader;
use crate::cmd::tool::{Tool, answer, local, place, service, short};
use crate::{
    cmd::{explained, progress, say},
    services::NAMES,
};
use anyhow::Result;
use contracts::log::{ListPartitionsRequest, Position, ReadLogRequest};
use futures::future::join_all;
use kit_messaging::{Broken, Counts, Walker};
use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

#[derive(clap::Args, Debug)]
pub(crate) struct Args {
    /// 要校验的服务;默认全部 / The services; all if none is named
    services: Vec<String>,
    /// 校验导出的文件,不连接任何服务 / Verifies an exported file, without any service
    #[arg(long, conflicts_with = "services")]
    pub(super) file: Option<PathBuf>,
}

/// Where a service stands in the log of another.
struct Stand {
    follower: &'static str,
    at: Position,
}

pub(super) async fn online(tool: &Tool, args: Args) -> Result<ExitCode> {
    let mut names: Vec<&'static str> = args.services.iter().map(|name| service(name)).collect::<Result<_>>()?;
    if names.is_empty() {
        names = NAMES.to_vec();
    }
    // Before the logs are read: nobody can stand beyond what comes after.
    let stands = stands(tool).await;
    let mut code = ExitCode::SUCCESS;
    for name in names {
        let stands: Vec<&Stand> = stands.iter().filter(|stand| stand.at.producer == name).collect();
        if one(tool, name, &stands).await? != ExitCode::SUCCESS {
            code = ExitCode::FAILURE;
        }
    }
    Ok(code)
}

/// Where all services stand; one that does not answer is named, and left out.
async fn stands(tool: &Tool) -> Vec<Stand> {
    let ask = |follower: &'static str| async move {
        let request = tool.request(ListPartitionsRequest {});
        (follower, answer(tool.log(follower).list_partitions(request).await))
    };
    let mut stands = Vec::new();
    for (follower, told) in join_all(NAMES.iter().map(|name| ask(name))).await {
        match told {
            Ok(told) => stands.extend(told.positions.into_iter().map(|at| Stand { follower, at })),
            Err(error) => progress(&format!("⚠ {follower} 的位置未核对 / its positions are not checked: {error:#}")),
        }
    }
    stands
}

async fn one(tool: &Tool, name: &str, stands: &[&Stand]) -> Result<ExitCode> {
    let mut walker = Walker::new(name);
    for stand in stands {
        walker.watch(stand.at.partition, stand.at.seq);
    }
    let mut parts = answer(tool.log(name).read_log(tool.request(ReadLogRequest::default())).await)?;
    while let Some(message) = parts.message().await.map_err(|status| explained(kit_grpc::problem(&status)))? {
        if let Some(part) = &message.part {
            walker.take(part);
        }
    }
    let apart: Vec<String> = stands.iter().filter_map(|stand| apart(stand, &walker)).collect();
    Ok(report(name, &walker.finish(), &apart))
}

/// How a follower's standing differs from the chain; nothing if it does not, or cannot be told.
fn apart(stand: &Stand, walker: &Walker) -> Option<String> {
    let Stand { follower, at } = stand;
    let chain = walker.chain(at.partition)?;
    let here = format!("{follower} @ {}#{}", place(&at.producer, at.partition), at.seq);
    match walker.link(at.partition, at.seq) {
        Some(link) if link == at.hash => None,
        Some(link) => {
            let (ours, theirs) = (short(&at.hash), short(link));
            Some(format!("{here}: 链值不同,日志为 {theirs},其处理到 {ours} / the log has {theirs}, it applied {ours}"))
        }
        None if at.seq > chain.head_seq => {
            let head = chain.head_seq;
            Some(format!("{here}: 日志只到第 {head} 号 / the log ends at {head}"))
        }
        // In a month that is detached, or after a break that is told anyway.
        None => None,
    }
}

pub(super) fn offline(path: &Path) -> Result<ExitCode> {
    let (mut reader, header) = Reader::open(path)?;
    let mut walker = Walker::new(&header.service);
    while let Some(message) = reader.next()? {
        if let Some(part) = &message.part {
            walker.take(part);
        }
    }
    let at = local(header.exported_at.as_ref());
    say(&format!("{} 的日志,导出于 {at} / the log of {}, exported {at}", header.service, header.service));
    Ok(report(&header.service, &walker.finish(), &[]))
}

/// Says what holds or does not.
pub(super) fn report(name: &str, walked: &Result<Counts, Vec<Broken>>, apart: &[String]) -> ExitCode {
    match walked {
        Ok(Counts { partitions, events, .. }) => say(&format!(
            "✓ {name}: {partitions} 个分区,{events} 个事件,逐环相扣 / {partitions} partitions, {events} events, every link holds"
        )),
        Err(broken) => broken.iter().for_each(|broken| tell(name, broken)),
    }
    for line in apart {
        say(&format!("✗ {line}"));
    }
    if walked.is_ok() && apart.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn tell(name: &str, broken: &Broken) {
    let text = broken.fault.text();
    say(&format!("✗ {}#{}: {} / {}", place(name, broken.partition), broken.seq, text.zh, text.en));
    if !broken.event_id.is_empty() {
        say(&format!("    事件 event {} {}", broken.event_id, broken.kind));
    }
}
