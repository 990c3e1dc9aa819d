//! The machine's own limit for what the watcher does with a due case: claim it past others' locks, write it back, and keep
//! an event. The same rows, one statement of 500, two connections.

use super::float;
use anyhow::{Result, ensure};
use kit_messaging::PARTITIONS;
use sqlx::PgPool;
use std::time::Instant;

const CONNECTIONS: i16 = 2;

const TABLES: &str = "
    CREATE SCHEMA IF NOT EXISTS bare;
    DROP TABLE IF EXISTS bare.cases, bare.log;
    CREATE TABLE bare.cases (LIKE deadline_watcher.cases INCLUDING ALL);
    INSERT INTO bare.cases SELECT * FROM deadline_watcher.cases WHERE next_at < now();
    CREATE TABLE bare.log (shard smallint NOT NULL, seq bigserial, event_id uuid NOT NULL, key text NOT NULL,
                           type text NOT NULL, envelope bytea NOT NULL, at timestamptz NOT NULL, PRIMARY KEY (shard, seq));
    CREATE INDEX ON bare.log (key);
    ANALYZE bare.cases;
    CHECKPOINT";

/// An envelope of the size that a miss has.
const CLAIM: &str = "
    WITH due AS (
        SELECT case_id, view, clocks FROM bare.cases WHERE shard = $1 AND next_at <= now()
        ORDER BY next_at LIMIT 500 FOR UPDATE SKIP LOCKED
    ), fired AS (
        UPDATE bare.cases AS c SET next_at = NULL, late_since = now(), version = c.version + 1,
            view = due.view || ' ', clocks = due.clocks || ' '
        FROM due WHERE c.case_id = due.case_id RETURNING c.case_id, c.shard
    )
    INSERT INTO bare.log (shard, event_id, key, type, envelope, at)
    SELECT shard, gen_random_uuid(), 'case_' || replace(case_id::text, '-', ''),
           'jiesu.deadline_watcher.v1.ClockMissed', decode(repeat('07', 380), 'hex'), now() FROM fired";

/// Cases a second, claimed and appended, of all that are due.
///
/// # Errors
/// The database refuses, or not all were claimed.
pub(super) async fn per_second(pool: &PgPool, due: u64) -> Result<f64> {
    sqlx::raw_sql(TABLES).execute(pool).await?;
    let start = Instant::now();
    let mut connections = tokio::task::JoinSet::new();
    for connection in 0..CONNECTIONS {
        connections.spawn(drain(pool.clone(), connection));
    }
    let mut claimed = 0;
    while let Some(count) = connections.join_next().await {
        claimed += count??;
    }
    let rate = float(claimed) / start.elapsed().as_secs_f64();
    ensure!(claimed >= due, "{claimed} of {due} were claimed");
    sqlx::raw_sql("DROP SCHEMA bare CASCADE").execute(pool).await?;
    Ok(rate)
}

/// Drains every second shard, shard after shard.
async fn drain(pool: PgPool, connection: i16) -> Result<u64> {
    let mut claimed = 0;
    for shard in (0..PARTITIONS.cast_signed()).filter(|shard| shard % CONNECTIONS == connection) {
        loop {
            let done = sqlx::query(CLAIM).bind(shard).execute(&pool).await?.rows_affected();
            claimed += done;
            if done == 0 {
                break;
            }
        }
    }
    Ok(claimed)
}
