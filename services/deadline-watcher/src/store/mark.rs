//! How far the present had come, and what somebody has decided about a clock that was not believed.

use crate::guard::{Mark, Of};
use chrono::{DateTime, Utc};
use kit_db::Result;
use sqlx::PgPool;
use std::time::Duration;

/// Under which a confirmation stands among the decisions of operators; its subject is the instant that was confirmed.
pub(crate) const CONFIRM: &str = "confirm-time";

/// The mark of this run of the machine; else the latest of any, gone on by as much as has passed since if that is less
/// than a minute by Postgres' clock: whoever wrote it is alive, and its present is the house's.
pub(crate) async fn last(pool: &PgPool, boot: &str) -> Result<Option<Mark>> {
    let row: Option<(DateTime<Utc>, i64, bool, bool)> = sqlx::query_as(
        "SELECT CASE WHEN is_alive AND NOT is_same_boot THEN reached + age ELSE reached END, elapsed_ms, is_same_boot,
                is_alive
         FROM (SELECT *, boot = $1 AS is_same_boot, clock_timestamp() - swept_at AS age,
                      clock_timestamp() - swept_at < interval '1 minute' AS is_alive FROM clock_mark) AS m
         ORDER BY is_same_boot DESC, swept_at DESC LIMIT 1",
    )
    .bind(boot)
    .fetch_optional(pool)
    .await?;
    let millis = |ms: i64| Duration::from_millis(u64::try_from(ms).unwrap_or(0));
    Ok(row.map(|(reached, ms, is_same_boot, is_alive)| {
        let of = match (is_same_boot, is_alive) {
            (true, _) => Of::ThisBoot { elapsed: millis(ms) },
            (false, true) => Of::AnotherAlive,
            (false, false) => Of::AnotherGone,
        };
        Mark { reached, of }
    }))
}

/// Writes the mark down. Of two replicas on one machine the further counts.
pub(crate) async fn keep(
    pool: &PgPool,
    boot: &str,
    reached: DateTime<Utc>,
    elapsed: Duration,
    is_held: bool,
) -> Result<()> {
    sqlx::query(
        "INSERT INTO clock_mark AS m (boot, reached, elapsed_ms, is_held) VALUES ($1, $2, $3, $4)
         ON CONFLICT (boot) DO UPDATE SET
             elapsed_ms = CASE WHEN EXCLUDED.reached >= m.reached THEN EXCLUDED.elapsed_ms ELSE m.elapsed_ms END,
             reached = greatest(m.reached, EXCLUDED.reached), is_held = EXCLUDED.is_held, swept_at = clock_timestamp()",
    )
    .bind(boot)
    .bind(reached)
    .bind(i64::try_from(elapsed.as_millis()).unwrap_or(i64::MAX))
    .bind(is_held)
    .execute(pool)
    .await?;
    Ok(())
}

/// The confirmation that was given last, if that was not before `since`: when, and of what instant.
pub(crate) async fn confirmed(pool: &PgPool, since: DateTime<Utc>) -> Result<Option<(DateTime<Utc>, DateTime<Utc>)>> {
    let given: Option<(DateTime<Utc>, String)> = sqlx::query_as(
        "SELECT decided_at, subject FROM operator_decision WHERE what = $1 AND decided_at >= $2
         ORDER BY decided_at DESC, decision_id DESC LIMIT 1",
    )
    .bind(CONFIRM)
    .bind(since)
    .fetch_optional(pool)
    .await?;
    Ok(given.and_then(|(at, subject)| Some((at, subject.parse().ok()?))))
}
