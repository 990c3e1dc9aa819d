//! Months of the log that are taken out of it and put back: oldest out first and newest back first, so that what is
//! attached is one chain without a hole.

mod refusal;

use super::{Decided, LogAdmin};
use crate::tx::Tx;
use chrono::{Datelike as _, NaiveDate};
use contracts::log::{AttachMonthResponse, DetachMonthResponse, Month};
use kit_core::Problem;
use kit_db::Result;
use sqlx::{AssertSqlSafe, PgConnection};
use std::fmt;

/// The first day of a month, as its tables are named and as people write it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Of(NaiveDate);

impl Of {
    fn read(text: &str) -> std::result::Result<Self, Problem> {
        let month = NaiveDate::parse_from_str(&format!("{text}-01"), "%Y-%m-%d").ok().map(Self);
        month.filter(|month| month.to_string() == text).ok_or_else(|| {
            Problem::field(
                "month",
                "bad-month",
                "月份须写作 年-月,如 2026-11",
                "Write the month as YEAR-MONTH, such as 2026-11",
            )
        })
    }

    fn attached(self) -> String {
        format!("event_log_{}", self.0.format("%Y%m"))
    }

    fn detached(self) -> String {
        format!("event_log_detached_{}", self.0.format("%Y%m"))
    }

    fn next(self) -> NaiveDate {
        self.0.checked_add_months(chrono::Months::new(1)).unwrap_or(NaiveDate::MAX)
    }
}

impl fmt::Display for Of {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.0.year(), self.0.month())
    }
}

impl LogAdmin {
    /// The months of this log, oldest first.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn months(&self) -> Result<Vec<Month>> {
        // The database's own estimate; before it has looked at a table for the first time, the rows are counted.
        let attached = attached(&mut *self.log.pool().acquire().await?).await?;
        let mut months = Vec::new();
        for month in attached {
            let estimate: i64 = sqlx::query_scalar("SELECT reltuples::bigint FROM pg_class WHERE oid = $1::regclass")
                .bind(month.attached())
                .fetch_one(self.log.pool())
                .await?;
            let events = if estimate < 0 { count(self.log.pool(), month).await? } else { estimate };
            months.push(Month { month: month.to_string(), is_attached: true, events: events.unsigned_abs() });
        }
        let gone: Vec<(NaiveDate, i64)> = sqlx::query_as(
            "SELECT month, sum(last_seq - first_seq + 1)::bigint FROM detached_month GROUP BY month ORDER BY month",
        )
        .fetch_all(self.log.pool())
        .await?;
        let gone = gone.into_iter().map(|(month, events)| Month {
            month: Of(month).to_string(),
            is_attached: false,
            events: events.unsigned_abs(),
        });
        Ok(gone.chain(months).collect())
    }

    /// Takes a month that has passed out of the log; it must be the oldest that is attached.
    ///
    /// # Errors
    /// It is not to be detached, or the database does not answer.
    pub async fn detach_month(&self, month: &str, by: Decided) -> Result<DetachMonthResponse> {
        let month = Of::read(month)?;
        let work = async move |tx: &mut Tx| detach(tx, month, &by).await;
        self.log.in_tx("operator", move |tx| Box::pin(async move { work(tx).await })).await
    }

    /// Puts a detached month back; it must be the newest that is detached, and be as it was.
    ///
    /// # Errors
    /// It is not to be attached, or the database does not answer.
    pub async fn attach_month(&self, month: &str, by: Decided) -> Result<AttachMonthResponse> {
        let month = Of::read(month)?;
        let work = async move |tx: &mut Tx| attach(tx, month, &by).await;
        self.log.in_tx("operator", move |tx| Box::pin(async move { work(tx).await })).await
    }
}

async fn detach(tx: &mut Tx, month: Of, by: &Decided) -> Result<DetachMonthResponse> {
    alone(tx.conn()).await?;
    // The tables first and the heads after them: whoever appends holds the heads while it waits for the tables.
    run(tx.conn(), "LOCK TABLE event_log IN ACCESS EXCLUSIVE MODE".to_owned()).await?;
    let (from, to) = (month.attached(), month.detached());
    let attached = attached(tx.conn()).await?;
    let oldest = attached.first().copied();
    let this: NaiveDate = sqlx::query_scalar("SELECT event_month(now())").fetch_one(tx.conn()).await?;
    if !attached.contains(&month) {
        return Err(refusal::not_attached(month, oldest).into());
    }
    if month.0 >= this {
        return Err(refusal::not_passed(month, oldest.filter(|oldest| oldest.0 < this)).into());
    }
    if let Some(oldest) = oldest.filter(|oldest| *oldest != month) {
        return Err(refusal::not_oldest(month, oldest).into());
    }
    let ends: Vec<i16> =
        sqlx::query_scalar("SELECT partition FROM event_head WHERE month <= $1 AND seq > 0 ORDER BY partition")
            .bind(month.0)
            .fetch_all(tx.conn())
            .await?;
    if !ends.is_empty() {
        return Err(refusal::holds_ends(month, &ends).into());
    }
    let events = note(tx.conn(), month).await?;
    run(tx.conn(), format!("ALTER TABLE event_log DETACH PARTITION {from}")).await?;
    run(tx.conn(), format!("ALTER TABLE {from} RENAME TO {to}")).await?;
    by.keep(tx, "detach", &month.to_string()).await?;
    Ok(DetachMonthResponse { table: to, events: events.unsigned_abs() })
}

