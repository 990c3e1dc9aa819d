//! The table of notices, as the sender works through it: claim, hand over, settle.

use super::{cases, notices};
use crate::domain::{Kind, Outcome, Owed, Params, Sendable};
use chrono::{DateTime, TimeDelta, Utc};
use kit_db::{Error, Result};
use kit_ids::{CaseId, NoticeId};
use sqlx::{PgConnection, PgPool, types::Json};
use std::collections::BTreeMap;
use uuid::Uuid;

/// How many notices one claim takes.
const BATCH: i64 = 50;
/// How long a claim holds; longer than all attempts of a batch may take.
const LEASE: TimeDelta = TimeDelta::minutes(15);

/// A notice as events name it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(crate) struct Named {
    pub(crate) notice_id: Uuid,
    pub(crate) case_id: Option<Uuid>,
    pub(crate) recipient: String,
    pub(crate) template: String,
    pub(crate) dedupe_key: String,
    pub(crate) owed: Option<Json<Owed>>,
}

#[derive(sqlx::FromRow)]
struct Claimed {
    notice_id: Uuid,
    case_id: Option<Uuid>,
    regime_id: Option<String>,
    regime_version: Option<i32>,
    dedupe_key: String,
    recipient_kind: String,
    recipient: String,
    staff_id: Option<String>,
    template: String,
    params: Json<Params>,
    parts: Json<BTreeMap<String, String>>,
    done: String,
    document: String,
    cite: String,
    owed: Option<Json<Owed>>,
    attempts: i32,
}

/// Takes notices that are due, for this sender alone.
pub(crate) async fn claim(conn: &mut PgConnection, now: DateTime<Utc>) -> Result<Vec<Sendable>> {
    let rows: Vec<Claimed> = sqlx::query_as(
        "WITH due AS (
             SELECT notice_id FROM notices WHERE state = 'queued' AND next_at <= $1
             ORDER BY next_at LIMIT $3 FOR UPDATE SKIP LOCKED
         )
         UPDATE notices n
         SET state = 'sending', phase = 'before_dot', attempts = attempts + 1, lease_until = $2, changed_at = $1
         FROM due WHERE n.notice_id = due.notice_id
         RETURNING n.notice_id, n.case_id, n.regime_id, n.regime_version, n.dedupe_key, n.recipient_kind, n.recipient, n.staff_id, n.template, n.params,
                   n.parts, n.done, n.document, n.cite, n.owed, n.attempts",
    )
    .bind(now)
    .bind(now + LEASE)
    .bind(BATCH)
    .fetch_all(&mut *conn)
    .await?;
    let ids: Vec<CaseId> = rows.iter().filter_map(|r| r.case_id).map(CaseId::new).collect();
    let cases = cases::list(conn, &ids).await?;
    rows.into_iter()
        .map(|row| {
            let about = match row.case_id.map(CaseId::new) {
                Some(id) => {
                    let case = cases.get(&id).cloned().ok_or_else(|| Error::Corrupt(format!("no row of {id}")))?;
                    Some((id, Box::new(case)))
                }
                None => None,
            };
            let view = about.as_ref().map(|(_, case)| &case.view);
            let regime = notices::words_of(row.regime_id, row.regime_version, view);
            Ok(Sendable {
                notice_id: NoticeId::new(row.notice_id),
                dedupe_key: row.dedupe_key,
                kind: Kind::of(&row.recipient_kind)
                    .ok_or_else(|| Error::Corrupt(format!("a notice to a {}", row.recipient_kind)))?,
                staff_id: row.staff_id,
                recipient: row.recipient,
                template: row.template,
                params: row.params.0,
                parts: row.parts.0,
                done: row.done,
                document: row.document,
                cite: row.cite,
                owed: row.owed.map(|owed| owed.0),
                attempt: row.attempts,
                about,
                regime,
            })
        })
        .collect()
}

/// Records that from now on the message may have been taken. False when the claim is not ours any more.
pub(crate) async fn hand_over(pool: &PgPool, notice: &Sendable, now: DateTime<Utc>) -> Result<bool> {
    let done = sqlx::query(
        "UPDATE notices SET phase = 'dot_sent', changed_at = $3
         WHERE notice_id = $1 AND state = 'sending' AND attempts = $2 AND lease_until > $3",
    )
    .bind(notice.notice_id.uuid())
    .bind(notice.attempt)
    .bind(now)
    .execute(pool)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Writes what came of an attempt, and when the next is due. False when the claim is not ours any more.
pub(crate) async fn settle(
    conn: &mut PgConnection,
    notice: &Sendable,
    outcome: &Outcome,
    next_at: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> Result<bool> {
    let (state, reason) = match outcome {
        Outcome::Sent => ("sent", ""),
        Outcome::Failed { reason } => ("failed", reason.as_str()),
        Outcome::Later { reason } if next_at.is_some() => ("queued", reason.as_str()),
        Outcome::Later { reason } => ("failed", reason.as_str()),
        Outcome::Unknown => ("unknown", ""),
        Outcome::Dropped { reason } => ("dropped", *reason),
    };
    let done = sqlx::query(
        "UPDATE notices SET state = $3, reason = $4, next_at = COALESCE($5, next_at), lease_until = NULL, changed_at = $6
         WHERE notice_id = $1 AND state = 'sending' AND attempts = $2",
    )
    .bind(notice.notice_id.uuid())
    .bind(notice.attempt)
    .bind(state)
    .bind(reason)
    .bind(next_at)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Settles what a sender left behind when it died: what was not handed over is queued again; what was is unknown, and
/// is given back so that it can be said.
pub(crate) async fn abandoned(conn: &mut PgConnection, now: DateTime<Utc>) -> Result<Vec<Named>> {
    sqlx::query(
        "UPDATE notices SET state = 'queued', lease_until = NULL, changed_at = $1
         WHERE state = 'sending' AND phase = 'before_dot' AND lease_until <= $1",
    )
    .bind(now)
    .execute(&mut *conn)
    .await?;
    let rows = sqlx::query_as(
        "UPDATE notices SET state = 'unknown', lease_until = NULL, changed_at = $1
         WHERE state = 'sending' AND phase = 'dot_sent' AND lease_until <= $1
         RETURNING notice_id, case_id, recipient, template, dedupe_key, owed",
    )
    .bind(now)
    .fetch_all(conn)
    .await?;
    Ok(rows)
}

/// When the next notice is due, if any waits; what is claimed counts by the end of its lease.
pub(crate) async fn next_due(pool: &PgPool) -> Result<Option<DateTime<Utc>>> {
    let next = sqlx::query_scalar(
        "SELECT LEAST((SELECT min(next_at) FROM notices WHERE state = 'queued'),
                      (SELECT min(lease_until) FROM notices WHERE state = 'sending'))",
    )
    .fetch_one(pool)
    .await?;
    Ok(next)
}
