//! The table of cases. It begins and commits nothing.

use crate::domain::{Case, Course};
use facts::CaseView;
use kit_db::{Error, Result};
use kit_ids::CaseId;
use sqlx::{PgConnection, PgPool, types::Json};
use std::collections::BTreeMap;
use uuid::Uuid;

type Row = (Uuid, Json<CaseView>, Json<Course>, i64);

/// Loads the cases under lock, in the order of their ids, so that two batches never wait for each other.
pub(crate) async fn lock(conn: &mut PgConnection, ids: &[CaseId]) -> Result<BTreeMap<CaseId, Case>> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.uuid()).collect();
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT case_id, view, course, version FROM cases WHERE case_id = ANY($1) ORDER BY case_id FOR UPDATE",
    )
    .bind(ids)
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(case).collect()
}

/// One case as it now stands, without a lock.
pub(crate) async fn find(pool: &PgPool, id: CaseId) -> Result<Option<Case>> {
    let row: Option<Row> = sqlx::query_as("SELECT case_id, view, course, version FROM cases WHERE case_id = $1")
        .bind(id.uuid())
        .fetch_optional(pool)
        .await?;
    Ok(row.map(case).transpose()?.map(|(_, case)| case))
}

/// Writes all cases in one statement.
pub(crate) async fn save(conn: &mut PgConnection, cases: &BTreeMap<CaseId, Case>) -> Result<()> {
    if cases.is_empty() {
        return Ok(());
    }
    let ids: Vec<Uuid> = cases.keys().map(|id| id.uuid()).collect();
    let units: Vec<String> = cases.values().map(|c| c.view.unit_id.clone()).collect();
    let views: Vec<Json<&CaseView>> = cases.values().map(|c| Json(&c.view)).collect();
    let courses: Vec<Json<&Course>> = cases.values().map(|c| Json(&c.course)).collect();
    let versions: Vec<i64> =
        cases.values().map(|c| i64::try_from(c.version)).collect::<std::result::Result<_, _>>().map_err(too_many)?;
    sqlx::query(
        "INSERT INTO cases (case_id, unit_id, view, course, version)
         SELECT * FROM UNNEST($1::uuid[], $2::text[], $3::jsonb[], $4::jsonb[], $5::bigint[])
         ON CONFLICT (case_id) DO UPDATE SET view = EXCLUDED.view, course = EXCLUDED.course, version = EXCLUDED.version",
    )
    .bind(ids)
    .bind(units)
    .bind(views)
    .bind(courses)
    .bind(versions)
    .execute(conn)
    .await?;
    Ok(())
}

fn case((id, Json(view), Json(course), version): Row) -> Result<(CaseId, Case)> {
    let version = u64::try_from(version).map_err(too_many)?;
    Ok((CaseId::new(id), Case { view, course, version }))
}

fn too_many(_: std::num::TryFromIntError) -> Error {
    Error::Corrupt("a case's version is out of range".to_owned())
}
