//! `cases`: the view of each case.

use facts::CaseView;
use kit_core::Problem;
use kit_db::Result;
use sqlx::{PgConnection, PgExecutor, types::Json};
use std::collections::HashMap;
use uuid::Uuid;

/// A row of `cases`.
#[derive(Clone, sqlx::FromRow)]
pub(crate) struct CaseRow {
    pub(crate) case_id: Uuid,
    pub(crate) number: String,
    pub(crate) language: String,
    pub(crate) view: Json<CaseView>,
}

/// The case, without a lock.
pub(crate) async fn find(db: impl PgExecutor<'_>, case: Uuid) -> Result<Option<CaseRow>> {
    Ok(sqlx::query_as("SELECT case_id, number, language, view FROM cases WHERE case_id = $1")
        .bind(case)
        .fetch_optional(db)
        .await?)
}

/// The case that one is told of, or the refusal that says nothing.
pub(crate) async fn get(db: impl PgExecutor<'_>, case: Uuid) -> Result<CaseRow> {
    find(db, case).await?.ok_or_else(|| Problem::unknown_case().into())
}

/// These cases, without locks.
pub(crate) async fn list(db: impl PgExecutor<'_>, cases: &[Uuid]) -> Result<Vec<CaseRow>> {
    Ok(sqlx::query_as("SELECT case_id, number, language, view FROM cases WHERE case_id = ANY($1)")
        .bind(cases)
        .fetch_all(db)
        .await?)
}

/// All cases of the submission of this one, itself among them, in the order of their numbers.
pub(crate) async fn of_submission(db: impl PgExecutor<'_>, case: Uuid) -> Result<Vec<CaseRow>> {
    Ok(sqlx::query_as(
        "SELECT c.case_id, c.number, c.language, c.view
         FROM submissions one JOIN submissions s USING (submission_id) JOIN cases c ON c.case_id = s.case_id
         WHERE one.case_id = $1 ORDER BY c.number, c.case_id",
    )
    .bind(case)
    .fetch_all(db)
    .await?)
}

/// The submission that the case came of.
pub(crate) async fn submission(db: impl PgExecutor<'_>, case: Uuid) -> Result<Option<Uuid>> {
    let found = sqlx::query_scalar("SELECT submission_id FROM submissions WHERE case_id = $1");
    Ok(found.bind(case).fetch_optional(db).await?)
}

/// The numbers of these cases.
pub(crate) async fn numbers(db: impl PgExecutor<'_>, cases: &[Uuid]) -> Result<HashMap<Uuid, String>> {
    let rows: Vec<(Uuid, String)> =
        sqlx::query_as("SELECT case_id, number FROM cases WHERE case_id = ANY($1)").bind(cases).fetch_all(db).await?;
    Ok(rows.into_iter().collect())
}

/// Locks the cases, always in the same order, and answers those that are here.
pub(crate) async fn lock(db: &mut PgConnection, cases: &[Uuid]) -> Result<Vec<CaseRow>> {
    Ok(sqlx::query_as(
        "SELECT case_id, number, language, view FROM cases WHERE case_id = ANY($1) ORDER BY case_id FOR UPDATE",
    )
    .bind(cases)
    .fetch_all(db)
    .await?)
}

/// Saves the views of locked cases, all in one statement.
pub(crate) async fn save(db: &mut PgConnection, rows: &[CaseRow]) -> Result<()> {
    let ids: Vec<Uuid> = rows.iter().map(|row| row.case_id).collect();
    let views: Vec<&Json<CaseView>> = rows.iter().map(|row| &row.view).collect();
    sqlx::query(
        "UPDATE cases c SET view = n.view, version = c.version + 1
         FROM UNNEST($1::uuid[], $2::jsonb[]) AS n (case_id, view) WHERE c.case_id = n.case_id",
    )
    .bind(ids)
    .bind(views)
    .execute(db)
    .await?;
    Ok(())
}
