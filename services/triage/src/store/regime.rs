//! Every version of every regime.

use chrono::{DateTime, NaiveDate, Utc};
use kit_core::Text;
use kit_db::Result;
use kit_messaging::Tx;
use sqlx::PgConnection;

/// A version, and what it came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Published {
    pub regime_id: String,
    pub version: u32,
    pub unit_id: String,
    pub in_force_from: NaiveDate,
    pub title: Text,
    pub sha256: Vec<u8>,
}

type Row = (String, i64, String, NaiveDate, String, String, Vec<u8>);

/// The latest version of a regime; whoever asks is alone with it until the transaction ends.
pub(crate) async fn lock_latest(tx: &mut Tx, regime_id: &str) -> Result<Option<Published>> {
    sqlx::query("SELECT pg_advisory_xact_lock(hashtextextended('triage.regime ' || $1, 0))")
        .bind(regime_id)
        .execute(tx.conn())
        .await?;
    let row: Option<Row> = sqlx::query_as(
        "SELECT regime_id, version, unit_id, in_force_from, title_zh, title_en, sha256 FROM regimes
         WHERE regime_id = $1 ORDER BY version DESC LIMIT 1",
    )
    .bind(regime_id)
    .fetch_optional(tx.conn())
    .await?;
    Ok(row.map(published))
}

/// The text of a version.
pub(crate) async fn pack(tx: &mut Tx, version: &Published) -> Result<String> {
    let pack = sqlx::query_scalar("SELECT pack FROM regimes WHERE regime_id = $1 AND version = $2")
        .bind(&version.regime_id)
        .bind(i64::from(version.version))
        .fetch_one(tx.conn())
        .await?;
    Ok(pack)
}

/// Adds a version.
pub(crate) async fn insert(tx: &mut Tx, regime: &Published, pack: &str, at: DateTime<Utc>) -> Result<()> {
    sqlx::query(
        "INSERT INTO regimes (regime_id, version, unit_id, in_force_from, title_zh, title_en, pack, sha256, published_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(&regime.regime_id)
    .bind(i64::from(regime.version))
    .bind(&regime.unit_id)
    .bind(regime.in_force_from)
    .bind(&regime.title.zh)
    .bind(&regime.title.en)
    .bind(pack)
    .bind(&regime.sha256)
    .bind(at)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// All versions, by regime and version.
pub(crate) async fn list(conn: &mut PgConnection) -> Result<Vec<Published>> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT regime_id, version, unit_id, in_force_from, title_zh, title_en, sha256 FROM regimes
         ORDER BY regime_id, version",
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(published).collect())
}

fn published((regime_id, version, unit_id, in_force_from, zh, en, sha256): Row) -> Published {
    let version = u32::try_from(version).unwrap_or_default();
    Published { regime_id, version, unit_id, in_force_from, title: Text::new(zh, en), sha256 }
}
