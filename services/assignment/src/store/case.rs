//! Cases, one row each.

use crate::domain::case::{Case, State};
use facts::CaseView;
use kit_db::{Error, Result};
use kit_ids::CaseId;
use kit_messaging::Tx;
use sqlx::types::Json;
use sqlx::{FromRow, PgConnection};
use std::collections::BTreeMap;
use uuid::Uuid;

/// The cases that are here, locked until the transaction ends.
pub(crate) async fn lock(tx: &mut Tx, ids: &[CaseId]) -> Result<BTreeMap<CaseId, Case>> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.uuid()).collect();
    let rows: Vec<CaseRow> = sqlx::query_as(
        "SELECT case_id, state, slip, view, version FROM cases
         WHERE case_id = ANY($1) ORDER BY case_id FOR UPDATE",
    )
    .bind(ids)
    .fetch_all(tx.conn())
    .await?;
    rows.into_iter().map(|row| row.case().map(|case| (case.case_id, case))).collect()
}

/// One case, to read.
pub(crate) async fn find(conn: &mut PgConnection, case_id: CaseId) -> Result<Option<Case>> {
    let row: Option<CaseRow> =
        sqlx::query_as("SELECT case_id, state, slip, view, version FROM cases WHERE case_id = $1")
            .bind(case_id.uuid())
            .fetch_optional(conn)
            .await?;
    row.map(CaseRow::case).transpose()
}

/// Writes the cases.
pub(crate) async fn save(tx: &mut Tx, cases: &[&Case]) -> Result<()> {
    if cases.is_empty() {
        return Ok(());
    }
    let column = |take: fn(&Case) -> String| cases.iter().map(|case| take(case)).collect::<Vec<String>>();
    // Arrays of arrays cannot be unnested by row, so lists travel as JSON.
    sqlx::query(
        "INSERT INTO cases (case_id, number, unit_id, handling_unit_id, handler_id, severity, state, slip, watchers,
             excluded, ordered, received_at, view, version)
         SELECT w.case_id, w.number, w.unit_id, w.handling_unit_id, w.handler_id, w.severity, w.state, w.slip,
             ARRAY(SELECT jsonb_array_elements_text(w.watchers)), ARRAY(SELECT jsonb_array_elements_text(w.excluded)),
             ARRAY(SELECT jsonb_array_elements_text(w.ordered)), w.received_at, w.view, w.version
         FROM UNNEST($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
             $9::jsonb[], $10::jsonb[], $11::jsonb[], $12::timestamptz[], $13::jsonb[], $14::bigint[])
             AS w (case_id, number, unit_id, handling_unit_id, handler_id, severity, state, slip, watchers, excluded,
                 ordered, received_at, view, version)
         ON CONFLICT (case_id) DO UPDATE SET handling_unit_id = excluded.handling_unit_id,
             handler_id = excluded.handler_id, severity = excluded.severity, state = excluded.state,
             slip = excluded.slip, watchers = excluded.watchers, excluded = excluded.excluded,
             ordered = excluded.ordered, view = excluded.view, version = excluded.version",
    )
    .bind(cases.iter().map(|case| case.case_id.uuid()).collect::<Vec<_>>())
    .bind(column(|case| case.view.number.clone()))
    .bind(column(|case| case.view.unit_id.clone()))
    .bind(cases.iter().map(|case| case.view.handling_unit_id.clone()).collect::<Vec<_>>())
    .bind(cases.iter().map(|case| case.view.handler.clone()).collect::<Vec<_>>())
    .bind(column(|case| case.view.severity.clone()))
    .bind(column(|case| case.state.as_str().to_owned()))
    .bind(column(|case| case.slip.clone()))
    .bind(cases.iter().map(|case| Json(&case.view.watchers)).collect::<Vec<_>>())
    .bind(cases.iter().map(|case| Json(&case.view.excluded)).collect::<Vec<_>>())
    .bind(cases.iter().map(|case| Json(case.ordered())).collect::<Vec<_>>())
    .bind(cases.iter().map(|case| case.view.received_at).collect::<Vec<_>>())
    .bind(cases.iter().map(|case| Json(&case.view)).collect::<Vec<_>>())
    .bind(cases.iter().map(|case| version_column(case.version)).collect::<Vec<_>>())
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// How many open cases each of these people handles.
pub(crate) async fn loads(tx: &mut Tx, staff_ids: Vec<String>) -> Result<BTreeMap<String, i64>> {
    if staff_ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let rows: Vec<(String, i64)> = sqlx::query_as(
        "SELECT handler_id, count(*) FROM cases
         WHERE handler_id = ANY($1) AND state IN ('dispatched', 'signed') GROUP BY handler_id",
    )
    .bind(staff_ids)
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.into_iter().collect())
}

fn version_column(version: u64) -> i64 {
    i64::try_from(version).unwrap_or(i64::MAX)
}

#[derive(FromRow)]
pub(super) struct CaseRow {
    case_id: Uuid,
    state: String,
    slip: String,
    view: Json<CaseView>,
    version: i64,
}

impl CaseRow {
    pub(super) fn case(self) -> Result<Case> {
        let case_id = CaseId::new(self.case_id);
        let state =
            State::parse(&self.state).ok_or_else(|| Error::Corrupt(format!("{case_id} is in an unknown state")))?;
        Ok(Case {
            case_id,
            view: self.view.0,
            state,
            slip: self.slip,
            version: u64::try_from(self.version).unwrap_or_default(),
        })
    }
}
