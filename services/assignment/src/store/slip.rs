//! Numbers of transfer slips, gapless for each unit and year.

use kit_db::{Error, Result};
use kit_messaging::Tx;
use std::collections::BTreeMap;

/// Takes as many numbers as wanted for each (unit, year); answers the first of each.
pub(crate) async fn take(tx: &mut Tx, wanted: &BTreeMap<(String, i32), i64>) -> Result<BTreeMap<(String, i32), i64>> {
    if wanted.is_empty() {
        return Ok(BTreeMap::new());
    }
    let (units, years): (Vec<String>, Vec<i32>) = wanted.keys().cloned().unzip();
    let counts: Vec<i64> = wanted.values().copied().collect();
    // The keys come sorted, so that two batches that want numbers of the same units wait in the same order.
    let rows: Vec<(String, i32, i64)> = sqlx::query_as(
        "INSERT INTO slips (unit_id, year, last)
         SELECT unit_id, year, count FROM UNNEST($1::text[], $2::integer[], $3::bigint[]) AS w (unit_id, year, count)
         ORDER BY unit_id, year
         ON CONFLICT (unit_id, year) DO UPDATE SET last = slips.last + excluded.last
         RETURNING unit_id, year, last",
    )
    .bind(units)
    .bind(years)
    .bind(counts)
    .fetch_all(tx.conn())
    .await?;
    rows.into_iter()
        .map(|(unit_id, year, last)| {
            let key = (unit_id, year);
            let count = wanted.get(&key).copied().ok_or_else(|| Error::Corrupt("a slip nobody asked for".into()))?;
            Ok((key, last - count + 1))
        })
        .collect()
}
