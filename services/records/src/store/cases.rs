//! The table of cases: the view, and the columns that lists and statistics ask for.

use super::out_of_range;
use crate::domain::{Case, Marks};
use chrono::{DateTime, Utc};
use facts::CaseView;
use kit_db::Result;
use kit_ids::CaseId;
use serde::Serialize;
use sqlx::{PgConnection, PgPool, types::Json};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

#[derive(sqlx::FromRow)]
struct Row {
    case_id: Uuid,
    view: Json<CaseView>,
    called_back_at: Option<DateTime<Utc>>,
    is_satisfied: bool,
    late_at: Option<DateTime<Utc>>,
    missed: Json<BTreeMap<String, DateTime<Utc>>>,
    keep_until: Option<String>,
    entries: i32,
    version: i64,
}

/// Loads the cases under lock, in the order of their ids, so that two batches never wait for each other.
pub(crate) async fn lock(conn: &mut PgConnection, ids: &[CaseId]) -> Result<BTreeMap<CaseId, Case>> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT case_id, view, called_back_at, is_satisfied, late_at, missed, keep_until, entries, version
         FROM cases WHERE case_id = ANY($1) ORDER BY case_id FOR UPDATE",
    )
    .bind(ids.iter().map(|id| id.uuid()).collect::<Vec<_>>())
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(case).collect()
}

/// One case by its id or its number. Two installations' numbers may meet in one; then it is the newest.
pub(crate) async fn find(pool: &PgPool, id: Option<CaseId>, number: &str) -> Result<Option<(CaseId, Case)>> {
    let row: Option<Row> = sqlx::query_as(
        "SELECT case_id, view, called_back_at, is_satisfied, late_at, missed, keep_until, entries, version
         FROM cases WHERE case_id = $1 OR ($1 IS NULL AND number = $2) ORDER BY received_at DESC LIMIT 1",
    )
    .bind(id.map(CaseId::uuid))
    .bind(number)
    .fetch_optional(pool)
    .await?;
    row.map(case).transpose()
}

/// A case as its row holds it. Rows travel as JSON, because there are too many columns for a list of lists.
#[derive(Serialize)]
struct Saved<'a> {
    case_id: Uuid,
    number: &'a str,
    unit_id: &'a str,
    handling_unit_id: Option<&'a str>,
    handler: Option<&'a str>,
    regime_id: &'a str,
    regime_version: u32,
    kind: &'a str,
    category: &'a str,
    severity: &'a str,
    channel: &'a str,
    validity: &'a str,
    stage: &'static str,
    is_open: bool,
    received_at: DateTime<Utc>,
    accepted_at: Option<DateTime<Utc>>,
    declined_at: Option<DateTime<Utc>>,
    withdrawn_at: Option<DateTime<Utc>>,
    resolved_at: Option<DateTime<Utc>>,
    closed_at: Option<DateTime<Utc>>,
    called_back_at: Option<DateTime<Utc>>,
    is_satisfied: bool,
    is_late: bool,
    late_at: Option<DateTime<Utc>>,
    missed: &'a BTreeMap<String, DateTime<Utc>>,
    is_late_restated: bool,
    keep_until: Option<&'a str>,
    excluded: Vec<&'a String>,
    watchers: Vec<&'a String>,
    view: &'a CaseView,
    entries: i32,
    version: i64,
}

