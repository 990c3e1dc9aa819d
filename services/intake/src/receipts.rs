//! Receipts at work: the slow hash on the blocking pool, two at a time, and the budget of failures.

use crate::{
    domain::{
        receipt::{self, Code, Deriver},
        vault::{self, Master},
    },
    store::{
        case::CaseRow,
        receipt::{self as table, Keys},
    },
};
use kit_core::{Budget, Class, Env, Problem};
use kit_db::{Error, Result};
use sqlx::PgPool;
use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};

/// Each slow hash takes 64 MiB and a core; more of them at once would only take both from everybody else.
const AT_ONCE: usize = 2;

/// How long the work behind the answers lets those pass who wait for theirs, before it queues like them.
const PATIENCE: Duration = Duration::from_secs(1);

/// Makes and opens receipts.
pub(crate) struct Receipts {
    deriver: Arc<Deriver>,
    permits: Arc<Semaphore>,
    /// Told whenever a slow hash has ended.
    freed: Arc<Notify>,
    /// Told whenever codes were given out.
    pub(crate) came: Notify,
    budget: Mutex<Budget>,
    env: Env,
}

/// The right to one slow hash.
struct Turn {
    permit: Option<OwnedSemaphorePermit>,
    freed: Arc<Notify>,
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.permit = None;
        self.freed.notify_one();
    }
}

impl Receipts {
    /// With the parameters of the installation.
    pub(crate) fn try_new(master: &Master, kib: u32, passes: u32, env: Env) -> std::result::Result<Self, String> {
        let deriver = Arc::new(Deriver::try_new(master, kib, passes)?);
        let budget = Mutex::new(Budget::new(env.now()));
        let (permits, freed) = (Arc::new(Semaphore::new(AT_ONCE)), Arc::new(Notify::new()));
        Ok(Self { deriver, permits, freed, came: Notify::new(), budget, env })
    }

    /// A new code and the key by which it is found until its slow hash is there.
    pub(crate) fn issue(&self) -> Result<(Code, Vec<u8>)> {
        let code = Code::random().map_err(failed)?;
        let quick = self.deriver.quick(&code).map_err(failed)?;
        Ok((code, quick))
    }

    /// The case that a typed code opens. Right and wrong codes do the same work; a wrong one costs the budget.
    pub(crate) async fn open(&self, db: &PgPool, typed: &str) -> Result<CaseRow> {
        let code = Code::parse(typed)?;
        self.within(|budget| budget.look(self.env.now()))?;
        let turn = self.turn().await?;
        // Taken only now that the work begins, and the turn is held until its outcome is known: a crowd of right
        // codes must not look like a search, and of all attempts only those two can be undecided.
        self.within(|budget| budget.take(self.env.now()))?;
        let (_turn, keys) = self.derive(turn, code).await?;
        match table::case(db, &keys).await {
            Ok(Some(row)) => {
                self.with_budget(Budget::give_back);
                Ok(row)
            }
            Ok(None) => {
                metrics::counter!("jiesu_intake_unknown_receipts_total").increment(1);
                Err(receipt::unknown().into())
            }
            Err(error) => {
                self.with_budget(Budget::give_back);
                Err(error)
            }
        }
    }

    /// The slow key of a code that was given out, computed when nobody who waits needs the machine for theirs.
    pub(crate) async fn catch_up(&self, code: Code) -> Result<Vec<u8>> {
        let turn = self.turn_after_others().await?;
        let (_turn, keys) = self.derive(turn, code).await?;
        Ok(keys.lookup)
    }

    /// Refuses where nothing is left of the budget.
    fn within(&self, is_left: impl FnOnce(&mut Budget) -> bool) -> std::result::Result<(), Problem> {
        if self.with_budget(is_left) { Ok(()) } else { Err(receipt::exhausted()) }
    }

    fn with_budget<T>(&self, f: impl FnOnce(&mut Budget) -> T) -> T {
        f(&mut self.budget.lock().unwrap_or_else(PoisonError::into_inner))
    }

    async fn turn(&self) -> Result<Turn> {
        let permit = Arc::clone(&self.permits).acquire_owned().await.map_err(|_| stopped())?;
        Ok(self.with(permit))
    }

    /// A turn that nobody else wants; after some time any turn, since a crowd at the counter may last all day.
    async fn turn_after_others(&self) -> Result<Turn> {
        let unwanted = async {
            loop {
                if let Ok(permit) = Arc::clone(&self.permits).try_acquire_owned() {
                    return self.with(permit);
                }
                self.freed.notified().await;
            }
        };
        match tokio::time::timeout(PATIENCE, unwanted).await {
            Ok(turn) => Ok(turn),
            Err(_) => self.turn().await,
        }
    }

    fn with(&self, permit: OwnedSemaphorePermit) -> Turn {
        Turn { permit: Some(permit), freed: Arc::clone(&self.freed) }
    }

    /// The turn goes to the blocking pool and comes back: work that nobody waits for any more still counts.
    async fn derive(&self, turn: Turn, code: Code) -> Result<(Turn, Keys)> {
        let deriver = Arc::clone(&self.deriver);
        let work = move || Ok((turn, Keys { lookup: deriver.lookup(&code)?, quick: deriver.quick(&code)? }));
        tokio::task::spawn_blocking(work).await.map_err(|_| stopped())?.map_err(failed)
    }
}

/// A failure of the vault as the house knows failures; there is nothing of its subject in it.
pub(crate) fn failed(error: vault::Error) -> Error {
    match error {
        vault::Error::Random => Problem::new(
            Class::Transient,
            "no-randomness",
            "系统暂时不可用,请稍后再试",
            "The system is not available now; please try again",
        )
        .into(),
        error => Error::Corrupt(error.to_string()),
    }
}

/// Work that was begun and could not be ended here.
pub(crate) fn stopped() -> Error {
    Problem::new(Class::Transient, "stopping", "服务正在停止,请稍后再试", "The service is stopping; please try again")
        .into()
}
