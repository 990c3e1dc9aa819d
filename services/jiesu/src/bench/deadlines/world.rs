//! A database with the watcher's schema, the watcher as a process, the services that it follows as logs in this one, and
//! cases: some registered, most copied.

use super::{Options, float};
use crate::bench::fleet::{Processes, Settings, healthy, ours, ports, settings};
use crate::bench::sheet::Sheet;
use crate::bench::usage::{self, Used};
use crate::client::{Client, Ready};
use crate::desk::until;
use crate::private::Servers;
use anyhow::{Context as _, Result, ensure};
use chrono::{DateTime, TimeDelta, Utc};
use contracts::assignment::UnitChanged;
use contracts::common::Text;
use contracts::intake::CaseRegistered;
use contracts::triage::{CaseAccepted, CaseGraded, RegimePublished};
use kit_config::{DbSettings, NatsSettings, Provision, service_key};
use kit_core::{Env, Problem};
use kit_grpc::timestamp;
use kit_ids::CaseId;
use kit_messaging::{Broker, Log, Wake, produce};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, PgPool, postgres::PgConnectOptions};
use std::path::PathBuf;
use std::time::{Duration, Instant};
use tokio_util::sync::CancellationToken;

/// How long anything is waited for.
pub(super) const PATIENCE: Duration = Duration::from_mins(60);
/// What the watcher follows.
const FOLLOWED: [&str; 5] = ["intake", "triage", "assignment", "resolution", "notification"];
const WATCHER: &str = "deadline-watcher";
const REGIME: &str = include_str!("regime.yaml");
/// The time that a `swift` case has.
const SWIFT: TimeDelta = TimeDelta::hours(48);
/// Rows copied in one statement.
const CHUNK: u64 = 20_000;

pub(super) struct World<'a> {
    servers: &'a Servers,
    database: String,
    server: PgConnectOptions,
    settings: Settings,
    folder: PathBuf,
    pub(super) client: Client,
    pub(super) admin: PgPool,
    logs: Vec<(&'static str, Log)>,
    stop: CancellationToken,
    watcher: Processes,
}

/// A case to be registered, of which rows are copied.
#[derive(Clone, Debug)]
pub(super) struct Pattern {
    pub(super) severity: &'static str,
    pub(super) received_at: DateTime<Utc>,
}

impl Pattern {
    /// A case whose reply is due at that instant.
    pub(super) fn due(at: DateTime<Utc>) -> Self {
        Self { severity: "swift", received_at: at - SWIFT }
    }
}

impl<'a> World<'a> {
    pub(super) async fn new(servers: &'a Servers) -> Result<Self> {
        let database = format!("jiesu_bench_{:08x}", rand::random::<u32>());
        let server: PgConnectOptions = servers.postgres_url.parse().context("the Postgres URL cannot be read")?;
        sqlx::query(AssertSqlSafe(format!("CREATE DATABASE {database}"))).execute(&mut server.connect().await?).await?;
        let folder = std::env::temp_dir().join(&database);
        std::fs::create_dir_all(&folder)?;
        let ports = ports(9)?;
        let settings = settings(&server, &database, &servers.nats_url, &ports, &folder);
        ensure!(ours("bootstrap", &settings).status()?.success(), "bootstrap failed");
        let admin = PgPool::connect_with(server.clone().database(&database)).await?;
        let grpc = crate::bench::fleet::SERVICES.iter().zip(&ports);
        let ready = Ready {
            http: String::new(),
            grpc: grpc.map(|(name, port)| ((*name).to_owned(), format!("http://127.0.0.1:{port}"))).collect(),
            postgres: servers.postgres_url.clone(),
            nats: servers.nats_url.clone(),
            data: None,
            sign_ins: Vec::new(),
        };
        let mut world = Self {
            servers,
            database,
            server,
            settings,
            folder,
            client: ready.client(),
            admin,
            logs: Vec::new(),
            stop: CancellationToken::new(),
            watcher: Processes::default(),
        };
        world.open_logs().await?;
        world.start().await?;
        world.legislate().await?;
        Ok(world)
    }

    pub(super) fn nats(&self) -> NatsSettings {
        let namespace = self.database.clone();
        NatsSettings { url: self.servers.nats_url.clone(), namespace, replicas: 1, provision: Provision::Create }
    }

    /// The key that signs tokens in this run.
    pub(super) fn token_key(&self) -> &str {
        self.settings.get("JIESU_TOKEN_KEY").map_or("", String::as_str)
    }

    async fn open_logs(&mut self) -> Result<()> {
        for name in FOLLOWED {
            let key = service_key(name, "DATABASE_URL");
            let url = self.settings.get(&key).cloned().unwrap_or_default().into();
            let pools =
                kit_db::connect(&DbSettings { url, command_connections: 2, follow_connections: 2 }, name).await?;
            kit_db::migrate(&pools.commands, name, &kit_messaging::MIGRATOR).await?;
            let log = Log::new(pools, Env::system(), name, Wake::default());
            let broker = Broker::connect(&self.nats(), name).await?;
            tokio::spawn(produce(log.clone(), broker, self.stop.clone()));
            self.logs.push((name, log));
        }
        Ok(())
    }

