//! `jiesu seed [--demo] [--regime ID]…`: over running services, found by `JIESU_<SERVICE>_URL`, in the name of the installation
//! (`JIESU_TOKEN_KEY`). Safe to repeat.

use crate::{
    cmd::{progress, say},
    secrets::demo_password,
    seed::Seeder,
};
use anyhow::Result;
use chrono::TimeDelta;
use kit_config::{EnvSource, Source as _, required};
use kit_core::Env;
use kit_grpc::{Call, Peers, Tokens};
use std::sync::Arc;

#[derive(clap::Args, Debug)]
pub(crate) struct Args {
    /// Also makes the demo organisation; its sign-ins are printed as JSON. One password for all: `JIESU_DEMO_PASSWORD`,
    /// or a new one each time
    #[arg(long)]
    demo: bool,
    /// 启用的制度编号 / The id of a shipped regime to put in force, once for each; without it, those of the demonstration
    #[arg(long = "regime", value_name = "ID")]
    regimes: Vec<String>,
}

/// Seeds.
///
/// # Errors
/// A service does not answer, or refuses.
pub(crate) async fn run(args: Args) -> Result<()> {
    let tokens = Tokens::new(required(&EnvSource, "JIESU_TOKEN_KEY")?);
    let call = Call::with_token(tokens.issue("service:jiesu", Env::system().now(), TimeDelta::hours(1)));
    let seeder = Seeder::new(Peers::new(Arc::new(EnvSource)), call);
    let mut sign_ins = Vec::new();
    if args.demo {
        let password = EnvSource.get("JIESU_DEMO_PASSWORD").unwrap_or_else(demo_password);
        sign_ins = seeder.demo_organisation(&password).await?;
        progress("演示机构已建立 / the demo organisation is there");
    }
    for id in seeder.shipped_regimes(&args.regimes).await? {
        progress(&format!("制度已发布 / regime published: {id}"));
    }
    if args.demo {
        seeder.doors().await?;
        say(&serde_json::json!({ "sign_ins": sign_ins }).to_string());
    }
    Ok(())
}
