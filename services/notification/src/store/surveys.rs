//! The table of surveys.

use super::out_of_range;
use crate::domain::survey::{Held, Tally};
use chrono::{DateTime, NaiveDate, Utc};
use kit_db::Result;
use sqlx::{PgConnection, PgExecutor, PgPool, types::Json};
use uuid::Uuid;

#[derive(sqlx::FromRow)]
struct Row {
    survey_id: Uuid,
    code: String,
    regime_id: String,
    regime_version: i32,
    survey: String,
    unit_id: String,
    first_day: NaiveDate,
    last_day: NaiveDate,
    open_until: DateTime<Utc>,
    closed_on: Option<NaiveDate>,
    tally: Json<Tally>,
}

impl Row {
    fn held(self) -> Result<Held> {
        Ok(Held {
            survey_id: self.survey_id,
            code: self.code,
            regime_id: self.regime_id,
            regime_version: u32::try_from(self.regime_version).map_err(out_of_range)?,
            survey: self.survey,
            unit_id: self.unit_id,
            first_day: self.first_day,
            last_day: self.last_day,
            open_until: self.open_until,
            closed_on: self.closed_on,
            tally: self.tally.0,
        })
    }
}

/// Opens it; answers whether none like it was open in the unit.
pub(crate) async fn insert(conn: &mut PgConnection, held: &Held) -> Result<bool> {
    let done = sqlx::query(
        "INSERT INTO surveys (survey_id, code, regime_id, regime_version, survey, unit_id, first_day, last_day,
                              open_until, tally)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
         ON CONFLICT (regime_id, survey, unit_id) WHERE closed_on IS NULL DO NOTHING",
    )
    .bind(held.survey_id)
    .bind(&held.code)
    .bind(&held.regime_id)
    .bind(i32::try_from(held.regime_version).map_err(out_of_range)?)
    .bind(&held.survey)
    .bind(&held.unit_id)
    .bind(held.first_day)
    .bind(held.last_day)
    .bind(held.open_until)
    .bind(Json(&held.tally))
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// One by its id.
pub(crate) async fn find<'e>(executor: impl PgExecutor<'e>, id: Uuid) -> Result<Option<Held>> {
    let row: Option<Row> =
        sqlx::query_as("SELECT * FROM surveys WHERE survey_id = $1").bind(id).fetch_optional(executor).await?;
    row.map(Row::held).transpose()
}

/// One by its code.
pub(crate) async fn by_code<'e>(executor: impl PgExecutor<'e>, code: &str) -> Result<Option<Held>> {
    let row: Option<Row> =
        sqlx::query_as("SELECT * FROM surveys WHERE code = $1").bind(code).fetch_optional(executor).await?;
    row.map(Row::held).transpose()
}

/// One under lock.
pub(crate) async fn lock(conn: &mut PgConnection, id: Uuid) -> Result<Option<Held>> {
    let row: Option<Row> =
        sqlx::query_as("SELECT * FROM surveys WHERE survey_id = $1 FOR UPDATE").bind(id).fetch_optional(conn).await?;
    row.map(Row::held).transpose()
}

/// Those of some units, the newest first.
pub(crate) async fn list(pool: &PgPool, units: &[String], limit: i64) -> Result<Vec<Held>> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT * FROM surveys WHERE unit_id = ANY($1) ORDER BY first_day DESC, survey_id DESC LIMIT $2",
    )
    .bind(units)
    .bind(limit)
    .fetch_all(pool)
    .await?;
    rows.into_iter().map(Row::held).collect()
}

/// Writes what was answered, and whether it is over.
pub(crate) async fn save(conn: &mut PgConnection, held: &Held) -> Result<()> {
    sqlx::query("UPDATE surveys SET tally = $2, closed_on = $3 WHERE survey_id = $1")
        .bind(held.survey_id)
        .bind(Json(&held.tally))
        .bind(held.closed_on)
        .execute(conn)
        .await?;
    Ok(())
}

/// Open ones whose last day is over, under lock; what another process holds is being closed there.
pub(crate) async fn over(conn: &mut PgConnection, now: DateTime<Utc>) -> Result<Vec<Held>> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT * FROM surveys WHERE closed_on IS NULL AND open_until <= $1
         ORDER BY open_until LIMIT 50 FOR UPDATE SKIP LOCKED",
    )
    .bind(now)
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(Row::held).collect()
}

/// When the next one is over.
pub(crate) async fn next_over(pool: &PgPool) -> Result<Option<DateTime<Utc>>> {
    let next =
        sqlx::query_scalar("SELECT min(open_until) FROM surveys WHERE closed_on IS NULL").fetch_one(pool).await?;
    Ok(next)
}
