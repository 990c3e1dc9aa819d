//! The machine's own limit: the very statements of the log and of the follower, on the same tables, in transactions of the
//! same sizes, on four connections, with nothing in between: no broker, no relay, no decoding.
//!
//! Each connection has a quarter of the partitions for itself, so none waits for another's locks: bare Postgres at its best.

mod lane;

use super::{arena::Arena, bed::Bed, float, follower::Answers};
use anyhow::{Result, ensure};
use kit_db::Pools;
use lane::Lane;
use std::time::Instant;
use tokio::task::JoinSet;

const CONNECTIONS: usize = 4;

/// What is done, and in which portions.
#[derive(Clone, Copy, Debug)]
pub(super) struct Plan {
    pub(super) count: usize,
    /// Events of an appending transaction; none where only the follower's part is done.
    pub(super) append: Option<usize>,
    /// Events of an applying transaction.
    pub(super) apply: usize,
    pub(super) answers: Answers,
}

/// Events a second that bare Postgres takes, committed.
pub(super) async fn events_per_second(bed: &Bed<'_>, plan: Plan) -> Result<f64> {
    let arena = Arena::new(bed).await?;
    let (intake, triage) = (arena.pools("intake").await?, arena.pools("triage").await?);
    make_positions(&triage).await?;
    let mut lanes = Vec::new();
    for number in 0..CONNECTIONS {
        lanes.push(Lane::new(number, plan, &intake, &triage).await?);
    }
    let (start, mut running) = (Instant::now(), JoinSet::new());
    for lane in lanes {
        running.spawn(lane.run());
    }
    while let Some(ended) = running.join_next().await {
        ended??;
    }
    let rate = float(plan.count) / start.elapsed().as_secs_f64();
    let applied: i64 = sqlx::query_scalar("SELECT count(*) FROM triage.timeline").fetch_one(&arena.admin).await?;
    ensure!(usize::try_from(applied)? == plan.count, "bare Postgres applied {applied} of {}", plan.count);
    for pools in [intake, triage] {
        pools.commands.close().await;
        pools.follow.close().await;
    }
    arena.end().await?;
    Ok(rate)
}

/// The rows that a follower has as soon as it knows its producer and holds its partitions.
async fn make_positions(triage: &Pools) -> Result<()> {
    sqlx::raw_sql(
        "UPDATE partition_lease SET owner = 'bare';
         INSERT INTO follower_position (producer, partition, seq, hash)
         SELECT 'intake', partition, 0, sha256('') FROM event_head",
    )
    .execute(&triage.commands)
    .await?;
    Ok(())
}
