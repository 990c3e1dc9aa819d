//! The periods of duties that were opened, so that each opens once, whatever restarts and however many replicas look.

use crate::duty::{Key, Opening};
use chrono::NaiveDate;
use kit_db::Result;
use sqlx::{PgConnection, PgPool};
use std::collections::BTreeMap;

/// The last period of each duty that was opened in each unit, by its first day.
pub(crate) async fn last(pool: &PgPool) -> Result<BTreeMap<Key, NaiveDate>> {
    let rows: Vec<(String, String, String, NaiveDate)> = sqlx::query_as(
        "SELECT regime_id, duty, unit_id, max(first_day) FROM duty_run GROUP BY regime_id, duty, unit_id",
    )
    .fetch_all(pool)
    .await?;
    let keyed = |(regime_id, duty, unit_id, day)| (Key { regime_id, duty, unit_id }, day);
    Ok(rows.into_iter().map(keyed).collect())
}

/// Notes that they were opened; answers those that nobody had opened before.
pub(crate) async fn open(conn: &mut PgConnection, openings: Vec<Opening>) -> Result<Vec<Opening>> {
    let column = |of: fn(&Opening) -> &str| openings.iter().map(|one| of(one).to_owned()).collect::<Vec<_>>();
    let new: Vec<i64> = sqlx::query_scalar(
        "WITH item AS (
             SELECT * FROM UNNEST($1::text[], $2::text[], $3::text[], $4::date[], $5::timestamptz[])
                 WITH ORDINALITY AS i (regime_id, duty, unit_id, first_day, due_at, place)
         ), opened AS (
             INSERT INTO duty_run (regime_id, duty, unit_id, first_day, due_at)
             SELECT regime_id, duty, unit_id, first_day, due_at FROM item
             ON CONFLICT DO NOTHING RETURNING regime_id, duty, unit_id, first_day
         )
         SELECT place FROM item JOIN opened USING (regime_id, duty, unit_id, first_day) ORDER BY place",
    )
    .bind(column(|one| &one.key.regime_id))
    .bind(column(|one| &one.key.duty))
    .bind(column(|one| &one.key.unit_id))
    .bind(openings.iter().map(|one| one.run.first_day).collect::<Vec<_>>())
    .bind(openings.iter().map(|one| one.run.due.at).collect::<Vec<_>>())
    .fetch_all(conn)
    .await?;
    Ok((1..).zip(openings).filter(|(place, _)| new.contains(place)).map(|(_, one)| one).collect())
}
