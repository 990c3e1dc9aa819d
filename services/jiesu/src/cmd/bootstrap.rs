//! `jiesu bootstrap`: once per installation, and again whenever a password changes. Publishes nothing.

use crate::{cmd::progress, house, services};
use anyhow::{Context as _, Result, ensure};
use kit_config::{EnvSource, Source as _, required, service_key};
use sqlx::{ConnectOptions as _, Connection as _, PgConnection, postgres::PgConnectOptions};
use std::{collections::BTreeMap, str::FromStr as _, time::Duration};
use tokio::time::Instant;

/// Reads `JIESU_DATABASE_ADMIN_URL`, and for each service the password in `JIESU_<SERVICE>_DATABASE_PASSWORD` or else in
/// `JIESU_<SERVICE>_DATABASE_URL`; each of them may be `…_FILE`
#[derive(clap::Args, Debug)]
pub(crate) struct Args {
    /// How many seconds to wait for Postgres
    #[arg(long, default_value_t = 60)]
    wait: u64,
}

/// Makes the roles and schemas.
///
/// # Errors
/// A setting is missing, or Postgres refuses.
pub(crate) async fn run(args: Args) -> Result<()> {
    let admin = required(&EnvSource, "JIESU_DATABASE_ADMIN_URL")?;
    let mut passwords = BTreeMap::new();
    for name in services::NAMES {
        passwords.insert((*name).to_owned(), password(name)?);
    }
    // The dead-man check is an extra that an installation may leave out.
    if let Ok(one) = password(house::DEAD_MAN) {
        passwords.insert(house::DEAD_MAN.to_owned(), one);
    }
    wait_for(&admin, Duration::from_secs(args.wait)).await?;
    house::bootstrap(&admin, &passwords).await?;
    progress("数据库角色与模式已就绪 / roles and schemas are ready");
    Ok(())
}

fn password(service: &str) -> Result<String> {
    if let Some(password) = EnvSource.get(&service_key(service, "DATABASE_PASSWORD")) {
        return Ok(password);
    }
    let key = service_key(service, "DATABASE_URL");
    let options = PgConnectOptions::from_str(&required(&EnvSource, &key)?)
        .map_err(|_| anyhow::anyhow!("the setting {key} cannot be read as a Postgres address"))?;
    let url = options.to_url_lossy();
    let encoded = url.password().with_context(|| format!("the setting {key} holds no password"))?;
    let password = decoded(encoded).with_context(|| format!("the password in {key} cannot be read"))?;
    ensure!(!password.is_empty(), "the setting {key} holds no password");
    Ok(password)
}

/// Undoes the percent encoding of an address.
fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let pair = [rest.next()?, rest.next()?];
        bytes.push(u8::from_str_radix(std::str::from_utf8(&pair).ok()?, 16).ok()?);
    }
    String::from_utf8(bytes).ok()
}

#[expect(clippy::disallowed_methods, reason = "waits for a server, in the machine's time")]
async fn wait_for(url: &str, patience: Duration) -> Result<()> {
    let deadline = Instant::now() + patience;
    loop {
        match PgConnection::connect(url).await {
            Ok(connection) => return Ok(connection.close().await?),
            Err(error @ sqlx::Error::Configuration(_)) => return Err(error).context("JIESU_DATABASE_ADMIN_URL"),
            Err(error) if Instant::now() > deadline => return Err(error).context("Postgres does not answer"),
            Err(_) => tokio::time::sleep(Duration::from_millis(500)).await,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_read_as_it_was_before_it_went_into_the_address() {
        assert_eq!(decoded("a%40b%E6%8A%95").as_deref(), Some("a@b投"));
        assert_eq!(decoded("%4"), None);
    }
}
