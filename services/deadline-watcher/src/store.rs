//! The table of cases: read under lock, saved in one statement, and asked what is due.

pub(crate) mod change;
pub(crate) mod duty;
pub(crate) mod mark;
pub(crate) mod published;
mod texts;

use crate::domain::Watched;
use chrono::{DateTime, SubsecRound as _, TimeDelta, Utc};
use kit_db::{Error, Result};
use kit_grpc::page::After;
use kit_ids::CaseId;
use kit_messaging::{PARTITIONS, partition_of};
use sqlx::{PgConnection, PgExecutor, PgPool};
use texts::Texts;
use uuid::Uuid;

/// A row as it is stored. JSON is read row by row, so that one that cannot be read spoils no other.
#[derive(sqlx::FromRow)]
struct Row {
    case_id: Uuid,
    view: String,
    clocks: String,
    spent: String,
    derived_at: DateTime<Utc>,
    calendar: String,
    version: i64,
}

impl Row {
    fn read(self) -> Result<Watched> {
        let case_id = CaseId::new(self.case_id);
        let unreadable = |what: &str| Error::Corrupt(format!("the stored {what} of {case_id} cannot be read"));
        Ok(Watched {
            case_id,
            view: serde_json::from_str(&self.view).map_err(|_| unreadable("view"))?,
            clocks: serde_json::from_str(&self.clocks).map_err(|_| unreadable("clocks"))?,
            spent: serde_json::from_str(&self.spent).map_err(|_| unreadable("promises"))?,
            derived_at: self.derived_at,
            calendar: self.calendar,
            version: u64::try_from(self.version).unwrap_or(0),
        })
    }
}

/// Some of the cases, in the order in which they are locked.
const LOOK: &str = "SELECT case_id, view, clocks, spent, derived_at, calendar, version
    FROM cases WHERE case_id = ANY($1) ORDER BY case_id";
const LOCK: &str = "SELECT case_id, view, clocks, spent, derived_at, calendar, version
    FROM cases WHERE case_id = ANY($1) ORDER BY case_id FOR UPDATE";

/// Locks those of the cases that are here.
pub(crate) async fn lock(conn: &mut PgConnection, ids: &[CaseId]) -> Result<Vec<Watched>> {
    let rows: Vec<Row> = sqlx::query_as(LOCK).bind(uuids(ids)).fetch_all(conn).await?;
    rows.into_iter().map(Row::read).collect()
}

/// Those of the cases that are here, as they are now.
pub(crate) async fn list(db: impl PgExecutor<'_>, ids: &[CaseId]) -> Result<Vec<Watched>> {
    let rows: Vec<Row> = sqlx::query_as(LOOK).bind(uuids(ids)).fetch_all(db).await?;
    rows.into_iter().map(Row::read).collect()
}

/// Those of the cases that are here and can be read, locked or not; and those that cannot be read.
pub(crate) async fn readable(
    conn: &mut PgConnection,
    ids: &[CaseId],
    is_locking: bool,
) -> Result<(Vec<Watched>, Vec<CaseId>)> {
    let rows = sqlx::query_as(if is_locking { LOCK } else { LOOK }).bind(uuids(ids)).fetch_all(conn).await?;
    Ok(read(rows))
}

/// Row by row, so that one that cannot be read spoils no other; its id is in the second list.
fn read(rows: Vec<Row>) -> (Vec<Watched>, Vec<CaseId>) {
    let (mut cases, mut unreadable) = (Vec::new(), Vec::new());
    for row in rows {
        let id = CaseId::new(row.case_id);
        match row.read() {
            Ok(case) => cases.push(case),
            Err(_) => unreadable.push(id),
        }
    }
    (cases, unreadable)
}

/// Locks up to `limit` cases of a shard of which a clock has changed by `now`, the longest due first, past those that
/// another sweep holds. A row that cannot be read is in the second list.
pub(crate) async fn claim_due(
    conn: &mut PgConnection,
    shard: i16,
    now: DateTime<Utc>,
    limit: i64,
) -> Result<(Vec<Watched>, Vec<CaseId>)> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT case_id, view, clocks, spent, derived_at, calendar, version
         FROM cases WHERE shard = $1 AND next_at <= $2 ORDER BY next_at LIMIT $3 FOR UPDATE SKIP LOCKED",
    )
    .bind(shard)
    .bind(now)
    .bind(limit)
    .fetch_all(conn)
    .await?;
    Ok(read(rows))
}

