//! How far the stream has each partition. Not stored anywhere: the last message of a subject says it.

use crate::{append::column, broker::Broker, error::BrokerError, genesis, lease::Owned, log::Log};
use async_nats::jetstream::stream::{LastRawMessageErrorKind, Stream};
use contracts::common::Batch;
use futures::{StreamExt as _, TryStreamExt as _, stream};
use prost::Message as _;
use std::collections::BTreeMap;

/// Events of a partition that are sent again into a stream that does not have it: what is probably still on its way.
const REFILL: u64 = 256;

/// The number of the last event of each partition that the stream has.
#[derive(Debug)]
pub(super) struct Cursors(BTreeMap<u16, u64>);

impl Cursors {
    /// Reads them from the stream: one look per partition.
    pub(super) async fn find(log: &Log, broker: &Broker, stream: &Stream, owned: &Owned) -> Result<Self, BrokerError> {
        let heads = genesis::heads(&log.pools.follow).await?;
        let ends: BTreeMap<u16, (u64, Vec<u8>)> = stream::iter(owned.iter().copied())
            .map(|partition| async move {
                let end = last(stream, &broker.subject(log.service(), partition)).await?;
                Ok::<_, BrokerError>((partition, end))
            })
            .buffered(owned.len())
            .try_collect()
            .await?;
        let chains = known(log, &ends).await?;
        let mut cursors = BTreeMap::new();
        for head in heads {
            let partition = u16::try_from(head.partition).unwrap_or(u16::MAX);
            let Some((seq, _)) = ends.get(&partition) else { continue };
            // What lies in the stream may be another installation's, or lie beyond a restored log, or nothing. Only an
            // end that this log has too is an end; from anything else the latest are sent again, and followers ask for
            // what they lack before them. A whole log is never sent to everyone.
            let end = if chains.contains(&partition) { *seq } else { head.seq.saturating_sub(REFILL) };
            cursors.insert(partition, end.min(head.seq));
        }
        Ok(Self(cursors))
    }

    pub(super) fn advance(&mut self, partition: u16, seq: u64) {
        self.0.insert(partition, seq);
    }

    /// As columns of a query: partitions and their numbers.
    pub(super) fn columns(&self) -> (Vec<i16>, Vec<i64>) {
        self.0.iter().map(|(partition, seq)| (column(*partition), i64::try_from(*seq).unwrap_or(i64::MAX))).unzip()
    }
}

/// The last number and link of a subject; 0 if the stream has nothing of it.
async fn last(stream: &Stream, subject: &str) -> Result<(u64, Vec<u8>), BrokerError> {
    let message = match stream.get_last_raw_message_by_subject(subject).await {
        Ok(message) => message,
        Err(error) if matches!(error.kind(), LastRawMessageErrorKind::NoMessageFound) => return Ok((0, Vec::new())),
        Err(error) => return Err(BrokerError::while_doing("looking for the end of the stream")(error)),
    };
    // A message that is no batch is not ours: everything is sent again after it.
    let Ok(batch) = Batch::decode(message.payload) else { return Ok((0, Vec::new())) };
    let Some(record) = batch.records.last() else { return Ok((0, Vec::new())) };
    Ok(((batch.first_seq + batch.records.len() as u64).saturating_sub(1), record.hash.clone()))
}

/// The partitions whose end in the stream stands in the log with the same link.
async fn known(log: &Log, ends: &BTreeMap<u16, (u64, Vec<u8>)>) -> Result<Vec<u16>, BrokerError> {
    let (mut partitions, mut seqs, mut links) = (Vec::new(), Vec::new(), Vec::new());
    for (partition, (seq, link)) in ends {
        partitions.push(column(*partition));
        seqs.push(i64::try_from(*seq).unwrap_or(i64::MAX));
        links.push(link.clone());
    }
    let found: Vec<i16> = sqlx::query_scalar(
        "SELECT e.partition FROM UNNEST($1::smallint[], $2::bigint[], $3::bytea[]) AS e (partition, seq, link)
         WHERE EXISTS (SELECT 1 FROM event_log AS l
                       WHERE l.partition = e.partition AND l.seq = e.seq AND l.hash = e.link)",
    )
    .bind(partitions)
    .bind(seqs)
    .bind(links)
    .fetch_all(&log.pools.follow)
    .await?;
    Ok(found.into_iter().map(i16::unsigned_abs).collect())
}
