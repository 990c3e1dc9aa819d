//! How recurring duties stand, as records keeps them.

use crate::scenario::{
    play::{Failure, Passed, Play, Stop},
    script::DutyWanted,
};
use anyhow::Context as _;
use chrono::{DateTime, Utc};

/// A duty in one unit: where, when it is due, and when it was done.
type Row = (String, DateTime<Utc>, Option<DateTime<Utc>>);

pub(super) async fn duties(play: &Play<'_>, wanted: &[DutyWanted]) -> Passed {
    for one in wanted {
        let rows: Vec<Row> = sqlx::query_as(
            "SELECT DISTINCT ON (unit_id) unit_id, due_at, done_at FROM records.duties
             WHERE duty = $1 AND ($2::text IS NULL OR unit_id = $2) AND ($3::text IS NULL OR first_day::text = $3)
             ORDER BY unit_id, first_day DESC",
        )
        .bind(&one.duty)
        .bind(&one.unit)
        .bind(&one.period)
        .fetch_all(&play.world.admin)
        .await
        .context("the duties cannot be read")?;
        let happened = match rows.as_slice() {
            [] => "none".to_owned(),
            [(_, due_at, done_at)] => state(*due_at, *done_at, play.world.now()).to_owned(),
            several => {
                let units: Vec<&str> = several.iter().map(|(unit, ..)| unit.as_str()).collect();
                format!("owed in several units: {}", units.join(", "))
            }
        };
        if happened != one.state {
            let (expected, happened) = (format!("{}: {}", one.duty, one.state), format!("{}: {happened}", one.duty));
            return Err(Stop::Unexpected(Failure::new(one.line, expected, happened)));
        }
    }
    Ok(())
}

fn state(due_at: DateTime<Utc>, done_at: Option<DateTime<Utc>>, now: DateTime<Utc>) -> &'static str {
    match done_at {
        Some(_) => "done",
        None if due_at <= now => "overdue",
        None => "open",
    }
}
