//! The table of browser sessions.

use chrono::{DateTime, Utc};
use sqlx::PgPool;

/// One row of `sessions`.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(crate) struct Session {
    pub(crate) token: String,
    pub(crate) csrf: String,
}

/// Keeps a new session, and drops what has run out.
pub(crate) async fn insert(
    pool: &PgPool,
    id_hash: &[u8],
    session: &Session,
    staff_id: &str,
    (now, expires_at): (DateTime<Utc>, DateTime<Utc>),
) -> sqlx::Result<()> {
    sqlx::query("DELETE FROM sessions WHERE expires_at <= $1").bind(now).execute(pool).await?;
    sqlx::query("INSERT INTO sessions (id_hash, token, staff_id, csrf, expires_at) VALUES ($1, $2, $3, $4, $5)")
        .bind(id_hash)
        .bind(&session.token)
        .bind(staff_id)
        .bind(&session.csrf)
        .bind(expires_at)
        .execute(pool)
        .await?;
    Ok(())
}

/// The session of this digest, if it has not run out.
pub(crate) async fn find(pool: &PgPool, id_hash: &[u8], now: DateTime<Utc>) -> sqlx::Result<Option<Session>> {
    sqlx::query_as("SELECT token, csrf FROM sessions WHERE id_hash = $1 AND expires_at > $2")
        .bind(id_hash)
        .bind(now)
        .fetch_optional(pool)
        .await
}

/// Ends a session.
pub(crate) async fn delete(pool: &PgPool, id_hash: &[u8]) -> sqlx::Result<()> {
    sqlx::query("DELETE FROM sessions WHERE id_hash = $1").bind(id_hash).execute(pool).await?;
    Ok(())
}
