//! The lists of cases that people work through, oldest first, page by page.

use super::case::CaseRow;
use crate::domain::case::Case;
use kit_db::Result;
use kit_grpc::page::After;
use sqlx::PgConnection;

/// Cases that somebody handles.
pub(crate) async fn handled_by(conn: &mut PgConnection, staff_id: &str, after: After, limit: i64) -> Result<Vec<Case>> {
    let rows: Vec<CaseRow> = sqlx::query_as(
        "SELECT case_id, state, slip, view, version FROM cases
         WHERE handler_id = $1 AND state IN ('dispatched', 'signed') AND $1 <> ALL (excluded)
             AND (received_at, case_id) > ($2, $3)
         ORDER BY received_at, case_id LIMIT $4",
    )
    .bind(staff_id)
    .bind(after.at)
    .bind(after.id)
    .bind(limit)
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(CaseRow::case).collect()
}

/// Cases of these units that nobody handles, and of which the person may know.
pub(crate) async fn unhandled(
    conn: &mut PgConnection,
    staff_id: &str,
    units: &[String],
    after: After,
    limit: i64,
) -> Result<Vec<Case>> {
    let rows: Vec<CaseRow> = sqlx::query_as(
        "SELECT case_id, state, slip, view, version FROM cases
         WHERE unit_id = ANY($1) AND state IN ('held', 'to-dispatch', 'returned') AND $2 <> ALL (excluded)
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
    rows.into_iter().map(CaseRow::case).collect()
}

/// Open cases that climbed to somebody.
pub(crate) async fn watched_by(conn: &mut PgConnection, staff_id: &str, after: After, limit: i64) -> Result<Vec<Case>> {
    let rows: Vec<CaseRow> = sqlx::query_as(
        "SELECT case_id, state, slip, view, version FROM cases
         WHERE watchers @> ARRAY[$1] AND state <> 'done' AND $1 <> ALL (excluded)
             AND (received_at, case_id) > ($2, $3)
         ORDER BY received_at, case_id LIMIT $4",
    )
    .bind(staff_id)
    .bind(after.at)
    .bind(after.id)
    .bind(limit)
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(CaseRow::case).collect()
}

/// Open cases in which an order waits for somebody's answer.
pub(crate) async fn ordered_of(conn: &mut PgConnection, staff_id: &str, after: After, limit: i64) -> Result<Vec<Case>> {
    let rows: Vec<CaseRow> = sqlx::query_as(
        "SELECT case_id, state, slip, view, version FROM cases
         WHERE ordered @> ARRAY[$1] AND state <> 'done' AND $1 <> ALL (excluded)
             AND (received_at, case_id) > ($2, $3)
         ORDER BY received_at, case_id LIMIT $4",
    )
    .bind(staff_id)
    .bind(after.at)
    .bind(after.id)
    .bind(limit)
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(CaseRow::case).collect()
}
