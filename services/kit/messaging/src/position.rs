//! How far a follower has come, per producer and partition: the number and the link it stands on. Moving it is the
//! first statement of the transaction that applies the events, and compares what it replaces.

use crate::{
    append::column,
    lease::{self, Owned},
    log::Log,
};
use kit_db::Result;
use sqlx::{PgConnection, PgPool};
use std::collections::{BTreeMap, BTreeSet};

/// A partition of a producer.
pub(crate) type Place = (String, u16);

/// The last event applied of a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Standing {
    pub(crate) seq: u64,
    pub(crate) hash: Vec<u8>,
}

/// A step of one place.
#[derive(Clone, Debug)]
pub(crate) struct Move {
    pub(crate) from: u64,
    pub(crate) to: Standing,
}

/// The places that an instance works on, as last read: of its own partitions, and none that has forked.
#[derive(Clone, Debug, Default)]
pub(crate) struct Positions(pub(crate) BTreeMap<Place, Standing>);

impl Positions {
    pub(crate) async fn load(pool: &PgPool, producers: &[&str], owned: &Owned) -> Result<Self> {
        let rows: Vec<(String, i16, i64, Vec<u8>)> = sqlx::query_as(
            "SELECT p.producer, p.partition, p.seq, p.hash FROM follower_position AS p
             WHERE p.producer = ANY($1) AND p.partition = ANY($2)
               AND NOT EXISTS (SELECT 1 FROM fork AS f WHERE f.producer = p.producer AND f.partition = p.partition)",
        )
        .bind(producers)
        .bind(lease::columns(owned))
        .fetch_all(pool)
        .await?;
        let standing = |seq: i64, hash| Standing { seq: seq.unsigned_abs(), hash };
        Ok(Self(rows.into_iter().map(|(p, n, seq, hash)| ((p, n.unsigned_abs()), standing(seq, hash))).collect()))
    }

    pub(crate) fn apply(&mut self, moves: BTreeMap<Place, Move>) {
        self.0.extend(moves.into_iter().map(|(place, step)| (place, step.to)));
    }

    pub(crate) fn producers(&self) -> BTreeSet<&str> {
        self.0.keys().map(|(producer, _)| producer.as_str()).collect()
    }
}

/// Of whom anything has been learned: where their chains begin.
pub(crate) async fn known(pool: &PgPool) -> Result<BTreeSet<String>> {
    let producers: Vec<String> =
        sqlx::query_scalar("SELECT DISTINCT producer FROM follower_position").fetch_all(pool).await?;
    Ok(producers.into_iter().collect())
}

/// What moving the positions brought to light.
#[derive(Debug)]
pub(crate) struct Moved {
    /// Another instance has moved one of the places first, or works on its partition now: nothing of this batch may be
    /// applied.
    pub(crate) is_lost: bool,
    /// Which of the keys have parked events.
    pub(crate) parked: BTreeSet<String>,
}

/// Moves all places at once, if each still stands where it was thought to stand and is this instance's to work on.
pub(crate) async fn advance(
    conn: &mut PgConnection,
    log: &Log,
    moves: &BTreeMap<Place, Move>,
    keys: &[&str],
) -> Result<Moved> {
    let mut columns = (Vec::new(), Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for ((producer, partition), step) in moves {
        columns.0.push(producer.as_str());
        columns.1.push(column(*partition));
        columns.2.push(number(step.from));
        columns.3.push(number(step.to.seq));
        columns.4.push(step.to.hash.as_slice());
    }
    let (moved, parked): (i64, Vec<String>) = sqlx::query_as(
        "WITH moved AS (
             UPDATE follower_position AS p SET seq = m.seq, hash = m.hash
             FROM UNNEST($1::text[], $2::smallint[], $3::bigint[], $4::bigint[], $5::bytea[])
                 AS m (producer, partition, was, seq, hash)
             JOIN partition_lease AS l ON l.partition = m.partition AND l.owner = $7
             WHERE p.producer = m.producer AND p.partition = m.partition AND p.seq = m.was
             RETURNING 1
         )
         SELECT (SELECT count(*) FROM moved),
                ARRAY(SELECT DISTINCT e.key FROM parked_event AS e WHERE e.key = ANY($6))",
    )
    .bind(columns.0)
    .bind(columns.1)
    .bind(columns.2)
    .bind(columns.3)
    .bind(columns.4)
    .bind(keys)
    .bind(&*log.instance)
    .fetch_one(conn)
    .await?;
    let is_lost = moved != i64::try_from(moves.len()).unwrap_or(i64::MAX);
    Ok(Moved { is_lost, parked: parked.into_iter().collect() })
}

/// A number as its column holds it.
pub(crate) fn number(seq: u64) -> i64 {
    i64::try_from(seq).unwrap_or(i64::MAX)
}
