//! How long each stage of a case took, read from the services' logs when the run is over.

use anyhow::Result;
use sqlx::{AssertSqlSafe, PgPool, Row as _};
use std::collections::HashMap;

/// Schema and message of an event.
type Event = (&'static str, &'static str);

/// From one event to another of the same case.
const STAGES: &[(&str, Event, Event)] = &[
    ("registered → graded", ("intake", "CaseRegistered"), ("triage", "CaseGraded")),
    ("graded → dispatched", ("triage", "CaseGraded"), ("assignment", "CaseDispatched")),
    ("registered → dispatched", ("intake", "CaseRegistered"), ("assignment", "CaseDispatched")),
    ("graded → clock started", ("triage", "CaseGraded"), ("deadline_watcher", "ClockStarted")),
];

/// Milliseconds of each stage for each case, by the instants at which the events were appended.
///
/// # Errors
/// The logs cannot be read.
pub async fn latencies(admin: &PgPool) -> Result<Vec<(&'static str, Vec<f64>)>> {
    let mut found = Vec::new();
    for (name, from, to) in STAGES {
        let (started, ended) = (instants(admin, from).await?, instants(admin, to).await?);
        let taken = ended.iter().filter_map(|(case, at)| started.get(case).map(|start| at - start));
        found.push((*name, taken.filter(|ms| *ms >= 0.0).collect()));
    }
    Ok(found)
}

/// The last instant of an event by case, in milliseconds.
async fn instants(admin: &PgPool, (schema, message): &(&str, &str)) -> Result<HashMap<String, f64>> {
    // The schema comes from the list above, never from outside.
    let sql = format!(
        "SELECT key, max(extract(epoch FROM appended_at) * 1000)::float8 FROM {schema}.event_log WHERE type LIKE $1 GROUP BY key"
    );
    let rows = sqlx::query(AssertSqlSafe(sql)).bind(format!("%.{message}")).fetch_all(admin).await?;
    rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect()
}
