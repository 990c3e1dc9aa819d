//! Producers and a follower: `intake` publishes, and `assignment` where a second one is wanted; `triage` writes a row for
//! every event and answers with one of its own.

use anyhow::Result;
use async_nats::jetstream;
use contracts::{intake::CaseWithdrawn, triage::CaseAccepted};
use futures::{StreamExt as _, future::BoxFuture};
use kit_core::Env;
use kit_db::Error;
use kit_messaging::{Broker, Handler, Log, LogAdmin, Received, Tx, Wake, follow, produce};
use kit_testing::{TestDb, TestNats, eventually};
use sqlx::{
    SqlSafeStr as _,
    migrate::{Migration, MigrationType, Migrator},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

pub(crate) struct House {
    pub(crate) db: TestDb,
    pub(crate) nats: TestNats,
}

impl House {
    pub(crate) async fn new() -> Result<Self> {
        let table =
            "CREATE TABLE seen (place bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, partition integer NOT NULL,
                     seq bigint NOT NULL, key text NOT NULL, mark text NOT NULL)";
        let migration = Migration::new(1001, "seen".into(), MigrationType::Simple, table.into_sql_str(), false);
        let (none, seen) = (Migrator::with_migrations(Vec::new()), Migrator::with_migrations(vec![migration]));
        let db = TestDb::new(&[("intake", &none), ("assignment", &none), ("triage", &seen)]).await?;
        Ok(Self { db, nats: TestNats::new() })
    }

    pub(crate) async fn log(&self, service: &str) -> Result<Log> {
        Ok(Log::new(self.db.pools(service).await?, Env::system(), service, Wake::default()))
    }

    /// The operator's view of a log.
    pub(crate) async fn admin(&self, log: &Log) -> Result<LogAdmin> {
        Ok(LogAdmin::new(log.clone(), Broker::connect(self.nats.settings(), log.service()).await?))
    }

    /// The stream, as an accident or a stranger would reach it.
    pub(crate) async fn stream(&self) -> Result<jetstream::stream::Stream> {
        let js = jetstream::new(async_nats::connect(&self.nats.settings().url).await?);
        Ok(js.get_stream(self.nats.settings().stream()).await?)
    }

    /// Takes every consumer away from those who read.
    pub(crate) async fn delete_consumers(&self) -> Result<()> {
        let stream = self.stream().await?;
        let names: Vec<String> = stream.consumer_names().filter_map(async |name| name.ok()).collect().await;
        for name in names {
            let _ = stream.delete_consumer(&name).await;
        }
        Ok(())
    }

    /// Puts something into the stream under `events.<place>`.
    pub(crate) async fn put(&self, place: &str, payload: Vec<u8>) -> Result<()> {
        let js = jetstream::new(async_nats::connect(&self.nats.settings().url).await?);
        js.publish(format!("{}.events.{place}", self.nats.settings().namespace), payload.into()).await?.await?;
        Ok(())
    }

    /// Waits until an instance has all partitions.
    pub(crate) async fn owns_all(&self, log: &Log) {
        eventually("all partitions are its own", PATIENCE, async || {
            let sql = "SELECT count(*) FROM partition_lease WHERE owner = $1";
            let own: i64 = sqlx::query_scalar(sql).bind(log.instance()).fetch_one(log.pool()).await.unwrap();
            if own == 16 { Ok(()) } else { Err(format!("{own}")) }
        })
        .await;
    }

    /// Starts the relay and the answers of a service, and its follower if it has a handler.
    pub(crate) async fn start(&self, log: &Log, handler: Option<Arc<dyn Handler>>) -> Result<Running> {
        let broker = Broker::connect(self.nats.settings(), log.service()).await?;
        let (stop, mut tasks) = (CancellationToken::new(), JoinSet::new());
        tasks.spawn(produce(log.clone(), broker.clone(), stop.clone()));
        if let Some(handler) = handler {
            tasks.spawn(follow(log.clone(), broker, handler, stop.clone()));
        }
        Ok(Running { stop, tasks })
    }
}

pub(crate) struct Running {
    stop: CancellationToken,
    tasks: JoinSet<()>,
}

impl Running {
    /// In order, as a service is drained.
    pub(crate) async fn stop(self) {
        self.stop.cancel();
        self.tasks.join_all().await;
    }

    /// At once and anywhere, as a process is killed.
    pub(crate) async fn kill(mut self) {
        self.tasks.shutdown().await;
    }
}

/// Publishes `count` events of each case, `batch` events in a transaction, marked 0, 1, 2 … in each case.
pub(crate) async fn publish(log: &Log, cases: &[&str], marks: std::ops::Range<usize>, batch: usize) -> Result<()> {
    let events: Vec<(String, usize)> =
        marks.flat_map(|mark| cases.iter().map(move |case| ((*case).to_owned(), mark))).collect();
    for chunk in events.chunks(batch) {
        let chunk = chunk.to_vec();
        log.in_tx("staff_1", move |tx| {
            Box::pin(async move {
                for (case_id, mark) in chunk {
                    tx.publish(
                        &case_id,
                        &CaseWithdrawn { case_id: case_id.clone(), by: mark.to_string(), ..Default::default() },
                    );
                }
                Ok(())
            })
        })
        .await?;
    }
    Ok(())
}

