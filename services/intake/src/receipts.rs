//! Receipts at work: the slow hash on the blocking pool, two at a time, and the budget of failures.

use crate::{
    domain::{
        budget::Budget,
        receipt::{self, Code, Deriver},
        vault::{self, Master},
    },
    store::case::{self, CaseRow},
};
use kit_core::{Class, Env, Problem};
use kit_db::{Error, Result};
use sqlx::PgPool;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Each slow hash takes 64 MiB and a core; more of them at once would only take both from everybody else.
pub(crate) const AT_ONCE: usize = 2;

/// Makes and opens receipts.
pub(crate) struct Receipts {
    deriver: Arc<Deriver>,
    permits: Arc<Semaphore>,
    budget: Mutex<Budget>,
    env: Env,
}

impl Receipts {
    /// With the parameters of the installation.
    pub(crate) fn try_new(master: &Master, kib: u32, passes: u32, env: Env) -> std::result::Result<Self, String> {
        let deriver = Arc::new(Deriver::try_new(master, kib, passes)?);
        let budget = Mutex::new(Budget::new(env.now()));
        Ok(Self { deriver, permits: Arc::new(Semaphore::new(AT_ONCE)), budget, env })
    }

    /// A new code and the key of its row.
    pub(crate) async fn issue(&self) -> Result<(Code, Vec<u8>)> {
        let code = Code::random().map_err(failed)?;
        let permit = self.permit().await?;
        let (_, code, lookup) = self.derive(permit, code).await?;
        Ok((code, lookup))
    }

    /// The case that a typed code opens. Right and wrong codes do the same work; a wrong one costs the budget.
    pub(crate) async fn open(&self, db: &PgPool, typed: &str) -> Result<CaseRow> {
        let code = Code::parse(typed)?;
        self.with_budget(|budget| budget.look(self.env.now()))?;
        let permit = self.permit().await?;
        // Taken only now that the work begins, and the permit is held until its outcome is known: a crowd of right
        // codes must not look like a search, and of all attempts only those two can be undecided.
        self.with_budget(|budget| budget.take(self.env.now()))?;
        let (_permit, _, lookup) = self.derive(permit, code).await?;
        match case::by_receipt(db, &lookup).await {
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

    fn with_budget<T>(&self, f: impl FnOnce(&mut Budget) -> T) -> T {
        f(&mut self.budget.lock().unwrap_or_else(PoisonError::into_inner))
    }

    async fn permit(&self) -> Result<OwnedSemaphorePermit> {
        Arc::clone(&self.permits).acquire_owned().await.map_err(|_| stopped())
    }

    /// The permit goes to the blocking pool and comes back: work that nobody waits for any more still counts.
    async fn derive(&self, permit: OwnedSemaphorePermit, code: Code) -> Result<(OwnedSemaphorePermit, Code, Vec<u8>)> {
        let deriver = Arc::clone(&self.deriver);
        let work = move || deriver.lookup(&code).map(|lookup| (permit, code, lookup));
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
