//! `case_keys`, `sealed` and `vault_check`: wrapped keys and sealed bodies. Nothing here can open them.

use crate::domain::vault::{Purpose, Sealed};
use chrono::{DateTime, Utc};
use kit_db::Result;
use sqlx::{PgConnection, PgExecutor};
use uuid::Uuid;

/// A row of `sealed`.
#[derive(sqlx::FromRow)]
pub(crate) struct SealedRow {
    pub(crate) ref_id: Uuid,
    pub(crate) field: String,
    pub(crate) version: i32,
    pub(crate) nonce: Vec<u8>,
    pub(crate) body: Vec<u8>,
    pub(crate) at: DateTime<Utc>,
}

/// The wrapped key of a case, unless it was destroyed.
pub(crate) async fn wrapped_key(db: impl PgExecutor<'_>, case: Uuid, purpose: Purpose) -> Result<Option<Vec<u8>>> {
    Ok(sqlx::query_scalar("SELECT wrapped FROM case_keys WHERE case_id = $1 AND purpose = $2")
        .bind(case)
        .bind(purpose.word())
        .fetch_optional(db)
        .await?)
}

/// Stores one sealed text.
pub(crate) async fn insert(
    db: &mut PgConnection,
    case: Uuid,
    purpose: Purpose,
    row: (Uuid, &str, Sealed),
    at: DateTime<Utc>,
) -> Result<()> {
    let (ref_id, field, sealed) = row;
    sqlx::query(
        "INSERT INTO sealed (ref_id, case_id, purpose, field, version, nonce, body, at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(ref_id)
    .bind(case)
    .bind(purpose.word())
    .bind(field)
    .bind(crate::domain::vault::VERSION)
    .bind(sealed.nonce)
    .bind(sealed.body)
    .bind(at)
    .execute(db)
    .await?;
    Ok(())
}

/// The texts of a case by reference, oldest first; only of its content, never of an identity.
pub(crate) async fn texts(db: impl PgExecutor<'_>, case: Uuid, refs: &[Uuid]) -> Result<Vec<SealedRow>> {
    Ok(sqlx::query_as(
        "SELECT ref_id, field, version, nonce, body, at FROM sealed
         WHERE case_id = $1 AND purpose = 'content' AND ref_id = ANY($2) ORDER BY at, ref_id",
    )
    .bind(case)
    .bind(refs)
    .fetch_all(db)
    .await?)
}

/// The fields of the form, beside subject and narrative, that the complainant filled about the matter.
const FORM: &[&str] = &[
    "respondent-name",
    "respondent-address",
    "respondent-contact",
    "place",
    "time",
    "persons",
    "evidence",
    "request",
    "reasons",
    "channel-used",
];

/// One text of the content, by the name of its field.
pub(crate) async fn content(db: impl PgExecutor<'_>, case: Uuid, field: &str) -> Result<Option<SealedRow>> {
    Ok(sqlx::query_as(
        "SELECT ref_id, field, version, nonce, body, at FROM sealed
         WHERE case_id = $1 AND purpose = 'content' AND field = $2 ORDER BY at DESC LIMIT 1",
    )
    .bind(case)
    .bind(field)
    .fetch_optional(db)
    .await?)
}

/// What the complainant said: the subject, the narrative, the form, and every supplement, oldest first.
pub(crate) async fn told_by_complainant(db: impl PgExecutor<'_>, case: Uuid) -> Result<Vec<SealedRow>> {
    Ok(sqlx::query_as(
        "SELECT ref_id, field, version, nonce, body, at FROM sealed
         WHERE case_id = $1 AND purpose = 'content'
             AND (field IN ('subject', 'narrative', 'supplement', 'chase', 'reasons-of-appeal', 'request-of-appeal',
                            'rating') OR field = ANY ($2))
         ORDER BY field NOT IN ('subject', 'narrative') AND field <> ALL ($2), field <> 'subject', field <> 'narrative',
             at, ref_id",
    )
    .bind(case)
    .bind(FORM)
    .fetch_all(db)
    .await?)
}

/// Everything that was said of who it is.
pub(crate) async fn identities(db: impl PgExecutor<'_>, case: Uuid) -> Result<Vec<SealedRow>> {
    Ok(sqlx::query_as(
        "SELECT ref_id, field, version, nonce, body, at FROM sealed
         WHERE case_id = $1 AND purpose = 'identity' ORDER BY field, version",
    )
    .bind(case)
    .fetch_all(db)
    .await?)
}

/// One identity field, if it was given.
pub(crate) async fn identity(db: impl PgExecutor<'_>, case: Uuid, field: &str) -> Result<Option<SealedRow>> {
    Ok(sqlx::query_as(
        "SELECT ref_id, field, version, nonce, body, at FROM sealed
         WHERE case_id = $1 AND purpose = 'identity' AND field = $2 ORDER BY version DESC LIMIT 1",
    )
    .bind(case)
    .bind(field)
    .fetch_optional(db)
    .await?)
}

/// The names of the identity fields that were given and can still be opened.
pub(crate) async fn identity_fields(db: impl PgExecutor<'_>, case: Uuid) -> Result<Vec<String>> {
    Ok(sqlx::query_scalar(
        "SELECT DISTINCT s.field FROM sealed s JOIN case_keys k USING (case_id, purpose)
         WHERE s.case_id = $1 AND s.purpose = 'identity' ORDER BY s.field",
    )
    .bind(case)
    .fetch_all(db)
    .await?)
}

/// Destroys the keys of a case, and with them everything that was sealed under them; the sealed bytes and the digests of
/// who it was go too. The case, its number and its course stay.
pub(crate) async fn destroy(db: &mut PgConnection, case: Uuid) -> Result<()> {
    for table in ["case_keys", "sealed", "files", "likeness"] {
        let sql = sqlx::AssertSqlSafe(format!("DELETE FROM {table} WHERE case_id = $1"));
        sqlx::query(sql).bind(case).execute(&mut *db).await?;
    }
    Ok(())
}

/// The row that only the right key opens, put there by the first start.
#[derive(sqlx::FromRow)]
pub(crate) struct Check {
    pub(crate) sealed: Vec<u8>,
    pub(crate) argon_kib: i32,
    pub(crate) argon_passes: i32,
}

/// Stores the check unless one is there, and answers the one that is there.
pub(crate) async fn check(db: &mut PgConnection, mine: &Check) -> Result<Check> {
    sqlx::query("INSERT INTO vault_check (sealed, argon_kib, argon_passes) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING")
        .bind(&mine.sealed)
        .bind(mine.argon_kib)
        .bind(mine.argon_passes)
        .execute(&mut *db)
        .await?;
    Ok(sqlx::query_as("SELECT sealed, argon_kib, argon_passes FROM vault_check").fetch_one(db).await?)
}
