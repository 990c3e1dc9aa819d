//! The table of what becomes of files whose time is over.

use super::out_of_range;
use chrono::{DateTime, NaiveDate, Utc};
use facts::CaseView;
use kit_db::Result;
use kit_grpc::page::After;
use kit_ids::CaseId;
use sqlx::{PgConnection, PgPool, types::Json};
use std::sync::LazyLock;
use uuid::Uuid;

/// A file whose time is over.
pub(crate) struct Kept {
    pub(crate) case_id: CaseId,
    pub(crate) regime_id: String,
    pub(crate) regime_version: u32,
    pub(crate) unit_id: String,
    pub(crate) keep_until: String,
}

/// What was written holds for the time that was over then: not while the case is open again, nor for the longer time for
/// which its file is kept after that.
const HOLDS: &str = "d.case_id = c.case_id AND d.since = c.keep_until AND NOT c.is_open";

/// Closed cases under one of these versions of regimes whose files were to be kept no longer than until the day, and of
/// which nothing was decided, or that they are kept until now.
static OVER: LazyLock<String> = LazyLock::new(|| {
    format!(
        "c.keep_until <> '' AND c.keep_until < $1 AND NOT c.is_open
         AND NOT EXISTS (SELECT 1 FROM destructions d WHERE {HOLDS} AND NOT (d.state = 'refused' AND d.again_on < $1))"
    )
});

/// Those files.
pub(crate) async fn over(pool: &PgPool, regimes: &[(String, u32)], day: NaiveDate) -> Result<Vec<Kept>> {
    let versions: std::result::Result<Vec<i32>, _> =
        regimes.iter().map(|(_, version)| i32::try_from(*version)).collect();
    let sql = sqlx::AssertSqlSafe(format!(
        "SELECT c.case_id, c.regime_id, c.regime_version, c.unit_id, c.keep_until
         FROM cases c JOIN UNNEST($2::text[], $3::integer[]) AS r (regime_id, version)
              ON r.regime_id = c.regime_id AND r.version = c.regime_version
         WHERE {} ORDER BY c.keep_until, c.case_id LIMIT 500",
        *OVER
    ));
    let rows: Vec<(Uuid, String, i32, String, String)> = sqlx::query_as(sql)
        .bind(day.to_string())
        .bind(regimes.iter().map(|(id, _)| id.clone()).collect::<Vec<_>>())
        .bind(versions.map_err(out_of_range)?)
        .fetch_all(pool)
        .await?;
    let kept = |(id, regime_id, version, unit_id, keep_until): (Uuid, String, i32, String, String)| {
        let (case_id, regime_version) = (CaseId::new(id), u32::try_from(version).map_err(out_of_range)?);
        Ok(Kept { case_id, regime_id, regime_version, unit_id, keep_until })
    };
    rows.into_iter().map(kept).collect()
}

/// Whether the time of this file is still over by that day, and nothing was decided. The case is under lock from then on.
pub(crate) async fn is_over(conn: &mut PgConnection, case: CaseId, day: NaiveDate) -> Result<bool> {
    let sql = format!("SELECT 1 FROM cases c WHERE {} AND c.case_id = $2 FOR UPDATE OF c", *OVER);
    let found: Option<i32> = sqlx::query_scalar(sqlx::AssertSqlSafe(sql))
        .bind(day.to_string())
        .bind(case.uuid())
        .fetch_optional(conn)
        .await?;
    Ok(found.is_some())
}

/// What was decided of a file, by whom and why; nobody, where the rules did.
#[derive(Clone, Debug, Default)]
pub(crate) struct Decided {
    /// `proposed`, `refused` or `ordered`.
    pub(crate) state: &'static str,
    pub(crate) since: String,
    pub(crate) cite: String,
    pub(crate) staff_id: String,
    pub(crate) reason: String,
    pub(crate) again_on: String,
}

/// Writes it. The case is under lock.
pub(crate) async fn put(conn: &mut PgConnection, case: CaseId, new: &Decided, at: DateTime<Utc>) -> Result<()> {
    sqlx::query(
        "INSERT INTO destructions (case_id, state, since, cite, at, staff_id, reason, again_on)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT (case_id) DO UPDATE SET state = EXCLUDED.state, since = EXCLUDED.since, cite = EXCLUDED.cite,
             at = EXCLUDED.at, staff_id = EXCLUDED.staff_id, reason = EXCLUDED.reason, again_on = EXCLUDED.again_on",
    )
    .bind(case.uuid())
    .bind(new.state)
    .bind(&new.since)
    .bind(&new.cite)
    .bind(at)
    .bind(&new.staff_id)
    .bind(&new.reason)
    .bind(&new.again_on)
    .execute(conn)
    .await?;
    Ok(())
}

/// How a file stands: its state, the last day of keeping, the clause, and until when it is kept. The case is under lock.
pub(crate) async fn find(conn: &mut PgConnection, case: CaseId) -> Result<Option<(String, String, String, String)>> {
    let sql = format!(
        "SELECT d.state, d.since, d.cite, d.again_on FROM destructions d JOIN cases c ON {HOLDS} WHERE d.case_id = $1"
    );
    Ok(sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(case.uuid()).fetch_optional(conn).await?)
}

/// A file that was proposed, and its case.
#[derive(sqlx::FromRow)]
pub(crate) struct Proposed {
    pub(crate) case_id: Uuid,
    pub(crate) since: String,
    pub(crate) cite: String,
    pub(crate) at: DateTime<Utc>,
    pub(crate) view: Json<CaseView>,
}

/// Those of the units, the newest first; none from which this person is excluded.
pub(crate) async fn list(
    pool: &PgPool,
    staff: &str,
    units: &[String],
    (after, limit): (Option<After>, i64),
) -> Result<Vec<Proposed>> {
    let sql = format!(
        "SELECT d.case_id, d.since, d.cite, d.at, c.view FROM destructions d JOIN cases c ON {HOLDS}
         WHERE d.state = 'proposed' AND c.unit_id = ANY($1) AND NOT $2 = ANY(c.excluded)
           AND ($3::timestamptz IS NULL OR (d.at, d.case_id) < ($3, $4::uuid))
         ORDER BY d.at DESC, d.case_id DESC LIMIT $5"
    );
    Ok(sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(units)
        .bind(staff)
        .bind(after.map(|after| after.at))
        .bind(after.map(|after| after.id))
        .bind(limit)
        .fetch_all(pool)
        .await?)
}
