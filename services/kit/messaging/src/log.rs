//! The log of one service, as its commands see it: run something in a transaction, and say what happened.

use crate::{
    command::{self, Command},
    follow::Signal,
    lease::Owned,
    tx::Tx,
};
use futures::{FutureExt as _, future::BoxFuture};
use kit_core::{Clock, Env};
use kit_db::{Error, Pools, Result};
use sqlx::PgPool;
use std::{panic::AssertUnwindSafe, sync::Arc};
use tokio::sync::{Notify, watch};
use tracing::Instrument as _;

/// Tells the relay of this process that there is something new, without asking the database.
#[derive(Clone, Debug, Default)]
pub struct Wake(pub(crate) Arc<Notify>);

/// The log of one service; cheap to clone.
#[derive(Clone)]
pub struct Log {
    pub(crate) pools: Pools,
    pub(crate) env: Env,
    pub(crate) service: Arc<str>,
    pub(crate) wake: Wake,
    /// Wakes the loop that retries parked events.
    pub(crate) retry: Arc<Signal>,
    /// Tells this instance of the service from its replicas.
    pub(crate) instance: Arc<str>,
    /// The partitions that this instance works on at this moment.
    pub(crate) owned: Arc<watch::Sender<Owned>>,
}

impl Log {
    /// The log of `service` behind `pools`, whose migrations have run.
    pub fn new(pools: Pools, env: Env, service: &str, wake: Wake) -> Self {
        let instance = format!("{service}-{:08x}", rand::random::<u32>()).into();
        Self { pools, env, service: service.into(), wake, retry: Arc::default(), instance, owned: Arc::default() }
    }

    /// The same log, which takes the present from another clock.
    pub fn with_clock(&self, clock: Arc<dyn Clock>) -> Self {
        Self { env: Env { clock, ids: Arc::clone(&self.env.ids) }, ..self.clone() }
    }

    /// Whether this instance works on the partition at this moment, as far as it knows.
    pub fn owns(&self, partition: u16) -> bool {
        self.owned.borrow().contains(&partition)
    }

    /// The service whose log this is.
    pub fn service(&self) -> &str {
        &self.service
    }

    /// The name of this instance among the replicas of the service.
    pub fn instance(&self) -> &str {
        &self.instance
    }

    /// For queries.
    pub fn pool(&self) -> &PgPool {
        &self.pools.commands
    }

    /// The clock and the id source.
    pub fn env(&self) -> &Env {
        &self.env
    }

    /// Runs `f` in a transaction and commits it with its events. It runs in a task of its own: a caller that goes away
    /// neither stops it halfway nor leaves an open transaction behind. An error or a panic undoes everything.
    ///
    /// # Errors
    /// What `f` answered, or what the database did.
    pub async fn in_tx<T, F>(&self, actor: &str, f: F) -> Result<T>
    where
        T: Send + 'static,
        F: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<T>> + Send + 'static,
    {
        let (log, actor) = (self.clone(), actor.to_owned());
        let work = async move {
            let mut tx = Tx::begin(&log.pools.commands, &log.env, &log.service, &actor).await?;
            let outcome = caught(f(&mut tx)).await;
            log.finish(tx, outcome).await
        };
        tokio::spawn(work.in_current_span()).await.unwrap_or_else(|stopped| Err(unfinished(&stopped)))
    }

    /// [`Log::in_tx`], once for each request id: a repetition gets the first answer.
    ///
    /// # Errors
    /// The request id is malformed or was used for something else; what `f` answered; what the database did.
    pub async fn command<R, F>(&self, command: Command, f: F) -> Result<R>
    where
        R: prost::Message + Default + 'static,
        F: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<R>> + Send + 'static,
    {
        command.check()?;
        let actor = command.actor.clone();
        self.in_tx(&actor, move |tx| Box::pin(command::once(tx, command, f))).await
    }

    async fn finish<T>(&self, tx: Tx, outcome: Result<T>) -> Result<T> {
        match outcome {
            Ok(value) => {
                if tx.commit().await? > 0 {
                    self.wake.0.notify_one();
                }
                Ok(value)
            }
            Err(error) => {
                tx.rollback().await;
                Err(error)
            }
        }
    }
}

/// Turns a panic into an error, so that the transaction is rolled back in order and the caller is answered.
pub(crate) async fn caught<T>(work: BoxFuture<'_, Result<T>>) -> Result<T> {
    AssertUnwindSafe(work).catch_unwind().await.unwrap_or_else(|_| Err(panicked()))
}

pub(crate) fn panicked() -> Error {
    Error::Corrupt("the code panicked; see the service's log".to_owned())
}

fn unfinished(stopped: &tokio::task::JoinError) -> Error {
    if stopped.is_panic() { panicked() } else { Error::Database(sqlx::Error::PoolClosed) }
}

impl std::fmt::Debug for Log {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Log").field("service", &self.service).finish_non_exhaustive()
    }
}
