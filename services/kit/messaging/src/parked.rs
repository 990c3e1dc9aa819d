//! Events that could not be applied yet. They stand behind the first of their key, those of each producer in order;
//! other keys go on.

use crate::{append::column, position::number};
use chrono::{DateTime, Utc};
use kit_db::Result;
use serde::Deserialize;
use sqlx::{PgConnection, PgExecutor, PgPool, types::Json};

/// Why an event stands here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// It names something that is not here yet; tried again by itself.
    Waiting,
    /// It failed after its retries; an operator decides.
    Failed,
    /// Another event of its key was parked before it came.
    Behind,
}

impl State {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Failed => "failed",
            Self::Behind => "behind",
        }
    }
}

/// An event on its way into the table.
#[derive(Clone, Debug)]
pub(crate) struct Park {
    pub(crate) key: String,
    pub(crate) producer: String,
    pub(crate) partition: u16,
    pub(crate) seq: u64,
    pub(crate) kind: String,
    pub(crate) envelope: Vec<u8>,
    pub(crate) state: State,
    pub(crate) reason: String,
}

/// A row of the table.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(crate) struct Row {
    pub(crate) id: i64,
    pub(crate) key: String,
    pub(crate) producer: String,
    pub(crate) partition: i16,
    pub(crate) seq: i64,
    pub(crate) r#type: String,
    pub(crate) envelope: Vec<u8>,
    pub(crate) state: String,
    pub(crate) reason: String,
    pub(crate) attempts: i32,
    pub(crate) parked_at: DateTime<Utc>,
}

/// One thing an event failed of, however often in a row.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Failure {
    pub(crate) reason: String,
    pub(crate) times: i32,
    pub(crate) first_at: DateTime<Utc>,
    pub(crate) last_at: DateTime<Utc>,
}

/// A row with the history of its failures.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(crate) struct Told {
    #[sqlx(flatten)]
    pub(crate) row: Row,
    pub(crate) failures: Json<Vec<Failure>>,
}

