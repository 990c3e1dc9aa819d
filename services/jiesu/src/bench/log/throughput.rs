//! From the append to the tables of a follower, everything at once: one producer, one follower, and what bounds them.

use super::{
    arena::Arena,
    bare::{self, Plan},
    bed::Bed,
    float,
    follower::{Answers, Follower},
    load,
    relayed::Relayed,
};
use crate::bench::sheet::Sheet;
use crate::bench::usage::Spent;
use anyhow::Result;
use std::time::Instant;

/// Events a second of the round that is not counted, which tells how many fill one that is.
const WARM_UP: f64 = 400.0;

/// How the producer appends.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shape {
    name: &'static str,
    /// Events of a transaction.
    size: usize,
    writers: usize,
    answers: Answers,
}

/// As the services do it. A command says one thing (triage, sign, close); a hand-in says two, that something was received
/// and that it was registered; what follows others or sweeps clocks writes up to 200 and 500 in one transaction, here 100
/// so that figures can be held against `performance.md`. Commands come over eight connections, as many as a service has.
pub(super) const SHAPES: [Shape; 4] = [
    Shape { name: "1 a transaction", size: 1, writers: 8, answers: Answers::Each },
    Shape { name: "2 a transaction", size: 2, writers: 8, answers: Answers::Each },
    Shape { name: "100 a transaction", size: 100, writers: 4, answers: Answers::Each },
    Shape { name: "100 a transaction, no answers", size: 100, writers: 4, answers: Answers::None },
];

/// What one round came to; rates in events a second.
#[derive(Clone, Copy, Debug)]
struct Round {
    appended: f64,
    relayed: f64,
    applied: f64,
    /// Events of one of the follower's transactions.
    batch: usize,
    spent: Spent,
    counted: (i64, i64),
    bytes: (i64, i64),
}

pub(super) async fn measure(bed: &Bed<'_>, sheet: &mut Sheet) -> Result<()> {
    for shape in SHAPES {
        let (name, mut spent) = (shape.name, Spent::default());
        bed.step(format!("throughput, {name}: warming up"));
        let mut last = round(bed, shape, bed.fill(WARM_UP)).await?;
        let count = bed.fill(last.applied);
        for _ in 0..bed.rounds {
            put_bare(bed, sheet, shape, last.batch, count).await?;
            bed.step(format!("throughput, {name}: append, relay, apply"));
            last = round(bed, shape, count).await?;
            put(sheet, shape, &last);
            spent.add(last.spent);
        }
        put_bare(bed, sheet, shape, last.batch, count).await?;
        let (applied, bare) = (format!("applied end to end, {name}"), format!("bare Postgres, {name}"));
        sheet.ratio(format!("applied end to end / bare Postgres (aim 0.75), {name}"), &applied, &bare);
        sheet.note(bound(name, spent));
        sheet.note(format!(
            "{name}: {} bytes an event, {} an answer; {} writers; the follower took {} events at a time, and so did bare Postgres",
            last.bytes.0, last.bytes.1, shape.writers, last.batch
        ));
    }
    Ok(())
}

async fn put_bare(bed: &Bed<'_>, sheet: &mut Sheet, shape: Shape, apply: usize, count: usize) -> Result<()> {
    bed.step(format!("throughput, {}: bare Postgres", shape.name));
    let plan = Plan { count, append: Some(shape.size), apply, answers: shape.answers };
    sheet.put(format!("bare Postgres, {}", shape.name), "/s", bare::events_per_second(bed, plan).await?);
    Ok(())
}

fn put(sheet: &mut Sheet, Shape { name, .. }: Shape, round: &Round) {
    sheet.put(format!("appended, {name}"), "/s", round.appended);
    sheet.put(format!("relayed, {name}"), "/s", round.relayed);
    sheet.put(format!("applied end to end, {name}"), "/s", round.applied);
    sheet.put(format!("follower's batch, {name}"), "events", float(round.batch));
    sheet.put_cores(name, round.spent);
    for (what, count) in [("events in the log", round.counted.0), ("events in the tables", round.counted.1)] {
        sheet.put(format!("{what}, {name}"), "", float(usize::try_from(count).unwrap_or(0)));
    }
}

async fn round(bed: &Bed<'_>, shape: Shape, count: usize) -> Result<Round> {
    let arena = Arena::new(bed).await?;
    let follower = Follower::new(shape.answers);
    let intake = arena.start("intake", None).await?;
    let triage = arena.start("triage", Some(follower.clone())).await?;
    let probes = load::probe(&intake.log).await?;
    follower.reaches(probes).await?;
    let (relay, batches, used, start) =
        (Relayed::of("intake"), follower.progress().batches, bed.used(), Instant::now());
    let appending = async {
        load::append(&intake.log, count, shape.size, shape.writers).await?;
        anyhow::Ok(start.elapsed())
    };
    let (appended, relayed, applied) = tokio::join!(appending, relay.reaches(count), follower.reaches(probes + count));
    let spent = bed.used().since(used);
    let batches = usize::try_from(follower.progress().batches - batches)?.max(1);
    let rate = |took: std::time::Duration| float(count) / took.as_secs_f64();
    let counts = arena.counted("triage", shape.answers).await?;
    let round = Round {
        appended: rate(appended?),
        relayed: rate(relayed?.last - start),
        applied: rate(applied? - start),
        batch: count.div_ceil(batches),
        spent,
        counted: (counts.appended, counts.applied),
        bytes: (arena.bytes("intake").await?, arena.bytes("triage").await?),
    };
    triage.stop().await;
    intake.stop().await;
    arena.end().await?;
    Ok(round)
}

/// Which of the three is full, in words.
fn bound(name: &str, spent: Spent) -> String {
    let cores = float(std::thread::available_parallelism().map_or(1, std::num::NonZero::get));
    let (whole, used) = (spent.seconds * cores, spent.all());
    let parts = [("the program", spent.program), ("Postgres", spent.postgres), ("NATS", spent.nats)];
    let most = parts.iter().max_by(|a, b| a.1.total_cmp(&b.1)).map_or("nobody", |most| most.0);
    let verdict = if used > 0.9 * whole {
        format!("the processor is full, and most of it goes to {most}")
    } else {
        format!(
            "{:.0} % of the processor was idle or another's: commits and order bound it, not computing",
            100.0 * (1.0 - used / whole)
        )
    };
    format!(
        "{name}: of {whole:.1} processor seconds the program (its writers included) used {:.1}, Postgres {:.1}, NATS {:.1}: {verdict}",
        spent.program, spent.postgres, spent.nats
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_note_names_who_is_full_or_that_nobody_is() {
        let cores = float(std::thread::available_parallelism().unwrap().get());
        let spent = Spent { seconds: 10.0, program: 2.0 * cores, postgres: 7.5 * cores, nats: 0.4 * cores };
        assert!(bound("x", spent).contains("most of it goes to Postgres"));
        assert!(bound("x", Spent { postgres: cores, ..spent }).contains("66 % of the processor was idle"));
    }
}
