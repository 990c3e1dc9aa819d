//! Partitions of producers that are not followed any further, and how an operator lets them go on: because the producer
//! agrees again, or because its history is accepted as it is now. Before either, the producer is asked.

mod refusal;
mod told;

use super::{Decided, LogAdmin, number, place, timestamp};
use crate::{
    append::column,
    position::{Standing, number as row_number},
    rewind,
    tx::Tx,
};
use chrono::{DateTime, Utc};
use contracts::{
    common::{self, Agreement},
    log::{Fork, ForkSettled, Position, SettleForkResponse},
};
use kit_core::Problem;
use kit_db::Result;
use told::Told;

#[derive(Clone, Debug, sqlx::FromRow)]
struct Row {
    producer: String,
    partition: i16,
    kind: String,
    seq: i64,
    hash: Vec<u8>,
    resume_seq: i64,
    resume_hash: Vec<u8>,
    found_at: DateTime<Utc>,
}

impl Row {
    /// What was applied last: where the position stands for as long as the fork does.
    fn standing(&self) -> Standing {
        Standing { seq: self.seq.unsigned_abs(), hash: self.hash.clone() }
    }

    fn resume(&self) -> Standing {
        Standing { seq: self.resume_seq.unsigned_abs(), hash: self.resume_hash.clone() }
    }

    fn subject(&self) -> String {
        place(&self.producer, number(self.partition))
    }

    fn position(&self, at: &Standing) -> Position {
        let producer = self.producer.clone();
        Position { producer, partition: number(self.partition), seq: at.seq, hash: at.hash.clone() }
    }
}

impl LogAdmin {
    /// Where this service does not follow any further until an operator decides.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn forks(&self) -> Result<Vec<Fork>> {
        let rows: Vec<Row> = sqlx::query_as(
            "SELECT producer, partition, kind, seq, hash, resume_seq, resume_hash, found_at
             FROM fork ORDER BY producer, partition",
        )
        .fetch_all(self.log.pool())
        .await?;
        let fork = |row: Row| Fork {
            partition: number(row.partition),
            seq: row.seq.unsigned_abs(),
            resume_seq: row.resume_seq.unsigned_abs(),
            found_at: Some(timestamp(row.found_at)),
            producer: row.producer,
            kind: row.kind,
            hash: row.hash,
            resume_hash: row.resume_hash,
        };
        Ok(rows.into_iter().map(fork).collect())
    }

    /// Goes on where this service stands, if the producer agrees with it again.
    ///
    /// # Errors
    /// There is no such fork, the producer does not answer, or they still differ; says how.
    pub async fn recheck_fork(&self, producer: &str, partition: u32, by: Decided) -> Result<SettleForkResponse> {
        let row = self.fork(producer, partition).await?;
        let told = self.ask(&row, &row.standing()).await?;
        if let Some(problem) = told.difference(&row.standing()) {
            return Err(problem.into());
        }
        let here = row.position(&row.standing());
        let actor = by.public_actor();
        let work = async move |tx: &mut Tx| {
            remove(tx, &row).await?;
            by.keep(tx, "recheck", &row.subject()).await
        };
        let decision_id = self.log.in_tx(&actor, move |tx| Box::pin(async move { work(tx).await })).await?;
        Ok(SettleForkResponse { decision_id: decision_id.to_string(), position: Some(here) })
    }

    /// Goes on with the producer's history as it is now. Nothing that was applied is undone, and what the producer has
    /// up to where it goes on is never applied.
    ///
    /// # Errors
    /// There is no such fork, the producer does not answer or agrees by now, or events of its former history are parked.
    pub async fn accept_fork(&self, producer: &str, partition: u32, by: Decided) -> Result<SettleForkResponse> {
        let row = self.fork(producer, partition).await?;
        let resume = self.resume(&row).await?;
        let there = row.position(&resume);
        let actor = by.public_actor();
        let work = async move |tx: &mut Tx| accept(tx, &row, &resume, &by).await;
        let decision_id = self.log.in_tx(&actor, move |tx| Box::pin(async move { work(tx).await })).await?;
        Ok(SettleForkResponse { decision_id, position: Some(there) })
    }

    async fn fork(&self, producer: &str, partition: u32) -> Result<Row> {
        let row: Option<Row> = sqlx::query_as(
            "SELECT producer, partition, kind, seq, hash, resume_seq, resume_hash, found_at
             FROM fork WHERE producer = $1 AND partition = $2",
        )
        .bind(producer)
        .bind(column(u16::try_from(partition).unwrap_or(u16::MAX)))
        .fetch_optional(self.log.pool())
        .await?;
        row.ok_or_else(|| refusal::no_fork(&place(producer, partition)).into())
    }

    /// What the producer says of a standing.
    async fn ask(&self, row: &Row, at: &Standing) -> Result<Told> {
        let standing = common::Standing { partition: number(row.partition), seq: at.seq, hash: at.hash.clone() };
        let reply = rewind::ask(&self.broker, &row.producer, self.log.service(), vec![standing]).await;
        let told = reply.and_then(|reply| Told::read(reply, number(row.partition)));
        told.ok_or_else(|| refusal::silent(&row.producer).into())
    }

    /// Where to go on if the producer's history is accepted.
    async fn resume(&self, row: &Row) -> Result<Standing> {
        let told = self.ask(row, &row.standing()).await?;
        match told.agreement() {
            Agreement::Same => told.broken(&row.standing()).ok_or_else(|| refusal::agrees(&row.subject()).into()),
            Agreement::Archived => Err(refusal::archived(row.standing().seq).into()),
            Agreement::Unspecified => Err(refusal::silent(&row.producer).into()),
            Agreement::Behind | Agreement::Other => {
                // Where the producer ended when the fork was found, if it still has that: what it has said since then
                // is new to us, and is applied.
                if row.kind == "behind" {
                    let then = self.ask(row, &row.resume()).await?;
                    if then.agreement() == Agreement::Same {
                        return Ok(row.resume());
                    }
                }
                Ok(told.present_end(&row.standing()))
            }
        }
    }
}