    fn log(&self, name: &str) -> Result<&Log> {
        let (_, log) = self.logs.iter().find(|(known, _)| *known == name).context("a service that is not followed")?;
        Ok(log)
    }

    /// Starts the watcher; it is there when it says that it is well.
    pub(super) async fn start(&mut self) -> Result<()> {
        let log = std::fs::File::options().create(true).append(true).open(self.folder.join("watcher.log"))?;
        let child = ours("serve", &self.settings).arg(WATCHER).stderr(log).spawn()?;
        self.watcher.0.push((WATCHER, child));
        healthy(WATCHER, &self.settings).await
    }

    /// Ends the watcher at once.
    pub(super) fn kill(&mut self) {
        self.watcher = Processes::default();
    }

    fn pid(&self) -> u32 {
        self.watcher.0.first().map_or(0, |(_, child)| child.id())
    }

    /// What the watcher and the servers have used so far.
    pub(super) fn used(&self) -> Used {
        Used::now(self.pid(), self.servers)
    }

    pub(super) fn memory_mb(&self) -> f64 {
        usage::memory_mb(self.pid())
    }

    async fn legislate(&self) -> Result<()> {
        let unit = UnitChanged {
            unit_id: "g".to_owned(),
            kind: "group".to_owned(),
            name: Some(Text { zh: "集团".to_owned(), en: "Group".to_owned() }),
            zone: "Asia/Shanghai".to_owned(),
            ..UnitChanged::default()
        };
        let regime = RegimePublished {
            regime_id: "bench-deadlines".to_owned(),
            version: 1,
            pack: REGIME.to_owned(),
            in_force_from: "2020-01-01".to_owned(),
            ..RegimePublished::default()
        };
        let assignment = self.log("assignment")?.in_tx("bench", move |tx| {
            Box::pin(async move {
                tx.publish("g", &unit);
                Ok(())
            })
        });
        assignment.await?;
        let triage = self.log("triage")?.in_tx("bench", move |tx| {
            Box::pin(async move {
                tx.publish("bench-deadlines", &regime);
                Ok(())
            })
        });
        triage.await?;
        self.wait("the law", "SELECT count(*) FROM deadline_watcher.reference WHERE kind IN ('unit', 'regime')", 2)
            .await
    }

    /// Waits until a count has been reached.
    async fn wait(&self, what: &'static str, sql: &str, count: i64) -> Result<()> {
        until(what, PATIENCE, async || {
            let failed = |error: sqlx::Error| Problem::conflict("sql", error.to_string(), error.to_string());
            let found: i64 =
                sqlx::query_scalar(AssertSqlSafe(sql.to_owned())).fetch_one(&self.admin).await.map_err(failed)?;
            Ok((found >= count).then_some(()))
        })
        .await?;
        Ok(())
    }

    /// Registers, accepts and grades cases, and waits until the watcher has their clocks.
    pub(super) async fn register(&self, patterns: &[Pattern]) -> Result<Vec<CaseId>> {
        let ids: Vec<CaseId> = patterns.iter().map(|_| CaseId::new(Env::system().id())).collect();
        for (ids, patterns) in ids.chunks(250).zip(patterns.chunks(250)) {
            let (ids, patterns) = (ids.to_vec(), patterns.to_vec());
            let registered: Vec<CaseRegistered> =
                ids.iter().zip(&patterns).map(|(id, pattern)| registration(*id, pattern)).collect();
            let intake = self.log("intake")?.in_tx("bench", move |tx| {
                Box::pin(async move {
                    registered.iter().for_each(|event| tx.publish(&event.case_id, event));
                    Ok(())
                })
            });
            intake.await?;
            let triage = self.log("triage")?.in_tx("bench", move |tx| {
                Box::pin(async move {
                    for (id, pattern) in ids.iter().zip(&patterns) {
                        let case_id = id.to_string();
                        tx.publish(&case_id, &CaseAccepted { case_id: case_id.clone(), ..Default::default() });
                        let severity = pattern.severity.to_owned();
                        let graded = CaseGraded { case_id: case_id.clone(), severity, ..CaseGraded::default() };
                        tx.publish(&case_id, &graded);
                    }
                    Ok(())
                })
            });
            triage.await?;
        }
        let list = ids.iter().map(|id| format!("'{}'", id.uuid())).collect::<Vec<_>>().join(",");
        let sql = format!(
            "SELECT count(*) FROM deadline_watcher.cases WHERE case_id IN ({list}) AND view LIKE '%case-graded%'"
        );
        self.wait("cases", &sql, i64::try_from(ids.len())?).await?;
        Ok(ids)
    }

