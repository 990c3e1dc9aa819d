//! From the commit of one event to the follower's tables, while events come on a schedule from eight clients, each in a
//! transaction of its own.

use super::{
    arena::Arena,
    bed::Bed,
    float,
    follower::{Answers, Follower, Stamps},
    load::{self, Sent},
};
use crate::bench::sheet::Sheet;
use anyhow::Result;
use std::time::Instant;
use tokio_util::sync::CancellationToken;

/// Events a second that are asked for.
pub(super) const RATES: [u32; 2] = [200, 2000];

pub(super) async fn measure(bed: &Bed<'_>, sheet: &mut Sheet) -> Result<()> {
    for rate in RATES {
        for _ in 0..bed.rounds {
            bed.step(format!("latency at {rate}/s"));
            round(bed, sheet, rate).await?;
        }
    }
    sheet.note(
        "latency: the schedule never waits, and what is late is appended all the same; “schedule → applied” counts from \
         when an event was due (up to 1 ms of it is the timer's), “commit → applied” from when its writer had the answer",
    );
    Ok(())
}

async fn round(bed: &Bed<'_>, sheet: &mut Sheet, rate: u32) -> Result<()> {
    let count = usize::try_from(u64::from(rate) * bed.options.round.as_secs())?;
    let stamps = Stamps::new(count);
    let arena = Arena::new(bed).await?;
    let follower = Follower::stamping(Answers::Each, Some(stamps.clone()));
    let intake = arena.start("intake", None).await?;
    let triage = arena.start("triage", Some(follower.clone())).await?;
    let probes = load::probe(&intake.log).await?;
    follower.reaches(probes).await?;
    let start = Instant::now();
    let sent = load::on_schedule(&intake.log, rate, count, &CancellationToken::new()).await?;
    follower.reaches(probes + count).await?;
    put(sheet, &format!("at {rate}/s"), &sent, &stamps, start);
    arena.counted("triage", Answers::Each).await?;
    triage.stop().await;
    intake.stop().await;
    arena.end().await
}

/// The rows of one round of live events.
pub(super) fn put(sheet: &mut Sheet, name: &str, sent: &[Sent], stamps: &Stamps, start: Instant) {
    let end = sent.iter().map(|sent| sent.committed).max().unwrap_or(start);
    sheet.put(format!("really appended, {name}"), "/s", float(sent.len()) / (end - start).as_secs_f64().max(1e-3));
    let since = |from: fn(&Sent) -> Instant| -> Vec<f64> {
        sent.iter().filter_map(|sent| stamps.milliseconds(sent.number, from(sent))).collect()
    };
    sheet.put_spread(&format!("commit → applied, {name}"), &since(|sent| sent.committed));
    sheet.put_spread(&format!("schedule → applied, {name}"), &since(|sent| sent.due));
}
