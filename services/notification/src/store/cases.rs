//! The table of cases.

use super::out_of_range;
use crate::domain::Case;
use chrono::{DateTime, Utc};
use facts::CaseView;
use kit_db::Result;
use kit_ids::CaseId;
use sqlx::{PgConnection, PgExecutor, types::Json};
use std::collections::BTreeMap;
use uuid::Uuid;

type Dues = BTreeMap<String, DateTime<Utc>>;
type Row = (Uuid, Json<CaseView>, Json<Dues>, i64);

/// Loads the cases under lock, in the order of their ids, so that two batches never wait for each other.
pub(crate) async fn lock(conn: &mut PgConnection, ids: &[CaseId]) -> Result<BTreeMap<CaseId, Case>> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT case_id, view, dues, version FROM cases WHERE case_id = ANY($1) ORDER BY case_id FOR UPDATE",
    )
    .bind(uuids(ids))
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(case).collect()
}

/// Loads cases without a lock.
pub(crate) async fn list<'e>(executor: impl PgExecutor<'e>, ids: &[CaseId]) -> Result<BTreeMap<CaseId, Case>> {
    let rows: Vec<Row> = sqlx::query_as("SELECT case_id, view, dues, version FROM cases WHERE case_id = ANY($1)")
        .bind(uuids(ids))
        .fetch_all(executor)
        .await?;
    rows.into_iter().map(case).collect()
}

/// Writes all cases in one statement.
pub(crate) async fn save(conn: &mut PgConnection, cases: &BTreeMap<CaseId, Case>) -> Result<()> {
    if cases.is_empty() {
        return Ok(());
    }
    let ids: Vec<Uuid> = cases.keys().map(|id| id.uuid()).collect();
    let units: Vec<String> = cases.values().map(|c| c.view.unit_id.clone()).collect();
    let views: Vec<Json<&CaseView>> = cases.values().map(|c| Json(&c.view)).collect();
    let dues: Vec<Json<&Dues>> = cases.values().map(|c| Json(&c.dues)).collect();
    // A list of lists cannot be unnested row by row, so each list travels as JSON.
    let excluded: Vec<Json<Vec<&String>>> = cases.values().map(|c| Json(c.view.excluded.iter().collect())).collect();
    let versions: std::result::Result<Vec<i64>, _> = cases.values().map(|c| i64::try_from(c.version)).collect();
    sqlx::query(
        "INSERT INTO cases (case_id, unit_id, view, dues, excluded, version)
         SELECT u.case_id, u.unit_id, u.view, u.dues, ARRAY(SELECT jsonb_array_elements_text(u.excluded)), u.version
         FROM UNNEST($1::uuid[], $2::text[], $3::jsonb[], $4::jsonb[], $5::jsonb[], $6::bigint[])
             AS u (case_id, unit_id, view, dues, excluded, version)
         ON CONFLICT (case_id) DO UPDATE
         SET view = EXCLUDED.view, dues = EXCLUDED.dues, excluded = EXCLUDED.excluded, version = EXCLUDED.version",
    )
    .bind(ids)
    .bind(units)
    .bind(views)
    .bind(dues)
    .bind(excluded)
    .bind(versions.map_err(out_of_range)?)
    .execute(conn)
    .await?;
    Ok(())
}

fn uuids(ids: &[CaseId]) -> Vec<Uuid> {
    ids.iter().map(|id| id.uuid()).collect()
}

fn case((id, Json(view), Json(dues), version): Row) -> Result<(CaseId, Case)> {
    let version = u64::try_from(version).map_err(out_of_range)?;
    Ok((CaseId::new(id), Case { view, dues, version }))
}
