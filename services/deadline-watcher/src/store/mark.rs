//! How far the present had come, and what somebody has decided about a clock that was not believed.

use crate::guard::Mark;
use chrono::{DateTime, Utc};
use kit_db::Result;
use sqlx::PgPool;
use std::time::Duration;

/// Under which a confirmation stands among the decisions of operators; its subject is the instant that was confirmed.
pub(crate) const CONFIRM: &str = "confirm-time";

/// The mark of this run of the machine; else the furthest of any.
pub(crate) async fn last(pool: &PgPool, boot: &str) -> Result<Option<Mark>> {
    let row: Option<(DateTime<Utc>, i64, bool)> = sqlx::query_as(
        "SELECT reached, elapsed_ms, boot = $1 AS is_same_boot FROM clock_mark
         ORDER BY is_same_boot DESC, reached DESC LIMIT 1",
    )
    .bind(boot)
    .fetch_optional(pool)
    .await?;
    let millis = |ms: i64| Duration::from_millis(u64::try_from(ms).unwrap_or(0));
    Ok(row.map(|(reached, ms, is_same_boot)| Mark { reached, elapsed: millis(ms), is_same_boot }))
}

/// Writes the mark down. Of two replicas on one machine the further counts.
pub(crate) async fn keep(pool: &PgPool, boot: &str, mark: &Mark, is_held: bool) -> Result<()> {
    sqlx::query(
        "INSERT INTO clock_mark AS m (boot, reached, elapsed_ms, is_held) VALUES ($1, $2, $3, $4)
         ON CONFLICT (boot) DO UPDATE SET
             elapsed_ms = CASE WHEN EXCLUDED.reached >= m.reached THEN EXCLUDED.elapsed_ms ELSE m.elapsed_ms END,
             reached = greatest(m.reached, EXCLUDED.reached), is_held = EXCLUDED.is_held, swept_at = clock_timestamp()",
    )
    .bind(boot)
    .bind(mark.reached)
    .bind(i64::try_from(mark.elapsed.as_millis()).unwrap_or(i64::MAX))
    .bind(is_held)
    .execute(pool)
    .await?;
    Ok(())
}

/// The instant that was confirmed last, if that was after `since`: nobody knows which jump an older one meant.
pub(crate) async fn confirmed(pool: &PgPool, since: DateTime<Utc>) -> Result<Option<DateTime<Utc>>> {
    let subject: Option<String> = sqlx::query_scalar(
        "SELECT subject FROM operator_decision WHERE what = $1 AND decided_at > $2
         ORDER BY decided_at DESC, decision_id DESC LIMIT 1",
    )
    .bind(CONFIRM)
    .bind(since)
    .fetch_optional(pool)
    .await?;
    Ok(subject.and_then(|subject| subject.parse().ok()))
}
