//! What every command of an operator stands on: where the installation is, a token for it, who decides, and the names of
//! services.

use crate::{
    client::{Client, Where},
    desk::told,
    services::NAMES,
};
use anyhow::{Context as _, Result, bail};
use chrono::TimeDelta;
use contracts::deadline_watcher::calendar_service_client::CalendarServiceClient;
use contracts::log::log_service_client::LogServiceClient;
use kit_config::{EnvSource, Source as _};
use kit_core::Env;
use kit_grpc::{Call, Tokens};
use serde::Deserialize;
use std::path::Path;
use tonic::{Request, Response, Status, transport::Channel};

pub(crate) struct Tool {
    client: Client,
    call: Call,
    /// As an event and a decision name them.
    pub(crate) actor: String,
    pub(crate) is_json: bool,
}

impl Tool {
    pub(crate) fn new(at: &Where, is_json: bool, actor: Option<String>) -> Result<Self> {
        let data = at.ready()?.and_then(|ready| ready.data);
        let tokens = Tokens::new(token_key(data.as_deref())?);
        let call = Call::with_token(tokens.issue("service:jiesu", Env::system().now(), TimeDelta::hours(1)));
        let name = actor.or_else(login).context("请用 --as 写明由谁决定 / say with --as who decides")?;
        Ok(Self { client: at.client()?, call, actor: format!("operator:{name}"), is_json })
    }

    /// The log of a service that exists.
    pub(crate) fn log(&self, service: &str) -> LogServiceClient<Channel> {
        self.client.log(service)
    }

    /// The calendars and the present, of the watcher.
    pub(crate) fn calendars(&self) -> CalendarServiceClient<Channel> {
        self.client.calendars()
    }

    pub(crate) fn request<T>(&self, message: T) -> Request<T> {
        self.call.request(message)
    }
}

/// The answer, or the problem as a person reads it.
pub(crate) fn answer<T>(reply: Result<Response<T>, Status>) -> Result<T> {
    told(reply).map_err(crate::cmd::explained)
}

/// The key of the environment; else the one that the running `jiesu up` has made for itself.
fn token_key(data: Option<&Path>) -> Result<String> {
    #[derive(Deserialize)]
    struct Kept {
        token_key: String,
    }
    if let Some(key) = EnvSource.get("JIESU_TOKEN_KEY") {
        return Ok(key);
    }
    let folder = data.context(
        "没有运行中的实例,也未设置 JIESU_TOKEN_KEY / no running instance, and JIESU_TOKEN_KEY (or JIESU_TOKEN_KEY_FILE) is not set",
    )?;
    let path = folder.join("secrets.json");
    let named = || format!("无法读取 / cannot read {}", path.display());
    let text = std::fs::read_to_string(&path).with_context(named)?;
    let kept: Kept = serde_json::from_str(&text).with_context(named)?;
    Ok(kept.token_key)
}

/// The login name of whoever runs this.
fn login() -> Option<String> {
    nix::unistd::User::from_uid(nix::unistd::getuid()).ok().flatten().map(|user| user.name)
}

/// The name, if it is a service's.
pub(crate) fn service(name: &str) -> Result<&'static str> {
    if let Some(known) = NAMES.iter().find(|known| **known == name) {
        return Ok(known);
    }
    let all = NAMES.join(", ");
    match regime::nearest(name, NAMES.iter().copied()) {
        Some(near) => bail!("没有服务 {name},是否指 {near}? / there is no service {name}; did you mean {near}?"),
        None => bail!("没有服务 {name},现有 / there is no service {name}; the services are {all}"),
    }
}

/// A partition of a producer, as `intake/03`.
pub(crate) fn place(producer: &str, partition: u32) -> String {
    format!("{producer}/{partition:02}")
}

/// A link as a person compares it.
pub(crate) fn short(hash: &[u8]) -> String {
    hex::encode(hash.get(..6).unwrap_or(hash))
}

pub(crate) fn local(at: Option<&prost_types::Timestamp>) -> String {
    let at = at.and_then(kit_grpc::instant);
    at.map(|at| at.with_timezone(&chrono_tz::Asia::Shanghai).format("%Y-%m-%d %H:%M:%S").to_string())
        .unwrap_or_default()
}

/// An instant as JSON carries it.
pub(crate) fn exact(at: Option<&prost_types::Timestamp>) -> Option<String> {
    at.and_then(kit_grpc::instant).map(|at| at.to_rfc3339())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_service_gets_the_nearest_right_one() {
        assert_eq!(service("deadline-watcher").unwrap(), "deadline-watcher");
        let near = service("triag").unwrap_err().to_string();
        assert!(near.contains("是否指 triage") && near.contains("did you mean triage"), "{near}");
        assert!(service("zzzzzzzzzzzzzz").unwrap_err().to_string().contains("intake, triage"));
    }
}
