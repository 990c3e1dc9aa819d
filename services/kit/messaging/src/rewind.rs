//! What a follower misses, it asks of the producer, and the producer answers from its log, with its verdict on where the
//! follower stands. The answer goes to the asker alone: a repair multiplies no one's traffic, and works without the
//! stream.

use crate::{
    append::column,
    broker::Broker,
    crash,
    error::BrokerError,
    log::Log,
    pace::{Backoff, pause, sleep},
    partition::PARTITIONS,
    position::number,
    relay::{pack, window},
};
use contracts::common::{Agreement, Batch, Record, RewindReply, RewindRequest, Standing, Verdict};
use futures::StreamExt as _;
use kit_db::Result;
use prost::Message as _;
use sqlx::PgPool;
use std::time::Duration;
use tokio::time::{Instant, timeout};
use tokio_util::sync::CancellationToken;

/// Rows of one answer, over all partitions asked for.
const ROWS: usize = 1000;
/// Bytes of one answer, well under what a NATS server takes in one message; one event is never larger.
const BYTES: usize = 600 * 1024;
const PATIENCE: Duration = Duration::from_secs(3);

/// Asks once. `None`: no answer in time; ask again later.
pub(crate) async fn ask(
    broker: &Broker,
    producer: &str,
    follower: &str,
    standings: Vec<Standing>,
) -> Option<RewindReply> {
    let request = RewindRequest { follower: follower.to_owned(), standings }.encode_to_vec();
    let reply = broker.client.request(broker.rewind_subject(producer), request.into());
    RewindReply::decode(timeout(PATIENCE, reply).await.ok()?.ok()?.payload).ok()
}

/// Answers followers until `stop`; one of several instances answers.
pub(crate) async fn serve(log: &Log, broker: &Broker, stop: &CancellationToken) {
    let mut backoff = Backoff::default();
    loop {
        if let Some(Err(error)) = stop.run_until_cancelled(session(log, broker, &mut backoff)).await {
            tracing::warn!(%error, "cannot answer followers that miss something");
        }
        if !pause(backoff.next(), stop).await {
            return;
        }
    }
}

async fn session(log: &Log, broker: &Broker, backoff: &mut Backoff) -> std::result::Result<(), BrokerError> {
    let subject = broker.rewind_subject(log.service());
    let requests = broker.client.queue_subscribe(subject, log.service().to_owned()).await;
    let mut requests = requests.map_err(BrokerError::while_doing("listening for followers"))?;
    backoff.reset();
    while let Some(request) = requests.next().await {
        let (Some(reply_to), Ok(asked)) = (request.reply, RewindRequest::decode(request.payload)) else { continue };
        let started = Instant::now();
        crash::point("repair.asked");
        let reply = answer(log, &asked).await?;
        broker.say(reply_to, &reply).await?;
        crash::point("repair.answered");
        if !reply.batches.is_empty() {
            tracing::debug!(follower = asked.follower, batches = reply.batches.len(), "answered a rewind");
            // As long a rest as the work took: repair never takes more than every other moment from what is new.
            sleep(started.elapsed()).await;
        }
    }
    Ok(())
}

/// The verdict on each standing, and what the log has after those that agree.
pub(crate) async fn answer(log: &Log, asked: &RewindRequest) -> Result<RewindReply> {
    let pool = &log.pools.follow;
    // Another installation may have other partitions; there is nothing to say about those.
    let standings: Vec<Standing> =
        asked.standings.iter().filter(|at| at.partition < u32::from(PARTITIONS)).cloned().collect();
    let verdicts = judge(pool, &standings).await?;
    let behind: Vec<(i16, i64)> = standings
        .iter()
        .zip(&verdicts)
        .filter(|(at, verdict)| verdict.agreement() == Agreement::Same && verdict.head_seq > at.seq)
        .map(|(at, _)| (partition(at.partition), number(at.seq)))
        .collect();
    let mut batches = Vec::new();
    if !behind.is_empty() {
        let (rows_each, share) = ((ROWS / behind.len()).max(20), BYTES / behind.len());
        let (partitions, seqs) = behind.into_iter().unzip();
        let rows = window::after(pool, partitions, seqs, rows_each).await?;
        batches = within(pack(log.service(), rows), share);
    }
    Ok(RewindReply { batches, verdicts })
}

