//! Lists of cases, page by page, of what one person may know.

use chrono::{DateTime, Utc};
use kit_db::Result;
use kit_grpc::page::After;
use sqlx::PgPool;
use uuid::Uuid;

/// One case of a list.
#[derive(sqlx::FromRow)]
pub(crate) struct Row {
    pub(crate) case_id: Uuid,
    pub(crate) number: String,
    pub(crate) unit_id: String,
    pub(crate) kind: String,
    pub(crate) severity: String,
    pub(crate) stage: String,
    pub(crate) received_at: DateTime<Utc>,
    pub(crate) closed_at: Option<DateTime<Utc>>,
}

/// Units whose cases under one version of a regime a person may know of, as three columns of equal length.
#[derive(Clone, Debug, Default)]
pub(crate) struct Scope {
    pub(crate) regimes: Vec<String>,
    pub(crate) versions: Vec<i32>,
    pub(crate) units: Vec<String>,
}

/// What is asked for; empty texts ask for everything.
#[derive(Clone, Debug, Default)]
pub(crate) struct Asked {
    /// The units whose cases are asked for; none for all.
    pub(crate) units: Option<Vec<String>>,
    pub(crate) is_open: Option<bool>,
    pub(crate) severity: String,
    pub(crate) search: String,
    pub(crate) after: Option<After>,
    pub(crate) limit: i64,
}

/// Cases that `staff` may know of, newest first.
pub(crate) async fn list(pool: &PgPool, staff: &str, scope: &Scope, asked: &Asked) -> Result<Vec<Row>> {
    let rows = sqlx::query_as(
        "SELECT c.case_id, c.number, c.unit_id, c.kind, c.severity, c.stage, c.received_at, c.closed_at
         FROM cases c
         WHERE NOT $1 = ANY(c.excluded)
           AND (c.handler = $1 OR $1 = ANY(c.watchers)
                OR EXISTS (SELECT 1 FROM UNNEST($2::text[], $3::integer[], $4::text[]) AS s (regime_id, version, unit_id)
                           WHERE s.regime_id = c.regime_id AND s.version = c.regime_version
                             AND s.unit_id IN (c.unit_id, c.handling_unit_id)))
           AND ($5::text[] IS NULL OR c.unit_id = ANY($5) OR c.handling_unit_id = ANY($5))
           AND ($6::boolean IS NULL OR c.is_open = $6)
           AND ($7 = '' OR c.severity = $7)
           AND ($8 = '' OR strpos(lower(c.number), lower($8)) > 0)
           AND ($9::timestamptz IS NULL OR (c.received_at, c.case_id) < ($9, $10::uuid))
         ORDER BY c.received_at DESC, c.case_id DESC LIMIT $11",
    )
    .bind(staff)
    .bind(&scope.regimes)
    .bind(&scope.versions)
    .bind(&scope.units)
    .bind(&asked.units)
    .bind(asked.is_open)
    .bind(&asked.severity)
    .bind(&asked.search)
    .bind(asked.after.map(|after| after.at))
    .bind(asked.after.map(|after| after.id))
    .bind(asked.limit)
    .fetch_all(pool)
    .await?;
    Ok(rows)
}
