//! The servers of one simulated span: Postgres and the stream, the services that are followed, and replicas of the
//! watcher, each in a runtime of its own, so that one can be dropped in the middle of whatever it does.

use crate::harness::{FOLLOWED, Machine, PATIENCE, TOKEN_KEY, env, start};
use chrono::{DateTime, TimeDelta, Utc};
use contracts::Fact;
use contracts::deadline_watcher::calendar_service_client::CalendarServiceClient;
use contracts::deadline_watcher::deadline_watcher_service_client::DeadlineWatcherServiceClient;
use deadline_watcher::DeadlineWatcher;
use kit_config::MapSource;
use kit_core::{Clock as _, ManualClock};
use kit_grpc::{Call, Tokens};
use kit_messaging::{Broker, Log, Wake, produce};
use kit_runtime::{Running, Service as _};
use kit_testing::{TestDb, TestNats};
use sqlx::PgPool;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::runtime::{Builder, Runtime};
use tokio_util::sync::CancellationToken;
use tonic::Request;
use tonic::transport::Channel;

/// How often the watcher is looked at. Often: a span is thousands of waits.
const LOOK: Duration = Duration::from_millis(15);

/// The database goes last, when nothing uses it any more.
pub(super) struct Hall {
    pub(super) clock: ManualClock,
    pub(super) machine: Machine,
    /// By how much the watcher's present lags behind the time that passes, after its machine stood still.
    pub(super) lag: TimeDelta,
    pub(super) replicas: Vec<Replica>,
    pub(super) others: BTreeMap<&'static str, Log>,
    admin: PgPool,
    stop: CancellationToken,
    settings: MapSource,
    _nats: TestNats,
    _db: TestDb,
}

/// A replica of the watcher.
pub(super) struct Replica {
    runtime: Runtime,
    running: Running,
}

impl Replica {
    /// Lets it drain and close.
    async fn end(self) {
        self.running.stop().await.unwrap();
        self.runtime.shutdown_background();
    }

    /// Drops it: no task of it is polled again, and its connections close inside their transactions.
    fn crash(self) {
        self.runtime.shutdown_background();
    }
}

impl Hall {
    pub(super) async fn open(start: DateTime<Utc>) -> Self {
        let none = sqlx::migrate::Migrator::with_migrations(Vec::new());
        let mut services = vec![("deadline-watcher", DeadlineWatcher::migrator())];
        services.extend(FOLLOWED.map(|name| (name, &none)));
        let db = TestDb::new(&services).await.unwrap();
        let nats = TestNats::new();
        let clock = ManualClock::new(start);
        let (machine, stop) = (Machine::new(&clock), CancellationToken::new());
        let mut others = BTreeMap::new();
        for name in FOLLOWED {
            let log = Log::new(db.pools(name).await.unwrap(), env(Arc::new(clock.clone())), name, Wake::default());
            let broker = Broker::connect(nats.settings(), name).await.unwrap();
            tokio::spawn(produce(log.clone(), broker, stop.clone()));
            others.insert(name, log);
        }
        let settings = MapSource::default()
            .with("JIESU_DEADLINE_WATCHER_DATABASE_URL", db.url("deadline-watcher").unwrap())
            .with("JIESU_DEADLINE_WATCHER_LISTEN", "127.0.0.1:0")
            .with("JIESU_NATS_URL", nats.settings().url.clone())
            .with("JIESU_NATS_NAMESPACE", nats.settings().namespace.clone())
            .with("JIESU_TOKEN_KEY", TOKEN_KEY);
        let admin = PgPool::connect(&db.admin_url().unwrap()).await.unwrap();
        let (replicas, lag) = (Vec::new(), TimeDelta::zero());
        Self { clock, machine, lag, replicas, others, admin, stop, settings, _nats: nats, _db: db }
    }

    /// The present, as the watcher must believe it to be.
    pub(super) fn present(&self) -> DateTime<Utc> {
        self.clock.now() - self.lag
    }

    pub(super) async fn start(&mut self) {
        let runtime = Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let (machine, settings, stop) = (self.machine.clone(), self.settings.clone(), self.stop.clone());
        let handle = runtime.handle().clone();
        let begin = move || handle.block_on(start(&machine, &settings, &stop));
        let running = tokio::task::spawn_blocking(begin).await.unwrap();
        self.replicas.push(Replica { runtime, running });
    }

    /// Ends the replica of this number in order.
    pub(super) async fn end(&mut self, n: usize) {
        self.replicas.remove(n).end().await;
    }

    /// Drops the replica of this number. The time passes in which its leases run out: minutes of the simulated time.
    pub(super) async fn crash(&mut self, n: usize) {
        self.replicas.remove(n).crash();
        let lapse = "UPDATE deadline_watcher.replica SET until = clock_timestamp() - interval '1 second'";
        sqlx::query(lapse).execute(&self.admin).await.unwrap();
    }