async fn accept(tx: &mut Tx, row: &Row, resume: &Standing, by: &Decided) -> Result<String> {
    remove(tx, row).await?;
    refuse_parked(tx, row, resume).await?;
    let moved = sqlx::query(
        "UPDATE follower_position SET seq = $5, hash = $6
         WHERE producer = $1 AND partition = $2 AND seq = $3 AND hash = $4",
    )
    .bind(&row.producer)
    .bind(row.partition)
    .bind(row.seq)
    .bind(&row.hash)
    .bind(row_number(resume.seq))
    .bind(&resume.hash)
    .execute(tx.conn())
    .await?;
    if moved.rows_affected() != 1 {
        return Err(refusal::moved_on(&row.subject()).into());
    }
    let decision_id = by.keep(tx, "accept", &row.subject()).await?.to_string();
    let settled = ForkSettled {
        producer: row.producer.clone(),
        partition: number(row.partition),
        was_seq: row.seq.unsigned_abs(),
        was_hash: row.hash.clone(),
        now_seq: resume.seq,
        now_hash: resume.hash.clone(),
        decision_id: decision_id.clone(),
    };
    tx.publish(&format!("log/{}", row.producer), &settled);
    Ok(decision_id)
}

/// Takes the fork away, if it is still the one that was looked at.
async fn remove(tx: &mut Tx, row: &Row) -> Result<()> {
    let done = sqlx::query("DELETE FROM fork WHERE producer = $1 AND partition = $2 AND seq = $3 AND hash = $4")
        .bind(&row.producer)
        .bind(row.partition)
        .bind(row.seq)
        .bind(&row.hash)
        .execute(tx.conn())
        .await?;
    if done.rows_affected() == 1 { Ok(()) } else { Err(refusal::moved_on(&row.subject()).into()) }
}

/// Events beyond where we go on are of a history that the producer has not any more; their numbers will come again, and
/// a number can stand parked but once.
async fn refuse_parked(tx: &mut Tx, row: &Row, resume: &Standing) -> Result<()> {
    let keys: Vec<String> = sqlx::query_scalar(
        "SELECT DISTINCT key FROM parked_event WHERE producer = $1 AND partition = $2 AND seq > $3 ORDER BY key LIMIT 5",
    )
    .bind(&row.producer)
    .bind(row.partition)
    .bind(row_number(resume.seq))
    .fetch_all(tx.conn())
    .await?;
    if keys.is_empty() {
        return Ok(());
    }
    let (subject, keys) = (row.subject(), keys.join(", "));
    Err(Problem::conflict(
        "former-history-parked",
        format!("{subject} 原有历史中的事件仍搁置在 {keys} 下;请先重试或跳过它们"),
        format!("Events of the former history of {subject} are still parked under {keys}: retry or skip them first"),
    )
    .into())
}
