//! A follower that has stopped in the middle of its work, and all that piles up behind it: the memory of the process, and
//! whether another follower of the same log notices.

use super::{
    arena::Arena,
    bed::{Bed, PATIENCE},
    float,
    follower::{Answers, Follower},
    load,
};
use crate::bench::sheet::Sheet;
use crate::bench::usage;
use anyhow::{Context as _, Result};
use futures::future::BoxFuture;
use kit_messaging::{Handler, Received, Tx};
use std::{
    process,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Instant,
};
use tokio::{sync::Notify, time::timeout};

const ALONE: &str = "applied by one follower";
const BESIDE: &str = "applied by one follower, another stands still";

/// Comes to a stop after its first batch, for ever. After the commit, so that no transaction stands open: what that does
/// is another measure.
#[derive(Default)]
struct Stopped {
    taken: AtomicUsize,
    is_stopped: Notify,
}

impl Handler for Stopped {
    fn follows(&self) -> &'static [&'static str] {
        &["intake"]
    }

    fn apply<'a>(&'a self, _: &'a mut Tx, _: &'a [Received]) -> BoxFuture<'a, kit_db::Result<()>> {
        Box::pin(async { Ok(()) })
    }

    fn committed(&self, events: &[Received]) -> BoxFuture<'_, ()> {
        self.taken.fetch_add(events.len(), Ordering::Relaxed);
        self.is_stopped.notify_one();
        Box::pin(std::future::pending())
    }
}

pub(super) async fn measure(bed: &Bed<'_>, sheet: &mut Sheet) -> Result<()> {
    let arena = Arena::new(bed).await?;
    let intake = arena.start("intake", None).await?;
    let follower = Follower::new(Answers::None);
    let records = arena.start("records", Some(follower.clone())).await?;
    let mut appended = load::probe(&intake.log).await?;
    follower.reaches(appended).await?;
    let portion = bed.options.pile.div_ceil(bed.rounds);
    for _ in 0..bed.rounds {
        bed.step(format!("pile: {portion} events, nobody stands still"));
        appended += portion;
        sheet.put(ALONE, "/s", round(&intake.log, &follower, portion, appended).await?);
    }
    bed.step("pile: stopping a follower");
    let before = usage::memory_mb(process::id());
    let stopped = Arc::new(Stopped::default());
    let triage = arena.start("triage", Some(stopped.clone())).await?;
    timeout(PATIENCE, stopped.is_stopped.notified()).await.context("nothing came to the follower that is to stop")?;
    for _ in 0..bed.rounds {
        bed.step(format!("pile: {portion} events, one follower stands still"));
        appended += portion;
        sheet.put(BESIDE, "/s", round(&intake.log, &follower, portion, appended).await?);
    }
    let after = usage::memory_mb(process::id());
    sheet.put(
        "events behind the follower that stands still",
        "",
        float(appended - stopped.taken.load(Ordering::Relaxed)),
    );
    sheet.put("memory before it stopped (PSS)", "MB", before);
    sheet.put("memory with all that behind it (PSS)", "MB", after);
    sheet.put("NATS: memory with all that in the stream (PSS)", "MB", usage::family_memory_mb(bed.servers.guards().1));
    sheet.ratio("rate beside a follower that stands still / without", BESIDE, ALONE);
    arena.counted("records", Answers::None).await?;
    triage.kill().await;
    records.stop().await;
    intake.stop().await;
    arena.end().await
}

/// Appends as fast as it goes until the other follower has everything; answers its rate.
async fn round(log: &kit_messaging::Log, follower: &Follower, events: usize, until: usize) -> Result<f64> {
    let start = Instant::now();
    let (appended, applied) = tokio::join!(load::append(log, events, 100, 4), follower.reaches(until));
    appended?;
    Ok(float(events) / (applied? - start).as_secs_f64())
}
