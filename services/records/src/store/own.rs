//! The table of what this service itself said of a case.

use crate::domain::Entry;
use contracts::{Event as _, records::CaseArchived};
use kit_db::Result;
use kit_ids::CaseId;
use sqlx::{PgConnection, PgPool, types::Json};
use uuid::Uuid;

/// Adds all entries in one statement.
pub(crate) async fn insert(conn: &mut PgConnection, entries: &[Entry]) -> Result<()> {
    if entries.is_empty() {
        return Ok(());
    }
    sqlx::query(
        "INSERT INTO own_entries (case_id, at, fact, args, refs, actor)
         SELECT case_id, at, fact, args, ARRAY(SELECT jsonb_array_elements_text(refs)), actor
         FROM UNNEST($1::uuid[], $2::timestamptz[], $3::text[], $4::jsonb[], $5::jsonb[], $6::text[])
             AS u (case_id, at, fact, args, refs, actor)",
    )
    .bind(entries.iter().map(|e| e.case_id.uuid()).collect::<Vec<_>>())
    .bind(entries.iter().map(|e| e.at).collect::<Vec<_>>())
    .bind(entries.iter().map(|e| e.fact.as_str()).collect::<Vec<_>>())
    .bind(entries.iter().map(|e| Json(&e.args)).collect::<Vec<_>>())
    .bind(entries.iter().map(|e| Json(&e.refs)).collect::<Vec<_>>())
    .bind(entries.iter().map(|e| e.actor.as_str()).collect::<Vec<_>>())
    .execute(conn)
    .await?;
    Ok(())
}

type Row =
    (chrono::DateTime<chrono::Utc>, String, Json<serde_json::Map<String, serde_json::Value>>, Vec<String>, String);

/// Those of a case, in order.
pub(crate) async fn list(pool: &PgPool, case_id: CaseId) -> Result<Vec<Entry>> {
    let id: Uuid = case_id.uuid();
    let rows: Vec<Row> =
        sqlx::query_as("SELECT at, fact, args, refs, actor FROM own_entries WHERE case_id = $1 ORDER BY place")
            .bind(id)
            .fetch_all(pool)
            .await?;
    let entry = |(at, fact, args, refs, actor): Row| Entry {
        case_id,
        place: 0,
        producer: CaseArchived::OWNER.to_owned(),
        log_place: None,
        at,
        fact,
        args: args.0,
        refs,
        actor,
    };
    Ok(rows.into_iter().map(entry).collect())
}
