//! The watcher under ten million open cases: a process of its own on a Postgres and a NATS of the run's own, beside what
//! bare SQL does with the same rows in the same minutes. A few hundred cases are registered as any other; the rest are
//! copies of their rows.

mod bare;
mod calendar;
mod derivation;
mod ear;
mod firing;
mod world;

use super::report::{Machine, Report};
use super::sheet::Sheet;
use crate::private::Servers;
use anyhow::Result;
use clap::ValueEnum;
use world::World;

/// What is measured, in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Part {
    /// One derivation, in this process
    Derivation,
    /// A restart onto a backlog of due cases, and the bare rate beside it
    Backlog,
    /// Many due at one instant
    Herd,
    /// Lateness at a steady rate while intake runs
    Lateness,
    /// A calendar change while deadlines go on
    Calendar,
}

/// How much is measured.
#[derive(Clone, Debug)]
pub struct Options {
    /// Open cases in the table.
    pub cases: u64,
    /// Those of them that a calendar change moves.
    pub moving: u64,
    /// Due cases that the watcher finds at its start.
    pub backlog: u64,
    /// Cases that are due at one instant.
    pub herd: u64,
    /// Fires a second of the steady rate, and for how many seconds.
    pub rate: u64,
    pub seconds: u64,
    /// All, if empty.
    pub only: Vec<Part>,
}

/// Measures on these servers.
///
/// # Errors
/// Something does not start, or what was due was not fired.
pub async fn measure(options: &Options, servers: &Servers, machine: Machine) -> Result<Report> {
    let started = kit_core::Env::system().now().to_rfc3339();
    let is_wanted = |part| options.only.is_empty() || options.only.contains(&part);
    let mut sheet = Sheet::default();
    if is_wanted(Part::Derivation) {
        derivation::measure(&mut sheet)?;
    }
    let mut world = World::new(servers).await?;
    world.load(options, &mut sheet).await?;
    for part in Part::value_variants().iter().copied().filter(|part| is_wanted(*part)) {
        match part {
            Part::Derivation => {}
            Part::Backlog => firing::backlog(&mut world, options, &mut sheet).await?,
            Part::Herd => firing::herd(&mut world, options, &mut sheet).await?,
            Part::Lateness => firing::lateness(&mut world, options, &mut sheet).await?,
            Part::Calendar => calendar::measure(&mut world, options, &mut sheet).await?,
        }
    }
    world.end().await?;
    sheet.note("the bare rate claims with SKIP LOCKED, rewrites the same rows and inserts an event each, in one statement of 500, on two connections; it derives, chains and relays nothing");
    sheet.note("published: heard on the stream's subjects by a plain subscriber");
    Ok(sheet.report("deadlines", machine, started, 1))
}

/// A count as a figure of the report.
#[expect(clippy::cast_precision_loss, reason = "nobody counts to 2^53 here")]
fn float(count: u64) -> f64 {
    count as f64
}
