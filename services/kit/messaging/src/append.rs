//! The last statement of a transaction: its events, numbered and linked by one call of `event_append`.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

/// An event that waits for the end of its transaction.
#[derive(Debug)]
pub(crate) struct Outgoing {
    pub(crate) partition: u16,
    pub(crate) event_id: Uuid,
    pub(crate) key: String,
    pub(crate) kind: String,
    pub(crate) envelope: Vec<u8>,
}

/// Appends `events`. From here to COMMIT the heads are locked: nothing may stand between.
pub(crate) async fn append(conn: &mut PgConnection, events: Vec<Outgoing>, at: DateTime<Utc>) -> sqlx::Result<()> {
    let count = events.len();
    let (mut partitions, mut ids, mut keys) =
        (Vec::with_capacity(count), Vec::with_capacity(count), Vec::with_capacity(count));
    let (mut kinds, mut envelopes) = (Vec::with_capacity(count), Vec::with_capacity(count));
    for event in events {
        partitions.push(column(event.partition));
        ids.push(event.event_id);
        keys.push(event.key);
        kinds.push(event.kind);
        envelopes.push(event.envelope);
    }
    sqlx::query("SELECT event_append($1, $2, $3, $4, $5, $6)")
        .bind(partitions)
        .bind(ids)
        .bind(keys)
        .bind(kinds)
        .bind(envelopes)
        .bind(at)
        .execute(conn)
        .await?;
    Ok(())
}

/// A partition number as its column holds it; there are far fewer than 2¹⁵.
pub(crate) fn column(partition: u16) -> i16 {
    i16::try_from(partition).unwrap_or(i16::MAX)
}
