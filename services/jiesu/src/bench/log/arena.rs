//! A database and a stream for one thing that is measured, with the schemas of a producer and two followers, and the
//! services in it, run by the kit's own `produce` and `follow`.

use super::{bed::Bed, follower::Answers, statement, wire};
use anyhow::{Result, ensure};
use kit_config::{DbSettings, NatsSettings};
use kit_core::Env;
use kit_db::{Pools, role_name};
use kit_messaging::{Broker, Handler, Log, MIGRATOR, Wake, follow, produce};
use sqlx::{
    AssertSqlSafe, ConnectOptions as _, Connection as _, FromRow, PgConnection, PgPool, SqlSafeStr as _,
    migrate::{Migration, MigrationType, Migrator},
};
use std::sync::Arc;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

/// The producer and the two followers. The names are services' names: an event is its owner's alone to publish.
pub(super) const SERVICES: [&str; 3] = ["intake", "triage", "records"];

pub(super) struct Arena<'a> {
    bed: &'a Bed<'a>,
    database: String,
    pub(super) admin: PgPool,
    pub(super) nats: NatsSettings,
}

impl<'a> Arena<'a> {
    pub(super) async fn new(bed: &'a Bed<'a>) -> Result<Self> {
        let database = bed.copy(async |template| make(bed, template).await).await?;
        let admin = PgPool::connect_with(bed.server.clone().database(&database)).await?;
        Ok(Self { bed, database, admin, nats: bed.namespace() })
    }

    /// The pools of a service, as large as a service has them.
    pub(super) async fn pools(&self, service: &str) -> Result<Pools> {
        pools(self.bed, &self.database, service).await
    }

    /// A service that can append and does nothing by itself.
    pub(super) async fn quiet(&self, service: &str) -> Result<Running> {
        let pools = self.pools(service).await?;
        let log = Log::new(pools.clone(), Env::system(), service, Wake::default());
        Ok(Running { log, pools, stop: CancellationToken::new(), tasks: JoinSet::new() })
    }

    /// A service that is up: it relays what it appends, answers those who miss something, and follows if it has a
    /// handler.
    pub(super) async fn start(&self, service: &str, handler: Option<Arc<dyn Handler>>) -> Result<Running> {
        let mut running = self.quiet(service).await?;
        let broker = Broker::connect(&self.nats, service).await?;
        running.tasks.spawn(produce(running.log.clone(), broker.clone(), running.stop.clone()));
        if let Some(handler) = handler {
            running.tasks.spawn(follow(running.log.clone(), broker, handler, running.stop.clone()));
        }
        Ok(running)
    }

    /// Looks into the tables, and fails unless each event that was appended was applied once.
    pub(super) async fn counted(&self, follower: &str, answers: Answers) -> Result<Counts> {
        // The name is one of the three above.
        let sql = format!(
            "SELECT (SELECT count(*) FROM intake.event_log) AS appended,
                    (SELECT count(*) FROM {follower}.timeline) AS applied,
                    (SELECT coalesce(sum(events), 0)::bigint FROM {follower}.cases) AS folded,
                    (SELECT count(*) FROM {follower}.event_log) AS answered,
                    (SELECT count(*) FROM {follower}.parked_event) AS parked"
        );
        let counts: Counts = sqlx::query_as(AssertSqlSafe(sql)).fetch_one(&self.admin).await?;
        let answers = if answers == Answers::Each { counts.appended } else { 0 };
        let wanted =
            Counts { applied: counts.appended, folded: counts.appended, answered: answers, parked: 0, ..counts };
        ensure!(counts == wanted, "the tables of {follower} disagree with the log: {counts:?}");
        Ok(counts)
    }

    /// Bytes of an event of a service as it stands in its log; 0 without any.
    pub(super) async fn bytes(&self, service: &str) -> Result<i64> {
        let sql = format!("SELECT coalesce(avg(octet_length(envelope)), 0)::bigint FROM {service}.event_log");
        Ok(sqlx::query_scalar(AssertSqlSafe(sql)).fetch_one(&self.admin).await?)
    }

    /// Drops both; nothing of it may run any more.
    pub(super) async fn end(self) -> Result<()> {
        wire::delete(&self.nats).await?;
        self.admin.close().await;
        self.bed.drop_database(&self.database).await
    }
}

/// What stands in the tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq, FromRow)]
pub(super) struct Counts {
    pub(super) appended: i64,
    pub(super) applied: i64,
    folded: i64,
    answered: i64,
    parked: i64,
}

pub(super) struct Running {
    pub(super) log: Log,
    pools: Pools,
    stop: CancellationToken,
    tasks: JoinSet<()>,
}

impl Running {
    /// In order, as a service is drained.
    pub(super) async fn stop(mut self) {
        self.stop.cancel();
        while self.tasks.join_next().await.is_some() {}
        close(&self.pools).await;
    }

    /// At once: for one whose handler never comes back.
    pub(super) async fn kill(mut self) {
        self.tasks.shutdown().await;
        close(&self.pools).await;
    }
}

/// Makes the roles, schemas and tables of all three in a database.
async fn make(bed: &Bed<'_>, database: &str) -> Result<()> {
    let mut admin = PgConnection::connect_with(&bed.server.clone().database(database)).await?;
    kit_db::bootstrap(&mut admin, &SERVICES.map(|service| (service, bed.password.as_str()))).await?;
    admin.close().await?;
    let tables = statement::TABLES.into_sql_str();
    let tables = Migration::new(1001, "tables".into(), MigrationType::Simple, tables, false);
    let tables = Migrator::with_migrations(vec![tables]);
    for service in SERVICES {
        let pools = pools(bed, database, service).await?;
        kit_db::migrate(&pools.commands, service, &MIGRATOR).await?;
        kit_db::migrate(&pools.commands, service, &tables).await?;
        close(&pools).await;
    }
    Ok(())
}

async fn pools(bed: &Bed<'_>, database: &str, service: &str) -> Result<Pools> {
    let address = bed.server.clone().database(database).username(&role_name(service)).password(&bed.password);
    let url = address.to_url_lossy().to_string().into();
    Ok(kit_db::connect(&DbSettings { url, command_connections: 8, follow_connections: 3 }, service).await?)
}

async fn close(pools: &Pools) {
    pools.commands.close().await;
    pools.follow.close().await;
}
