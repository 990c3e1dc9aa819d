//! One connection's share of the bare work: appends and applies in turn, in the words that the log itself uses.

use super::{CONNECTIONS, Plan};
use crate::bench::log::{
    follower::Answers,
    load::{Cases, EVENTS_OF_A_CASE},
    statement::{self, Told},
    wire::EVENT_BYTES,
};
use anyhow::{Result, ensure};
use chrono::{DateTime, Utc};
use kit_core::Env;
use kit_db::Pools;
use kit_messaging::{PARTITIONS, partition_of};
use serde_json::{Value, json};
use sqlx::{Executor as _, PgConnection, Postgres, pool::PoolConnection};
use std::collections::BTreeMap;
use uuid::Uuid;

/// A follower's answer with its envelope.
const ANSWER_BYTES: usize = 240;

/// From kit-messaging's `append.rs`; a test compares.
const APPEND: &str = "SELECT event_append($1, $2, $3, $4, $5, $6)";
/// From kit-messaging's `position.rs`; a test compares.
const ADVANCE: &str = "WITH moved AS (
             UPDATE follower_position AS p SET seq = m.seq, hash = m.hash
             FROM UNNEST($1::text[], $2::smallint[], $3::bigint[], $4::bigint[], $5::bytea[])
                 AS m (producer, partition, was, seq, hash)
             JOIN partition_lease AS l ON l.partition = m.partition AND l.owner = $7
             WHERE p.producer = m.producer AND p.partition = m.partition AND p.seq = m.was
             RETURNING 1
         )
         SELECT (SELECT count(*) FROM moved),
                ARRAY(SELECT DISTINCT e.key FROM parked_event AS e WHERE e.key = ANY($6))";

/// One event on its way.
struct Item {
    key: String,
    case_id: Uuid,
    partition: i16,
    event_id: Uuid,
}

pub(super) struct Lane {
    plan: Plan,
    count: usize,
    cases: Vec<(String, Uuid, i16)>,
    /// Where the follower stands in each partition.
    positions: BTreeMap<i16, i64>,
    intake: PoolConnection<Postgres>,
    triage: PoolConnection<Postgres>,
    env: Env,
    args: Value,
}

impl Lane {
    pub(super) async fn new(number: usize, plan: Plan, intake: &Pools, triage: &Pools) -> Result<Self> {
        let all = Cases::of(plan.count.max(1000));
        // The last one takes what does not divide.
        let share = plan.count / CONNECTIONS;
        let count = if number + 1 == CONNECTIONS { plan.count - share * (CONNECTIONS - 1) } else { share };
        let own = (0..plan.count.max(1000)).map(|n| all.id(n)).filter_map(|id| {
            let key = id.to_string();
            let partition = partition_of(&key);
            (usize::from(partition) % CONNECTIONS == number).then(|| (key, id.uuid(), i16::try_from(partition)))
        });
        let cases = own.take(plan.count.div_ceil(EVENTS_OF_A_CASE * CONNECTIONS).max(16));
        let cases = cases.map(|(key, id, partition)| Ok((key, id, partition?))).collect::<Result<_>>()?;
        let positions = (0..PARTITIONS).map(i16::try_from).collect::<Result<Vec<_>, _>>()?;
        Ok(Self {
            plan,
            count,
            cases,
            positions: positions.into_iter().map(|partition| (partition, 0)).collect(),
            intake: intake.commands.acquire().await?,
            triage: triage.commands.acquire().await?,
            env: Env::system(),
            args: json!({ "number": "–", "channel": "web", "unit": "b01" }),
        })
    }

