//! The log between the services, measured as the services run it: the kit's own producer and follower in one process,
//! on a Postgres and a NATS of the run's own, against what the bare servers do in the same minutes.

mod arena;
mod bare;
mod bed;
mod catch_up;
mod follower;
mod idle;
mod latency;
mod load;
mod pile;
mod relayed;
mod single;
mod statement;
mod throughput;
mod wire;

use crate::bench::sheet::Sheet;
use crate::{
    bench::report::{Machine, Report},
    private::Servers,
};
use anyhow::Result;
use bed::Bed;
use clap::ValueEnum;
use std::time::Duration;

pub(in crate::bench) use wire::signed_in;

/// What is measured, in this order: rest and memory first, while this process is still as a service has just started.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Part {
    /// All eight services with nothing to do
    Idle,
    /// A follower that has stopped, and what it costs the others
    Pile,
    /// From the append to the follower's tables, all at once
    Throughput,
    /// The relay and the follower, each alone
    Single,
    /// From the commit to the follower's tables, on a schedule
    Latency,
    /// A follower that asks its producer for everything
    CatchUp,
}

/// How much is measured.
#[derive(Clone, Debug)]
pub struct Options {
    pub round: Duration,
    pub rounds: u32,
    pub backlog: usize,
    pub pile: usize,
    /// All, if empty.
    pub only: Vec<Part>,
}

/// Measures on these servers.
///
/// # Errors
/// Something does not start, or what was appended is not what was applied.
pub async fn measure(options: &Options, servers: &Servers, machine: Machine) -> Result<Report> {
    let started = kit_core::Env::system().now().to_rfc3339();
    let parts: Vec<Part> = Part::value_variants()
        .iter()
        .copied()
        .filter(|p| options.only.is_empty() || options.only.contains(p))
        .collect();
    let steps = parts.iter().map(|part| part.steps(u64::from(options.rounds))).sum();
    let bed = Bed::new(options, servers, steps).await?;
    let mut sheet = Sheet::default();
    for part in parts {
        match part {
            Part::Idle => Box::pin(idle::measure(&bed, &mut sheet)).await?,
            Part::Pile => Box::pin(pile::measure(&bed, &mut sheet)).await?,
            Part::Throughput => Box::pin(throughput::measure(&bed, &mut sheet)).await?,
            Part::Single => Box::pin(single::measure(&bed, &mut sheet)).await?,
            Part::Latency => Box::pin(latency::measure(&bed, &mut sheet)).await?,
            Part::CatchUp => Box::pin(catch_up::measure(&bed, &mut sheet)).await?,
        }
    }
    bed.finish();
    sheet.note(format!(
        "rounds of about {} s, a backlog of {}, a pile of {}; Postgres with fsync as `jiesu up` runs it",
        options.round.as_secs(),
        options.backlog,
        options.pile
    ));
    Ok(sheet.report("log", machine, started, usize::try_from(options.rounds)?))
}

impl Part {
    /// Steps of the progress bar.
    fn steps(self, rounds: u64) -> u64 {
        match self {
            Self::Idle => 1 + rounds,
            Self::Pile | Self::CatchUp => 1 + 2 * rounds,
            Self::Throughput => throughput::SHAPES.len() as u64 * (2 + 2 * rounds),
            Self::Single => 3 + 3 * rounds,
            Self::Latency => latency::RATES.len() as u64 * rounds,
        }
    }
}

/// A count as a figure of the report.
#[expect(clippy::cast_precision_loss, reason = "nobody counts to 2^53 here")]
fn float(count: usize) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rest_and_memory_are_measured_before_anything_fills_the_process() {
        assert_eq!(Part::value_variants().iter().take(2).collect::<Vec<_>>(), [&Part::Idle, &Part::Pile]);
    }
}
