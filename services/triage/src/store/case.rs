//! Cases, one row each.

use crate::domain::case::Case;
use facts::CaseView;
use kit_db::Result;
use kit_grpc::page::After;
use kit_ids::CaseId;
use kit_messaging::Tx;
use sqlx::types::Json;
use sqlx::{FromRow, PgConnection};
use std::collections::BTreeMap;
use uuid::Uuid;

/// The cases that are here, locked until the transaction ends.
pub(crate) async fn lock(tx: &mut Tx, ids: &[CaseId]) -> Result<BTreeMap<CaseId, Case>> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.uuid()).collect();
    let rows: Vec<CaseRow> =
        sqlx::query_as("SELECT case_id, view, version FROM cases WHERE case_id = ANY($1) ORDER BY case_id FOR UPDATE")
            .bind(ids)
            .fetch_all(tx.conn())
            .await?;
    Ok(rows.into_iter().map(|row| (CaseId::new(row.case_id), row.case())).collect())
}

/// One case, to read.
pub(crate) async fn find(conn: &mut PgConnection, case_id: CaseId) -> Result<Option<Case>> {
    let row: Option<CaseRow> = sqlx::query_as("SELECT case_id, view, version FROM cases WHERE case_id = $1")
        .bind(case_id.uuid())
        .fetch_optional(conn)
        .await?;
    Ok(row.map(CaseRow::case))
}

/// Pending cases of these units, oldest first, of which the person may know.
pub(crate) async fn pending(
    conn: &mut PgConnection,
    staff_id: &str,
    units: &[String],
    after: After,
    limit: i64,
) -> Result<Vec<Case>> {
    let rows: Vec<CaseRow> = sqlx::query_as(
        "SELECT case_id, view, version FROM cases
         WHERE state = 'pending' AND unit_id = ANY($1) AND $2 <> ALL (excluded)
             AND (received_at, case_id) > ($3, $4)
         ORDER BY received_at, case_id LIMIT $5",
    )
    .bind(units)
    .bind(staff_id)
    .bind(after.at)
    .bind(after.id)
    .bind(limit)
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(CaseRow::case).collect())
}

/// Writes the cases.
pub(crate) async fn save(tx: &mut Tx, cases: &[&Case]) -> Result<()> {
    if cases.is_empty() {
        return Ok(());
    }
    let column = |take: fn(&Case) -> String| cases.iter().map(|case| take(case)).collect::<Vec<String>>();
    // Arrays of arrays cannot be unnested by row, so the list of the excluded travels as JSON.
    sqlx::query(
        "INSERT INTO cases (case_id, number, unit_id, channel, kind, state, excluded, received_at, view, version)
         SELECT w.case_id, w.number, w.unit_id, w.channel, w.kind, w.state,
             ARRAY(SELECT jsonb_array_elements_text(w.excluded)), w.received_at, w.view, w.version
         FROM UNNEST($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::jsonb[],
             $8::timestamptz[], $9::jsonb[], $10::bigint[])
             AS w (case_id, number, unit_id, channel, kind, state, excluded, received_at, view, version)
         ON CONFLICT (case_id) DO UPDATE SET kind = excluded.kind, state = excluded.state,
             excluded = excluded.excluded, view = excluded.view, version = excluded.version",
    )
    .bind(cases.iter().map(|case| case.case_id.uuid()).collect::<Vec<_>>())
    .bind(column(|case| case.view.number.clone()))
    .bind(column(|case| case.view.unit_id.clone()))
    .bind(column(|case| case.view.channel.clone()))
    .bind(column(|case| case.view.kind.clone()))
    .bind(column(|case| case.state().as_str().to_owned()))
    .bind(cases.iter().map(|case| Json(&case.view.excluded)).collect::<Vec<_>>())
    .bind(cases.iter().map(|case| case.view.received_at).collect::<Vec<_>>())
    .bind(cases.iter().map(|case| Json(&case.view)).collect::<Vec<_>>())
    .bind(cases.iter().map(|case| version_column(case.version)).collect::<Vec<_>>())
    .execute(tx.conn())
    .await?;
    Ok(())
}

fn version_column(version: u64) -> i64 {
    i64::try_from(version).unwrap_or(i64::MAX)
}

#[derive(FromRow)]
struct CaseRow {
    case_id: Uuid,
    view: Json<CaseView>,
    version: i64,
}

impl CaseRow {
    fn case(self) -> Case {
        Case {
            case_id: CaseId::new(self.case_id),
            view: self.view.0,
            version: u64::try_from(self.version).unwrap_or_default(),
        }
    }
}
