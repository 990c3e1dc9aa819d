//! What is parked, as an operator sees it, and the two things they can do about it: try it again, or pass over it.

use super::{Decided, LogAdmin, number, place, timestamp};
use crate::{parked, tx::Tx};
use contracts::log::{EventSkipped, ParkedEvent, ParkedFailure, SkipParkedResponse};
use kit_core::Problem;
use kit_db::Result;

impl LogAdmin {
    /// One page of what is parked, and the token of the next page; empty at the end.
    ///
    /// # Errors
    /// The token is none of ours, or the database does not answer.
    pub async fn parked(&self, page_size: i32, page_token: &str) -> Result<(Vec<ParkedEvent>, String)> {
        let after = if page_token.is_empty() { 0 } else { page_token.parse().map_err(|_| bad_token())? };
        let size = if page_size <= 0 { 100 } else { i64::from(page_size.min(1000)) };
        let mut rows = parked::list(self.log.pool(), after, size + 1).await?;
        let is_more = rows.len() > usize::try_from(size).unwrap_or(usize::MAX);
        if is_more {
            rows.pop();
        }
        let next = rows.last().filter(|_| is_more).map(|row| row.id.to_string()).unwrap_or_default();
        Ok((rows.into_iter().map(|row| event(row, Vec::new())).collect(), next))
    }

    /// What stands parked under a key, oldest first, each with what it failed of.
    ///
    /// # Errors
    /// Nothing is parked under the key, or the database does not answer.
    pub async fn parked_under(&self, key: &str) -> Result<Vec<ParkedEvent>> {
        let rows = parked::under(self.log.pool(), key).await?;
        if rows.is_empty() {
            return Err(nothing_parked().into());
        }
        Ok(rows.into_iter().map(|row| event(row.row, row.failures.0)).collect())
    }

    /// Tries the parked events of a key again, the failed ones too; answers how many there are.
    ///
    /// # Errors
    /// Nothing is parked under the key, or the database does not answer.
    pub async fn retry(&self, key: &str) -> Result<i32> {
        let events = parked::release(self.log.pool(), key).await?;
        if events == 0 {
            return Err(nothing_parked().into());
        }
        self.log.retry.expect_more();
        Ok(i32::try_from(events).unwrap_or(i32::MAX))
    }

    /// Passes over one event for good, if it is the first of its producer under the key and itself in the way; the rest
    /// of the key is tried again. What was decided is said under the same key.
    ///
    /// # Errors
    /// It is not what stands first, or the database does not answer.
    pub async fn skip(&self, key: &str, event: (&str, u32, u64), by: Decided) -> Result<SkipParkedResponse> {
        let (producer, partition, seq) = event;
        let wanted = (producer.to_owned(), partition, seq);
        let actor = by.public_actor();
        let key = key.to_owned();
        let done = self.log.in_tx(&actor, move |tx| Box::pin(async move { skip(tx, &key, wanted, &by).await })).await?;
        self.log.retry.expect_more();
        Ok(done)
    }
}

async fn skip(tx: &mut Tx, key: &str, event: (String, u32, u64), by: &Decided) -> Result<SkipParkedResponse> {
    // Locked: a try that is under way ends first, and what it removed is not skipped any more.
    let rows = parked::lock(tx.conn(), key).await?;
    if rows.is_empty() {
        return Err(nothing_parked().into());
    }
    let (producer, partition, seq) = event;
    let first = rows.iter().find(|row| row.producer == producer);
    let first = first.filter(|row| number(row.partition) == partition && row.seq.unsigned_abs() == seq);
    let Some(row) = first else { return Err(not_first(&rows, &producer).into()) };
    if row.state == parked::State::Behind.as_str() {
        return Err(only_behind(&rows).into());
    }
    parked::remove(tx.conn(), row.id).await?;
    let subject = format!("{key} {}#{seq}", place(&producer, partition));
    let decision_id = by.keep(tx, "skip", &subject).await?.to_string();
    let case_id = if key.starts_with("case_") { key.to_owned() } else { String::new() };
    let kind = row.r#type.clone();
    let skipped = EventSkipped { case_id, producer, partition, seq, r#type: kind, decision_id: decision_id.clone() };
    tx.publish(key, &skipped);
    let events = parked::release(tx.conn(), key).await?;
    Ok(SkipParkedResponse { decision_id, events: i32::try_from(events).unwrap_or(i32::MAX) })
}

fn named(row: &parked::Row) -> String {
    format!("{}#{}", place(&row.producer, number(row.partition)), row.seq)
}

/// The nearest right one is named: what stands first of the same producer, or first of all.
fn not_first(rows: &[parked::Row], producer: &str) -> Problem {
    let first = rows.iter().find(|row| row.producer == producer).or_else(|| rows.first());
    let first = first.map(named).unwrap_or_default();
    Problem::conflict(
        "not-first-parked",
        format!("该事件不是此编号下最先搁置的事件(现为 {first}),情况可能已变化,请重新查看后再决定"),
        format!("This is not the first event parked under the key ({first} is); it may have changed: look again"),
    )
}

fn only_behind(rows: &[parked::Row]) -> Problem {
    let first = rows.iter().find(|row| row.state != parked::State::Behind.as_str()).map(named).unwrap_or_default();
    Problem::conflict(
        "only-behind",
        format!("该事件本身没有出错,只是排在 {first} 之后;请先处理后者"),
        format!("This event has not failed itself, it only waits behind {first}: decide about that one first"),
    )
}

fn nothing_parked() -> Problem {
    Problem::not_found("nothing-parked", "该编号下没有搁置的事件", "Nothing is parked under this key")
}

fn bad_token() -> Problem {
    Problem::field("page_token", "bad-page-token", "分页标记无效", "This page token is not valid")
}

fn event(row: parked::Row, failures: Vec<parked::Failure>) -> ParkedEvent {
    let failure = |one: parked::Failure| ParkedFailure {
        reason: one.reason,
        times: one.times,
        first_at: Some(timestamp(one.first_at)),
        last_at: Some(timestamp(one.last_at)),
    };
    ParkedEvent {
        partition: number(row.partition),
        seq: row.seq.unsigned_abs(),
        parked_at: Some(timestamp(row.parked_at)),
        failures: failures.into_iter().map(failure).collect(),
        key: row.key,
        producer: row.producer,
        r#type: row.r#type,
        state: row.state,
        reason: row.reason,
        attempts: row.attempts,
    }
}
