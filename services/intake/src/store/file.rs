//! `files`: sealed files. Nothing here can open them.

use crate::domain::vault::{Sealed, VERSION};
use kit_db::Result;
use sqlx::{PgConnection, PgExecutor};
use uuid::Uuid;

/// A row of `files`.
#[derive(sqlx::FromRow)]
pub(crate) struct FileRow {
    pub(crate) media_type: String,
    pub(crate) version: i32,
    pub(crate) nonce: Vec<u8>,
    pub(crate) body: Vec<u8>,
}

/// Stores a sealed file.
pub(crate) async fn insert(
    db: &mut PgConnection,
    case: Uuid,
    ref_id: Uuid,
    media_type: &str,
    sealed: Sealed,
) -> Result<()> {
    sqlx::query(
        "INSERT INTO files (ref_id, case_id, media_type, version, nonce, body) VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(ref_id)
    .bind(case)
    .bind(media_type)
    .bind(VERSION)
    .bind(sealed.nonce)
    .bind(sealed.body)
    .execute(db)
    .await?;
    Ok(())
}

/// A file of a case.
pub(crate) async fn find(db: impl PgExecutor<'_>, case: Uuid, ref_id: Uuid) -> Result<Option<FileRow>> {
    Ok(sqlx::query_as("SELECT media_type, version, nonce, body FROM files WHERE case_id = $1 AND ref_id = $2")
        .bind(case)
        .bind(ref_id)
        .fetch_optional(db)
        .await?)
}