/// Saves all of them in one statement.
pub(crate) async fn save(conn: &mut PgConnection, cases: &[&Watched]) -> Result<()> {
    if cases.is_empty() {
        return Ok(());
    }
    let texts = Texts::of(cases)?;
    sqlx::query(
        "INSERT INTO cases (case_id, shard, unit_id, handling_unit_id, view, clocks, derived_at, calendar, next_at,
                            late_since, is_running, version, spent)
         SELECT * FROM UNNEST($1::uuid[], $2::smallint[], $3::text[], $4::text[], $5::text[], $6::text[],
                              $7::timestamptz[], $8::text[], $9::timestamptz[], $10::timestamptz[], $11::boolean[],
                              $12::bigint[], $13::text[])
         ON CONFLICT (case_id) DO UPDATE SET
             shard = EXCLUDED.shard, unit_id = EXCLUDED.unit_id, handling_unit_id = EXCLUDED.handling_unit_id,
             view = EXCLUDED.view, clocks = EXCLUDED.clocks, derived_at = EXCLUDED.derived_at,
             calendar = EXCLUDED.calendar, next_at = EXCLUDED.next_at, late_since = EXCLUDED.late_since,
             is_running = EXCLUDED.is_running, version = EXCLUDED.version, spent = EXCLUDED.spent,
             stuck_since = NULL",
    )
    .bind(cases.iter().map(|case| case.case_id.uuid()).collect::<Vec<_>>())
    .bind(cases.iter().map(|case| shard(case.case_id)).collect::<Vec<_>>())
    .bind(cases.iter().map(|case| case.view.unit_id.as_str()).collect::<Vec<_>>())
    .bind(cases.iter().map(|case| case.view.handling_unit_id.as_deref()).collect::<Vec<_>>())
    .bind(&texts.views)
    .bind(&texts.clocks)
    .bind(cases.iter().map(|case| case.derived_at).collect::<Vec<_>>())
    .bind(cases.iter().map(|case| case.calendar.as_str()).collect::<Vec<_>>())
    .bind(cases.iter().map(|case| case.next_at().map(ceil)).collect::<Vec<_>>())
    .bind(cases.iter().map(|case| case.late_since()).collect::<Vec<_>>())
    .bind(cases.iter().map(|case| case.is_running()).collect::<Vec<_>>())
    .bind(cases.iter().map(|case| i64::try_from(case.version).unwrap_or(i64::MAX)).collect::<Vec<_>>())
    .bind(&texts.spent)
    .execute(conn)
    .await?;
    Ok(())
}

/// The partition of a case's events, by which the sweep goes.
fn shard(id: CaseId) -> i16 {
    i16::try_from(partition_of(&id.to_string())).unwrap_or(0)
}

/// Leaves cases that could not be derived alone until `until`, so that they hold up no other.
pub(crate) async fn postpone(
    conn: &mut PgConnection,
    ids: &[CaseId],
    now: DateTime<Utc>,
    until: DateTime<Utc>,
) -> Result<()> {
    sqlx::query("UPDATE cases SET next_at = $2, stuck_since = coalesce(stuck_since, $3) WHERE case_id = ANY($1)")
        .bind(uuids(ids))
        .bind(until)
        .bind(now)
        .execute(conn)
        .await?;
    Ok(())
}

/// When the next clock changes in each shard, the earliest first; a shard in which none does is not among them.
pub(crate) async fn next_due(db: impl PgExecutor<'_>) -> Result<Vec<(i16, DateTime<Utc>)>> {
    let next = sqlx::query_as(
        "SELECT s.shard, due.next_at FROM generate_series(0, $1 - 1) AS n
         CROSS JOIN LATERAL (SELECT n::smallint AS shard) AS s
         CROSS JOIN LATERAL (
             SELECT next_at FROM cases WHERE cases.shard = s.shard AND next_at IS NOT NULL ORDER BY next_at LIMIT 1
         ) AS due
         ORDER BY due.next_at",
    );
    Ok(next.bind(i32::from(PARTITIONS)).fetch_all(db).await?)
}

/// The late cases of the units, the longest overdue first, from `after` on.
pub(crate) async fn list_late(pool: &PgPool, units: &[String], after: After, limit: i64) -> Result<Vec<Watched>> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT case_id, view, clocks, spent, derived_at, calendar, version
         FROM cases
         WHERE late_since IS NOT NULL AND (late_since, case_id) >= ($2, $3)
           AND (unit_id = ANY($1) OR handling_unit_id = ANY($1))
         ORDER BY late_since, case_id LIMIT $4",
    )
    .bind(units)
    .bind(after.at)
    .bind(after.id)
    .bind(limit)
    .fetch_all(pool)
    .await?;
    rows.into_iter().map(Row::read).collect()
}

fn uuids(ids: &[CaseId]) -> Vec<Uuid> {
    ids.iter().map(|id| id.uuid()).collect()
}

/// Postgres keeps microseconds. An instant cut short would come before its clock changes, and the sweep would find
/// nothing to do at it, for ever.
fn ceil(at: DateTime<Utc>) -> DateTime<Utc> {
    let cut = at.trunc_subsecs(6);
    if cut < at { cut + TimeDelta::microseconds(1) } else { cut }
}