    /// Cuts about half of the watcher's connections to Postgres, whatever they are doing.
    pub(super) async fn cut(&self) -> i64 {
        let cut = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
                   WHERE usename = 'jiesu_deadline_watcher' AND datname = current_database() AND random() < 0.5";
        sqlx::query_scalar(cut).fetch_one(&self.admin).await.unwrap()
    }

    /// Waits until the watcher has heard everything but `parked` facts of cases that are not registered, has nothing
    /// due, and walks through no change of a calendar.
    #[expect(clippy::disallowed_methods, reason = "waits for processes, not for an instant of the house")]
    pub(super) async fn settle(&self, parked: usize) {
        let present = self.present();
        let heads = FOLLOWED.map(|name| format!("SELECT '{name}' AS producer, partition, seq FROM {name}.event_head"));
        let sql = format!(
            "SELECT (SELECT coalesce(sum(h.seq - coalesce(p.seq, 0)), 0)::bigint FROM ({}) AS h
                     LEFT JOIN deadline_watcher.follower_position AS p USING (producer, partition)),
                    (SELECT count(*) FROM deadline_watcher.parked_event),
                    (SELECT count(*) FROM deadline_watcher.cases WHERE next_at <= $1),
                    (SELECT count(*) FROM deadline_watcher.calendar_change WHERE state IN ('checking', 'moving'))",
            heads.join(" UNION ALL ")
        );
        let parked = i64::try_from(parked).unwrap();
        let mut last = (0_i64, 0_i64, 0_i64, 0_i64);
        let quiet = async {
            loop {
                let sql = sqlx::AssertSqlSafe(sql.clone());
                last = sqlx::query_as(sql).bind(present).fetch_one(&self.admin).await.unwrap();
                if last == (0, parked, 0, 0) {
                    break;
                }
                tokio::time::sleep(LOOK).await;
            }
        };
        let is_quiet = tokio::time::timeout(PATIENCE * 3, quiet).await.is_ok();
        assert!(is_quiet, "not quiet as of {present}: {last:?}, and {parked} may be parked");
    }

    /// What the watcher has appended since the places given, which are moved on: the instant and the event.
    pub(super) async fn told(&self, read: &mut BTreeMap<i16, i64>) -> Vec<(DateTime<Utc>, Fact)> {
        let sql = "SELECT partition, seq, envelope FROM deadline_watcher.event_log
                   JOIN unnest($1::smallint[], $2::bigint[]) AS r (partition, read) USING (partition)
                   WHERE seq > read AND month >= event_month($3) - interval '1 year' ORDER BY partition, seq";
        let sql = sql.replace("event_month(", "deadline_watcher.event_month(");
        let (partitions, seqs): (Vec<i16>, Vec<i64>) = (0..16).map(|p| (p, read.get(&p).copied().unwrap_or(0))).unzip();
        let rows: Vec<(i16, i64, Vec<u8>)> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
            .bind(partitions)
            .bind(seqs)
            .bind(self.present())
            .fetch_all(&self.admin)
            .await
            .unwrap();
        let mut told = Vec::new();
        for (partition, seq, bytes) in rows {
            assert_eq!(read.insert(partition, seq).unwrap_or(0) + 1, seq, "a gap in the watcher's own log");
            let envelope: contracts::common::Envelope = prost::Message::decode(bytes.as_slice()).unwrap();
            let at = kit_grpc::instant(&envelope.occurred_at.unwrap()).unwrap();
            told.push((at, Fact::decode(&envelope.r#type, &envelope.data).unwrap().unwrap()));
        }
        told
    }

    /// The stored clocks of every case.
    pub(super) async fn stored(&self) -> Vec<(uuid::Uuid, String)> {
        let sql = "SELECT case_id, clocks FROM deadline_watcher.cases";
        sqlx::query_as(sql).fetch_all(&self.admin).await.unwrap()
    }

    async fn channel(&self, n: usize) -> Channel {
        let address = format!("http://{}", self.replicas[n].running.grpc);
        tonic::transport::Endpoint::from_shared(address).unwrap().connect().await.unwrap()
    }

    pub(super) async fn clocks(&self) -> DeadlineWatcherServiceClient<Channel> {
        DeadlineWatcherServiceClient::new(self.channel(0).await)
    }

    pub(super) async fn calendars(&self) -> CalendarServiceClient<Channel> {
        self.calendars_of(0).await
    }

    /// Of the replica of this number.
    pub(super) async fn calendars_of(&self, n: usize) -> CalendarServiceClient<Channel> {
        CalendarServiceClient::new(self.channel(n).await)
    }

    /// A request by whoever the subject names.
    pub(super) fn of<T>(&self, subject: &str, message: T) -> Request<T> {
        let token = Tokens::new(TOKEN_KEY).issue(subject, self.present(), TimeDelta::days(1000));
        Call::with_token(token).request(message)
    }
}

impl Drop for Hall {
    fn drop(&mut self) {
        self.stop.cancel();
        self.replicas.drain(..).for_each(Replica::crash);
    }
}
