//! Makes a read model anew from the logs of those it follows: in a schema beside its own, up to where it stands, compared
//! with what it was, and put in its place in one transaction. The service goes on meanwhile.

mod schema;

use anyhow::{Context as _, Result, ensure};
use contracts::log::Position;
use kit_config::{MapSource, NatsSettings};
use kit_core::Env;
use kit_db::Pools;
use kit_grpc::{Peers, Tokens};
use kit_messaging::{Broker, Handler, Log, LogAdmin, Wake, replay, skipped};
use kit_runtime::{Context, Service};
pub use schema::Compared;
use schema::Side;
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

/// Where the installation is.
#[derive(Clone, Debug)]
pub struct Place {
    /// An administrator's address of the database.
    pub admin_url: String,
    pub nats: NatsSettings,
}

/// What came of it.
#[derive(Debug)]
pub struct Outcome {
    /// Events that were applied anew.
    pub events: u64,
    pub tables: Vec<Compared>,
    /// Whether the new tables are in place.
    pub is_replaced: bool,
}

impl Outcome {
    /// Whether the new tables say what the old ones said.
    pub fn is_equal(&self) -> bool {
        self.tables.iter().all(Compared::is_equal)
    }
}

/// Rebuilds `S`; only compares if `is_check`. Tells `progress` how many events are still to come.
///
/// # Errors
/// The service has nothing to rebuild, a producer does not answer or lacks months that are detached, or the database
/// refuses. Its own tables are as they were.
pub async fn rebuild<S: Service>(place: &Place, env: Env, is_check: bool, progress: impl Fn(u64)) -> Result<Outcome> {
    ensure!(!S::DERIVED.is_empty(), "{} keeps more than its events said, and cannot be rebuilt from the logs", S::NAME);
    let broker = Broker::connect(&place.nats, S::NAME).await.context("NATS cannot be used")?;
    let side = Side::make::<S>(&place.admin_url).await?;
    let outcome = side_by_side::<S>(&side, broker, env, is_check, progress).await;
    side.remove().await?;
    outcome
}

async fn side_by_side<S: Service>(
    side: &Side,
    broker: Broker,
    env: Env,
    is_check: bool,
    progress: impl Fn(u64),
) -> Result<Outcome> {
    let log = |pools: &Pools| Log::new(pools.clone(), env.clone(), S::NAME, Wake::default());
    let (first, second) = (log(&side.first), log(&side.second));
    let handler = handler::<S>(&second, &env).await?;
    let (standing, passed) = (LogAdmin::new(first.clone(), broker.clone()), skipped(&first).await?);
    // Most of it while the service goes on; the rest while it cannot move.
    replay(&second, &broker, Arc::clone(&handler), &standing.positions().await?, passed, &progress).await?;
    let mut freeze = side.freeze().await?;
    let until: Vec<Position> = standing.positions().await?;
    replay(&second, &broker, handler, &until, skipped(&first).await?, &progress).await?;
    let tables = freeze.compare(S::DERIVED).await?;
    if is_check {
        freeze.undo().await?;
    } else {
        freeze.replace(S::DERIVED).await?;
    }
    Ok(Outcome { events: until.iter().map(|position| position.seq).sum(), tables, is_replaced: !is_check })
}

/// The service's own handler, writing into the schema beside it.
async fn handler<S: Service>(log: &Log, env: &Env) -> Result<Arc<dyn Handler>> {
    let settings = Arc::new(MapSource::default());
    let context = Context {
        name: S::NAME,
        env: env.clone(),
        settings: settings.clone(),
        log: log.clone(),
        peers: Peers::new(settings),
        tokens: Tokens::new("nobody is called while a read model is made anew"),
        stop: CancellationToken::new(),
    };
    let parts = S::build(context).await?;
    parts.handler.with_context(|| format!("{} follows nobody", S::NAME))
}
