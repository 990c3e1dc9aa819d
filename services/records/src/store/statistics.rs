//! The figures of one month, counted when they are asked for.

use chrono::NaiveDate;
use kit_db::Result;
use sqlx::{PgPool, types::Json};
use std::collections::BTreeMap;

/// What is counted.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    /// Who asks: cases from which they are excluded are not counted.
    pub(crate) staff: String,
    pub(crate) regimes: Vec<String>,
    pub(crate) units: Vec<String>,
    pub(crate) first_day: NaiveDate,
    pub(crate) next_month: NaiveDate,
    /// The zone in which the month is meant.
    pub(crate) zone: String,
}

/// How often each thing happened in the month.
#[derive(Clone, Debug, Default, sqlx::FromRow)]
pub(crate) struct Totals {
    pub(crate) received: i64,
    pub(crate) accepted: i64,
    pub(crate) declined: i64,
    pub(crate) withdrawn: i64,
    pub(crate) resolved: i64,
    pub(crate) resolved_in_time: i64,
    pub(crate) resolved_in_time_restated: i64,
    pub(crate) closed: i64,
    pub(crate) called_back: i64,
    pub(crate) satisfied: i64,
    pub(crate) invalid: i64,
    pub(crate) clocks_missed: i64,
}

/// The figures, and the cases received by what they are.
#[derive(Clone, Debug, Default)]
pub(crate) struct Counted {
    pub(crate) totals: Totals,
    pub(crate) by_severity: Vec<(String, i64)>,
    pub(crate) by_channel: Vec<(String, i64)>,
    pub(crate) by_unit: Vec<(String, i64)>,
    pub(crate) by_category: Vec<(String, i64)>,
}

/// Counts.
pub(crate) async fn count(pool: &PgPool, asked: &Asked) -> Result<Counted> {
    let totals = totals(pool, asked).await?;
    let mut groups = groups(pool, asked).await?;
    let mut take = |name: &str| {
        let mut counts: Vec<(String, i64)> = groups.remove(name).unwrap_or_default().into_iter().collect();
        counts.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        counts
    };
    Ok(Counted {
        totals,
        by_severity: take("severity"),
        by_channel: take("channel"),
        by_unit: take("unit"),
        by_category: take("category"),
    })
}

/// The cases received by each of the axes: fields of a case, or facts of its regime.
pub(crate) async fn axes(
    pool: &PgPool,
    asked: &Asked,
    axes: Vec<String>,
) -> Result<BTreeMap<String, BTreeMap<String, i64>>> {
    let rows: Vec<(String, Json<BTreeMap<String, i64>>)> = sqlx::query_as(
        "WITH counted AS (
             SELECT a.name, g.id, count(*) AS count
             FROM cases c CROSS JOIN UNNEST($7::text[]) AS a (name)
             CROSS JOIN LATERAL (SELECT CASE a.name
                 WHEN 'kind' THEN c.kind WHEN 'category' THEN c.category WHEN 'severity' THEN c.severity
                 WHEN 'validity' THEN c.validity WHEN 'channel' THEN c.channel WHEN 'unit' THEN c.unit_id
                 WHEN 'finding' THEN c.view->>'finding' WHEN 'complainant' THEN c.view->>'complainant'
                 WHEN 'respondent' THEN c.view->>'respondent' WHEN 'satisfaction' THEN c.view->>'satisfaction'
                 WHEN 'outcome' THEN c.view->>'outcome' ELSE c.view->'facts'->>a.name END AS id) AS g
             WHERE c.unit_id = ANY($3) AND c.regime_id = ANY($2) AND NOT $1 = ANY(c.excluded)
               AND c.received_at >= $4::date::timestamp AT TIME ZONE $6
               AND c.received_at < $5::date::timestamp AT TIME ZONE $6 AND g.id <> ''
             GROUP BY a.name, g.id
         )
         SELECT name, jsonb_object_agg(id, count) FROM counted GROUP BY name",
    )
    .bind(&asked.staff)
    .bind(&asked.regimes)
    .bind(&asked.units)
    .bind(asked.first_day)
    .bind(asked.next_month)
    .bind(&asked.zone)
    .bind(axes)
    .fetch_all(pool)
    .await?;
    Ok(rows.into_iter().map(|(name, Json(counts))| (name, counts)).collect())
}