/// Writes all cases in one statement.
pub(crate) async fn save(conn: &mut PgConnection, cases: &BTreeMap<CaseId, Case>) -> Result<()> {
    if cases.is_empty() {
        return Ok(());
    }
    let rows: Vec<Json<Saved<'_>>> = cases.iter().map(|(id, c)| saved(*id, c).map(Json)).collect::<Result<_>>()?;
    sqlx::query(
        "INSERT INTO cases
         SELECT r.* FROM UNNEST($1::jsonb[]) AS u (body), jsonb_populate_record(NULL::cases, u.body) AS r
         ON CONFLICT (case_id) DO UPDATE SET
             regime_id = EXCLUDED.regime_id, regime_version = EXCLUDED.regime_version,
             handling_unit_id = EXCLUDED.handling_unit_id, handler = EXCLUDED.handler, kind = EXCLUDED.kind,
             category = EXCLUDED.category, severity = EXCLUDED.severity, validity = EXCLUDED.validity,
             stage = EXCLUDED.stage, is_open = EXCLUDED.is_open, accepted_at = EXCLUDED.accepted_at,
             declined_at = EXCLUDED.declined_at, withdrawn_at = EXCLUDED.withdrawn_at,
             resolved_at = EXCLUDED.resolved_at, closed_at = EXCLUDED.closed_at,
             called_back_at = EXCLUDED.called_back_at, is_satisfied = EXCLUDED.is_satisfied, is_late = EXCLUDED.is_late,
             late_at = EXCLUDED.late_at, missed = EXCLUDED.missed, is_late_restated = EXCLUDED.is_late_restated,
             keep_until = EXCLUDED.keep_until, excluded = EXCLUDED.excluded, watchers = EXCLUDED.watchers,
             view = EXCLUDED.view, entries = EXCLUDED.entries, version = EXCLUDED.version",
    )
    .bind(rows)
    .execute(conn)
    .await?;
    Ok(())
}

fn saved(id: CaseId, case: &Case) -> Result<Saved<'_>> {
    let (view, marks) = (&case.view, &case.marks);
    Ok(Saved {
        case_id: id.uuid(),
        number: &view.number,
        unit_id: &view.unit_id,
        handling_unit_id: view.handling_unit_id.as_deref(),
        handler: view.handler.as_deref(),
        regime_id: &view.regime_id,
        regime_version: view.regime_version,
        kind: &view.kind,
        category: &view.category,
        severity: &view.severity,
        channel: &view.channel,
        validity: &view.validity,
        stage: view.stage().word(),
        is_open: view.is_open(),
        received_at: view.received_at,
        accepted_at: case.first("case-accepted"),
        declined_at: case.first("case-declined"),
        withdrawn_at: case.first("case-withdrawn"),
        resolved_at: case.first("case-resolved"),
        closed_at: case.first("case-closed"),
        called_back_at: marks.called_back_at,
        is_satisfied: marks.is_satisfied,
        is_late: case.is_late(),
        late_at: marks.late_at,
        missed: &marks.missed,
        is_late_restated: case.is_late_restated(),
        keep_until: marks.keep_until.as_deref(),
        excluded: view.excluded.iter().collect(),
        watchers: view.watchers.iter().collect(),
        view,
        entries: i32::try_from(case.entries).map_err(out_of_range)?,
        version: i64::try_from(case.version).map_err(out_of_range)?,
    })
}

fn case(row: Row) -> Result<(CaseId, Case)> {
    let marks = Marks {
        called_back_at: row.called_back_at,
        is_satisfied: row.is_satisfied,
        late_at: row.late_at,
        missed: row.missed.0,
        keep_until: row.keep_until,
    };
    let version = u64::try_from(row.version).map_err(out_of_range)?;
    let entries = usize::try_from(row.entries).map_err(out_of_range)?;
    Ok((CaseId::new(row.case_id), Case { view: row.view.0, marks, entries, version }))
}

/// Those of the cases from which this person is excluded.
pub(crate) async fn excluding(pool: &PgPool, staff: &str, cases: &[CaseId]) -> Result<BTreeSet<CaseId>> {
    let found: Vec<Uuid> =
        sqlx::query_scalar("SELECT case_id FROM cases WHERE case_id = ANY($1) AND $2 = ANY(excluded)")
            .bind(cases.iter().map(|id| id.uuid()).collect::<Vec<_>>())
            .bind(staff)
            .fetch_all(pool)
            .await?;
    Ok(found.into_iter().map(CaseId::new).collect())
}
