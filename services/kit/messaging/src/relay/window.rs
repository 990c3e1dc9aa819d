//! One window of the relay: what the log has beyond the cursors, packed into messages, sent at once, and awaited in
//! order. Several events in one message are 2.5 times as fast as one; a single one does not wait for company.

use super::cursor::Cursors;
use crate::{broker::Broker, crash, error::BrokerError, log::Log};
use async_nats::jetstream::message::PublishMessage;
use contracts::common::{Batch, Record};
use prost::Message as _;
use sqlx::PgPool;

/// Rows of one partition in a window.
const ROWS: usize = 256;
const EVENTS_A_MESSAGE: usize = 50;
const BYTES_A_MESSAGE: usize = 64 * 1024;

#[derive(Debug, sqlx::FromRow)]
pub(crate) struct Row {
    partition: i16,
    seq: i64,
    hash: Vec<u8>,
    envelope: Vec<u8>,
}

/// What the log has beyond the cursors: by partition, in order, without a gap.
pub(super) async fn read(pool: &PgPool, cursors: &Cursors) -> sqlx::Result<Vec<Row>> {
    let (partitions, seqs) = cursors.columns();
    after(pool, partitions, seqs, ROWS).await
}

/// What the log has after these numbers: by partition, in order, without a gap, at most `rows` of each.
pub(crate) async fn after(pool: &PgPool, partitions: Vec<i16>, seqs: Vec<i64>, rows: usize) -> sqlx::Result<Vec<Row>> {
    // The sixteen heads tell which partitions have anything; in rest nothing else is touched. The limit is there for the
    // planner as well: without it, a plan made while the month was empty reads a whole partition for each window.
    sqlx::query_as(
        "SELECT l.partition, l.seq, l.hash, l.envelope
         FROM UNNEST($1::smallint[], $2::bigint[]) AS c (partition, seq)
         JOIN event_head AS h ON h.partition = c.partition AND h.seq > c.seq
         CROSS JOIN LATERAL (
             SELECT e.partition, e.seq, e.hash, e.envelope FROM event_log AS e
             WHERE e.partition = c.partition AND e.seq > c.seq AND e.seq <= c.seq + $3 ORDER BY e.seq LIMIT $3
         ) AS l
         ORDER BY l.partition, l.seq",
    )
    .bind(partitions)
    .bind(seqs)
    .bind(i64::try_from(rows).unwrap_or(i64::MAX))
    .fetch_all(pool)
    .await
}

/// Sends a window and moves the cursors as far as it was acknowledged, in order. At the first failure the rest is
/// dropped: awaiting each would time out one after the other.
pub(super) async fn publish(
    log: &Log,
    broker: &Broker,
    rows: Vec<Row>,
    cursors: &mut Cursors,
) -> Result<usize, BrokerError> {
    let count = rows.len();
    let mut sent = Vec::new();
    for batch in pack(log.service(), rows) {
        let partition = u16::try_from(batch.partition).unwrap_or(u16::MAX);
        let last = (batch.first_seq + batch.records.len() as u64).saturating_sub(1);
        let message = PublishMessage::build().payload(batch.encode_to_vec().into());
        let ack = broker
            .js
            .send_publish(broker.subject(log.service(), partition), message)
            .await
            .map_err(BrokerError::while_doing("publishing"))?;
        sent.push((partition, last, ack));
    }
    crash::point("relay.published");
    for (partition, last, ack) in sent {
        ack.await.map_err(BrokerError::while_doing("waiting for the stream to store what was published"))?;
        cursors.advance(partition, last);
    }
    crash::point("relay.acked");
    Ok(count)
}

pub(crate) fn pack(producer: &str, rows: Vec<Row>) -> Vec<Batch> {
    let mut batches: Vec<Batch> = Vec::new();
    let mut bytes = 0;
    for row in rows {
        let (partition, seq) = (u32::from(row.partition.unsigned_abs()), row.seq.unsigned_abs());
        let size = row.envelope.len() + row.hash.len();
        let record = Record { envelope: row.envelope, hash: row.hash };
        match batches.last_mut() {
            Some(batch)
                if batch.partition == partition
                    && batch.records.len() < EVENTS_A_MESSAGE
                    && bytes + size <= BYTES_A_MESSAGE =>
            {
                batch.records.push(record);
                bytes += size;
            }
            _ => {
                batches.push(Batch { producer: producer.to_owned(), partition, first_seq: seq, records: vec![record] });
                bytes = size;
            }
        }
    }
    batches
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(partition: i16, seq: i64, bytes: usize) -> Row {
        Row { partition, seq, hash: vec![0; 32], envelope: vec![0; bytes] }
    }

    #[test]
    fn a_message_holds_consecutive_events_of_one_partition_up_to_its_limits() {
        let mut rows: Vec<Row> = (1..=120).map(|seq| row(0, seq, 100)).collect();
        rows.extend([row(1, 7, 60_000), row(1, 8, 60_000), row(1, 9, 10)]);
        let packed: Vec<_> = pack("intake", rows).iter().map(|b| (b.partition, b.first_seq, b.records.len())).collect();
        assert_eq!(packed, [(0, 1, 50), (0, 51, 50), (0, 101, 20), (1, 7, 1), (1, 8, 2)]);
    }
}
