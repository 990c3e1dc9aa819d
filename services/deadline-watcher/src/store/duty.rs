//! The periods of duties that were opened, so that each opens once and is missed once, whatever restarts and however many
//! replicas look; and when they look next.

use crate::duty::{Key, Opening};
use chrono::{DateTime, NaiveDate, Utc};
use contracts::deadline_watcher::DutyMissed;
use contracts::records::DutyDone;
use kit_db::Result;
use kit_grpc::timestamp;
use sqlx::{PgConnection, PgExecutor, PgPool};
use std::collections::BTreeMap;

/// How often the law has changed.
pub(crate) async fn changes(pool: &PgPool) -> Result<i64> {
    Ok(sqlx::query_scalar("SELECT changes FROM duty_look").fetch_one(pool).await?)
}

/// The law has changed, or nobody knows what it was: a look is due at `now`.
pub(crate) async fn ask(executor: impl PgExecutor<'_>, now: DateTime<Utc>) -> Result<()> {
    sqlx::query("UPDATE duty_look SET changes = changes + 1, next_at = $1").bind(now).execute(executor).await?;
    Ok(())
}

/// One looks at a time; taken before any row of a duty, as whoever changes the law does.
pub(crate) async fn hold(conn: &mut PgConnection) -> Result<()> {
    sqlx::query("SELECT 1 FROM duty_look FOR UPDATE").execute(conn).await?;
    Ok(())
}

/// They were looked at; answers when there is more to do: when the next begins, or one that is open is due.
pub(crate) async fn looked(
    conn: &mut PgConnection,
    changes: i64,
    begins: Option<DateTime<Utc>>,
) -> Result<Option<DateTime<Utc>>> {
    let next = sqlx::query_scalar("SELECT LEAST($1, (SELECT min(due_at) FROM duty_run WHERE NOT is_settled))")
        .bind(begins)
        .fetch_one(&mut *conn)
        .await?;
    // A law that has changed meanwhile is looked at anew.
    sqlx::query("UPDATE duty_look SET next_at = $1 WHERE changes = $2").bind(next).bind(changes).execute(conn).await?;
    Ok(next)
}

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
    if openings.is_empty() {
        return Ok(openings);
    }
    let column = |of: fn(&Opening) -> &str| openings.iter().map(|one| of(one).to_owned()).collect::<Vec<_>>();
    let new: Vec<i64> = sqlx::query_scalar(
        "WITH item AS (
             SELECT * FROM UNNEST($1::text[], $2::text[], $3::text[], $4::date[], $5::timestamptz[], $6::bigint[],
                                  $7::date[], $8::text[], $9::text[], $10::text[])
                 WITH ORDINALITY AS i (regime_id, duty, unit_id, first_day, due_at, regime_version, last_day, role, done_to,
                                       cite, place)
         ), opened AS (
             INSERT INTO duty_run (regime_id, duty, unit_id, first_day, due_at, is_settled, regime_version, last_day, role,
                                   done_to, cite)
             SELECT regime_id, duty, unit_id, first_day, due_at, false, regime_version, last_day, role, done_to, cite
             FROM item ON CONFLICT DO NOTHING RETURNING regime_id, duty, unit_id, first_day
         )
         SELECT place FROM item JOIN opened USING (regime_id, duty, unit_id, first_day) ORDER BY place",
    )
    .bind(column(|one| &one.key.regime_id))
    .bind(column(|one| &one.key.duty))
    .bind(column(|one| &one.key.unit_id))
    .bind(openings.iter().map(|one| one.run.first_day).collect::<Vec<_>>())
    .bind(openings.iter().map(|one| one.run.due.at).collect::<Vec<_>>())
    .bind(openings.iter().map(|one| i64::from(one.regime_version)).collect::<Vec<_>>())
    .bind(openings.iter().map(|one| one.run.last_day).collect::<Vec<_>>())
    .bind(column(|one| &one.role))
    .bind(column(|one| &one.to))
    .bind(column(|one| &one.cite))
    .fetch_all(conn)
    .await?;
    Ok((1..).zip(openings).filter(|(place, _)| new.contains(place)).map(|(_, one)| one).collect())
}

/// It was done: its time stands still.
pub(crate) async fn done(conn: &mut PgConnection, done: &DutyDone) -> Result<()> {
    sqlx::query(
        "UPDATE duty_run SET is_settled = true
         WHERE regime_id = $1 AND duty = $2 AND unit_id = $3 AND first_day::text = $4",
    )
    .bind(&done.regime_id)
    .bind(&done.duty)
    .bind(&done.unit_id)
    .bind(&done.period)
    .execute(conn)
    .await?;
    Ok(())
}

#[derive(sqlx::FromRow)]
struct Missed {
    regime_id: String,
    regime_version: i64,
    duty: String,
    unit_id: String,
    first_day: NaiveDate,
    last_day: NaiveDate,
    due_at: DateTime<Utc>,
    role: String,
    done_to: String,
    cite: String,
}

/// Those whose due instant has passed and that nobody has done, each once.
pub(crate) async fn miss(conn: &mut PgConnection, now: DateTime<Utc>) -> Result<Vec<DutyMissed>> {
    let rows: Vec<Missed> = sqlx::query_as(
        "UPDATE duty_run SET is_settled = true WHERE NOT is_settled AND due_at <= $1
         RETURNING regime_id, regime_version, duty, unit_id, first_day, last_day, due_at, role, done_to, cite",
    )
    .bind(now)
    .fetch_all(conn)
    .await?;
    let missed = |row: Missed| DutyMissed {
        unit_id: row.unit_id,
        duty: row.duty,
        period: row.first_day.to_string(),
        due_at: Some(timestamp(row.due_at)),
        role: row.role,
        to: row.done_to,
        cite: row.cite,
        regime_id: row.regime_id,
        regime_version: u32::try_from(row.regime_version).unwrap_or_default(),
        last_day: row.last_day.to_string(),
    };
    Ok(rows.into_iter().map(missed).collect())
}