pub(crate) fn cases(count: usize) -> Vec<String> {
    (0..count).map(|n| format!("case_{n}")).collect()
}

/// How a recorder treats the events of a case.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mood {
    Refuse,
    Wait,
    Panic,
}

/// Writes a row for every event and publishes one that it causes.
#[derive(Default)]
pub(crate) struct Recorder {
    moods: Mutex<BTreeMap<String, Mood>>,
    pub(crate) committed: Mutex<BTreeSet<(u16, u64)>>,
}

impl Recorder {
    pub(crate) fn set(&self, case: &str, mood: Option<Mood>) {
        let mut moods = self.moods.lock().unwrap();
        moods.remove(case);
        moods.extend(mood.map(|mood| (case.to_owned(), mood)));
    }

    fn check(&self, events: &[Received]) -> kit_db::Result<()> {
        let moods = self.moods.lock().unwrap().clone();
        for event in events {
            match moods.get(event.key()) {
                Some(Mood::Refuse) => return Err(Error::Corrupt("it cannot be".to_owned())),
                Some(Mood::Wait) => return Err(Error::NotYet("a regime".to_owned())),
                Some(Mood::Panic) => panic!("a fault in the code"),
                None => {}
            }
        }
        Ok(())
    }
}

impl Handler for Recorder {
    fn follows(&self) -> &'static [&'static str] {
        &["intake"]
    }

    fn apply<'a>(&'a self, tx: &'a mut Tx, events: &'a [Received]) -> BoxFuture<'a, kit_db::Result<()>> {
        Box::pin(async move {
            let mark = |event: &Received| match &event.fact {
                contracts::Fact::CaseWithdrawn(event) => event.by.clone(),
                _ => String::new(),
            };
            // First the write, then the doubt: a rollback must undo it.
            sqlx::query(
                "INSERT INTO seen (partition, seq, key, mark)
                 SELECT * FROM UNNEST($1::integer[], $2::bigint[], $3::text[], $4::text[])",
            )
            .bind(events.iter().map(|e| i32::from(e.partition)).collect::<Vec<_>>())
            .bind(events.iter().map(|e| e.seq as i64).collect::<Vec<_>>())
            .bind(events.iter().map(|e| e.key().to_owned()).collect::<Vec<_>>())
            .bind(events.iter().map(mark).collect::<Vec<_>>())
            .execute(tx.conn())
            .await?;
            self.check(events)?;
            for event in events {
                tx.publish_after(
                    event,
                    event.key(),
                    &CaseAccepted { case_id: event.key().to_owned(), ..Default::default() },
                );
            }
            Ok(())
        })
    }

    fn committed(&self, events: &[Received]) -> BoxFuture<'_, ()> {
        self.committed.lock().unwrap().extend(events.iter().map(|e| (e.partition, e.seq)));
        Box::pin(async {})
    }
}

/// Waits until the follower has written `count` rows.
pub(crate) async fn seen(triage: &Log, count: usize) {
    eventually("the follower has applied everything", PATIENCE, async || {
        let rows: i64 = sqlx::query_scalar("SELECT count(*) FROM seen").fetch_one(triage.pool()).await.unwrap();
        if rows as usize >= count { Ok(()) } else { Err(format!("{rows} of {count} rows")) }
    })
    .await;
}

/// Every case has the marks 0, 1, 2 … in order, each once; every partition its numbers without a gap.
pub(crate) async fn whole(triage: &Log, cases: &[&str], marks: usize) {
    let rows: Vec<(String, String)> =
        sqlx::query_as("SELECT key, mark FROM seen ORDER BY place").fetch_all(triage.pool()).await.unwrap();
    let mut by_case: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (key, mark) in &rows {
        by_case.entry(key).or_default().push(mark.parse().unwrap());
    }
    for case in cases {
        assert_eq!(by_case[case], (0..marks).collect::<Vec<_>>(), "{case}");
    }
    assert_eq!(rows.len(), cases.len() * marks);
    let torn: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM (SELECT count(*) AS n, max(seq) AS last FROM seen GROUP BY partition) AS p WHERE n <> last",
    )
    .fetch_one(triage.pool())
    .await
    .unwrap();
    assert_eq!(torn, 0);
    let answers: i64 = sqlx::query_scalar("SELECT count(*) FROM event_log").fetch_one(triage.pool()).await.unwrap();
    assert_eq!(answers as usize, rows.len(), "one event of its own for each");
}

/// The states of what is parked, in order.
pub(crate) async fn parked(log: &Log) -> Vec<(String, String)> {
    sqlx::query_as("SELECT key, state FROM parked_event ORDER BY id").fetch_all(log.pool()).await.unwrap()
}

/// Waits until exactly so many events are parked.
pub(crate) async fn parked_becomes(log: &Log, count: usize) {
    eventually("events are parked", PATIENCE, async || {
        let parked = parked(log).await;
        if parked.len() == count { Ok(()) } else { Err(format!("{parked:?}")) }
    })
    .await;
}
