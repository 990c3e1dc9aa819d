//! Where chains begin. A follower learns it from the producer itself, never from the stream: what lies there may be
//! the log of an earlier installation.

use crate::{
    append::column,
    broker::Broker,
    error::BrokerError,
    log::Log,
    pace::{Backoff, pause},
    partition::PARTITIONS,
};
use contracts::common::{GenesisReply, GenesisRequest, PartitionHead};
use futures::StreamExt as _;
use kit_db::{Error, Result};
use prost::Message as _;
use sqlx::PgPool;
use tokio_util::sync::CancellationToken;

/// Answers followers that ask for the beginnings of this service's chains, until `stop`.
pub(crate) async fn serve(log: &Log, broker: &Broker, stop: &CancellationToken) {
    let mut backoff = Backoff::default();
    loop {
        if let Some(Err(error)) = stop.run_until_cancelled(session(log, broker, &mut backoff)).await {
            tracing::warn!(service = log.service(), %error, "cannot answer for the beginnings of the log");
        }
        if !pause(backoff.next(), stop).await {
            return;
        }
    }
}

async fn session(log: &Log, broker: &Broker, backoff: &mut Backoff) -> std::result::Result<(), BrokerError> {
    let subject = broker.genesis_subject(log.service());
    // One of several instances answers.
    let mut requests = broker
        .client
        .queue_subscribe(subject, log.service().to_owned())
        .await
        .map_err(BrokerError::while_doing("listening for followers"))?;
    backoff.reset();
    while let Some(request) = requests.next().await {
        let Some(reply_to) = request.reply else { continue };
        let reply = GenesisReply { heads: heads(&log.pools.follow).await? };
        broker.say(reply_to, &reply).await?;
    }
    Ok(())
}

pub(crate) async fn heads(pool: &PgPool) -> Result<Vec<PartitionHead>> {
    let rows: Vec<(i16, Vec<u8>, i64, Vec<u8>)> =
        sqlx::query_as("SELECT partition, genesis, seq, hash FROM event_head ORDER BY partition")
            .fetch_all(pool)
            .await?;
    Ok(rows
        .into_iter()
        .map(|(partition, genesis, seq, hash)| PartitionHead {
            partition: u32::from(partition.unsigned_abs()),
            genesis,
            seq: seq.unsigned_abs(),
            hash,
        })
        .collect())
}

/// Asks a producer once. `None`: it does not answer, or not for all partitions; ask again later.
pub(crate) async fn ask(broker: &Broker, producer: &str) -> Option<Vec<PartitionHead>> {
    let request = GenesisRequest {}.encode_to_vec().into();
    let reply = broker.client.request(broker.genesis_subject(producer), request).await.ok()?;
    let mut heads = GenesisReply::decode(reply.payload).ok()?.heads;
    heads.sort_by_key(|head| head.partition);
    let is_whole = heads.iter().map(|head| head.partition).eq(0..u32::from(PARTITIONS))
        && heads.iter().all(|head| head.genesis.len() == 32);
    if !is_whole {
        tracing::error!(producer, "a producer answered with other partitions than this installation has");
    }
    is_whole.then_some(heads)
}

/// Keeps the beginnings of a producer's chains as positions 0, unless another instance did so first.
pub(crate) async fn keep(pool: &PgPool, producer: &str, heads: Vec<PartitionHead>) -> Result<()> {
    let (partitions, links): (Vec<i16>, Vec<Vec<u8>>) =
        heads.into_iter().map(|head| (column(u16::try_from(head.partition).unwrap_or(u16::MAX)), head.genesis)).unzip();
    sqlx::query(
        "INSERT INTO follower_position (producer, partition, seq, hash)
         SELECT $1, g.partition, 0, g.link FROM UNNEST($2::smallint[], $3::bytea[]) AS g (partition, link)
         ON CONFLICT DO NOTHING",
    )
    .bind(producer)
    .bind(partitions)
    .bind(links)
    .execute(pool)
    .await
    .map_err(Error::from)?;
    Ok(())
}
