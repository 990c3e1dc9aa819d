//! What was said about amendments of regimes, and who approved them.

use super::regime::Published;
use chrono::{DateTime, Utc};
use kit_db::Result;
use sqlx::PgConnection;
use std::collections::BTreeSet;

/// Writes an opinion down: of a role, by a member of staff, in words.
pub(crate) async fn opinion(
    conn: &mut PgConnection,
    over: &Published,
    sha256: &[u8],
    (role, staff_id, text): (&str, &str, &str),
    at: DateTime<Utc>,
) -> Result<()> {
    sqlx::query(
        "INSERT INTO regime_opinions (regime_id, over, sha256, role, staff_id, body, at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(&over.regime_id)
    .bind(i64::from(over.version))
    .bind(sha256)
    .bind(role)
    .bind(staff_id)
    .bind(text)
    .bind(at)
    .execute(conn)
    .await?;
    Ok(())
}

/// Writes an approval down.
pub(crate) async fn approval(
    conn: &mut PgConnection,
    over: &Published,
    sha256: &[u8],
    staff_id: &str,
    at: DateTime<Utc>,
) -> Result<()> {
    sqlx::query("INSERT INTO regime_approvals (regime_id, over, sha256, staff_id, at) VALUES ($1, $2, $3, $4, $5)")
        .bind(&over.regime_id)
        .bind(i64::from(over.version))
        .bind(sha256)
        .bind(staff_id)
        .bind(at)
        .execute(conn)
        .await?;
    Ok(())
}

/// Who was asked about a text that is to follow this version, and whether it was approved.
pub(crate) async fn standing(
    conn: &mut PgConnection,
    over: &Published,
    sha256: &[u8],
) -> Result<(BTreeSet<String>, bool)> {
    let (asked, is_approved): (Vec<String>, bool) = sqlx::query_as(
        "SELECT ARRAY(SELECT DISTINCT role FROM regime_opinions WHERE regime_id = $1 AND over = $2 AND sha256 = $3),
                EXISTS (SELECT 1 FROM regime_approvals WHERE regime_id = $1 AND over = $2 AND sha256 = $3)",
    )
    .bind(&over.regime_id)
    .bind(i64::from(over.version))
    .bind(sha256)
    .fetch_one(conn)
    .await?;
    Ok((asked.into_iter().collect(), is_approved))
}
