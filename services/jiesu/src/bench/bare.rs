//! The machine's own limit for a hand-in: the same rows in bare Postgres, one statement a transaction, eight clients.

use anyhow::Result;
use sqlx::PgPool;
use std::time::{Duration, Instant};

/// Clients that write at once; past eight nothing is gained on two cores.
const CLIENTS: usize = 8;

const TABLES: &str = "
    CREATE SCHEMA IF NOT EXISTS bare;
    CREATE TABLE IF NOT EXISTS bare.cases (id uuid PRIMARY KEY, number text UNIQUE, unit text, view jsonb, at timestamptz);
    CREATE INDEX IF NOT EXISTS cases_unit_idx ON bare.cases (unit, at);
    CREATE TABLE IF NOT EXISTS bare.sealed (id uuid PRIMARY KEY, case_id uuid, body bytea);
    CREATE INDEX IF NOT EXISTS sealed_case_idx ON bare.sealed (case_id);
    CREATE TABLE IF NOT EXISTS bare.outbox (seq bigserial PRIMARY KEY, case_id uuid, body bytea)";

const HAND_IN: &str = "
    WITH c AS (INSERT INTO bare.cases VALUES ($1, $2, 'b01', $3::jsonb, now())),
         s AS (INSERT INTO bare.sealed SELECT gen_random_uuid(), $1, b FROM unnest($4::bytea[]) b)
    INSERT INTO bare.outbox (case_id, body) VALUES ($1, $5)";

/// Registrations per second that bare Postgres takes, committed, over `time`.
///
/// # Errors
/// The database refuses.
pub async fn hand_ins_per_second(pool: &PgPool, time: Duration) -> Result<f64> {
    sqlx::raw_sql(TABLES).execute(pool).await?;
    let end = Instant::now() + time;
    let started = Instant::now();
    let mut clients = tokio::task::JoinSet::new();
    for client in 0..CLIENTS {
        clients.spawn(one_client(pool.clone(), client, end));
    }
    let mut done = 0;
    while let Some(count) = clients.join_next().await {
        done += count??;
    }
    Ok(f64::from(done) / started.elapsed().as_secs_f64())
}

async fn one_client(pool: PgPool, client: usize, end: Instant) -> Result<u32> {
    // Two sealed fields, a narrative, and an event of the size that intake writes.
    let sealed: Vec<Vec<u8>> = vec![vec![7; 280], vec![7; 280], vec![7; 4200]];
    let view = serde_json::json!({ "kind": "complaint", "history": ["x".repeat(400)] }).to_string();
    let mut done = 0;
    while Instant::now() < end {
        let id = uuid::Uuid::from_u128(rand::random());
        sqlx::query(HAND_IN)
            .bind(id)
            .bind(format!("{client}-{id}"))
            .bind(&view)
            .bind(&sealed)
            .bind(vec![7_u8; 500])
            .execute(&pool)
            .await?;
        done += 1;
    }
    Ok(done)
}
