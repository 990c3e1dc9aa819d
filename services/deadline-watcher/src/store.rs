//! The table of cases: read under lock, saved in one statement, and asked what is due.

use crate::domain::Watched;
use chrono::{DateTime, SubsecRound as _, TimeDelta, Utc};
use kit_db::{Error, Result};
use kit_grpc::page::After;
use kit_ids::CaseId;
use sqlx::{PgConnection, PgExecutor, PgPool, types::Json};
use uuid::Uuid;

/// A row as it is stored. JSON is read row by row, so that one that cannot be read spoils no other.
#[derive(sqlx::FromRow)]
struct Row {
    case_id: Uuid,
    view: String,
    clocks: String,
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
            derived_at: self.derived_at,
            calendar: self.calendar,
            version: u64::try_from(self.version).unwrap_or(0),
        })
    }
}

/// Locks those of the cases that are here.
pub(crate) async fn lock(conn: &mut PgConnection, ids: &[CaseId]) -> Result<Vec<Watched>> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT case_id, view::text AS view, clocks::text AS clocks, derived_at, calendar, version
         FROM cases WHERE case_id = ANY($1) ORDER BY case_id FOR UPDATE",
    )
    .bind(uuids(ids))
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(Row::read).collect()
}

/// Those of the cases that are here, as they are now.
pub(crate) async fn list(pool: &PgPool, ids: &[CaseId]) -> Result<Vec<Watched>> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT case_id, view::text AS view, clocks::text AS clocks, derived_at, calendar, version
         FROM cases WHERE case_id = ANY($1) ORDER BY case_id",
    )
    .bind(uuids(ids))
    .fetch_all(pool)
    .await?;
    rows.into_iter().map(Row::read).collect()
}

/// Locks up to `limit` cases of which a clock has changed by `now`, the longest due first, past those that another
/// sweep holds. A row that cannot be read is in the second list.
pub(crate) async fn claim_due(
    conn: &mut PgConnection,
    now: DateTime<Utc>,
    limit: i64,
) -> Result<(Vec<Watched>, Vec<CaseId>)> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT case_id, view::text AS view, clocks::text AS clocks, derived_at, calendar, version
         FROM cases WHERE next_at <= $1 ORDER BY next_at, case_id LIMIT $2 FOR UPDATE SKIP LOCKED",
    )
    .bind(now)
    .bind(limit)
    .fetch_all(conn)
    .await?;
    let (mut cases, mut unreadable) = (Vec::new(), Vec::new());
    for row in rows {
        let id = CaseId::new(row.case_id);
        match row.read() {
            Ok(case) => cases.push(case),
            Err(_) => unreadable.push(id),
        }
    }
    Ok((cases, unreadable))
}

/// Saves all of them in one statement.
pub(crate) async fn save(conn: &mut PgConnection, cases: &[&Watched]) -> Result<()> {
    if cases.is_empty() {
        return Ok(());
    }
    sqlx::query(
        "INSERT INTO cases (case_id, unit_id, handling_unit_id, view, clocks, derived_at, calendar, next_at, late_since,
                            is_running, version)
         SELECT * FROM UNNEST($1::uuid[], $2::text[], $3::text[], $4::jsonb[], $5::jsonb[], $6::timestamptz[],
                              $7::text[], $8::timestamptz[], $9::timestamptz[], $10::boolean[], $11::bigint[])
         ON CONFLICT (case_id) DO UPDATE SET
             unit_id = EXCLUDED.unit_id, handling_unit_id = EXCLUDED.handling_unit_id, view = EXCLUDED.view,
             clocks = EXCLUDED.clocks, derived_at = EXCLUDED.derived_at, calendar = EXCLUDED.calendar,
             next_at = EXCLUDED.next_at, late_since = EXCLUDED.late_since, is_running = EXCLUDED.is_running,
             version = EXCLUDED.version",
    )
    .bind(cases.iter().map(|case| case.case_id.uuid()).collect::<Vec<_>>())
    .bind(cases.iter().map(|case| case.view.unit_id.as_str()).collect::<Vec<_>>())
    .bind(cases.iter().map(|case| case.view.handling_unit_id.as_deref()).collect::<Vec<_>>())
    .bind(cases.iter().map(|case| Json(&case.view)).collect::<Vec<_>>())
    .bind(cases.iter().map(|case| Json(&case.clocks)).collect::<Vec<_>>())
    .bind(cases.iter().map(|case| case.derived_at).collect::<Vec<_>>())
    .bind(cases.iter().map(|case| case.calendar.as_str()).collect::<Vec<_>>())
    .bind(cases.iter().map(|case| case.next_at().map(ceil)).collect::<Vec<_>>())
    .bind(cases.iter().map(|case| case.late_since()).collect::<Vec<_>>())
    .bind(cases.iter().map(|case| case.is_running()).collect::<Vec<_>>())
    .bind(cases.iter().map(|case| i64::try_from(case.version).unwrap_or(i64::MAX)).collect::<Vec<_>>())
    .execute(conn)
    .await?;
    Ok(())
}

/// Leaves cases that could not be derived alone until `until`, so that they hold up no other.
pub(crate) async fn postpone(conn: &mut PgConnection, ids: &[CaseId], until: DateTime<Utc>) -> Result<()> {
    sqlx::query("UPDATE cases SET next_at = $2 WHERE case_id = ANY($1)")
        .bind(uuids(ids))
        .bind(until)
        .execute(conn)
        .await?;
    Ok(())
}

/// When the next clock changes, of all cases.
pub(crate) async fn next_due(db: impl PgExecutor<'_>) -> Result<Option<DateTime<Utc>>> {
    let next = sqlx::query_scalar("SELECT next_at FROM cases WHERE next_at IS NOT NULL ORDER BY next_at LIMIT 1");
    Ok(next.fetch_optional(db).await?)
}

/// Makes every running case due that was counted by a calendar other than these; answers how many there were.
pub(crate) async fn recount(conn: &mut PgConnection, calendars: &[String], now: DateTime<Utc>) -> Result<u64> {
    let done = sqlx::query("UPDATE cases SET next_at = $2 WHERE is_running AND calendar <> ALL($1)")
        .bind(calendars)
        .bind(now)
        .execute(conn)
        .await?;
    Ok(done.rows_affected())
}

/// The late cases of the units, the longest overdue first, from `after` on.
pub(crate) async fn list_late(pool: &PgPool, units: &[String], after: After, limit: i64) -> Result<Vec<Watched>> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT case_id, view::text AS view, clocks::text AS clocks, derived_at, calendar, version
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
