//! Reads the log out, partition by partition: where its chain begins, then its records in order, a page at a time.

use super::{LogAdmin, number};
use crate::{append::column, log::Log, partition::PARTITIONS};
use chrono::NaiveDate;
use contracts::{
    common::{Batch, Record},
    log::{Chain, ReadLogResponse, read_log_response::Part},
};
use futures::{StreamExt as _, TryStreamExt as _, stream, stream::BoxStream};
use kit_core::Problem;
use kit_db::Result;

/// Rows of one look into the database.
const PAGE: i64 = 1000;
/// A receiver takes 4 MB, and a single event may have half a megabyte.
const BYTES_A_MESSAGE: usize = 1024 * 1024;

/// After every month, in a place after which a new number begins.
const LAST: NaiveDate = match NaiveDate::from_ymd_opt(9999, 12, 1) {
    Some(month) => month,
    None => NaiveDate::MAX,
};

/// What [`LogAdmin::read`] answers.
pub type Parts = BoxStream<'static, Result<ReadLogResponse>>;

impl LogAdmin {
    /// The records of `partitions`, or of all if there are none, up to the heads as they are now.
    ///
    /// # Errors
    /// There is no such partition, or the database does not answer.
    pub async fn read(&self, partitions: &[u32]) -> Result<Parts> {
        if let Some(unknown) = partitions.iter().find(|partition| **partition >= u32::from(PARTITIONS)) {
            let last = PARTITIONS - 1;
            return Err(Problem::field(
                "partitions",
                "unknown-partition",
                format!("没有分区 {unknown};分区为 0 至 {last}"),
                format!("There is no partition {unknown}; they are 0 to {last}"),
            )
            .into());
        }
        let chains = chains(&self.log, partitions).await?;
        let log = self.log.clone();
        Ok(stream::iter(chains).flat_map(move |chain| records(log.clone(), chain)).boxed())
    }
}

/// Where each partition begins and ends at this moment.
async fn chains(log: &Log, partitions: &[u32]) -> Result<Vec<Chain>> {
    let wanted: Vec<i16> = partitions.iter().map(|n| column(u16::try_from(*n).unwrap_or(u16::MAX))).collect();
    let rows: Vec<(i16, i64, Vec<u8>, i64, Vec<u8>)> = sqlx::query_as(
        "SELECT h.partition, COALESCE(d.last_seq, 0), COALESCE(d.last_hash, h.genesis), h.seq, h.hash
         FROM event_head AS h
         LEFT JOIN LATERAL (SELECT last_seq, last_hash FROM detached_month WHERE partition = h.partition
                            ORDER BY month DESC LIMIT 1) AS d ON true
         WHERE cardinality($1::smallint[]) = 0 OR h.partition = ANY ($1)
         ORDER BY h.partition",
    )
    .bind(wanted)
    .fetch_all(log.pool())
    .await?;
    let chain = |(partition, after, after_hash, head, head_hash): (i16, i64, _, i64, _)| Chain {
        partition: number(partition),
        after_seq: after.unsigned_abs(),
        after_hash,
        head_seq: head.unsigned_abs(),
        head_hash,
    };
    Ok(rows.into_iter().map(chain).collect())
}

/// The chain's own message, then its records.
fn records(log: Log, chain: Chain) -> Parts {
    let first = ReadLogResponse { part: Some(Part::Chain(chain.clone())) };
    let at = Some(Place { seq: i64::try_from(chain.after_seq).unwrap_or(i64::MAX), month: LAST });
    let pages = stream::try_unfold((log, chain, at), |(log, chain, at)| async move {
        let Some(at) = at else { return Ok(None) };
        let rows = page(&log, &chain, at).await?;
        let is_last = i64::try_from(rows.len()).unwrap_or(i64::MAX) < PAGE;
        if is_last && has_lost_a_month(&log, &chain).await? {
            return Err(detached_meanwhile().into());
        }
        let next = rows.last().map(|row| Place { seq: row.seq, month: row.month }).filter(|_| !is_last);
        let messages = stream::iter(pack(log.service(), chain.partition, rows).into_iter().map(Ok));
        Ok::<_, kit_db::Error>(Some((messages, (log, chain, next))))
    });
    let message = |batch| ReadLogResponse { part: Some(Part::Batch(batch)) };
    stream::iter([Ok(first)]).chain(pages.try_flatten().map_ok(message)).boxed()
}

/// The row that a page follows. A number can stand there twice, in two months, if someone has put it there; both are
/// read out, for whoever verifies to find.
#[derive(Clone, Copy)]
struct Place {
    seq: i64,
    month: NaiveDate,
}

#[derive(sqlx::FromRow)]
struct Row {
    seq: i64,
    month: NaiveDate,
    hash: Vec<u8>,
    envelope: Vec<u8>,
}

async fn page(log: &Log, chain: &Chain, after: Place) -> Result<Vec<Row>> {
    let rows = sqlx::query_as(
        "SELECT seq, month, hash, envelope FROM event_log
         WHERE partition = $1 AND (seq, month) > ($2, $3) AND seq <= $4 ORDER BY seq, month LIMIT $5",
    )
    .bind(column(u16::try_from(chain.partition).unwrap_or(u16::MAX)))
    .bind(after.seq)
    .bind(after.month)
    .bind(i64::try_from(chain.head_seq).unwrap_or(i64::MAX))
    .bind(PAGE)
    .fetch_all(log.pool())
    .await?;
    Ok(rows)
}

/// Whether a month was detached since the chain's beginning was read: what is missing then is not lost.
async fn has_lost_a_month(log: &Log, chain: &Chain) -> Result<bool> {
    let begins = chains(log, &[chain.partition]).await?;
    Ok(begins.first().is_none_or(|now| now.after_seq != chain.after_seq))
}

fn detached_meanwhile() -> Problem {
    Problem::conflict(
        "month-detached-meanwhile",
        "读取期间有月份被卸下或挂回,请重新读取",
        "A month was detached or attached while the log was read: read it again",
    )
}

/// Rows as messages: a message's numbers follow each other.
fn pack(producer: &str, partition: u32, rows: Vec<Row>) -> Vec<Batch> {
    let mut batches: Vec<Batch> = Vec::new();
    let (mut bytes, mut last) = (0, 0);
    for row in rows {
        let (seq, size) = (row.seq.unsigned_abs(), row.envelope.len() + row.hash.len());
        let record = Record { envelope: row.envelope, hash: row.hash };
        match batches.last_mut() {
            Some(batch) if seq == last + 1 && bytes + size <= BYTES_A_MESSAGE => {
                batch.records.push(record);
                bytes += size;
            }
            _ => {
                batches.push(Batch { producer: producer.to_owned(), partition, first_seq: seq, records: vec![record] });
                bytes = size;
            }
        }
        last = seq;
    }
    batches
}
