//! The tables of what the public is shown, and what waits to be shown.

use super::lists::Scope;
use crate::domain::publicity::Shown;
use chrono::{DateTime, Utc};
use facts::CaseView;
use kit_db::Result;
use kit_grpc::page::After;
use kit_ids::CaseId;
use sqlx::{PgConnection, PgExecutor, PgPool, types::Json};
use uuid::Uuid;

/// `published` or `withheld`; none while nobody decided.
pub(crate) async fn state<'e>(executor: impl PgExecutor<'e>, case: CaseId) -> Result<Option<String>> {
    let state = sqlx::query_scalar("SELECT state FROM publications WHERE case_id = $1")
        .bind(case.uuid())
        .fetch_optional(executor)
        .await?;
    Ok(state)
}

/// Writes what was decided. The case is under lock.
pub(crate) async fn put(
    conn: &mut PgConnection,
    case: CaseId,
    unit: &str,
    state: &str,
    texts: &[Shown],
    at: DateTime<Utc>,
) -> Result<()> {
    sqlx::query(
        "INSERT INTO publications (case_id, unit_id, state, texts, at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (case_id) DO UPDATE SET state = EXCLUDED.state, texts = EXCLUDED.texts, at = EXCLUDED.at",
    )
    .bind(case.uuid())
    .bind(unit)
    .bind(state)
    .bind(Json(texts))
    .bind(at)
    .execute(conn)
    .await?;
    Ok(())
}

/// Whether the figures of a duty are shown.
pub(crate) async fn has_figures<'e>(executor: impl PgExecutor<'e>, duty: Uuid) -> Result<bool> {
    let found: Option<i32> = sqlx::query_scalar("SELECT 1 FROM published_figures WHERE duty_id = $1")
        .bind(duty)
        .fetch_optional(executor)
        .await?;
    Ok(found.is_some())
}

/// Shows the figures of a duty, which is under lock.
pub(crate) async fn put_figures(
    conn: &mut PgConnection,
    duty: Uuid,
    unit: &str,
    texts: &[Shown],
    at: DateTime<Utc>,
) -> Result<()> {
    sqlx::query("INSERT INTO published_figures (duty_id, unit_id, texts, at) VALUES ($1, $2, $3, $4)")
        .bind(duty)
        .bind(unit)
        .bind(Json(texts))
        .bind(at)
        .execute(conn)
        .await?;
    Ok(())
}

/// A case with a result, of which nobody has decided whether the public is shown it.
#[derive(sqlx::FromRow)]
pub(crate) struct Waiting {
    pub(crate) case_id: Uuid,
    pub(crate) resolved_at: DateTime<Utc>,
    pub(crate) view: Json<CaseView>,
}

/// Those that `staff` may know of, the newest first; of every unit where none is named.
pub(crate) async fn waiting(
    pool: &PgPool,
    staff: &str,
    regimes: &[(String, i32)],
    scope: &Scope,
    units: Option<Vec<String>>,
    (after, limit): (Option<After>, i64),
) -> Result<Vec<Waiting>> {
    let rows = sqlx::query_as(
        "SELECT c.case_id, c.resolved_at, c.view
         FROM cases c
         JOIN UNNEST($2::text[], $3::integer[]) AS r (regime_id, version)
              ON r.regime_id = c.regime_id AND r.version = c.regime_version
         WHERE c.resolved_at IS NOT NULL AND c.stage IN ('resolved', 'closed') AND NOT $1 = ANY(c.excluded)
           AND NOT EXISTS (SELECT 1 FROM publications p WHERE p.case_id = c.case_id)
           AND (c.handler = $1 OR $1 = ANY(c.watchers)
                OR EXISTS (SELECT 1 FROM UNNEST($4::text[], $5::integer[], $6::text[]) AS s (regime_id, version, unit_id)
                           WHERE s.regime_id = c.regime_id AND s.version = c.regime_version
                             AND s.unit_id IN (c.unit_id, c.handling_unit_id)))
           AND ($7::text[] IS NULL OR c.unit_id = ANY($7) OR c.handling_unit_id = ANY($7))
           AND ($8::timestamptz IS NULL OR (c.resolved_at, c.case_id) < ($8, $9::uuid))
         ORDER BY c.resolved_at DESC, c.case_id DESC LIMIT $10",
    )
    .bind(staff)
    .bind(regimes.iter().map(|(id, _)| id.clone()).collect::<Vec<_>>())
    .bind(regimes.iter().map(|(_, version)| *version).collect::<Vec<_>>())
    .bind(&scope.regimes)
    .bind(&scope.versions)
    .bind(&scope.units)
    .bind(units)
    .bind(after.map(|after| after.at))
    .bind(after.map(|after| after.id))
    .bind(limit)
    .fetch_all(pool)
    .await?;
    Ok(rows)
}

/// One case, or the figures of one duty, as the public is shown it.
#[derive(sqlx::FromRow)]
pub(crate) struct Published {
    pub(crate) id: Uuid,
    pub(crate) unit_id: String,
    pub(crate) texts: Json<Vec<Shown>>,
    pub(crate) at: DateTime<Utc>,
}

/// Those of the units, newest first; of every unit where none is named.
pub(crate) async fn list(
    pool: &PgPool,
    units: Option<Vec<String>>,
    after: Option<After>,
    limit: i64,
) -> Result<Vec<Published>> {
    let rows = sqlx::query_as(
        "SELECT id, unit_id, texts, at
         FROM (SELECT case_id AS id, unit_id, texts, at FROM publications WHERE state = 'published'
               UNION ALL SELECT duty_id, unit_id, texts, at FROM published_figures) AS shown
         WHERE ($1::text[] IS NULL OR unit_id = ANY($1)) AND ($2::timestamptz IS NULL OR (at, id) < ($2, $3::uuid))
         ORDER BY at DESC, id DESC LIMIT $4",
    )
    .bind(units)
    .bind(after.map(|after| after.at))
    .bind(after.map(|after| after.id))
    .bind(limit)
    .fetch_all(pool)
    .await?;
    Ok(rows)
}