async fn judge(pool: &PgPool, standings: &[Standing]) -> Result<Vec<Verdict>> {
    let partitions: Vec<i16> = standings.iter().map(|at| partition(at.partition)).collect();
    let seqs: Vec<i64> = standings.iter().map(|at| number(at.seq)).collect();
    let rows: Vec<(i64, Vec<u8>, Option<Vec<u8>>)> = sqlx::query_as(
        "SELECT h.seq, h.hash,
                CASE WHEN s.seq = 0 THEN h.genesis WHEN s.seq = h.seq THEN h.hash ELSE COALESCE(
                    (SELECT l.hash FROM event_log AS l WHERE l.partition = s.partition AND l.seq = s.seq),
                    (SELECT d.last_hash FROM detached_month AS d WHERE d.partition = s.partition AND d.last_seq = s.seq),
                    -- Neither here nor detached: someone has taken it away.
                    CASE WHEN s.seq > COALESCE((SELECT max(d.last_seq) FROM detached_month AS d
                                                WHERE d.partition = s.partition), 0) THEN ''::bytea END
                ) END
         FROM UNNEST($1::smallint[], $2::bigint[]) WITH ORDINALITY AS s (partition, seq, place)
         JOIN event_head AS h ON h.partition = s.partition
         ORDER BY s.place",
    )
    .bind(&partitions)
    .bind(&seqs)
    .fetch_all(pool)
    .await?;
    Ok(standings.iter().zip(rows).map(|(at, (seq, hash, link))| verdict(at, seq.unsigned_abs(), hash, link)).collect())
}

fn verdict(at: &Standing, head_seq: u64, head_hash: Vec<u8>, link: Option<Vec<u8>>) -> Verdict {
    let agreement = match &link {
        _ if at.seq > head_seq => Agreement::Behind,
        None => Agreement::Archived,
        Some(link) if *link == at.hash => Agreement::Same,
        Some(_) => Agreement::Other,
    };
    let link = link.unwrap_or_default();
    Verdict { partition: at.partition, agreement: agreement.into(), head_seq, head_hash, link }
}

/// Of each partition its share, but at least one event; of all together no more than a message takes. The others are
/// asked for again.
fn within(batches: Vec<Batch>, share: usize) -> Vec<Batch> {
    let (mut total, mut own, mut partition) = (0, 0, None);
    let mut kept = Vec::new();
    for mut batch in batches {
        if partition.replace(batch.partition) != Some(batch.partition) {
            own = 0;
        }
        let mut fits = |record: &Record| {
            let size = record.encoded_len();
            let is_kept = own == 0 || own + size <= share;
            own += if is_kept { size } else { share };
            is_kept
        };
        let count = batch.records.iter().take_while(|record| fits(record)).count();
        batch.records.truncate(count);
        total += batch.encoded_len();
        if total > BYTES && !kept.is_empty() {
            return kept;
        }
        if count > 0 {
            kept.push(batch);
        }
    }
    kept
}

fn partition(number: u32) -> i16 {
    u16::try_from(number).map_or(i16::MAX, column)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn batch(partition: u32, first_seq: u64, sizes: &[usize]) -> Batch {
        let records = sizes.iter().map(|size| Record { envelope: vec![0; *size], hash: vec![0; 32] }).collect();
        Batch { producer: "intake".to_owned(), partition, first_seq, records }
    }

    fn shape(batches: &[Batch]) -> Vec<(u32, u64, usize)> {
        batches.iter().map(|batch| (batch.partition, batch.first_seq, batch.records.len())).collect()
    }

    #[test]
    fn every_partition_gets_its_share_and_a_large_event_travels_alone() {
        let all = vec![batch(0, 1, &[400; 9]), batch(0, 10, &[10]), batch(1, 5, &[400; 3]), batch(2, 7, &[90_000, 5])];
        assert_eq!(shape(&within(all, 1000)), [(0, 1, 2), (1, 5, 2), (2, 7, 1)]);
    }

    #[test]
    fn an_answer_is_never_larger_than_a_message_may_be() {
        let all = (0..16).map(|partition| batch(partition, 1, &[500_000])).collect();
        let kept = within(all, BYTES / 16);
        assert_eq!(shape(&kept), [(0, 1, 1)]);
    }
}
