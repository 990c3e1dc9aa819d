//! The table of dossier entries.

use super::out_of_range;
use crate::domain::Entry;
use chrono::{DateTime, Utc};
use kit_db::Result;
use kit_ids::CaseId;
use serde_json::{Map, Value};
use sqlx::{PgConnection, PgPool, types::Json};
use uuid::Uuid;

/// Adds all entries in one statement.
pub(crate) async fn insert(conn: &mut PgConnection, entries: &[Entry]) -> Result<()> {
    if entries.is_empty() {
        return Ok(());
    }
    let places: Result<Vec<i32>> = entries.iter().map(|e| i32::try_from(e.place).map_err(out_of_range)).collect();
    let partitions: Result<Vec<Option<i16>>> =
        entries.iter().map(|e| e.log_place.map(|(p, _)| i16::try_from(p)).transpose().map_err(out_of_range)).collect();
    let seqs: Result<Vec<Option<i64>>> =
        entries.iter().map(|e| e.log_place.map(|(_, s)| i64::try_from(s)).transpose().map_err(out_of_range)).collect();
    sqlx::query(
        "INSERT INTO dossier_entries (case_id, place, producer, partition, seq, at, fact, args, refs, actor)
         SELECT case_id, place, producer, partition, seq, at, fact, args, ARRAY(SELECT jsonb_array_elements_text(refs)), actor
         FROM UNNEST($1::uuid[], $2::integer[], $3::text[], $4::smallint[], $5::bigint[], $6::timestamptz[], $7::text[],
                     $8::jsonb[], $9::jsonb[], $10::text[])
             AS u (case_id, place, producer, partition, seq, at, fact, args, refs, actor)",
    )
    .bind(entries.iter().map(|e| e.case_id.uuid()).collect::<Vec<_>>())
    .bind(places?)
    .bind(entries.iter().map(|e| e.producer.as_str()).collect::<Vec<_>>())
    .bind(partitions?)
    .bind(seqs?)
    .bind(entries.iter().map(|e| e.at).collect::<Vec<_>>())
    .bind(entries.iter().map(|e| e.fact.as_str()).collect::<Vec<_>>())
    .bind(entries.iter().map(|e| Json(&e.args)).collect::<Vec<_>>())
    .bind(entries.iter().map(|e| Json(&e.refs)).collect::<Vec<_>>())
    .bind(entries.iter().map(|e| e.actor.as_str()).collect::<Vec<_>>())
    .execute(conn)
    .await?;
    Ok(())
}

#[derive(sqlx::FromRow)]
struct Row {
    place: i32,
    producer: String,
    partition: Option<i16>,
    seq: Option<i64>,
    at: DateTime<Utc>,
    fact: String,
    args: Json<Map<String, Value>>,
    refs: Vec<String>,
    actor: String,
}

/// The dossier of a case, in order.
pub(crate) async fn list(pool: &PgPool, case_id: CaseId) -> Result<Vec<Entry>> {
    let id: Uuid = case_id.uuid();
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT place, producer, partition, seq, at, fact, args, refs, actor
         FROM dossier_entries WHERE case_id = $1 ORDER BY place",
    )
    .bind(id)
    .fetch_all(pool)
    .await?;
    rows.into_iter().map(|row| entry(case_id, row)).collect()
}

fn entry(case_id: CaseId, row: Row) -> Result<Entry> {
    let log_place = match (row.partition, row.seq) {
        (Some(partition), Some(seq)) => {
            Some((u16::try_from(partition).map_err(out_of_range)?, u64::try_from(seq).map_err(out_of_range)?))
        }
        _ => None,
    };
    Ok(Entry {
        case_id,
        place: usize::try_from(row.place).map_err(out_of_range)?,
        producer: row.producer,
        log_place,
        at: row.at,
        fact: row.fact,
        args: row.args.0,
        refs: row.refs,
        actor: row.actor,
    })
}
