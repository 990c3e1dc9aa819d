//! When a world is at rest: every service has applied all that the others have said, and nothing is due at this instant.
//! It is read from the positions and the rows themselves, in one statement and so at one moment.

use super::world::World;
use crate::services;
use anyhow::{Result, bail};
use chrono::{DateTime, Utc};
use kit_db::schema_name;
use sqlx::{AssertSqlSafe, Row as _};
use std::{
    collections::BTreeMap,
    fmt::Write as _,
    sync::LazyLock,
    time::{Duration, Instant},
};

/// What services do by themselves when its instant has come: rows, and the column of that instant. A service that gets
/// another such loop is named here.
const DUE: &[(&str, &str)] = &[
    ("deadline_watcher.cases", "next_at"),
    ("deadline_watcher.duty_look", "next_at"),
    ("(SELECT open_until FROM notification.surveys WHERE closed_on IS NULL) AS surveys", "open_until"),
    ("(SELECT next_at FROM notification.notices WHERE state = 'queued') AS queued", "next_at"),
];
/// What is being done outside any transaction.
const UNDER_WAY: &[&str] = &[
    "notification.notices WHERE state = 'sending'",
    "deadline_watcher.calendar_change WHERE state IN ('checking', 'moving')",
];

/// How long the machine may take for anything, in its own time, before it is called stuck.
const PATIENCE: Duration = Duration::from_secs(20);

/// Waits until the world is at rest.
///
/// # Errors
/// It does not come to rest, or an event could not be applied.
pub(super) async fn settle(world: &World) -> Result<()> {
    let begun = Instant::now();
    let mut pause = Duration::from_micros(500);
    loop {
        let Standing { behind, due, parked, failed } = look(world).await?;
        if failed > 0 {
            bail!("{}", failures(world).await?);
        }
        if behind + due + parked == 0 {
            return Ok(());
        }
        if begun.elapsed() > PATIENCE {
            bail!(
                "no rest after {PATIENCE:?}: {behind} positions behind, {due} due, {parked} events parked; {}",
                failures(world).await?
            );
        }
        rest_a_moment(pause).await;
        pause = (pause * 2).min(Duration::from_millis(4));
    }
}

/// The first instant after now at which a service does something by itself.
///
/// # Errors
/// Postgres does not answer.
pub(super) async fn next(world: &World) -> Result<Option<DateTime<Utc>>> {
    static SQL: LazyLock<String> = LazyLock::new(|| {
        let each: Vec<String> = DUE.iter().map(|(rows, at)| format!("SELECT min({at}) AS at FROM {rows}")).collect();
        format!("SELECT min(at) FROM ({}) AS all_of_them", each.join(" UNION ALL "))
    });
    Ok(sqlx::query_scalar(AssertSqlSafe(SQL.as_str())).fetch_one(&world.admin).await?)
}

/// Waits until records, which looks at its files from time to time, has proposed to destroy, or destroyed, those whose
/// time is over by now in every zone.
///
/// # Errors
/// It does not.
pub(super) async fn files(world: &World) -> Result<()> {
    let begun = Instant::now();
    let over =
        "SELECT count(*) FROM records.cases c WHERE keep_until <> '' AND keep_until::date < $1::date - 1 AND NOT is_open
         AND NOT EXISTS (SELECT 1 FROM records.destructions d WHERE d.case_id = c.case_id
                         AND NOT (d.state = 'refused' AND d.again_on::date < $1::date - 1))";
    while sqlx::query_scalar::<_, i64>(over).bind(world.now()).fetch_one(&world.admin).await? > 0 {
        if begun.elapsed() > PATIENCE {
            bail!("files whose time is over were not looked at in {PATIENCE:?}");
        }
        rest_a_moment(Duration::from_millis(4)).await;
    }
    settle(world).await
}

struct Standing {
    /// Events that some follower lacks.
    behind: i64,
    due: i64,
    parked: i64,
    failed: i64,
}

async fn look(world: &World) -> Result<Standing> {
    static SQL: LazyLock<String> = LazyLock::new(statement);
    let rows = sqlx::query(AssertSqlSafe(SQL.as_str())).bind(world.now()).fetch_all(&world.admin).await?;
    let (mut heads, mut positions, mut counts) = (BTreeMap::new(), BTreeMap::new(), [0; 3]);
    for row in rows {
        let (what, who, whose, count): (&str, String, String, i64) = (row.get(0), row.get(1), row.get(2), row.get(3));
        match what {
            "head" => drop(heads.insert(who, count)),
            "position" => drop(positions.insert((who, whose), count)),
            "due" => counts[0] += count,
            "parked" => counts[1] += count,
            _ => counts[2] += count,
        }
    }
    // A follower never stands beyond a head, so that sums over partitions are equal only where all are. One that does not
    // know yet where a producer's chains begin has no position at all.
    let behind = world.follows.iter().map(|(follower, producer)| {
        let at = positions.get(&((*follower).to_owned(), (*producer).to_owned()));
        at.map_or(1, |at| heads.get(*producer).map_or(1, |head| head - at))
    });
    let [due, parked, failed] = counts;
    Ok(Standing { behind: behind.sum(), due, parked, failed })
}

/// One row for each count: what is counted, of whom, of whose.
fn statement() -> String {
    let mut parts = Vec::new();
    for name in services::NAMES {
        let schema = schema_name(name);
        parts.push(format!("SELECT 'head', '{name}', '', sum(seq)::bigint FROM {schema}.event_head"));
        parts.push(format!(
            "SELECT 'position', '{name}', producer, sum(seq)::bigint FROM {schema}.follower_position GROUP BY producer"
        ));
        parts.push(format!(
            "SELECT CASE state WHEN 'failed' THEN 'failed' ELSE 'parked' END, '', '', count(*) FROM {schema}.parked_event GROUP BY state"
        ));
    }
    parts.extend(DUE.iter().map(|(rows, at)| format!("SELECT 'due', '', '', count(*) FROM {rows} WHERE {at} <= $1")));
    parts.extend(UNDER_WAY.iter().map(|rows| format!("SELECT 'due', '', '', count(*) FROM {rows}")));
    parts.join(" UNION ALL ")
}

/// The parked events with what they failed of.
async fn failures(world: &World) -> Result<String> {
    let mut told = String::new();
    for name in services::NAMES {
        let sql = format!("SELECT producer, state, reason FROM {}.parked_event ORDER BY id", schema_name(name));
        for row in sqlx::query(AssertSqlSafe(sql)).fetch_all(&world.admin).await? {
            let (producer, state, reason): (String, String, String) = (row.get(0), row.get(1), row.get(2));
            // Writing to a string cannot fail.
            let _ = write!(told, "{name} parked an event of {producer} ({state}): {reason}; ");
        }
    }
    Ok(told)
}

#[expect(
    clippy::disallowed_methods,
    reason = "waits for the machine, in the machine's time; the rows say when to stop"
)]
async fn rest_a_moment(length: Duration) {
    tokio::time::sleep(length).await;
}