async fn totals(pool: &PgPool, asked: &Asked) -> Result<Totals> {
    let totals = sqlx::query_as(
        "WITH month AS (
             SELECT $4::date::timestamp AT TIME ZONE $6 AS start, $5::date::timestamp AT TIME ZONE $6 AS finish
         ), mine AS (
             SELECT * FROM cases WHERE unit_id = ANY($3) AND regime_id = ANY($2) AND NOT $1 = ANY(excluded)
         )
         SELECT count(*) FILTER (WHERE received_at >= start AND received_at < finish) AS received,
                count(*) FILTER (WHERE accepted_at >= start AND accepted_at < finish) AS accepted,
                count(*) FILTER (WHERE declined_at >= start AND declined_at < finish) AS declined,
                count(*) FILTER (WHERE withdrawn_at >= start AND withdrawn_at < finish) AS withdrawn,
                count(*) FILTER (WHERE resolved_at >= start AND resolved_at < finish) AS resolved,
                count(*) FILTER (WHERE resolved_at >= start AND resolved_at < finish AND NOT is_late) AS resolved_in_time,
                count(*) FILTER (WHERE resolved_at >= start AND resolved_at < finish AND NOT is_late_restated)
                    AS resolved_in_time_restated,
                count(*) FILTER (WHERE closed_at >= start AND closed_at < finish) AS closed,
                count(*) FILTER (WHERE called_back_at >= start AND called_back_at < finish) AS called_back,
                count(*) FILTER (WHERE called_back_at >= start AND called_back_at < finish AND is_satisfied) AS satisfied,
                count(*) FILTER (WHERE received_at >= start AND received_at < finish AND validity NOT IN ('', 'valid'))
                    AS invalid,
                (SELECT count(*) FROM dossier_entries e JOIN mine USING (case_id), month m
                 WHERE e.fact = 'clock-missed' AND e.at >= m.start AND e.at < m.finish) AS clocks_missed
         FROM mine, month",
    )
    .bind(&asked.staff)
    .bind(&asked.regimes)
    .bind(&asked.units)
    .bind(asked.first_day)
    .bind(asked.next_month)
    .bind(&asked.zone)
    .fetch_one(pool)
    .await?;
    Ok(totals)
}

async fn groups(pool: &PgPool, asked: &Asked) -> Result<BTreeMap<String, BTreeMap<String, i64>>> {
    let rows: Vec<(String, Json<BTreeMap<String, i64>>)> = sqlx::query_as(
        "WITH counted AS (
             SELECT g.name, g.id, count(*) AS count
             FROM cases c
             CROSS JOIN LATERAL (VALUES ('severity', c.severity), ('channel', c.channel), ('unit', c.unit_id),
                                        ('category', c.category)) AS g (name, id)
             WHERE c.unit_id = ANY($3) AND c.regime_id = ANY($2) AND NOT $1 = ANY(c.excluded)
               AND c.received_at >= $4::date::timestamp AT TIME ZONE $6
               AND c.received_at < $5::date::timestamp AT TIME ZONE $6 AND g.id <> ''
             GROUP BY g.name, g.id
         )
         SELECT name, jsonb_object_agg(id, count) FROM counted GROUP BY name",
    )
    .bind(&asked.staff)
    .bind(&asked.regimes)
    .bind(&asked.units)
    .bind(asked.first_day)
    .bind(asked.next_month)
    .bind(&asked.zone)
    .fetch_all(pool)
    .await?;
    Ok(rows.into_iter().map(|(name, Json(counts))| (name, counts)).collect())
}
