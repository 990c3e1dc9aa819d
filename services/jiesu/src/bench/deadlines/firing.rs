//! What is due: a backlog at the start, a herd at one instant, and a steady stream.

use super::ear::{Ear, Heard};
use super::world::{PATIENCE, Pattern, World};
use super::{Options, bare, float};
use crate::bench::sheet::Sheet;
use anyhow::Result;
use chrono::{DateTime, TimeDelta, Utc};
use kit_core::Env;
use std::time::{Duration, Instant};
use tokio_util::sync::CancellationToken;

const FIRED: &str = "fired from a backlog";
const BARE: &str = "bare claim and append, the same rows";

/// A watcher that starts and finds much due; and before it, the bare rate on as many rows.
pub(super) async fn backlog(world: &mut World<'_>, options: &Options, sheet: &mut Sheet) -> Result<()> {
    let due = Env::system().now() + TimeDelta::seconds(20);
    // Tenths of a second apart, so that the order of instants means something.
    let patterns: Vec<Pattern> = (0..100).map(|n| Pattern::due(due + TimeDelta::milliseconds(n * 100))).collect();
    let ids = world.register(&patterns).await?;
    world.kill();
    world.multiply(&ids, options.backlog).await?;
    wait_for(due + TimeDelta::seconds(10)).await;
    sqlx::raw_sql("CHECKPOINT").execute(&world.admin).await?;
    sheet.put(BARE, "cases/s", bare::per_second(&world.admin, options.backlog).await?);

    let ear = Ear::open(&world.nats()).await?;
    let start = Instant::now();
    let started_at = Env::system().now();
    world.start().await?;
    let healthy = start.elapsed();
    let before = world.used();
    let heard = ear.hear(options.backlog + 100, PATIENCE).await?;
    let spent = world.used().since(before);
    let first = heard.iter().map(|one| one.at).min().unwrap_or(started_at);
    let last = heard.iter().map(|one| one.at).max().unwrap_or(started_at);
    let seconds = (last - first).as_seconds_f64();
    sheet.put("start of the process to the first fire published", "ms", (first - started_at).as_seconds_f64() * 1e3);
    sheet.put("start of the process to ready", "ms", healthy.as_secs_f64() * 1e3);
    sheet.put(FIRED, "cases/s", float(options.backlog + 100) / seconds);
    sheet.ratio("fired from a backlog / bare claim and append", FIRED, BARE);
    sheet.put_cores("while firing", spent);
    sheet.put("memory of the watcher after the backlog", "MB", world.memory_mb());
    Ok(())
}

/// Many at one instant.
pub(super) async fn herd(world: &mut World<'_>, options: &Options, sheet: &mut Sheet) -> Result<()> {
    // Long enough to copy them all before it comes.
    let ahead = 20 + i64::try_from(options.herd / 5_000)?;
    let due = Env::system().now() + TimeDelta::seconds(ahead);
    let ids = world.register(&[Pattern::due(due)]).await?;
    world.multiply(&ids, options.herd - 1).await?;
    anyhow::ensure!(Env::system().now() < due, "the herd was not copied in time");
    let ear = Ear::open(&world.nats()).await?;
    let heard = ear.hear(options.herd, PATIENCE).await?;
    sheet.put_spread("a herd at one instant: published after", &late(&heard));
    sheet.put("a herd at one instant", "cases", float(options.herd));
    Ok(())
}

/// The steady rate, with nothing else going on but intake.
pub(super) async fn lateness(world: &mut World<'_>, options: &Options, sheet: &mut Sheet) -> Result<()> {
    steady(world, options, &format!("late when published, at {}/s", options.rate), sheet).await
}

/// A steady rate while intake runs.
pub(super) async fn steady(world: &World<'_>, options: &Options, name: &str, sheet: &mut Sheet) -> Result<()> {
    let count = options.rate * options.seconds;
    let due = Env::system().now() + TimeDelta::seconds(25);
    let steps = i64::try_from(options.seconds * 10)?;
    let patterns: Vec<Pattern> =
        (0..steps).map(|n| Pattern::due(due + TimeDelta::milliseconds(n * 100 + n % 97))).collect();
    let ids = world.register(&patterns).await?;
    world.multiply(&ids, count.saturating_sub(ids.len() as u64)).await?;
    anyhow::ensure!(Env::system().now() < due, "the cases were not copied in time");
    let ear = Ear::open(&world.nats()).await?;
    let done = CancellationToken::new();
    let (heard, registered) = tokio::join!(
        async {
            let heard = ear.hear(count, PATIENCE).await;
            done.cancel();
            heard
        },
        intake(world, &done)
    );
    let (heard, registered) = (heard?, registered?);
    sheet.put_spread(name, &late(&heard));
    sheet.put(format!("{name}: registrations beside it"), "/s", registered);
    Ok(())
}

/// Registers cases, ten each tenth of a second, until it is told to stop; answers how many a second.
async fn intake(world: &World<'_>, done: &CancellationToken) -> Result<f64> {
    let (start, mut registered) = (Instant::now(), 0_u64);
    while !done.is_cancelled() {
        let now = Env::system().now();
        let patterns = vec![Pattern { severity: "long", received_at: now }; 10];
        world.register(&patterns).await?;
        registered += 10;
        rest(Duration::from_millis(100)).await;
    }
    Ok(float(registered) / start.elapsed().as_secs_f64())
}

/// Milliseconds from the due instant until it was heard.
fn late(heard: &[Heard]) -> Vec<f64> {
    heard.iter().map(|one| (one.at - one.due_at).as_seconds_f64() * 1e3).collect()
}

async fn wait_for(at: DateTime<Utc>) {
    let left = (at - Env::system().now()).to_std().unwrap_or_default();
    rest(left).await;
}

#[expect(clippy::disallowed_methods, reason = "a schedule of the machine's time is what is measured")]
pub(super) async fn rest(length: Duration) {
    tokio::time::sleep(length).await;
}
