//! How many versions of calendars are published, in step between those who publish and those who count by them: a replica
//! hears of what another has published only seconds later, and must not count by less in between.

use kit_db::{Error, Result};
use sqlx::{PgConnection, Row as _};

/// Answers how many versions are published, and lets no other be until the transaction ends: what it counts, the walk of
/// the next one finds.
pub(crate) async fn hold(conn: &mut PgConnection) -> Result<usize> {
    // Two statements, sent at once: the second must see what was published while the first one waited.
    let both = "SELECT pg_advisory_xact_lock_shared(hashtext('jiesu calendars'));
                SELECT count(*) FROM reference WHERE kind = 'calendar'";
    let rows = sqlx::raw_sql(both).fetch_all(conn).await?;
    let count: i64 = rows.last().ok_or(sqlx::Error::RowNotFound)?.try_get(0)?;
    usize::try_from(count).map_err(|_| Error::Corrupt("a count is negative".to_owned()))
}

/// Waits until nobody counts who could not see what this transaction publishes.
pub(crate) async fn alone(conn: &mut PgConnection) -> Result<()> {
    sqlx::query("SELECT pg_advisory_xact_lock(hashtext('jiesu calendars'))").execute(conn).await?;
    Ok(())
}

/// Every published version, if nobody has asked for them so before; from then on none.
pub(crate) async fn untold(conn: &mut PgConnection) -> Result<Vec<Vec<u8>>> {
    let told = "INSERT INTO reference (kind, id, version, body) VALUES ('calendars-told', '', 1, '')
                ON CONFLICT DO NOTHING";
    if sqlx::query(told).execute(&mut *conn).await?.rows_affected() == 0 {
        return Ok(Vec::new());
    }
    let all = "SELECT body FROM reference WHERE kind = 'calendar' ORDER BY id, version";
    Ok(sqlx::query_scalar(all).fetch_all(conn).await?)
}
