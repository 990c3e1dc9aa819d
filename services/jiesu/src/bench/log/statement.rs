//! What the measured follower does to its tables, like a service: one row of each case of the batch is inserted or moved
//! on, and one row of the timeline is written for each event; two statements however large the batch.

use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::{PgConnection, types::Json};
use std::collections::BTreeMap;
use uuid::Uuid;

/// The tables, with the keys and the index that such tables have in a service.
pub(super) const TABLES: &str = "
    CREATE TABLE cases (
        case_id    uuid PRIMARY KEY,
        unit_id    text NOT NULL,
        stage      text NOT NULL,
        events     integer NOT NULL,
        changed_at timestamptz NOT NULL
    );
    CREATE INDEX cases_unit_id_changed_at_idx ON cases (unit_id, changed_at);
    CREATE TABLE timeline (
        case_id   uuid NOT NULL,
        partition smallint NOT NULL,
        seq       bigint NOT NULL,
        at        timestamptz NOT NULL,
        fact      text NOT NULL,
        args      jsonb NOT NULL,
        actor     text NOT NULL,
        PRIMARY KEY (case_id, seq),
        UNIQUE (partition, seq)
    )";

const FOLD: &str = "
    INSERT INTO cases AS c (case_id, unit_id, stage, events, changed_at)
    SELECT * FROM UNNEST($1::uuid[], $2::text[], $3::text[], $4::integer[], $5::timestamptz[])
    ON CONFLICT (case_id) DO UPDATE SET stage = EXCLUDED.stage, events = c.events + EXCLUDED.events,
        changed_at = EXCLUDED.changed_at";

const TELL: &str = "
    INSERT INTO timeline (case_id, partition, seq, at, fact, args, actor)
    SELECT * FROM UNNEST($1::uuid[], $2::smallint[], $3::bigint[], $4::timestamptz[], $5::text[], $6::jsonb[], $7::text[])";

/// An event as these tables see it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Told<'a> {
    pub(super) case_id: Uuid,
    pub(super) unit_id: &'a str,
    pub(super) partition: i16,
    pub(super) seq: i64,
    pub(super) at: DateTime<Utc>,
    pub(super) args: &'a Value,
    pub(super) actor: &'a str,
}

/// Writes a batch.
pub(super) async fn write(conn: &mut PgConnection, events: &[Told<'_>]) -> sqlx::Result<()> {
    // Two rows of one key in one upsert are an error, and sorted keys are the order in which rows are locked.
    let mut cases: BTreeMap<Uuid, (&Told<'_>, i32)> = BTreeMap::new();
    for event in events {
        let case = cases.entry(event.case_id).or_insert((event, 0));
        *case = (event, case.1 + 1);
    }
    sqlx::query(FOLD)
        .bind(cases.keys().copied().collect::<Vec<_>>())
        .bind(cases.values().map(|(last, _)| last.unit_id).collect::<Vec<_>>())
        .bind(vec!["registered"; cases.len()])
        .bind(cases.values().map(|(_, events)| *events).collect::<Vec<_>>())
        .bind(cases.values().map(|(last, _)| last.at).collect::<Vec<_>>())
        .execute(&mut *conn)
        .await?;
    sqlx::query(TELL)
        .bind(events.iter().map(|e| e.case_id).collect::<Vec<_>>())
        .bind(events.iter().map(|e| e.partition).collect::<Vec<_>>())
        .bind(events.iter().map(|e| e.seq).collect::<Vec<_>>())
        .bind(events.iter().map(|e| e.at).collect::<Vec<_>>())
        .bind(vec!["case-registered"; events.len()])
        .bind(events.iter().map(|e| Json(e.args)).collect::<Vec<_>>())
        .bind(events.iter().map(|e| e.actor).collect::<Vec<_>>())
        .execute(conn)
        .await?;
    Ok(())
}
