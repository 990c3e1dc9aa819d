//! The table of notices, as plans fill it and people read it.

use crate::domain::{Params, PlannedNotice};
use chrono::{DateTime, Utc};
use kit_db::Result;
use kit_ids::{CaseId, NoticeId};
use sqlx::{PgConnection, PgPool, types::Json};
use uuid::Uuid;

/// Queues the notices that are not there yet, in one statement.
pub(crate) async fn insert(
    conn: &mut PgConnection,
    notices: &[(NoticeId, CaseId, PlannedNotice)],
    now: DateTime<Utc>,
) -> Result<()> {
    if notices.is_empty() {
        return Ok(());
    }
    let ids: Vec<Uuid> = notices.iter().map(|(id, ..)| id.uuid()).collect();
    let cases: Vec<Uuid> = notices.iter().map(|(_, case, _)| case.uuid()).collect();
    let keys: Vec<&str> = notices.iter().map(|(.., n)| n.dedupe_key.as_str()).collect();
    let recipients: Vec<&str> = notices.iter().map(|(.., n)| n.recipient.as_str()).collect();
    let staff: Vec<Option<&str>> = notices.iter().map(|(.., n)| n.staff_id.as_deref()).collect();
    let templates: Vec<&str> = notices.iter().map(|(.., n)| n.template.as_str()).collect();
    let params: Vec<Json<&Params>> = notices.iter().map(|(.., n)| Json(&n.params)).collect();
    sqlx::query(
        "INSERT INTO notices (notice_id, case_id, dedupe_key, way, recipient_kind, recipient, staff_id, template, params,
                              state, next_at, created_at, changed_at)
         SELECT notice_id, case_id, dedupe_key, 'email', CASE WHEN staff_id IS NULL THEN 'complainant' ELSE 'staff' END,
                recipient, staff_id, template, params, 'queued', $8, $8, $8
         FROM UNNEST($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::jsonb[])
             AS u (notice_id, case_id, dedupe_key, recipient, staff_id, template, params)
         ON CONFLICT (dedupe_key) DO NOTHING",
    )
    .bind(ids)
    .bind(cases)
    .bind(keys)
    .bind(recipients)
    .bind(staff)
    .bind(templates)
    .bind(params)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}

/// One notice as people see it.
#[derive(sqlx::FromRow)]
pub(crate) struct Delivery {
    pub(crate) notice_id: Uuid,
    pub(crate) way: String,
    pub(crate) recipient: String,
    pub(crate) template: String,
    pub(crate) state: String,
    pub(crate) changed_at: DateTime<Utc>,
}

/// The notices of a case, oldest first; one that had nobody to go to is not shown.
pub(crate) async fn list(pool: &PgPool, case: CaseId) -> Result<Vec<Delivery>> {
    let rows = sqlx::query_as(
        "SELECT notice_id, way, recipient, template, state, changed_at FROM notices
         WHERE case_id = $1 AND state <> 'dropped' ORDER BY created_at, notice_id",
    )
    .bind(case.uuid())
    .fetch_all(pool)
    .await?;
    Ok(rows)
}
