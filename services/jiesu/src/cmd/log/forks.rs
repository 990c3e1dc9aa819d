//! `jiesu log forks`, `settle` and `decisions`: where a producer's history fell apart from what was applied, and what
//! was decided about it.

use crate::cmd::tool::{Tool, answer, exact, local, place, service, short};
use crate::{cmd::say, services::NAMES};
use anyhow::Result;
use contracts::log::{Fork, ForkDecision, ListDecisionsRequest, ListForksRequest, SettleForkRequest};
use serde_json::{Value, json};

#[derive(clap::Args, Debug)]
pub(crate) struct Settle {
    /// 停下的服务 / The service that stands still
    service: String,
    /// 对方服务 / The service whose history it is
    producer: String,
    /// 分区,0 至 15 / The partition, 0 to 15
    partition: u32,
    #[command(flatten)]
    decision: Decision,
    /// 理由,3 至 500 字 / Why, in 3 to 500 characters
    #[arg(long)]
    reason: String,
}

#[derive(clap::Args, Debug)]
#[group(required = true, multiple = false)]
struct Decision {
    /// 对方已修复:重新核对,一致则继续 / The producer was mended: go on if it agrees again
    #[arg(long)]
    recheck: bool,
    /// 接受对方现在的历史并继续 / Go on with the producer's history as it is now
    #[arg(long)]
    accept: bool,
}

#[derive(clap::Args, Debug)]
pub(crate) struct Decisions {
    service: String,
}

pub(super) async fn list(tool: &Tool) -> Result<()> {
    let mut all = Vec::new();
    for name in NAMES {
        let forks = answer(tool.log(name).list_forks(tool.request(ListForksRequest {})).await)?.forks;
        all.extend(forks.into_iter().map(|fork| (*name, fork)));
    }
    if tool.is_json {
        let list: Vec<Value> = all.iter().map(|(name, fork)| json_of(name, fork)).collect();
        say(&serde_json::to_string_pretty(&list)?);
    } else if all.is_empty() {
        say("没有分歧 / there are no forks");
    }
    for (name, fork) in all.iter().filter(|_| !tool.is_json) {
        print(name, fork);
    }
    Ok(())
}

fn print(name: &str, fork: &Fork) {
    let (zh, en) = match fork.kind.as_str() {
        "behind" => ("对方日志短于已处理的部分", "the producer's log ends before what was applied"),
        "other" => ("同一序号处链值不同", "another link at the number last applied"),
        _ => ("对方的下一事件不相衔接", "the producer's next event does not link"),
    };
    let subject = place(&fork.producer, fork.partition);
    say(&format!("{name} ✂ {subject}  {zh} / {en}  {}", local(fork.found_at.as_ref())));
    say(&format!("    已处理到 applied to {} {}", fork.seq, short(&fork.hash)));
    say(&format!("    接受则从此继续 accepting goes on after {} {}", fork.resume_seq, short(&fork.resume_hash)));
}

fn json_of(name: &str, fork: &Fork) -> Value {
    json!({
        "service": name, "producer": fork.producer, "partition": fork.partition, "kind": fork.kind,
        "seq": fork.seq, "hash": hex::encode(&fork.hash),
        "resume_seq": fork.resume_seq, "resume_hash": hex::encode(&fork.resume_hash),
        "found_at": exact(fork.found_at.as_ref()),
    })
}

pub(super) async fn settle(tool: &Tool, args: Settle) -> Result<()> {
    let (name, producer) = (service(&args.service)?, service(&args.producer)?);
    let decision = if args.decision.accept { ForkDecision::Accept } else { ForkDecision::Recheck };
    let request = SettleForkRequest {
        producer: producer.to_owned(),
        partition: args.partition,
        decision: decision.into(),
        reason: args.reason,
        actor: tool.actor.clone(),
    };
    let done = answer(tool.log(name).settle_fork(tool.request(request)).await)?;
    let seq = done.position.unwrap_or_default().seq;
    say(&format!("已处置,决定编号 / settled, decision {}", done.decision_id));
    say(&format!("{name} 从 {producer} 的第 {seq} 号之后继续 / {name} goes on after {producer}'s event {seq}"));
    Ok(())
}

pub(super) async fn decisions(tool: &Tool, args: Decisions) -> Result<()> {
    let name = service(&args.service)?;
    let (mut all, mut page_token) = (Vec::new(), String::new());
    loop {
        let request = tool.request(ListDecisionsRequest { page_size: 200, page_token });
        let page = answer(tool.log(name).list_decisions(request).await)?;
        all.extend(page.decisions);
        page_token = page.next_page_token;
        if page_token.is_empty() {
            break;
        }
    }
    if tool.is_json {
        let list = all.iter().map(|one| {
            json!({
                "decision_id": one.decision_id, "decided_at": exact(one.decided_at.as_ref()), "actor": one.actor,
                "what": one.what, "subject": one.subject, "reason": one.reason,
            })
        });
        say(&serde_json::to_string_pretty(&list.collect::<Vec<_>>())?);
    } else if all.is_empty() {
        say("没有决定 / nothing was decided");
    }
    for one in all.iter().filter(|_| !tool.is_json) {
        say(&format!("{}  {}  {}  {}", local(one.decided_at.as_ref()), word(&one.what), one.subject, one.actor));
        say(&format!("    {}  [{}]", one.reason, one.decision_id));
    }
    Ok(())
}

fn word(what: &str) -> &str {
    match what {
        "skip" => "跳过 skip",
        "recheck" => "重新核对 recheck",
        "accept" => "接受 accept",
        "detach" => "卸下 detach",
        "attach" => "挂回 attach",
        other => other,
    }
}
