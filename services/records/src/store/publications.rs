//! The table of what the public is shown.

use crate::domain::publicity::Shown;
use chrono::{DateTime, Utc};
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

/// One case as the public is shown it.
#[derive(sqlx::FromRow)]
pub(crate) struct Published {
    pub(crate) case_id: Uuid,
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
        "SELECT case_id, unit_id, texts, at FROM publications
         WHERE state = 'published' AND ($1::text[] IS NULL OR unit_id = ANY($1))
           AND ($2::timestamptz IS NULL OR (at, case_id) < ($2, $3::uuid))
         ORDER BY at DESC, case_id DESC LIMIT $4",
    )
    .bind(units)
    .bind(after.map(|after| after.at))
    .bind(after.map(|after| after.id))
    .bind(limit)
    .fetch_all(pool)
    .await?;
    Ok(rows)
}