    /// Does it all.
    pub(super) async fn run(mut self) -> Result<()> {
        let size = self.plan.append.unwrap_or(self.plan.apply);
        let mut items = (0..self.count).map(|n| if size <= 2 { n / size } else { n }).peekable();
        let mut waiting: Vec<Item> = Vec::new();
        while items.peek().is_some() || !waiting.is_empty() {
            while waiting.len() < self.plan.apply && items.peek().is_some() {
                let next: Vec<Item> = items.by_ref().take(size).filter_map(|n| self.item(n)).collect();
                if self.plan.append.is_some() {
                    let at = self.env.now();
                    begin(&mut self.intake).await?;
                    append(&mut self.intake, &next, EVENT_BYTES, at).await?;
                    commit(&mut self.intake).await?;
                }
                waiting.extend(next);
            }
            let rest = waiting.split_off(waiting.len().min(self.plan.apply));
            self.apply(&waiting).await?;
            waiting = rest;
        }
        Ok(())
    }

    fn item(&self, number: usize) -> Option<Item> {
        let (key, case_id, partition) = self.cases.get(number % self.cases.len())?;
        Some(Item { key: key.clone(), case_id: *case_id, partition: *partition, event_id: self.env.id() })
    }

    /// One transaction of a follower.
    async fn apply(&mut self, items: &[Item]) -> Result<()> {
        let at = self.env.now();
        let before = self.positions.clone();
        let mut told = Vec::with_capacity(items.len());
        for item in items {
            let seq = self.positions.entry(item.partition).or_default();
            *seq += 1;
            let (case_id, partition) = (item.case_id, item.partition);
            told.push(Told { case_id, unit_id: "b01", partition, seq: *seq, at, args: &self.args, actor: "staff_1" });
        }
        let keys: Vec<&str> = items.iter().map(|item| item.key.as_str()).collect();
        begin(&mut self.triage).await?;
        advance(&mut self.triage, &before, &self.positions, &keys).await?;
        statement::write(&mut self.triage, &told).await?;
        if self.plan.answers == Answers::Each {
            append(&mut self.triage, items, ANSWER_BYTES, at).await?;
        }
        commit(&mut self.triage).await
    }
}

async fn begin(conn: &mut PgConnection) -> Result<()> {
    conn.execute("BEGIN").await?;
    Ok(())
}

async fn commit(conn: &mut PgConnection) -> Result<()> {
    conn.execute("SELECT 1; COMMIT").await?;
    Ok(())
}

async fn append(conn: &mut PgConnection, items: &[Item], bytes: usize, at: DateTime<Utc>) -> Result<()> {
    let envelope = vec![7_u8; bytes];
    sqlx::query(APPEND)
        .bind(items.iter().map(|item| item.partition).collect::<Vec<_>>())
        .bind(items.iter().map(|item| item.event_id).collect::<Vec<_>>())
        .bind(items.iter().map(|item| item.key.as_str()).collect::<Vec<_>>())
        .bind(vec!["jiesu.intake.v1.CaseRegistered"; items.len()])
        .bind(vec![envelope.as_slice(); items.len()])
        .bind(at)
        .execute(conn)
        .await?;
    Ok(())
}

async fn advance(
    conn: &mut PgConnection,
    before: &BTreeMap<i16, i64>,
    after: &BTreeMap<i16, i64>,
    keys: &[&str],
) -> Result<()> {
    let moved: Vec<(i16, i64, i64)> =
        before.iter().zip(after.values()).map(|((p, was), seq)| (*p, *was, *seq)).filter(|m| m.1 != m.2).collect();
    let link = [7_u8; 32];
    let (count, _): (i64, Vec<String>) = sqlx::query_as(ADVANCE)
        .bind(vec!["intake"; moved.len()])
        .bind(moved.iter().map(|m| m.0).collect::<Vec<_>>())
        .bind(moved.iter().map(|m| m.1).collect::<Vec<_>>())
        .bind(moved.iter().map(|m| m.2).collect::<Vec<_>>())
        .bind(vec![link.as_slice(); moved.len()])
        .bind(keys)
        .bind("bare")
        .fetch_one(conn)
        .await?;
    ensure!(usize::try_from(count)? == moved.len(), "a position did not move");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_statements_are_the_logs_own() {
        let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let append = words(include_str!("../../../../../kit/messaging/src/append.rs"));
        let position = words(include_str!("../../../../../kit/messaging/src/position.rs"));
        assert!(append.contains(&words(APPEND)) && position.contains(&words(ADVANCE)));
    }
}