async fn attach(tx: &mut Tx, month: Of, by: &Decided) -> Result<AttachMonthResponse> {
    alone(tx.conn()).await?;
    let (from, to) = (month.detached(), month.attached());
    let newest: Option<NaiveDate> =
        sqlx::query_scalar("SELECT max(month) FROM detached_month").fetch_one(tx.conn()).await?;
    let newest = newest.map(Of);
    if newest != Some(month) {
        return Err(refusal::not_newest(month, newest).into());
    }
    if !exists(tx.conn(), &from).await? {
        return Err(refusal::no_table(month, &from).into());
    }
    if exists(tx.conn(), &to).await? {
        return Err(refusal::in_the_way(month, &to).into());
    }
    let (kept, found) = (kept(tx.conn(), month).await?, ends(tx.conn(), &from).await?);
    if kept != found {
        let partition = kept.iter().zip(&found).find(|(kept, found)| kept != found).map_or(0, |(kept, _)| kept.0);
        return Err(refusal::changed(month, partition).into());
    }
    run(tx.conn(), format!("ALTER TABLE {from} RENAME TO {to}")).await?;
    // The database looks at every row for its month. Nobody waits for that: only the returning table is locked.
    run(tx.conn(), "SET LOCAL statement_timeout = '15min'".to_owned()).await?;
    let bounds = format!("FOR VALUES FROM ('{}') TO ('{}')", month.0, month.next());
    run(tx.conn(), format!("ALTER TABLE event_log ATTACH PARTITION {to} {bounds}")).await?;
    sqlx::query("DELETE FROM detached_month WHERE month = $1").bind(month.0).execute(tx.conn()).await?;
    by.keep(tx, "attach", &month.to_string()).await?;
    let events: i64 = found.iter().map(|(_, first, last, _)| last - first + 1).sum();
    Ok(AttachMonthResponse { events: events.unsigned_abs() })
}

/// Nobody else makes, detaches or attaches a month until the end of the transaction; waits no longer than any lock may.
async fn alone(conn: &mut PgConnection) -> Result<()> {
    sqlx::query("SELECT pg_advisory_xact_lock(hashtextextended(current_schema() || '.event_log', 0))")
        .execute(conn)
        .await?;
    Ok(())
}

/// The months whose tables are part of the log, oldest first.
async fn attached(conn: &mut PgConnection) -> Result<Vec<Of>> {
    let names: Vec<String> = sqlx::query_scalar(
        "SELECT c.relname::text FROM pg_inherits AS i JOIN pg_class AS c ON c.oid = i.inhrelid
         WHERE i.inhparent = 'event_log'::regclass ORDER BY c.relname",
    )
    .fetch_all(conn)
    .await?;
    let month = |name: &String| {
        let digits = name.strip_prefix("event_log_")?;
        NaiveDate::parse_from_str(&format!("{digits}01"), "%Y%m%d").ok().map(Of)
    };
    Ok(names.iter().filter_map(month).collect())
}

/// Of each partition with events in a table: number, first and last event, and the link of the last.
type Ends = Vec<(i16, i64, i64, Vec<u8>)>;

async fn ends(conn: &mut PgConnection, table: &str) -> Result<Ends> {
    // Two looks into the index for each partition, however many events there are.
    let sql = format!(
        "SELECT h.partition, first.seq, last.seq, last.hash FROM event_head AS h
         CROSS JOIN LATERAL (SELECT seq FROM {table} WHERE partition = h.partition ORDER BY seq LIMIT 1) AS first
         CROSS JOIN LATERAL (SELECT seq, hash FROM {table} WHERE partition = h.partition ORDER BY seq DESC LIMIT 1) AS last
         ORDER BY h.partition"
    );
    Ok(sqlx::query_as(AssertSqlSafe(sql)).fetch_all(conn).await?)
}

async fn kept(conn: &mut PgConnection, month: Of) -> Result<Ends> {
    let rows = sqlx::query_as(
        "SELECT partition, first_seq, last_seq, last_hash FROM detached_month WHERE month = $1 ORDER BY partition",
    );
    Ok(rows.bind(month.0).fetch_all(conn).await?)
}

/// Notes where a month begins and ends in each partition; answers how many events it has.
async fn note(conn: &mut PgConnection, month: Of) -> Result<i64> {
    let ends = ends(conn, &month.attached()).await?;
    for (partition, first, last, hash) in &ends {
        sqlx::query(
            "INSERT INTO detached_month (month, partition, first_seq, last_seq, last_hash) VALUES ($1, $2, $3, $4, $5)",
        )
        .bind(month.0)
        .bind(partition)
        .bind(first)
        .bind(last)
        .bind(hash)
        .execute(&mut *conn)
        .await?;
    }
    Ok(ends.iter().map(|(_, first, last, _)| last - first + 1).sum())
}

async fn exists(conn: &mut PgConnection, table: &str) -> Result<bool> {
    Ok(sqlx::query_scalar("SELECT to_regclass($1) IS NOT NULL").bind(table).fetch_one(conn).await?)
}

async fn count(pool: &sqlx::PgPool, month: Of) -> Result<i64> {
    Ok(sqlx::query_scalar("SELECT count(*) FROM event_log WHERE month = $1").bind(month.0).fetch_one(pool).await?)
}

/// Runs a statement that is made of the names of months and nothing else.
async fn run(conn: &mut PgConnection, statement: String) -> Result<()> {
    sqlx::query(AssertSqlSafe(statement)).execute(conn).await?;
    Ok(())
}
