//! The table of surveys that are over.

use chrono::NaiveDate;
use contracts::notification::SurveyClosed;
use kit_db::{Error, Result};
use prost::Message as _;
use sqlx::{PgConnection, PgPool};

/// Keeps what came of one.
pub(crate) async fn keep(conn: &mut PgConnection, closed: &SurveyClosed) -> Result<()> {
    sqlx::query(
        "INSERT INTO surveys (survey_id, regime_id, survey, unit_id, day, closed) VALUES ($1, $2, $3, $4, $5::date, $6)
         ON CONFLICT DO NOTHING",
    )
    .bind(&closed.survey_id)
    .bind(&closed.regime_id)
    .bind(&closed.survey)
    .bind(&closed.unit_id)
    .bind(&closed.day)
    .bind(closed.encode_to_vec())
    .execute(conn)
    .await?;
    Ok(())
}

/// Those of a survey that ended in some units between two days, both included; the oldest first.
pub(crate) async fn ended(
    pool: &PgPool,
    (regime_id, survey): (&str, &str),
    units: &[String],
    (from, to): (NaiveDate, NaiveDate),
) -> Result<Vec<SurveyClosed>> {
    let rows: Vec<Vec<u8>> = sqlx::query_scalar(
        "SELECT closed FROM surveys
         WHERE regime_id = $1 AND survey = $2 AND unit_id = ANY($3) AND day BETWEEN $4 AND $5
         ORDER BY day, survey_id LIMIT 200",
    )
    .bind(regime_id)
    .bind(survey)
    .bind(units)
    .bind(from)
    .bind(to)
    .fetch_all(pool)
    .await?;
    let corrupt = |_| Error::Corrupt("what came of a survey cannot be read".to_owned());
    rows.iter().map(|bytes| SurveyClosed::decode(bytes.as_slice()).map_err(corrupt)).collect()
}
