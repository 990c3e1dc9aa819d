//! The operator's view of one service's log: its heads, how far it follows others, what is parked, and a retry.

use crate::{genesis, log::Log, parked};
use contracts::log::{Head, ParkedEvent, Position};
use kit_core::Problem;
use kit_db::Result;

/// Answers the questions of `jiesu.log.v1.LogService`.
#[derive(Clone, Debug)]
pub struct LogAdmin(Log);

impl LogAdmin {
    pub fn new(log: Log) -> Self {
        Self(log)
    }

    /// The end of each partition of this service's own log.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn heads(&self) -> Result<Vec<Head>> {
        let heads = genesis::heads(self.0.pool()).await?;
        Ok(heads.into_iter().map(|head| Head { partition: head.partition, seq: head.seq, hash: head.hash }).collect())
    }

    /// How far this service has applied each partition of those it follows.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn positions(&self) -> Result<Vec<Position>> {
        let rows: Vec<(String, i16, i64, Vec<u8>)> =
            sqlx::query_as("SELECT producer, partition, seq, hash FROM follower_position ORDER BY producer, partition")
                .fetch_all(self.0.pool())
                .await?;
        let position = |(producer, partition, seq, hash): (String, i16, i64, Vec<u8>)| Position {
            producer,
            partition: u32::from(partition.unsigned_abs()),
            seq: seq.unsigned_abs(),
            hash,
        };
        Ok(rows.into_iter().map(position).collect())
    }

    /// One page of what is parked, and the token of the next page; empty at the end.
    ///
    /// # Errors
    /// The token is none of ours, or the database does not answer.
    pub async fn parked(&self, page_size: i32, page_token: &str) -> Result<(Vec<ParkedEvent>, String)> {
        let after = if page_token.is_empty() { 0 } else { page_token.parse().map_err(|_| bad_token())? };
        let size = if page_size <= 0 { 100 } else { i64::from(page_size.min(1000)) };
        let mut rows = parked::list(self.0.pool(), after, size + 1).await?;
        let is_more = rows.len() > usize::try_from(size).unwrap_or(usize::MAX);
        if is_more {
            rows.pop();
        }
        let next = rows.last().filter(|_| is_more).map(|row| row.id.to_string()).unwrap_or_default();
        Ok((rows.into_iter().map(event).collect(), next))
    }

    /// Tries the parked events of a key again, the failed ones too; answers how many there are.
    ///
    /// # Errors
    /// Nothing is parked under the key, or the database does not answer.
    pub async fn retry(&self, key: &str) -> Result<i32> {
        let events = parked::release(self.0.pool(), key).await?;
        if events == 0 {
            return Err(Problem::not_found(
                "nothing-parked",
                "该编号下没有搁置的事件",
                "Nothing is parked under this key",
            )
            .into());
        }
        self.0.retry.expect_more();
        Ok(i32::try_from(events).unwrap_or(i32::MAX))
    }
}

fn bad_token() -> Problem {
    Problem::field("page_token", "bad-page-token", "分页标记无效", "This page token is not valid")
}

fn event(row: parked::Row) -> ParkedEvent {
    ParkedEvent {
        key: row.key,
        producer: row.producer,
        partition: u32::from(row.partition.unsigned_abs()),
        seq: row.seq.unsigned_abs(),
        r#type: row.r#type,
        state: row.state,
        reason: row.reason,
        attempts: row.attempts,
        failures: Vec::new(),
        parked_at: Some(prost_types::Timestamp {
            seconds: row.parked_at.timestamp(),
            nanos: i32::try_from(row.parked_at.timestamp_subsec_nanos()).unwrap_or(0),
        }),
    }
}
