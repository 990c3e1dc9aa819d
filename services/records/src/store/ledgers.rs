//! The table of ledger rows.

use super::out_of_range;
use crate::domain::ledgers::Row;
use chrono::{DateTime, NaiveDate, Utc};
use facts::CaseView;
use kit_db::Result;
use kit_grpc::page::After;
use kit_ids::CaseId;
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

/// Adds a row. `staff` and `text` are of whoever entered it by hand.
pub(crate) async fn insert(
    conn: &mut PgConnection,
    row_id: Uuid,
    (case, view): (CaseId, &CaseView),
    row: &Row,
    (staff, text): (&str, &str),
    at: DateTime<Utc>,
) -> Result<()> {
    sqlx::query(
        "INSERT INTO ledger_rows (row_id, case_id, number, regime_id, unit_id, ledger, about, subject_id, points, cause,
                                  cite, staff_id, text_ref, at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
    )
    .bind(row_id)
    .bind(case.uuid())
    .bind(&view.number)
    .bind(&view.regime_id)
    .bind(&view.unit_id)
    .bind(&row.ledger)
    .bind(&row.about)
    .bind(&row.subject_id)
    .bind(i32::try_from(row.points).map_err(out_of_range)?)
    .bind(&row.cause)
    .bind(&row.cite)
    .bind(staff)
    .bind(text)
    .bind(at)
    .execute(conn)
    .await?;
    Ok(())
}

/// What is asked for.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    /// Who asks: rows of cases from which they are excluded are not there.
    pub(crate) staff: String,
    pub(crate) ledger: String,
    pub(crate) regimes: Vec<String>,
    pub(crate) units: Vec<String>,
    /// The first day, and the day after the last; none for no limit.
    pub(crate) from: Option<NaiveDate>,
    pub(crate) until: Option<NaiveDate>,
    /// The zone in which the days are meant.
    pub(crate) zone: String,
    pub(crate) after: Option<After>,
    pub(crate) limit: i64,
}

/// A row as it is listed.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(crate) struct Listed {
    pub(crate) row_id: Uuid,
    pub(crate) case_id: Uuid,
    pub(crate) number: String,
    pub(crate) about: String,
    pub(crate) subject_id: String,
    pub(crate) points: i32,
    pub(crate) cause: String,
    pub(crate) cite: String,
    pub(crate) staff_id: String,
    pub(crate) text_ref: String,
    pub(crate) at: DateTime<Utc>,
}

const FOUND: &str = "FROM ledger_rows r JOIN cases c USING (case_id)
     WHERE r.ledger = $1 AND r.regime_id = ANY($2) AND r.unit_id = ANY($3) AND NOT $4 = ANY(c.excluded)
       AND ($5::date IS NULL OR r.at >= $5::date::timestamp AT TIME ZONE $7)
       AND ($6::date IS NULL OR r.at < $6::date::timestamp AT TIME ZONE $7)";

/// The rows, newest first.
pub(crate) async fn list(pool: &PgPool, asked: &Asked) -> Result<Vec<Listed>> {
    let sql = format!(
        "SELECT r.row_id, r.case_id, r.number, r.about, r.subject_id, r.points, r.cause, r.cite, r.staff_id, r.text_ref,
                r.at {FOUND}
           AND ($8::timestamptz IS NULL OR (r.at, r.row_id) < ($8, $9::uuid))
         ORDER BY r.at DESC, r.row_id DESC LIMIT $10"
    );
    let rows = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(&asked.ledger)
        .bind(&asked.regimes)
        .bind(&asked.units)
        .bind(&asked.staff)
        .bind(asked.from)
        .bind(asked.until)
        .bind(&asked.zone)
        .bind(asked.after.map(|after| after.at))
        .bind(asked.after.map(|after| after.id))
        .bind(asked.limit)
        .fetch_all(pool)
        .await?;
    Ok(rows)
}

/// How many they are, and the points of all of them.
pub(crate) async fn sums(pool: &PgPool, asked: &Asked) -> Result<(i64, i64)> {
    let sql = format!("SELECT count(*), COALESCE(sum(r.points), 0)::bigint {FOUND}");
    let sums = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(&asked.ledger)
        .bind(&asked.regimes)
        .bind(&asked.units)
        .bind(&asked.staff)
        .bind(asked.from)
        .bind(asked.until)
        .bind(&asked.zone)
        .fetch_one(pool)
        .await?;
    Ok(sums)
}
