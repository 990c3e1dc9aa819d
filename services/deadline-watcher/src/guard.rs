//! The present, guarded: what the machine's clock says, held against the time that has passed since it was last believed.
//! A clock that jumps ahead would miss every deadline of the year at once, and one that jumps back would stop them all.

mod judge;

pub(crate) use judge::{Judge, Mark, Of, Standing};

use crate::store::mark;
use chrono::{DateTime, TimeDelta, Utc};
use futures::future::BoxFuture;
use kit_core::{Clock, Env};
use kit_db::Result;
use sqlx::PgPool;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// How often the instant that was reached is written down.
const EVERY: Duration = Duration::from_secs(1);

/// The present of this replica; cheap to clone. As a clock, it never goes back.
#[derive(Clone)]
pub(crate) struct Guard(Arc<Inner>);

struct Inner {
    clock: Arc<dyn Clock>,
    /// Names this run of the machine, by which a later process knows that no restart lies between.
    boot: String,
    judge: Mutex<Judge>,
    kept: Mutex<Option<Duration>>,
    /// Since when the clock is not believed: only what is decided after that is about it.
    doubted: Mutex<Option<DateTime<Utc>>>,
}

impl Guard {
    /// Begins where the last process left off.
    ///
    /// # Errors
    /// The mark cannot be read.
    pub(crate) async fn open(pool: &PgPool, env: &Env) -> Result<Self> {
        let (boot, clock) = (boot(env), Arc::clone(&env.clock));
        let mark = mark::last(pool, &boot).await?;
        let judge = Mutex::new(Judge::begin(mark, clock.now(), clock.elapsed()));
        Ok(Self(Arc::new(Inner { clock, boot, judge, kept: Mutex::new(None), doubted: Mutex::new(None) })))
    }

    /// How the machine's clock stands to the present, and what it shows. Notes since when it is not believed.
    pub(crate) fn standing(&self) -> (Standing, DateTime<Utc>) {
        let (wall, elapsed) = (self.0.clock.now(), self.0.clock.elapsed());
        let mut judge = self.0.judge();
        let now = judge.read(wall, elapsed);
        let standing = judge.standing(wall);
        self.0.doubt(standing != Standing::Believed, now);
        (standing, wall)
    }

    /// Writes down what was reached, tells the meters, and takes up what somebody has decided about a clock that is not
    /// believed.
    ///
    /// # Errors
    /// The database refused.
    pub(crate) async fn keep(&self, pool: &PgPool) -> Result<()> {
        let elapsed = self.0.clock.elapsed();
        if self.0.kept().is_some_and(|kept| elapsed.saturating_sub(kept) < EVERY) {
            return Ok(());
        }
        let (standing, _) = self.standing();
        tell(&standing);
        mark::keep(pool, &self.0.boot, self.now(), elapsed, standing.is_held()).await?;
        let doubted = self.0.doubt(standing != Standing::Believed, self.now());
        if let Some(since) = doubted
            && let Some(confirmed) = mark::confirmed(pool, since).await?
        {
            self.0.judge().believe(confirmed, self.0.clock.now(), self.0.clock.elapsed());
        }
        *self.0.kept() = Some(elapsed);
        Ok(())
    }
}

impl Clock for Guard {
    fn now(&self) -> DateTime<Utc> {
        self.0.judge().read(self.0.clock.now(), self.0.clock.elapsed())
    }

    fn elapsed(&self) -> Duration {
        self.0.clock.elapsed()
    }

    fn sleep_until(&self, instant: DateTime<Utc>) -> BoxFuture<'static, ()> {
        let guard = self.clone();
        Box::pin(async move {
            loop {
                let left = instant - guard.now();
                if left <= TimeDelta::zero() {
                    return;
                }
                // By what the clock shows, believed or not, and then a look again.
                guard.0.clock.sleep_until(guard.0.clock.now() + left).await;
            }
        })
    }
}

impl Inner {
    fn judge(&self) -> MutexGuard<'_, Judge> {
        self.judge.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Since when the clock is not believed, now that it is so or not.
    fn doubt(&self, is_doubted: bool, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let mut since = self.doubted.lock().unwrap_or_else(PoisonError::into_inner);
        *since = is_doubted.then(|| since.unwrap_or(now));
        *since
    }

    fn kept(&self) -> MutexGuard<'_, Option<Duration>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn tell(standing: &Standing) {
    metrics::gauge!("jiesu_deadline_watcher_clock_held").set(if standing.is_held() { 1.0 } else { 0.0 });
    metrics::gauge!("jiesu_deadline_watcher_clock_ahead_seconds").set(standing.ahead().as_seconds_f64());
}

/// The name of this run of the machine; where the system has none, every process is a run of its own.
fn boot(env: &Env) -> String {
    let of_system = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").ok();
    of_system.map_or_else(|| env.id().to_string(), |id| id.trim().to_owned())
}
