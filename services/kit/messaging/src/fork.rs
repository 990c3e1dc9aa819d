//! Where a producer's history and what was applied of it fell apart. Nothing is skipped or overwritten: the partition
//! stands still until an operator decides, and `LogAdmin` carries that out.

use crate::{
    append::column,
    position::{Place, Standing, number},
};
use kit_db::Result;
use sqlx::PgPool;
use std::collections::BTreeSet;

/// How they fell apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The producer's log ends before our number.
    Behind,
    /// Another link at our number.
    Other,
    /// The producer's next event does not link to the one before it.
    Broken,
}

impl Kind {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Behind => "behind",
            Self::Other => "other",
            Self::Broken => "broken",
        }
    }
}

/// A fork that was just found.
#[derive(Clone, Debug)]
pub(crate) struct Fork {
    pub(crate) place: Place,
    pub(crate) kind: Kind,
    /// Where we stand.
    pub(crate) at: Standing,
    /// Where we would go on if the producer's history is accepted.
    pub(crate) resume: Standing,
}

/// Stops a partition. The position is compared: a judgement about where we stood is none about where we stand.
pub(crate) async fn insert(pool: &PgPool, fork: &Fork) -> Result<bool> {
    let (producer, partition) = &fork.place;
    let done = sqlx::query(
        "INSERT INTO fork (producer, partition, kind, seq, hash, resume_seq, resume_hash)
         SELECT p.producer, p.partition, $3, p.seq, p.hash, $6, $7 FROM follower_position AS p
         WHERE p.producer = $1 AND p.partition = $2 AND p.seq = $4 AND p.hash = $5
         ON CONFLICT DO NOTHING",
    )
    .bind(producer)
    .bind(column(*partition))
    .bind(fork.kind.as_str())
    .bind(number(fork.at.seq))
    .bind(&fork.at.hash)
    .bind(number(fork.resume.seq))
    .bind(&fork.resume.hash)
    .execute(pool)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// The places that stand still.
pub(crate) async fn places(pool: &PgPool) -> Result<BTreeSet<Place>> {
    let rows: Vec<(String, i16)> = sqlx::query_as("SELECT producer, partition FROM fork").fetch_all(pool).await?;
    Ok(rows.into_iter().map(|(producer, partition)| (producer, partition.unsigned_abs())).collect())
}
