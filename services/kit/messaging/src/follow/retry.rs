//! Tries parked events again: what waits for something, as soon as anything new has come and once a second; what
//! failed, when an operator says so. Order is promised to each producer's events of a key, not between producers: after
//! a repair an effect can come before its cause. So when one event must wait, the other producers' first events of the
//! key are tried too, until none of them moves; only what failed stops them all.

use super::{Handler, attempt::newer};
use crate::{
    lease,
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

pub(super) async fn round(log: &Log, handler: &dyn Handler, stop: &CancellationToken) -> Result<()> {
    let standing = parked::count(&log.pools.follow).await?;
    meters::parked_now(log.service(), standing);
    log.retry.is_waiting.store(standing > 0, Ordering::Relaxed);
    if standing == 0 {
        return Ok(());
    }
    let owned = lease::columns(&log.owned.borrow());
    for key in parked::due(&log.pools.follow, &owned).await? {
        drain(log, handler, &key, stop).await?;
    }
    Ok(())
}

/// What a try of one event came to.
enum Tried {
    Applied,
    /// It waits, or another instance has it.
    Stays,
    Failed,
}

/// Applies what can be applied of a key. After each event that moved, the oldest is tried first again: it may have
/// waited for just that one.
async fn drain(log: &Log, handler: &dyn Handler, key: &str, stop: &CancellationToken) -> Result<()> {
    loop {
        let mut has_moved = false;
        for id in parked::heads(&log.pools.follow, key).await? {
            if stop.is_cancelled() {
                return Ok(());
            }
            match one(log, handler, id).await? {
                Tried::Applied => {
                    has_moved = true;
                    break;
                }
                Tried::Stays => {}
                Tried::Failed => return Ok(()),
            }
        }
        if !has_moved {
            return Ok(());
        }
    }
}

/// Tries one event; notes why if it must stay.
async fn one(log: &Log, handler: &dyn Handler, id: i64) -> Result<Tried> {
    let mut attempts = 0;
    loop {
        let mut tx = Tx::begin(&log.pools.follow, &log.env, &log.service, &log.service).await?;
        let row = match parked::take(tx.conn(), id).await {
            Ok(Some(row)) if row.state != State::Failed.as_str() => row,
            Ok(row) => {
                tx.rollback().await;
                return Ok(if row.is_some() { Tried::Failed } else { Tried::Stays });
            }
            Err(error) => {
                tx.rollback().await;
                return Err(error);
            }
        };
        let error = match attempt(log, handler, tx, &row).await {
            Ok(()) => return Ok(Tried::Applied),
            Err(error) if error.is_outage() => return Err(error),
            Err(error) => error,
        };
        attempts += 1;
        let (state, tried) = match error {
            Error::NotYet(_) => (State::Waiting, Tried::Stays),
            _ if attempts > 3 => (State::Failed, Tried::Failed),
            _ => {
                sleep(Duration::from_millis(20 * attempts)).await;
                continue;
            }
        };
        parked::defer(&log.pools.follow, row.id, state, &error.to_string()).await?;
        return Ok(tried);
    }
}

async fn attempt(log: &Log, handler: &dyn Handler, mut tx: Tx, row: &Row) -> Result<()> {
    let received =
        match decode(log.service(), &row.producer, row.partition.unsigned_abs(), row.seq.unsigned_abs(), &row.envelope)
        {
            Decoded::Known(received) => vec![*received],
            Decoded::Unknown => Vec::new(),
            Decoded::Newer { missing, .. } => {
                tx.rollback().await;
                return Err(Error::NotYet(newer(&missing)));
            }
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
