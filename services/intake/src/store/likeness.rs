//! `likeness`: cases of the same people, found by keyed digests.

use kit_db::Result;
use sqlx::PgExecutor;
use uuid::Uuid;

/// The most cases that are looked at; somebody who complained oftener is found by the latest of them.
const MOST: i64 = 50;

/// Other cases that share a digest with this one: (case, sort).
pub(crate) async fn alike(db: impl PgExecutor<'_>, case: Uuid) -> Result<Vec<(Uuid, String)>> {
    Ok(sqlx::query_as(
        "SELECT DISTINCT o.case_id, o.sort
         FROM likeness l JOIN likeness o ON o.digest = l.digest AND o.sort = l.sort AND o.case_id <> l.case_id
         WHERE l.case_id = $1 ORDER BY o.case_id DESC LIMIT $2",
    )
    .bind(case)
    .bind(MOST)
    .fetch_all(db)
    .await?)
}

/// Whose digests are kept.
const SORTS: [&str; 2] = ["complainant", "respondent"];

/// The digests of a case: (sort, digest).
pub(crate) async fn of(db: impl PgExecutor<'_>, case: Uuid) -> Result<Vec<(&'static str, Vec<u8>)>> {
    let rows: Vec<(String, Vec<u8>)> =
        sqlx::query_as("SELECT sort, digest FROM likeness WHERE case_id = $1 ORDER BY sort, digest")
            .bind(case)
            .fetch_all(db)
            .await?;
    let sort = |sort: String| SORTS.into_iter().find(|known| *known == sort);
    Ok(rows.into_iter().filter_map(|(of, digest)| Some((sort(of)?, digest))).collect())
}
