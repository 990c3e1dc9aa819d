//! `jiesu regime consult` and `jiesu regime approve`: what the regime in force wants before another text of it is published.
//! Both are of the complete text of the pack, by its digest.

use super::{One, shelf::Shelf};
use crate::{
    client::Where,
    cmd::{case::sign_in, say, tool::answer},
    desk::request_id,
};
use anyhow::Result;
use contracts::triage::{ApproveRegimeRequest, RecordConsultationRequest};
use sha2::{Digest as _, Sha256};

#[derive(clap::Args, Debug)]
pub(super) struct Consult {
    #[command(flatten)]
    at: Where,
    #[command(flatten)]
    one: One,
    /// 由谁登记;密码取自 JIESU_PASSWORD / Who records it; the password is read from JIESU_PASSWORD
    #[arg(long = "as", value_name = "LOGIN")]
    login: String,
    /// 征求了谁的意见:角色,或 complainant / Who was asked: a role, or complainant
    #[arg(long)]
    role: String,
    /// 意见 / What they said
    #[arg(long)]
    text: String,
}

#[derive(clap::Args, Debug)]
pub(super) struct Approve {
    #[command(flatten)]
    at: Where,
    #[command(flatten)]
    one: One,
    /// 由谁批准;密码取自 JIESU_PASSWORD / Who approves; the password is read from JIESU_PASSWORD
    #[arg(long = "as", value_name = "LOGIN")]
    login: String,
}

pub(super) async fn consult(args: Consult) -> Result<()> {
    let (regime, sha256) = digest(&args.one)?;
    let person = sign_in(&args.at.client()?, &args.login).await?;
    let request = RecordConsultationRequest {
        request_id: request_id(),
        regime_id: regime.clone(),
        sha256,
        role: args.role,
        text: args.text,
    };
    let reply = answer(person.client.triage().record_consultation(person.call().request(request)).await)?;
    say(&format!("已登记 {regime} 的意见 / recorded for {regime}"));
    for missing in reply.missing {
        say(&format!("还缺:{} / still missing: {}", missing.zh, missing.en));
    }
    Ok(())
}

pub(super) async fn approve(args: Approve) -> Result<()> {
    let (regime_id, sha256) = digest(&args.one)?;
    let person = sign_in(&args.at.client()?, &args.login).await?;
    let request = ApproveRegimeRequest { request_id: request_id(), regime_id: regime_id.clone(), sha256 };
    answer(person.client.triage().approve_regime(person.call().request(request)).await)?;
    say(&format!("已批准 {regime_id} 的修订 / approved the amendment of {regime_id}"));
    Ok(())
}

/// The regime, and the digest of the text that would be published.
fn digest(one: &One) -> Result<(String, Vec<u8>)> {
    let (regime, pack) = Shelf::usable(one)?;
    Ok((regime.id, Sha256::digest(pack.as_bytes()).to_vec()))
}
