//! The table of recurring duties.

use super::{lists, out_of_range};
use crate::domain::duties::{Key, Owed, Scope};
use chrono::{DateTime, NaiveDate, Utc};
use contracts::deadline_watcher::{DutyDue, DutyMissed};
use kit_db::{Error, Result};
use kit_grpc::page::After;
use sqlx::{AssertSqlSafe, PgConnection, PgExecutor, PgPool};
use uuid::Uuid;

const COLUMNS: &str =
    "duty_id, regime_id, regime_version, duty, unit_id, first_day, last_day, due_at, role, done_to, cite,
                       done_at, done_by";
/// One of them, by its key.
const ONE: &str = "unit_id = $1 AND regime_id = $2 AND duty = $3 AND first_day::text = $4";

#[derive(sqlx::FromRow)]
struct Row {
    duty_id: Uuid,
    regime_id: String,
    regime_version: i32,
    duty: String,
    unit_id: String,
    first_day: NaiveDate,
    last_day: NaiveDate,
    due_at: DateTime<Utc>,
    role: String,
    done_to: String,
    cite: String,
    done_at: Option<DateTime<Utc>>,
    done_by: String,
}

fn owed(row: Row) -> Result<Owed> {
    Ok(Owed {
        duty_id: row.duty_id,
        regime_id: row.regime_id,
        regime_version: u32::try_from(row.regime_version).map_err(out_of_range)?,
        duty: row.duty,
        unit_id: row.unit_id,
        first_day: row.first_day,
        last_day: row.last_day,
        due_at: row.due_at,
        role: row.role,
        done_to: row.done_to,
        cite: row.cite,
        done_at: row.done_at,
        done_by: row.done_by,
    })
}

/// Somebody owes it from now on.
pub(crate) async fn open(conn: &mut PgConnection, id: Uuid, due: &DutyDue, at: DateTime<Utc>) -> Result<()> {
    let bad = || Error::Corrupt("a duty opened without its due instant".to_owned());
    sqlx::query(
        "INSERT INTO duties (duty_id, regime_id, regime_version, duty, unit_id, first_day, last_day, due_at, role, done_to,
                             cite, opened_at)
         VALUES ($1, $2, $3, $4, $5, $6::date, $7::date, $8, $9, $10, $11, $12) ON CONFLICT DO NOTHING",
    )
    .bind(id)
    .bind(&due.regime_id)
    .bind(i32::try_from(due.regime_version).map_err(out_of_range)?)
    .bind(&due.duty)
    .bind(&due.unit_id)
    .bind(&due.period)
    .bind(&due.last_day)
    .bind(due.due_at.as_ref().and_then(kit_grpc::instant).ok_or_else(bad)?)
    .bind(&due.role)
    .bind(&due.to)
    .bind(&due.cite)
    .bind(at)
    .execute(conn)
    .await?;
    Ok(())
}

/// Its time was over before anybody did it.
pub(crate) async fn miss(conn: &mut PgConnection, missed: &DutyMissed, at: DateTime<Utc>) -> Result<()> {
    let sql = format!("UPDATE duties SET missed_at = $5 WHERE {ONE}");
    sqlx::query(AssertSqlSafe(sql))
        .bind(&missed.unit_id)
        .bind(&missed.regime_id)
        .bind(&missed.duty)
        .bind(&missed.period)
        .bind(at)
        .execute(conn)
        .await?;
    Ok(())
}

/// What was done, as it is kept.
#[derive(Clone, Debug)]
pub(crate) struct Done<'a> {
    pub(crate) at: DateTime<Utc>,
    pub(crate) by: &'a str,
    pub(crate) text: &'a str,
    pub(crate) files: &'a [String],
    /// A `DutyDraft`.
    pub(crate) draft: Option<Vec<u8>>,
}

/// It was done. The row is under lock.
pub(crate) async fn finish(conn: &mut PgConnection, id: Uuid, done: Done<'_>) -> Result<()> {
    sqlx::query("UPDATE duties SET done_at = $2, done_by = $3, body = $4, files = $5, draft = $6 WHERE duty_id = $1")
        .bind(id)
        .bind(done.at)
        .bind(done.by)
        .bind(done.text)
        .bind(done.files)
        .bind(done.draft)
        .execute(conn)
        .await?;
    Ok(())
}

