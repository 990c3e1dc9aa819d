//! The relay and the follower, each alone: what waits in the log until the stream has it, and what waits in the stream
//! until the tables have it. Beside them the stream and Postgres alone, before and after each.

use super::{
    arena::{Arena, Running},
    bare::{self, Plan},
    bed::Bed,
    float,
    follower::{Answers, Follower},
    load,
    relayed::Relayed,
    wire,
};
use crate::bench::sheet::Sheet;
use anyhow::Result;
use std::{sync::Arc, time::Instant};

/// Events of the rounds that are not counted.
const WARM_UP: usize = 8000;
const PUBLISH: &str = "bare publish, window 256, one event a message";
const PACKED: &str = "bare publish, window 256, 50 events a message";
const APPLY: &str = "bare Postgres, the follower's statements alone";
const RELAY: &str = "relay alone: committed row → stream ack";
const FOLLOW: &str = "follow + apply alone: stream → tables";

/// How much is done in a round.
struct Sizes {
    single: usize,
    packed: usize,
    events: usize,
    /// Events of one of the follower's transactions.
    batch: usize,
}

pub(super) async fn measure(bed: &Bed<'_>, sheet: &mut Sheet) -> Result<()> {
    bed.step("relay and follower alone: warming up");
    let arena = Arena::new(bed).await?;
    let follower = Follower::new(Answers::Each);
    open(&arena, &follower).await?;
    let first = round(&arena, WARM_UP).await?;
    let single = wire::published_per_second(bed, 1, WARM_UP).await?;
    let packed = wire::published_per_second(bed, 50, WARM_UP / 50).await?;
    // What a round of the follower takes is less for the relay, but more would only have to be appended first.
    let sizes = Sizes {
        single: bed.fill(single),
        // Each is 32 KB: more would measure how the disk takes what nobody waits for.
        packed: bed.fill(packed / 50.0).min(10_000),
        events: bed.fill(first.applied).max(WARM_UP),
        batch: first.batch,
    };
    for _ in 0..bed.rounds {
        put_bare(bed, sheet, &sizes).await?;
        bed.step("relay and follower alone");
        let round = round(&arena, sizes.events).await?;
        sheet.put(RELAY, "/s", round.relayed);
        sheet.put(FOLLOW, "/s", round.applied);
    }
    put_bare(bed, sheet, &sizes).await?;
    arena.counted("triage", Answers::Each).await?;
    arena.end().await?;
    sheet.ratio("3 relay / bare publish, one event a message", RELAY, PUBLISH);
    sheet.ratio("3 relay / bare publish, 50 events a message", RELAY, PACKED);
    sheet.ratio("4 follow + apply / bare Postgres, the same statements and batches", FOLLOW, APPLY);
    sheet.note(format!("alone, the follower took {} events at a time, and so did bare Postgres", sizes.batch));
    Ok(())
}

async fn put_bare(bed: &Bed<'_>, sheet: &mut Sheet, sizes: &Sizes) -> Result<()> {
    bed.step("bare publish");
    sheet.put(PUBLISH, "/s", wire::published_per_second(bed, 1, sizes.single).await?);
    sheet.put(PACKED, "/s", wire::published_per_second(bed, 50, sizes.packed).await?);
    bed.step("bare apply");
    let plan = Plan { count: sizes.events, append: None, apply: sizes.batch, answers: Answers::Each };
    sheet.put(APPLY, "/s", bare::events_per_second(bed, plan).await?);
    Ok(())
}

/// Lets one event go all the way in each partition: from then on the relay goes on where the stream ends, and the
/// follower where it stands.
async fn open(arena: &Arena<'_>, follower: &Arc<Follower>) -> Result<()> {
    let intake = arena.start("intake", None).await?;
    let triage = arena.start("triage", Some(follower.clone())).await?;
    let probes = load::probe(&intake.log).await?;
    follower.reaches(probes).await?;
    stop([triage, intake]).await;
    Ok(())
}

struct Round {
    relayed: f64,
    applied: f64,
    batch: usize,
}

/// Appends while nobody relays, relays while nobody follows, and follows. Each is timed from when its first portion was
/// done, so that what it takes to start is not part of it.
async fn round(arena: &Arena<'_>, count: usize) -> Result<Round> {
    let quiet = arena.quiet("intake").await?;
    load::append(&quiet.log, count, 500, 4).await?;
    quiet.stop().await;

    let relay = Relayed::of("intake");
    let intake = arena.start("intake", None).await?;
    let course = relay.reaches(count).await?;
    let relayed = rate(count - course.first.1, course.first.0, course.last);

    let follower = Follower::new(Answers::Each);
    let triage = arena.start("triage", Some(follower.clone())).await?;
    let last = follower.reaches(count).await?;
    let progress = follower.progress();
    let (began, events) = progress.first.unwrap_or((last, 0));
    let applied = rate(count - usize::try_from(events)?, began, last);
    stop([triage, intake]).await;
    Ok(Round { relayed, applied, batch: count.div_ceil(usize::try_from(progress.batches)?.max(1)) })
}

fn rate(events: usize, from: Instant, to: Instant) -> f64 {
    float(events) / (to - from).as_secs_f64().max(1e-3)
}

async fn stop(services: [Running; 2]) {
    for service in services {
        service.stop().await;
    }
}
