//! One transaction of one service: its connection, its instant, and the events that will say what happened.

use crate::{
    append::{Outgoing, append},
    crash, meters,
    partition::partition_of,
    received::Received,
    trace,
};
use chrono::{DateTime, Utc};
use contracts::{ANY_SERVICE, Event, common::Envelope};
use kit_core::Env;
use sqlx::{Executor as _, PgConnection, PgPool, Postgres, pool::PoolConnection};
use std::sync::Arc;
use tracing::Span;
use uuid::Uuid;

/// An open transaction. It has no public commit: [`crate::Log::in_tx`] and the follower are the two places that end one.
pub struct Tx {
    conn: PoolConnection<Postgres>,
    env: Env,
    now: DateTime<Utc>,
    service: Arc<str>,
    actor: String,
    outgoing: Vec<Outgoing>,
    /// Why this transaction must not be committed, found while it published.
    fault: Option<&'static str>,
    is_open: bool,
}

/// Half of what a NATS server takes by default: a larger one could be appended and never relayed, nor anything after it.
const LARGEST_EVENT: usize = 512 * 1024;

impl Tx {
    pub(crate) async fn begin(pool: &PgPool, env: &Env, service: &Arc<str>, actor: &str) -> sqlx::Result<Self> {
        // After a restart of Postgres every connection in the pool is dead, and the first word on each says so.
        let mut dead = 0;
        loop {
            match Self::begin_on(pool.acquire().await?, env, service, actor).await {
                Err(sqlx::Error::Io(_) | sqlx::Error::Database(_)) if dead < 10 => dead += 1,
                outcome => return outcome,
            }
        }
    }

    pub(crate) async fn begin_on(
        conn: PoolConnection<Postgres>,
        env: &Env,
        service: &Arc<str>,
        actor: &str,
    ) -> sqlx::Result<Self> {
        // Open before BEGIN is sent: if this future is dropped while the answer is under way, the connection is closed.
        let mut tx = Self {
            conn,
            env: env.clone(),
            now: env.now(),
            service: Arc::clone(service),
            actor: actor.to_owned(),
            outgoing: Vec::new(),
            fault: None,
            is_open: true,
        };
        tx.conn.execute("BEGIN").await?;
        Ok(tx)
    }

    /// The connection, for the statements of this transaction; the transaction itself is not theirs to end.
    pub fn conn(&mut self) -> &mut PgConnection {
        &mut self.conn
    }

    /// The clock and the id source.
    pub fn env(&self) -> &Env {
        &self.env
    }

    /// The instant of this transaction: the same from its first statement to its last event.
    pub fn now(&self) -> DateTime<Utc> {
        self.now
    }

    /// A new identifier.
    pub fn id(&self) -> Uuid {
        self.env.ids.next(self.now)
    }

    /// Says that something happened in answer to a command. `key` is what it is about: a case, a unit, a person on the
    /// staff or a regime; it decides the partition.
    pub fn publish<E: Event>(&mut self, key: &str, event: &E) {
        self.push(key, event, trace::traceparent(&Span::current()), String::new());
    }

    /// Says that something happened because of an event: keeps its trace, and names it as the cause.
    pub fn publish_after<E: Event>(&mut self, cause: &Received, key: &str, event: &E) {
        let context = trace::traceparent(&cause.span);
        let context = if context.is_empty() { cause.envelope.traceparent.clone() } else { context };
        self.push(key, event, context, cause.envelope.event_id.clone());
    }

    fn push<E: Event>(&mut self, key: &str, event: &E, traceparent: String, causation_id: String) {
        let event_id = self.id();
        let kind = E::full_name();
        let envelope = Envelope {
            event_id: event_id.to_string(),
            key: key.to_owned(),
            r#type: kind.clone(),
            occurred_at: Some(timestamp(self.now)),
            traceparent,
            causation_id,
            actor: self.actor.clone(),
            data: event.encode_to_vec(),
            needs: E::NEEDS.iter().map(|name| (*name).to_owned()).collect(),
        };
        let envelope = prost::Message::encode_to_vec(&envelope);
        // What others could not take must not be said. These are faults of the code, and stop it here, not there.
        if E::OWNER != &*self.service && E::OWNER != ANY_SERVICE {
            self.fault = Some("an event of another service was published");
        } else if !event.case_id().is_empty() && event.case_id() != key {
            self.fault = Some("an event of a case was published under another key");
        } else if envelope.len() > LARGEST_EVENT {
            self.fault = Some("an event is larger than a message may be");
        }
        self.outgoing.push(Outgoing { partition: partition_of(key), event_id, key: key.to_owned(), kind, envelope });
    }

    /// Appends the events and commits; answers how many there were.
    pub(crate) async fn commit(mut self) -> kit_db::Result<usize> {
        if let Some(fault) = self.fault {
            self.rollback().await;
            return Err(kit_db::Error::Corrupt(fault.to_owned()));
        }
        let events = std::mem::take(&mut self.outgoing);
        let count = events.len();
        if count > 0 {
            crash::point("append.before");
            append(&mut self.conn, events, self.now).await?;
            crash::point("append.after");
        }
        // COMMIT alone answers a transaction that has failed with a silent rollback; any other statement says so.
        self.conn.execute("SELECT 1; COMMIT").await?;
        self.is_open = false;
        crash::point("append.committed");
        meters::appended(&self.service, count);
        Ok(count)
    }

    /// Undoes everything. A connection that cannot even do that is closed when this is dropped.
    pub(crate) async fn rollback(mut self) {
        if self.conn.execute("ROLLBACK").await.is_ok() {
            self.is_open = false;
        }
    }
}

// A connection that is still inside a transaction never goes back to the pool: later writes on it would vanish.
impl Drop for Tx {
    fn drop(&mut self) {
        if self.is_open {
            self.conn.close_on_drop();
        }
    }
}

impl std::fmt::Debug for Tx {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tx")
            .field("service", &self.service)
            .field("events", &self.outgoing.len())
            .finish_non_exhaustive()
    }
}

fn timestamp(at: DateTime<Utc>) -> prost_types::Timestamp {
    prost_types::Timestamp { seconds: at.timestamp(), nanos: i32::try_from(at.timestamp_subsec_nanos()).unwrap_or(0) }
}
