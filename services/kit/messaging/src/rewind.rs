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
use contracts::common::{Agreement, Batch, RewindReply, RewindRequest, Standing, Verdict};
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
        let rows_each = (ROWS / behind.len()).max(20);
        let (partitions, seqs) = behind.into_iter().unzip();
        let rows = window::after(pool, partitions, seqs, rows_each).await?;
        batches = within(pack(log.service(), rows), BYTES);
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
                    (SELECT d.last_hash FROM detached_month AS d WHERE d.partition = s.partition AND d.last_seq = s.seq)
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

/// As many as fit, at least one of them; the others are asked for again.
fn within(batches: Vec<Batch>, bytes: usize) -> Vec<Batch> {
    let mut total = 0;
    let fits = |batch: &Batch| {
        let is_first = total == 0;
        total += batch.encoded_len();
        is_first || total <= bytes
    };
    batches.into_iter().take_while(fits).collect()
}

fn partition(number: u32) -> i16 {
    u16::try_from(number).map_or(i16::MAX, column)
}