pub(crate) async fn insert(conn: &mut PgConnection, parks: &[Park], at: DateTime<Utc>) -> Result<()> {
    let mut texts = (Vec::new(), Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let (mut partitions, mut seqs, mut envelopes) = (Vec::new(), Vec::new(), Vec::new());
    for park in parks {
        texts.0.push(park.key.as_str());
        texts.1.push(park.producer.as_str());
        texts.2.push(park.kind.as_str());
        texts.3.push(park.state.as_str());
        texts.4.push(park.reason.as_str());
        partitions.push(column(park.partition));
        seqs.push(number(park.seq));
        envelopes.push(park.envelope.as_slice());
    }
    sqlx::query(
        "INSERT INTO parked_event (key, producer, type, state, reason, partition, seq, envelope, parked_at, failures)
         SELECT p.key, p.producer, p.type, p.state, p.reason, p.partition, p.seq, p.envelope, $9,
                CASE WHEN p.state = 'behind' THEN '[]' ELSE jsonb_build_array(jsonb_build_object(
                    'reason', p.reason, 'times', 1, 'first_at', now(), 'last_at', now())) END
         FROM UNNEST($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::smallint[], $7::bigint[], $8::bytea[])
             WITH ORDINALITY AS p (key, producer, type, state, reason, partition, seq, envelope, place)
         ORDER BY p.place",
    )
    .bind(texts.0)
    .bind(texts.1)
    .bind(texts.2)
    .bind(texts.3)
    .bind(texts.4)
    .bind(partitions)
    .bind(seqs)
    .bind(envelopes)
    .bind(at)
    .execute(conn)
    .await?;
    Ok(())
}

/// Keys of which an event may be tried now: the first of its producer, and none of the key has failed. A `behind` may
/// be first: another producer's event is what it stands behind, or the one before it was applied while it came in.
pub(crate) async fn due(pool: &PgPool, partitions: &[i16]) -> Result<Vec<String>> {
    let keys = sqlx::query_scalar(
        "SELECT p.key FROM parked_event AS p
         WHERE p.retry_at <= now() AND p.partition = ANY($1)
           AND NOT EXISTS (SELECT 1 FROM parked_event AS q WHERE q.key = p.key AND q.state = 'failed')
           AND NOT EXISTS (SELECT 1 FROM parked_event AS q
                           WHERE q.key = p.key AND q.producer = p.producer AND q.id < p.id)
         GROUP BY p.key ORDER BY min(p.id) LIMIT 200",
    )
    .bind(partitions)
    .fetch_all(pool)
    .await?;
    Ok(keys)
}

/// The first event of each producer under a key, oldest first; none while one of the key has failed.
pub(crate) async fn heads(pool: &PgPool, key: &str) -> Result<Vec<i64>> {
    let ids = sqlx::query_scalar(
        "SELECT min(p.id) FROM parked_event AS p
         WHERE p.key = $1
           AND NOT EXISTS (SELECT 1 FROM parked_event AS q WHERE q.key = $1 AND q.state = 'failed')
         GROUP BY p.producer ORDER BY 1",
    )
    .bind(key)
    .fetch_all(pool)
    .await?;
    Ok(ids)
}

/// One event, locked; `None` if it is gone, or another instance has it.
pub(crate) async fn take(conn: &mut PgConnection, id: i64) -> Result<Option<Row>> {
    let row = sqlx::query_as(
        "SELECT id, key, producer, partition, seq, type, envelope, state, reason, attempts, parked_at
         FROM parked_event WHERE id = $1 FOR UPDATE SKIP LOCKED",
    )
    .bind(id)
    .fetch_optional(conn)
    .await?;
    Ok(row)
}

pub(crate) async fn remove(conn: &mut PgConnection, id: i64) -> Result<()> {
    sqlx::query("DELETE FROM parked_event WHERE id = $1").bind(id).execute(conn).await?;
    Ok(())
}

/// Notes a try that came to nothing. What waits is tried often at first and rarely after minutes. The last twenty
/// reasons are kept; one that comes again in a row is counted, not repeated.
pub(crate) async fn defer(pool: &PgPool, id: i64, state: State, reason: &str) -> Result<()> {
    sqlx::query(
        "UPDATE parked_event SET state = $2, reason = $3, attempts = attempts + 1, retry_at = now() + CASE
             WHEN attempts < 20 THEN interval '200 milliseconds'
             WHEN attempts < 300 THEN interval '1 second'
             ELSE interval '10 seconds' END,
             failures = CASE
                 WHEN failures #>> '{-1,reason}' = $3
                 THEN failures #- '{-1}' || jsonb_build_array(failures -> -1 || jsonb_build_object(
                     'times', (failures #>> '{-1,times}')::integer + 1, 'last_at', now()))
                 ELSE CASE WHEN jsonb_array_length(failures) >= 20 THEN failures - 0 ELSE failures END
                     || jsonb_build_array(jsonb_build_object(
                            'reason', $3::text, 'times', 1, 'first_at', now(), 'last_at', now())) END
         WHERE id = $1",
    )
    .bind(id)
    .bind(state.as_str())
    .bind(reason)
    .execute(pool)
    .await?;
    Ok(())
}

/// An operator's order to try a key again; answers how many events stand parked under it.
pub(crate) async fn release(executor: impl PgExecutor<'_>, key: &str) -> Result<i64> {
    let events = sqlx::query_scalar(
        "WITH released AS (
             UPDATE parked_event SET state = 'waiting', attempts = 0, retry_at = now()
             WHERE key = $1 AND (state = 'failed' OR id = (SELECT min(id) FROM parked_event WHERE key = $1))
         )
         SELECT count(*) FROM parked_event WHERE key = $1",
    )
    .bind(key)
    .fetch_one(executor)
    .await?;
    Ok(events)
}

/// All that stands under a key, oldest first, locked until the end of the transaction.
pub(crate) async fn lock(conn: &mut PgConnection, key: &str) -> Result<Vec<Row>> {
    let rows = sqlx::query_as(
        "SELECT id, key, producer, partition, seq, type, envelope, state, reason, attempts, parked_at
         FROM parked_event WHERE key = $1 ORDER BY id FOR UPDATE",
    )
    .bind(key)
    .fetch_all(conn)
    .await?;
    Ok(rows)
}

/// All that stands under a key, oldest first, with what it failed of. A key that blocks thousands shows its first.
pub(crate) async fn under(pool: &PgPool, key: &str) -> Result<Vec<Told>> {
    let rows = sqlx::query_as(
        "SELECT id, key, producer, partition, seq, type, ''::bytea AS envelope, state, reason, attempts, parked_at,
                failures
         FROM parked_event WHERE key = $1 ORDER BY id LIMIT 1000",
    )
    .bind(key)
    .fetch_all(pool)
    .await?;
    Ok(rows)
}

pub(crate) async fn list(pool: &PgPool, after: i64, limit: i64) -> Result<Vec<Row>> {
    let rows = sqlx::query_as(
        "SELECT id, key, producer, partition, seq, type, envelope, state, reason, attempts, parked_at
         FROM parked_event WHERE id > $1 ORDER BY id LIMIT $2",
    )
    .bind(after)
    .bind(limit)
    .fetch_all(pool)
    .await?;
    Ok(rows)
}

pub(crate) async fn count(pool: &PgPool) -> Result<i64> {
    Ok(sqlx::query_scalar("SELECT count(*) FROM parked_event").fetch_one(pool).await?)
}
