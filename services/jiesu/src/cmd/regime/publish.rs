//! `jiesu regime publish`: the complete text of a pack, checked here first so that mistakes have their own files.

use super::{One, shelf::Shelf};
use crate::{
    client::Where,
    cmd::{
        case::sign_in,
        say,
        tool::{Tool, answer},
    },
    desk::request_id,
};
use anyhow::Result;
use contracts::triage::PublishRegimeRequest;

#[derive(clap::Args, Debug)]
pub(super) struct Args {
    #[command(flatten)]
    at: Where,
    #[command(flatten)]
    one: One,
    /// 适用的单位;默认为全部 / The unit that it is for; the whole organisation if not given
    #[arg(long, default_value = "")]
    unit: String,
    /// 施行日期,如 2026-12-01;默认为规则包中的日期 / The first day in force; that of the pack if not given
    #[arg(long, default_value = "")]
    from: String,
    /// 由谁修订施行中的制度;密码取自 JIESU_PASSWORD / Who amends a regime in force; the password is read from JIESU_PASSWORD
    #[arg(long = "as", value_name = "LOGIN")]
    login: Option<String>,
}

pub(super) async fn run(args: Args) -> Result<()> {
    let (_, pack) = Shelf::usable(&args.one)?;
    let request = PublishRegimeRequest { request_id: request_id(), pack, unit_id: args.unit, in_force_from: args.from };
    let published = match &args.login {
        Some(login) => {
            let person = sign_in(&args.at.client()?, login).await?;
            answer(person.client.triage().publish_regime(person.call().request(request)).await)?
        }
        None => {
            let tool = Tool::new(&args.at, false, None)?;
            answer(tool.triage().publish_regime(tool.request(request)).await)?
        }
    };
    let (id, version) = (published.regime_id, published.version);
    say(&format!("已发布 {id} 第 {version} 版 / published {id}, version {version}"));
    Ok(())
}
