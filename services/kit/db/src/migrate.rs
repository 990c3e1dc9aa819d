//! Migrations: kit's own tables first (versions below 1000), then the service's, tracked in the service's schema.

use crate::{Error, Result};
use sqlx::{Connection as _, Executor as _, PgConnection, PgPool, migrate::Migrator};

/// Runs what is missing of `migrator` in `schema`. Kit's migrator and the service's share one tracking table, so each
/// ignores the versions of the other.
///
/// # Errors
/// A migration failed, or one that ran has been changed since.
pub async fn migrate(pool: &PgPool, schema: &str, migrator: &Migrator) -> Result<()> {
    // Services that start together queue for one advisory lock; that wait must not run into the time limits.
    let options = (*pool.connect_options()).clone().options([
        ("statement_timeout", "0"),
        ("lock_timeout", "0"),
        ("idle_in_transaction_session_timeout", "0"),
    ]);
    let mut connection = PgConnection::connect_with(&options).await?;
    let here: Option<String> = sqlx::query_scalar("SELECT current_schema()::text").fetch_one(&mut connection).await?;
    if here.as_deref() != Some(schema) {
        return Err(Error::Corrupt(format!("schema {schema} does not exist: the installation was not bootstrapped")));
    }
    connection.execute("SET client_min_messages TO warning").await?;
    let mut every = Migrator::with_migrations(migrator.iter().cloned().collect());
    every.set_ignore_missing(true);
    every.run(&mut connection).await.map_err(sqlx::Error::from)?;
    connection.close().await?;
    Ok(())
}