    /// Copies the rows of cases until there are `count` more, spread evenly over them.
    pub(super) async fn multiply(&self, ids: &[CaseId], count: u64) -> Result<()> {
        let uuids: Vec<_> = ids.iter().map(|id| id.uuid()).collect();
        let mut left = count;
        while left > 0 {
            let rows = left.min(CHUNK);
            let mut tx = self.admin.begin().await?;
            sqlx::query("SET LOCAL synchronous_commit = off").execute(&mut *tx).await?;
            sqlx::query(COPY)
                .bind(&uuids)
                .bind(i64::try_from(rows)?)
                .bind(i64::try_from(left)?)
                .execute(&mut *tx)
                .await?;
            tx.commit().await?;
            left -= rows;
        }
        Ok(())
    }

    /// Fills the table with open cases that nothing is due in.
    pub(super) async fn load(&self, options: &Options, sheet: &mut Sheet) -> Result<()> {
        let now = Env::system().now();
        let pattern = |severity, n: i64| Pattern { severity, received_at: now - TimeDelta::minutes(n * 7) };
        let counted: Vec<Pattern> = (0..200).map(|n| pattern("counted", n)).collect();
        let long: Vec<Pattern> = (0..200).map(|n| pattern("long", n)).collect();
        let (counted, long) = (self.register(&counted).await?, self.register(&long).await?);
        let start = Instant::now();
        let moving = options.moving.min(options.cases);
        tokio::try_join!(self.multiply(&counted, moving), self.multiply(&long, options.cases - moving))?;
        sheet.put("load of open cases, by SQL", "rows/s", float(options.cases) / start.elapsed().as_secs_f64());
        for settle in ["VACUUM ANALYZE deadline_watcher.cases", "CHECKPOINT"] {
            sqlx::raw_sql(settle).execute(&self.admin).await?;
        }
        let (table, index): (i64, i64) = sqlx::query_as(
            "SELECT pg_table_size('deadline_watcher.cases'), pg_relation_size('deadline_watcher.cases_due_idx')",
        )
        .fetch_one(&self.admin)
        .await?;
        let rows = float(options.cases + 400);
        sheet.put("bytes of a case in the table", "B", float(u64::try_from(table)?) / rows);
        sheet.put("table of cases", "MB", float(u64::try_from(table)?) / 1e6);
        sheet.put("index of what is due", "MB", float(u64::try_from(index)?) / 1e6);
        sheet.put("open cases", "cases", rows);
        Ok(())
    }

    /// Ends all and drops the database.
    pub(super) async fn end(mut self) -> Result<()> {
        self.kill();
        self.stop.cancel();
        self.admin.close().await;
        let mut server = self.server.connect().await?;
        sqlx::query(AssertSqlSafe(format!("DROP DATABASE {} WITH (FORCE)", self.database)))
            .execute(&mut server)
            .await?;
        server.close().await?;
        let _ = std::fs::remove_dir_all(&self.folder);
        Ok(())
    }
}

// However a run ends, its logs stop with it.
impl Drop for World<'_> {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

/// Copies: every `n`-th row under a new id, in its own shard, its name inside the facts changed with it.
const COPY: &str = "
    WITH pattern AS (
        SELECT *, row_number() OVER (ORDER BY case_id) - 1 AS place FROM deadline_watcher.cases WHERE case_id = ANY($1)
    ), fresh AS MATERIALIZED (
        SELECT gen_random_uuid() AS id, (n + $3) % cardinality($1) AS place FROM generate_series(1, $2) AS n
    ), named AS (
        SELECT id, place, 'case_' || replace(id::text, '-', '') AS name FROM fresh
    )
    INSERT INTO deadline_watcher.cases (case_id, shard, unit_id, handling_unit_id, view, clocks, derived_at, calendar,
                                        next_at, late_since, is_running, version)
    SELECT n.id, (get_byte(sha256(convert_to(n.name, 'UTF8')), 0) * 256 + get_byte(sha256(convert_to(n.name, 'UTF8')), 1)) % 16,
           p.unit_id, p.handling_unit_id, replace(p.view, 'case_' || replace(p.case_id::text, '-', ''), n.name), p.clocks,
           p.derived_at, p.calendar, p.next_at, p.late_since, p.is_running, p.version
    FROM named AS n JOIN pattern AS p USING (place)";

fn registration(id: CaseId, pattern: &Pattern) -> CaseRegistered {
    CaseRegistered {
        case_id: id.to_string(),
        number: format!("BM-g-2026-{:08}", id.uuid().as_u128() % 100_000_000),
        regime_id: "bench-deadlines".to_owned(),
        regime_version: 1,
        unit_id: "g".to_owned(),
        channel: "web".to_owned(),
        kind: "complaint".to_owned(),
        received_at: Some(timestamp(pattern.received_at)),
        ..CaseRegistered::default()
    }
}
