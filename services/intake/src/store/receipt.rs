//! `receipts` and `receipt_waiting`: from a code to its case, and from the quick key of a code to its slow one.

use crate::store::case::CaseRow;
use chrono::{DateTime, Utc};
use kit_db::Result;
use sqlx::{PgExecutor, PgPool};
use uuid::Uuid;

/// Both keys of a code.
pub(crate) struct Keys {
    pub(crate) lookup: Vec<u8>,
    pub(crate) quick: Vec<u8>,
}

/// The case that a code opens. Both tables are asked in one statement, found or not: a code moves from one to the other
/// while people use it, and the time tells nothing.
pub(crate) async fn case(db: impl PgExecutor<'_>, keys: &Keys) -> Result<Option<CaseRow>> {
    Ok(sqlx::query_as(
        "SELECT c.case_id, c.number, c.language, c.view
         FROM (SELECT 1 AS rank, case_id FROM receipts WHERE lookup = $1
               UNION ALL SELECT 2, case_id FROM receipt_waiting WHERE quick = $2) r
         JOIN cases c USING (case_id) ORDER BY r.rank LIMIT 1",
    )
    .bind(&keys.lookup)
    .bind(&keys.quick)
    .fetch_optional(db)
    .await?)
}

/// A code that waits for its slow hash.
#[derive(sqlx::FromRow)]
pub(crate) struct Waiting {
    pub(crate) case_id: Uuid,
    pub(crate) sealed: Vec<u8>,
}

/// Takes the oldest free codes until `until`. What nobody settles by then is free again.
pub(crate) async fn claim(db: &PgPool, now: DateTime<Utc>, until: DateTime<Utc>, limit: i64) -> Result<Vec<Waiting>> {
    Ok(sqlx::query_as(
        "WITH mine AS MATERIALIZED (
             SELECT case_id FROM receipt_waiting WHERE free_at <= $1
             ORDER BY free_at, case_id LIMIT $3 FOR UPDATE SKIP LOCKED
         )
         UPDATE receipt_waiting w SET free_at = $2 FROM mine WHERE w.case_id = mine.case_id
         RETURNING w.case_id, w.sealed",
    )
    .bind(now)
    .bind(until)
    .bind(limit)
    .fetch_all(db)
    .await?)
}

/// What became of derived codes.
#[derive(sqlx::FromRow)]
pub(crate) struct Settled {
    /// Those that were still waiting.
    pub(crate) taken: i64,
    /// Those whose key was free.
    pub(crate) kept: i64,
}

/// Moves derived codes to `receipts`, in one statement: whoever deletes the waiting row writes the other one, so that
/// a code derived by two is kept once.
pub(crate) async fn settle(db: &PgPool, cases: &[Uuid], lookups: &[Vec<u8>]) -> Result<Settled> {
    Ok(sqlx::query_as(
        "WITH taken AS (
             DELETE FROM receipt_waiting WHERE case_id = ANY($1) RETURNING case_id
         ), kept AS (
             INSERT INTO receipts (lookup, case_id)
             SELECT n.lookup, n.case_id FROM UNNEST($1::uuid[], $2::bytea[]) AS n (case_id, lookup)
             JOIN taken USING (case_id)
             ON CONFLICT (lookup) DO NOTHING RETURNING case_id
         )
         SELECT (SELECT count(*) FROM taken) AS taken, (SELECT count(*) FROM kept) AS kept",
    )
    .bind(cases)
    .bind(lookups)
    .fetch_one(db)
    .await?)
}
