//! A follower that has nothing, and a log that the stream does not have: it asks the producer for everything. Meanwhile
//! another follower lives on what comes in, and must not notice.

use super::{
    arena::{Arena, Running},
    bed::Bed,
    float,
    follower::{Answers, Follower, Stamps},
    latency, load, wire,
};
use crate::bench::sheet::Sheet;
use anyhow::{Context as _, Result};
use sqlx::Executor as _;
use std::{sync::Arc, time::Instant};
use tokio_util::sync::CancellationToken;

/// Events a second that come in meanwhile.
const LIVE: u32 = 200;
/// Room for as many as can come while anything is waited for.
const CAPACITY: usize = 200_000;
const ALONE: &str = "without a repair";
const BESIDE: &str = "during a repair";
const CATCH_UP: &str = "catch-up by asking the producer";

pub(super) async fn measure(bed: &Bed<'_>, sheet: &mut Sheet) -> Result<()> {
    bed.step(format!("catch-up: appending {} events", bed.options.backlog));
    let house = House::new(bed).await?;
    load::append(&house.intake.log, bed.options.backlog, 500, 4).await?;
    for _ in 0..bed.rounds {
        bed.step("catch-up: live events alone");
        house.alone(bed, sheet).await?;
        bed.step("catch-up: live events beside a repair");
        house.beside(bed, sheet).await?;
    }
    sheet.ratio("live p99 during a repair / without", &commit_p99(BESIDE), &commit_p99(ALONE));
    sheet.ratio("catch-up by asking / follow + apply alone", CATCH_UP, "follow + apply alone: stream → tables");
    house.end().await
}

fn commit_p99(name: &str) -> String {
    format!("commit → applied, {name}: p99")
}

struct House<'a> {
    arena: Arena<'a>,
    intake: Running,
    /// The one that lives on what comes in. Its stamps are those of the load that goes on at the moment.
    records: Running,
    live: Arc<Follower>,
    stamps: Arc<Stamps>,
}

impl<'a> House<'a> {
    async fn new(bed: &'a Bed<'a>) -> Result<Self> {
        let arena = Arena::new(bed).await?;
        let stamps = Stamps::new(CAPACITY);
        let live = Follower::stamping(Answers::None, Some(stamps.clone()));
        let intake = arena.start("intake", None).await?;
        let records = arena.start("records", Some(live.clone())).await?;
        let probes = load::probe(&intake.log).await?;
        live.reaches(probes).await?;
        Ok(Self { arena, intake, records, live, stamps })
    }

    /// Events in the log.
    async fn appended(&self) -> Result<usize> {
        let sql = "SELECT coalesce(sum(seq), 0)::bigint FROM intake.event_head";
        let count: i64 = sqlx::query_scalar(sql).fetch_one(&self.arena.admin).await?;
        Ok(usize::try_from(count)?)
    }

    /// Waits until the live one has everything, so that only what is to come is new.
    async fn settle(&self) -> Result<()> {
        self.live.reaches(self.appended().await?).await?;
        Ok(())
    }

    async fn alone(&self, bed: &Bed<'_>, sheet: &mut Sheet) -> Result<()> {
        self.settle().await?;
        let count = usize::try_from(u64::from(LIVE) * bed.options.round.as_secs())?;
        let start = Instant::now();
        let sent = load::on_schedule(&self.intake.log, LIVE, count, &CancellationToken::new()).await?;
        self.settle().await?;
        latency::put(sheet, ALONE, &sent, &self.stamps, start);
        Ok(())
    }

    async fn beside(&self, bed: &Bed<'_>, sheet: &mut Sheet) -> Result<()> {
        wire::purge(&self.arena.nats).await?;
        let wanted = self.appended().await?;
        let newcomer = Follower::new(Answers::Each);
        let (used, start, stop) = (bed.used(), Instant::now(), CancellationToken::new());
        let repair = async {
            let triage = self.arena.start("triage", Some(newcomer.clone())).await?;
            let last = newcomer.reaches(wanted).await?;
            stop.cancel();
            anyhow::Ok((triage, last))
        };
        let load = load::on_schedule(&self.intake.log, LIVE, CAPACITY, &stop);
        let (repaired, sent) = tokio::join!(repair, load);
        let ((triage, last), sent) = (repaired?, sent?);
        sheet.put_cores(BESIDE, bed.used().since(used));
        self.settle().await?;
        latency::put(sheet, BESIDE, &sent, &self.stamps, start);
        let (first, events) = newcomer.progress().first.context("nothing was applied")?;
        let rate = float(wanted - usize::try_from(events)?) / (last - first).as_secs_f64().max(1e-3);
        sheet.put(CATCH_UP, "/s", rate);
        sheet.put("from the start of a new follower to its first batch", "ms", (first - start).as_secs_f64() * 1000.0);
        self.forget(triage, &newcomer, sheet).await
    }

    /// Checks what the newcomer has and takes all of it away again, for the next round.
    async fn forget(&self, triage: Running, newcomer: &Follower, sheet: &mut Sheet) -> Result<()> {
        newcomer.reaches(self.appended().await?).await?;
        triage.stop().await;
        let counts = self.arena.counted("triage", Answers::Each).await?;
        sheet.put("events in the log, catch-up", "", float(usize::try_from(counts.appended)?));
        sheet.put("events in the tables, catch-up", "", float(usize::try_from(counts.applied)?));
        // Its own log as well, with its heads: a relay must not look for what is no longer there.
        let sql =
            "TRUNCATE triage.cases, triage.timeline, triage.follower_position, triage.reader_cursor, triage.event_log;
                   UPDATE triage.event_head SET seq = 0, hash = genesis";
        self.arena.admin.execute(sql).await?;
        Ok(())
    }

    async fn end(self) -> Result<()> {
        self.arena.counted("records", Answers::None).await?;
        self.records.stop().await;
        self.intake.stop().await;
        self.arena.end().await
    }
}
