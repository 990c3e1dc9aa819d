//! Connections: one pool for commands and queries, a small one for the follower, both with the house's time limits.

use crate::{Result, bootstrap::schema_name};
use kit_config::DbSettings;
use secrecy::ExposeSecret as _;
use sqlx::{
    Connection as _, PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use std::{str::FromStr as _, time::Duration};

// A paused process can stop inside a transaction and hold a partition's head; without these limits its peers would
// wait as long as the pause.
const LIMITS: [(&str, &str); 3] =
    [("statement_timeout", "30s"), ("lock_timeout", "10s"), ("idle_in_transaction_session_timeout", "15s")];

/// The two pools of one service.
#[derive(Clone, Debug)]
pub struct Pools {
    /// For commands and queries.
    pub commands: PgPool,
    /// For the follower alone, so that a rush of commands cannot starve it, nor the other way round.
    pub follow: PgPool,
}

/// Opens both pools of `service`, in its own schema.
///
/// # Errors
/// The URL is wrong, or Postgres does not answer.
pub async fn connect(settings: &DbSettings, service: &str) -> Result<Pools> {
    let options = PgConnectOptions::from_str(settings.url.expose_secret())?;
    connect_in(options, settings, service, &schema_name(service)).await
}

/// Opens both pools of `service` in another schema than its own, as `options` say.
///
/// # Errors
/// Postgres does not answer.
pub async fn connect_in(
    options: PgConnectOptions,
    settings: &DbSettings,
    service: &str,
    schema: &str,
) -> Result<Pools> {
    let options =
        options.application_name(&format!("jiesu-{service}")).options([("search_path", schema)]).options(LIMITS);
    let commands = open(options.clone(), settings.command_connections).await?;
    let follow = open(options, settings.follow_connections).await?;
    Ok(Pools { commands, follow })
}

async fn open(options: PgConnectOptions, connections: u32) -> Result<PgPool> {
    let pool = PgPoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(Duration::from_secs(10))
        // A round trip per acquire would buy nothing: a dead connection fails the first statement, which is retried.
        .test_before_acquire(false)
        // A connection that comes back inside a transaction would swallow the writes of whoever gets it next.
        .after_release(|connection, _| Box::pin(async move { Ok(!connection.is_in_transaction()) }))
        .connect_with(options)
        .await?;
    Ok(pool)
}
