//! The loop behind the hand-ins: it computes the slow hash of the codes that were given out. The rows are the truth; a
//! wake-up is only a hint, of two instances each code belongs to one, and what a dead one left is taken up again.

use crate::{
    app::App,
    domain::receipt::Code,
    receipts::failed,
    store::receipt::{self as table, Waiting},
};
use chrono::TimeDelta;
use futures::FutureExt as _;
use kit_db::{Error, Result};
use std::{sync::Arc, time::Duration};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

/// The most codes of one claim: a few seconds of work.
const BATCH: i64 = 8;
/// How long they are this instance's: far longer than they take, even beside a crowd.
const LEASE: TimeDelta = TimeDelta::seconds(60);
/// The longest rest, of the machine's time: what another instance wrote wakes nobody here.
const REST: Duration = Duration::from_secs(1);
/// While hand-ins come this close to one another, they have the machine, and one code a second is derived.
const PAUSE: Duration = Duration::from_millis(200);

/// Derives until the service stops. A failure is logged and tried again: what waits stays waiting, and works meanwhile.
pub(crate) async fn run(app: Arc<App>, stop: CancellationToken) -> anyhow::Result<()> {
    while !stop.is_cancelled() {
        match pass(&app, &stop).await {
            Ok(0) => {}
            Ok(_) => continue,
            Err(error) => tracing::warn!(%error, "receipts wait for their slow hash"),
        }
        let rest = timeout(REST, app.receipts.came.notified());
        // Running out is the ordinary end of a quiet second.
        let _ = stop.run_until_cancelled(rest).await;
    }
    Ok(())
}

/// One claim and what comes of it; answers how many codes that were.
async fn pass(app: &App, stop: &CancellationToken) -> Result<usize> {
    let now = app.env.now();
    let claimed = table::claim(app.log.pool(), now, now + LEASE, BATCH).await?;
    let count = claimed.len();
    let (mut cases, mut lookups) = (Vec::with_capacity(count), Vec::with_capacity(count));
    for waiting in claimed {
        give_way(app, stop).await;
        if stop.is_cancelled() {
            break;
        }
        let case = waiting.case_id;
        match code(app, &waiting) {
            Ok(code) => {
                lookups.push(app.receipts.catch_up(code).await?);
                cases.push(case);
            }
            // It holds up no other: it is taken again only when its lease has run out.
            Err(error) => tracing::error!(case.id = %case, %error, "a waiting receipt does not open"),
        }
    }
    if !cases.is_empty() {
        settle(app, &cases, &lookups).await?;
    }
    Ok(count)
}

fn code(app: &App, waiting: &Waiting) -> Result<Code> {
    let digits = app.master.open_waiting(waiting.case_id, &waiting.sealed).map_err(failed)?;
    let digits = std::str::from_utf8(&digits).map_err(|_| Error::Corrupt("a waiting receipt is no text".to_owned()))?;
    Ok(Code::parse(digits)?)
}

async fn settle(app: &App, cases: &[uuid::Uuid], lookups: &[Vec<u8>]) -> Result<()> {
    let settled = table::settle(app.log.pool(), cases, lookups).await?;
    metrics::counter!("jiesu_intake_receipts_derived_total").increment(settled.kept.unsigned_abs());
    if settled.kept < settled.taken {
        // Sixteen digits drawn twice, which is as likely as guessing one. The code goes on opening the case that had it first.
        tracing::error!(?cases, "a receipt code was drawn twice; one of these cases is not opened by its code");
    }
    Ok(())
}

/// Lets the hand-ins of a burst pass first, for a second at most.
async fn give_way(app: &App, stop: &CancellationToken) {
    let burst = async {
        while app.receipts.came.notified().now_or_never().is_some() {
            let _ = timeout(PAUSE, stop.cancelled()).await;
        }
    };
    let _ = timeout(REST, burst).await;
}
