//! Tries parked events again: what waits for something, as soon as anything new has come and once a second; what
//! failed, when an operator says so. A key's events are applied in order until one must stay.

use super::Handler;
use crate::{
    log::{Log, caught},
    meters,
    pace::sleep,
    parked::{self, Row, State},
    received::{Decoded, decode},
    tx::Tx,
};
use kit_db::{Error, Result};
use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};
use tokio::{sync::Notify, time::timeout};
use tokio_util::sync::CancellationToken;

/// Wakes the loop below.
#[derive(Debug, Default)]
pub(crate) struct Signal {
    notify: Notify,
    is_waiting: AtomicBool,
}

impl Signal {
    /// Something was just parked, or released by an operator.
    pub(crate) fn expect_more(&self) {
        self.is_waiting.store(true, Ordering::Relaxed);
        self.notify.notify_one();
    }

    /// Something was applied: what waits may have been waiting for it.
    pub(crate) fn something_came(&self) {
        if self.is_waiting.load(Ordering::Relaxed) {
            self.notify.notify_one();
        }
    }
}

pub(super) async fn run(log: &Log, handler: &dyn Handler, stop: &CancellationToken) {
    while !stop.is_cancelled() {
        if let Err(error) = round(log, handler, stop).await {
            tracing::warn!(service = log.service(), %error, "cannot retry parked events now");
        }
        tokio::select! {
            () = stop.cancelled() => return,
            _ = timeout(Duration::from_secs(1), log.retry.notify.notified()) => {}
        }
        // However much comes in, what waits is not tried more often than this.
        sleep(Duration::from_millis(100)).await;
    }
}

async fn round(log: &Log, handler: &dyn Handler, stop: &CancellationToken) -> Result<()> {
    let standing = parked::count(&log.pools.follow).await?;
    meters::parked_now(log.service(), standing);
    log.retry.is_waiting.store(standing > 0, Ordering::Relaxed);
    if standing == 0 {
        return Ok(());
    }
    for key in parked::due(&log.pools.follow).await? {
        while !stop.is_cancelled() && first_of(log, handler, &key).await? {}
    }
    Ok(())
}

/// Tries the first event of a key; whether the next one may be tried.
async fn first_of(log: &Log, handler: &dyn Handler, key: &str) -> Result<bool> {
    let mut attempts = 0;
    loop {
        let mut tx = Tx::begin(&log.pools.follow, &log.env, &log.service, &log.service).await?;
        let row = match parked::first(tx.conn(), key).await {
            Ok(Some(row)) if row.state != State::Failed.as_str() => row,
            Ok(_) => {
                tx.rollback().await;
                return Ok(false);
            }
            Err(error) => {
                tx.rollback().await;
                return Err(error);
            }
        };
        let error = match attempt(log, handler, tx, &row).await {
            Ok(()) => return Ok(true),
            Err(error) if error.is_outage() => return Err(error),
            Err(error) => error,
        };
        attempts += 1;
        let state = match error {
            Error::NotYet(_) => State::Waiting,
            _ if attempts > 3 => State::Failed,
            _ => {
                sleep(Duration::from_millis(20 * attempts)).await;
                continue;
            }
        };
        parked::defer(&log.pools.follow, row.id, state, &error.to_string()).await?;
        return Ok(false);
    }
}

async fn attempt(log: &Log, handler: &dyn Handler, mut tx: Tx, row: &Row) -> Result<()> {
    let received = match decode(log.service(), &row.producer, row.partition.unsigned_abs(), row.seq.unsigned_abs(), &row.envelope) {
        Decoded::Known(received) => vec![*received],
        Decoded::Unknown => Vec::new(),
        Decoded::Unreadable { reason, .. } => {
            tx.rollback().await;
            return Err(Error::Corrupt(reason.to_owned()));
        }
    };
    let work = async {
        parked::remove(tx.conn(), row.id).await?;
        if received.is_empty() { Ok(()) } else { caught(handler.apply(&mut tx, &received)).await }
    };
    if let Err(error) = work.await {
        tx.rollback().await;
        return Err(error);
    }
    if tx.commit().await? > 0 {
        log.wake.0.notify_one();
    }
    meters::applied(log.service(), received.len());
    if !received.is_empty() {
        handler.committed(&received).await;
    }
    Ok(())
}
