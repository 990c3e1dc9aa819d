//! Which partitions this instance works on. Replicas of a service share them by leases in its schema: each beats once a
//! second, and what a dead one had is free two and a half seconds later. A lease is an economy: positions make repetition
//! harmless. But whoever has lost one applies nothing more, see [`crate::position::advance`].

use crate::{
    append::column,
    log::Log,
    meters,
    pace::{Backoff, pause},
};
use kit_db::Result;
use std::{collections::BTreeSet, time::Duration};
use tokio_util::sync::CancellationToken;

/// How often an instance says that it is alive.
const BEAT: Duration = Duration::from_secs(1);
/// How long it counts as alive after that, in Postgres' words: with the beat, partitions move within five seconds.
const LASTING: &str = "2500 milliseconds";

/// The partitions of an instance.
pub(crate) type Owned = BTreeSet<u16>;

/// Beats until `stop`, then gives everything back.
pub(crate) async fn keep(log: &Log, stop: &CancellationToken) {
    let mut backoff = Backoff::default();
    loop {
        let next = match beat(log).await {
            Ok(owned) => {
                backoff.reset();
                meters::owned(log.service(), owned.len());
                log.owned.send_if_modified(|present| {
                    let is_news = *present != owned;
                    if is_news {
                        tracing::info!(instance = %log.instance, partitions = owned.len(), "partitions of this instance");
                        *present = owned;
                    }
                    is_news
                });
                BEAT
            }
            // What it had stays its own until another takes it, which only the database can tell.
            Err(error) => {
                tracing::warn!(%error, "cannot renew the leases now");
                backoff.next().min(BEAT)
            }
        };
        if !pause(next, stop).await {
            break;
        }
    }
    if let Err(error) = release(log).await {
        tracing::debug!(%error, "the leases were not given back; they run out by themselves");
    }
}

pub(crate) async fn beat(log: &Log) -> Result<Owned> {
    let partitions: Vec<i16> = sqlx::query_scalar("SELECT partition_lease_beat($1, $2::interval)")
        .bind(&*log.instance)
        .bind(LASTING)
        .fetch_one(&log.pools.follow)
        .await?;
    Ok(partitions.into_iter().map(i16::unsigned_abs).collect())
}

async fn release(log: &Log) -> Result<()> {
    sqlx::query(
        "WITH gone AS (DELETE FROM replica WHERE instance = $1)
         UPDATE partition_lease SET owner = NULL WHERE owner = $1",
    )
    .bind(&*log.instance)
    .execute(&log.pools.follow)
    .await?;
    Ok(())
}

/// As a column of a query.
pub(crate) fn columns(owned: &Owned) -> Vec<i16> {
    owned.iter().copied().map(column).collect()
}