/// One of them under lock.
pub(crate) async fn lock(conn: &mut PgConnection, key: &Key) -> Result<Option<Owed>> {
    one(conn, key, "FOR UPDATE").await
}

/// One of them.
pub(crate) async fn find(pool: &PgPool, key: &Key) -> Result<Option<Owed>> {
    one(pool, key, "").await
}

async fn one(executor: impl PgExecutor<'_>, key: &Key, lock: &str) -> Result<Option<Owed>> {
    let row: Option<Row> = sqlx::query_as(AssertSqlSafe(format!("SELECT {COLUMNS} FROM duties WHERE {ONE} {lock}")))
        .bind(&key.unit_id)
        .bind(&key.regime_id)
        .bind(&key.duty)
        .bind(&key.period)
        .fetch_optional(executor)
        .await?;
    row.map(owed).transpose()
}

/// The periods in which the duty was opened in the unit, the latest first.
pub(crate) async fn periods(executor: impl PgExecutor<'_>, key: &Key) -> Result<Vec<String>> {
    let periods = sqlx::query_scalar(
        "SELECT first_day::text FROM duties WHERE unit_id = $1 AND regime_id = $2 AND duty = $3
         ORDER BY first_day DESC LIMIT 12",
    )
    .bind(&key.unit_id)
    .bind(&key.regime_id)
    .bind(&key.duty)
    .fetch_all(executor)
    .await?;
    Ok(periods)
}

/// What was written when it was done: the text, where the papers lie, and the draft as it was.
pub(crate) async fn written(executor: impl PgExecutor<'_>, id: Uuid) -> Result<(String, Vec<String>, Option<Vec<u8>>)> {
    let row =
        sqlx::query_as("SELECT body, files, draft FROM duties WHERE duty_id = $1").bind(id).fetch_one(executor).await?;
    Ok(row)
}

/// Those that were done with figures in these units, and of which the public is shown nothing, the last done first.
pub(crate) async fn unpublished(pool: &PgPool, scope: &lists::Scope, limit: i64) -> Result<Vec<Owed>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM duties d
         WHERE d.done_at IS NOT NULL AND d.draft IS NOT NULL
           AND EXISTS (SELECT 1 FROM UNNEST($1::text[], $2::integer[], $3::text[]) AS s (regime_id, version, unit_id)
                       WHERE s.regime_id = d.regime_id AND s.version = d.regime_version AND s.unit_id = d.unit_id)
           AND NOT EXISTS (SELECT 1 FROM published_figures p WHERE p.duty_id = d.duty_id)
         ORDER BY d.done_at DESC, d.duty_id DESC LIMIT $4"
    );
    let rows: Vec<Row> = sqlx::query_as(AssertSqlSafe(sql))
        .bind(&scope.regimes)
        .bind(&scope.versions)
        .bind(&scope.units)
        .bind(limit)
        .fetch_all(pool)
        .await?;
    rows.into_iter().map(owed).collect()
}

/// Those of the scope in this state (empty: any), the latest due first.
pub(crate) async fn list(
    pool: &PgPool,
    scope: &Scope,
    state: &str,
    now: DateTime<Utc>,
    (after, limit): (Option<After>, i64),
) -> Result<Vec<Owed>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM duties d
         WHERE EXISTS (SELECT 1 FROM UNNEST($1::text[], $2::text[], $3::text[]) AS s (unit_id, regime_id, role)
                       WHERE s.unit_id = d.unit_id AND s.regime_id IN ('', d.regime_id)
                         AND (s.role IN ('', d.role) OR $4 AND s.role = d.done_to))
           AND ($5 = '' OR $5 = CASE WHEN d.done_at IS NOT NULL THEN 'done' WHEN d.due_at <= $6 THEN 'overdue' ELSE 'open' END)
           AND ($7::timestamptz IS NULL OR (d.due_at, d.duty_id) < ($7, $8::uuid))
         ORDER BY d.due_at DESC, d.duty_id DESC LIMIT $9"
    );
    let rows: Vec<Row> = sqlx::query_as(AssertSqlSafe(sql))
        .bind(&scope.units)
        .bind(&scope.regimes)
        .bind(&scope.roles)
        .bind(scope.is_given)
        .bind(state)
        .bind(now)
        .bind(after.map(|after| after.at))
        .bind(after.map(|after| after.id))
        .bind(limit)
        .fetch_all(pool)
        .await?;
    rows.into_iter().map(owed).collect()
}
