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
/// For so long after it was given a confirmation is taken up, by a replica that starts in between too.
const FRESH: TimeDelta = TimeDelta::hours(1);

/// The present of this replica; cheap to clone. As a clock, it never goes back.
#[derive(Clone)]
pub(crate) struct Guard(Arc<Inner>);

struct Inner {
    clock: Arc<dyn Clock>,
    /// Names this run of the machine, by which a later process knows that no restart lies between.
    boot: String,
    judge: Mutex<Judge>,
    kept: Mutex<Option<Duration>>,
    /// When the confirmation was given that was taken up last: it was about that jump, and is about no other.
    used: Mutex<Option<DateTime<Utc>>>,
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
        Ok(Self(Arc::new(Inner { clock, boot, judge, kept: Mutex::new(None), used: Mutex::new(None) })))
    }

    /// How the machine's clock stands to the present, and what it shows.
    pub(crate) fn standing(&self) -> (Standing, DateTime<Utc>) {
        let (wall, elapsed) = (self.0.clock.now(), self.0.clock.elapsed());
        let mut judge = self.0.judge();
        judge.read(wall, elapsed);
        (judge.standing(wall), wall)
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
        if standing != Standing::Believed
            && let Some((given_at, confirmed)) = mark::confirmed(pool, self.now() - FRESH).await?
            && self.0.is_unused(given_at)
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

    /// Whether the confirmation was not taken up before; it is from now on.
    fn is_unused(&self, given_at: DateTime<Utc>) -> bool {
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        let is_unused = used.is_none_or(|used| used < given_at);
        *used = Some(used.map_or(given_at, |used| used.max(given_at)));
        is_unused
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
