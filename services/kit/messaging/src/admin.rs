//! The operator's view of one service's log: its heads, how far it follows others, what is parked, the forks, the
//! months, and what operators decided.

mod decision;
mod fork;
mod months;
mod parking;
mod reading;

use crate::{broker::Broker, genesis, log::Log};
use chrono::{DateTime, Utc};
use contracts::log::{Head, Lease, Position};
pub use decision::Decided;
use kit_db::Result;
pub use reading::Parts;

/// Answers the questions of `jiesu.log.v1.LogService`.
#[derive(Clone, Debug)]
pub struct LogAdmin {
    log: Log,
    broker: Broker,
}

impl LogAdmin {
    /// The view of `log`; other services are asked over `broker`.
    pub fn new(log: Log, broker: Broker) -> Self {
        Self { log, broker }
    }

    /// The end of each partition of this service's own log.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn heads(&self) -> Result<Vec<Head>> {
        let heads = genesis::heads(self.log.pool()).await?;
        Ok(heads.into_iter().map(|head| Head { partition: head.partition, seq: head.seq, hash: head.hash }).collect())
    }

    /// How far this service has applied each partition of those it follows.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn positions(&self) -> Result<Vec<Position>> {
        let rows: Vec<(String, i16, i64, Vec<u8>)> =
            sqlx::query_as("SELECT producer, partition, seq, hash FROM follower_position ORDER BY producer, partition")
                .fetch_all(self.log.pool())
                .await?;
        let position = |(producer, partition, seq, hash): (String, i16, i64, Vec<u8>)| Position {
            producer,
            partition: number(partition),
            seq: seq.unsigned_abs(),
            hash,
        };
        Ok(rows.into_iter().map(position).collect())
    }

    /// Which instance works on which partition; nobody where a lease has run out.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn leases(&self) -> Result<Vec<Lease>> {
        let rows: Vec<(i16, Option<String>, Option<DateTime<Utc>>)> = sqlx::query_as(
            "SELECT l.partition, r.instance, r.until
             FROM partition_lease AS l LEFT JOIN replica AS r ON r.instance = l.owner AND r.until >= now()
             ORDER BY l.partition",
        )
        .fetch_all(self.log.pool())
        .await?;
        let lease = |(partition, owner, until): (i16, Option<String>, Option<_>)| Lease {
            partition: number(partition),
            owner: owner.unwrap_or_default(),
            until: until.map(timestamp),
        };
        Ok(rows.into_iter().map(lease).collect())
    }
}

/// A partition as the wire carries it.
fn number(partition: i16) -> u32 {
    u32::from(partition.unsigned_abs())
}

/// A partition of a producer, or an event of it, as lists and subjects of decisions write it: `intake/03`,
/// `intake/03#17`.
fn place(producer: &str, partition: u32) -> String {
    format!("{producer}/{partition:02}")
}

fn timestamp(at: DateTime<Utc>) -> prost_types::Timestamp {
    prost_types::Timestamp { seconds: at.timestamp(), nanos: i32::try_from(at.timestamp_subsec_nanos()).unwrap_or(0) }
}
