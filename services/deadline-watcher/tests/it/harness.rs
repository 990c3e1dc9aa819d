//! The watcher under test, stand-ins for those it follows, and a look at what it published.

use chrono::{DateTime, TimeDelta, Utc};
use contracts::assignment::{CaseDispatched, RoleGrant, StaffChanged, UnitChanged};
use contracts::common::{Envelope, Text};
use contracts::deadline_watcher::calendar_service_client::CalendarServiceClient;
use contracts::deadline_watcher::deadline_watcher_service_client::DeadlineWatcherServiceClient;
use contracts::intake::CaseRegistered;
use contracts::resolution::CaseResolved;
use contracts::triage::{CaseAccepted, CaseGraded, RegimePublished, ValidityJudged};
use contracts::{Event, Fact};
use deadline_watcher::DeadlineWatcher;
use futures::future::BoxFuture;
use kit_config::MapSource;
use kit_core::{Clock, Env, ManualClock, Problem, RandomIds};
use kit_grpc::{Call, Tokens, problem};
use kit_ids::{CaseId, StaffId};
use kit_messaging::{Broker, Log, Wake, produce};
use kit_runtime::{Launch, Running, Service as _};
use kit_testing::{TestDb, TestNats, eventually};
use sqlx::PgPool;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use tonic::{Request, Response, Status, transport::Channel};
use uuid::Uuid;

pub(crate) type Client = DeadlineWatcherServiceClient<Channel>;

pub(crate) const TOKEN_KEY: &str = "a token key for tests, long enough";
pub(crate) const FOLLOWED: [&str; 6] = ["intake", "triage", "assignment", "resolution", "notification", "records"];
pub(crate) const REGIME: &str = "property-internal-procedure";

/// A running watcher. The database goes last, when nothing uses it any more.
pub(crate) struct House {
    pub(crate) client: Client,
    pub(crate) calendars: CalendarServiceClient<Channel>,
    /// The time that passes, by which everybody else lives.
    pub(crate) clock: ManualClock,
    /// The clock of the watcher's own machine.
    pub(crate) machine: Machine,
    pub(crate) pool: PgPool,
    pub(crate) running: Option<Running>,
    others: BTreeMap<&'static str, Log>,
    stop: CancellationToken,
    settings: MapSource,
    _nats: TestNats,
    _db: TestDb,
}

/// An instant given in Shanghai time, `2026-11-17 09:00`.
pub(crate) fn at(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(&format!("{}:00+08:00", text.replace(' ', "T"))).unwrap().to_utc()
}

/// The case of this number.
pub(crate) fn case(n: u128) -> String {
    CaseId::new(Uuid::from_u128(0x0199_0000_0000_7000_8000_0000_0000_0000 + n)).to_string()
}

/// The member of staff of this number.
pub(crate) fn staff(n: u128) -> String {
    StaffId::new(Uuid::from_u128(n)).to_string()
}

pub(crate) const HANDLER: u128 = 1;
pub(crate) const MANAGER: u128 = 2;
pub(crate) const GENERAL_MANAGER: u128 = 3;
pub(crate) const RECEPTIONIST: u128 = 4;
/// Holds every role elsewhere.
pub(crate) const STRANGER: u128 = 9;

impl House {
    /// With the organisation and the regime in force, on Tuesday 2026-11-17 at nine.
    pub(crate) async fn open() -> Self {
        let house = Self::open_empty().await;
        house.organise().await;
        house.publish_regime().await;
        house.knows("reference", 12).await;
        house
    }

    /// Without any law.
    pub(crate) async fn open_empty() -> Self {
        let none = sqlx::migrate::Migrator::with_migrations(Vec::new());
        let mut services = vec![("deadline-watcher", DeadlineWatcher::migrator())];
        services.extend(FOLLOWED.map(|name| (name, &none)));
        let db = TestDb::new(&services).await.unwrap();
        let nats = TestNats::new();
        let clock = ManualClock::new(at("2026-11-17 09:00"));
        let machine = Machine::new(&clock);
        let (env, stop) = (env(Arc::new(clock.clone())), CancellationToken::new());
        let mut others = BTreeMap::new();
        for name in FOLLOWED {
            let log = Log::new(db.pools(name).await.unwrap(), env.clone(), name, Wake::default());
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
        let pool = db.pools("deadline-watcher").await.unwrap().commands;
        let running = start(&machine, &settings, &stop).await;
        let client = Client::connect(format!("http://{}", running.grpc)).await.unwrap();
        let calendars = CalendarServiceClient::connect(format!("http://{}", running.grpc)).await.unwrap();
        Self {
            machine,
            client,
            calendars,
            clock,
            pool,
            running: Some(running),
            others,
            stop,
            settings,
            _nats: nats,
            _db: db,
        }
    }

    /// Another replica on the same data.
    pub(crate) async fn start_another(&self) -> Running {
        start(&self.machine, &self.settings, &self.stop).await
    }

    /// Says, as the service that owns the event, that it happened.
    pub(crate) async fn say<E: Event + Send + Sync + 'static>(&self, key: &str, event: E) {
        let key = key.to_owned();
        let publish = self.others[E::OWNER].in_tx("test", move |tx| {
            Box::pin(async move {
                tx.publish(&key, &event);
                Ok(())
            })
        });
        publish.await.unwrap();
    }

    /// A complaint about the engineering of branch b03, received now.
    pub(crate) async fn register(&self, case_id: &str, change: impl FnOnce(&mut CaseRegistered)) {
        let mut event = CaseRegistered {
            case_id: case_id.to_owned(),
            number: "TS-b03-2026-00001".to_owned(),
            regime_id: REGIME.to_owned(),
            regime_version: 1,
            unit_id: "b03".to_owned(),
            channel: "web".to_owned(),
            kind: "complaint".to_owned(),
            received_at: Some(kit_grpc::timestamp(self.clock.now())),
            ..CaseRegistered::default()
        };
        change(&mut event);
        self.say(case_id, event).await;
    }

    /// The same, accepted and graded, and handled by the head of engineering.
    pub(crate) async fn graded(&self, case_id: &str, severity: &str, change: impl FnOnce(&mut CaseRegistered)) {
        self.register(case_id, change).await;
        // A service publishes only after it has read: triage would not speak of a case before intake has.
        self.heard(case_id, "case-registered").await;
        self.say(case_id, CaseAccepted { case_id: case_id.to_owned(), ..CaseAccepted::default() }).await;
        self.grade(case_id, severity).await;
        let dispatched = CaseDispatched {
            case_id: case_id.to_owned(),
            unit_id: "b03-eng".to_owned(),
            role: "head".to_owned(),
            staff_id: staff(HANDLER),
            ..CaseDispatched::default()
        };
        self.say(case_id, dispatched).await;
        self.heard(case_id, "case-dispatched").await;
        self.heard(case_id, "case-graded").await;
    }

    pub(crate) async fn grade(&self, case_id: &str, severity: &str) {
        let (case_id, severity) = (case_id.to_owned(), severity.to_owned());
        self.say(&case_id.clone(), CaseGraded { case_id, severity, ..CaseGraded::default() }).await;
    }

    pub(crate) async fn judge(&self, case_id: &str, validity: &str) {
        let (case_id, validity) = (case_id.to_owned(), validity.to_owned());
        self.say(&case_id.clone(), ValidityJudged { case_id, validity, reason: None }).await;
    }

    pub(crate) async fn resolve(&self, case_id: &str) {
        let case_id = case_id.to_owned();
        self.say(&case_id.clone(), CaseResolved { case_id, ..CaseResolved::default() }).await;
    }

    /// Moves the clock to an instant of Shanghai time.
    pub(crate) fn until(&self, text: &str) {
        self.clock.set(at(text));
    }

    /// Waits until the watcher has folded a fact into the case.
    pub(crate) async fn heard(&self, case_id: &str, word: &str) {
        let id = case_id.parse::<CaseId>().unwrap().uuid();
        eventually(&format!("{word} of {case_id}"), PATIENCE, async || {
            let sql = "SELECT view FROM cases WHERE case_id = $1";
            let view: Option<String> = sqlx::query_scalar(sql).bind(id).fetch_optional(&self.pool).await.unwrap();
            let view = view.ok_or("the case is unknown")?;
            if view.contains(&format!("\"word\":\"{word}\"")) { Ok(()) } else { Err("not folded".to_owned()) }
        })
        .await;
    }

    /// Waits until a table has so many rows.
    pub(crate) async fn knows(&self, table: &'static str, rows: i64) {
        eventually(table, PATIENCE, async || {
            let sql = sqlx::AssertSqlSafe(format!("SELECT count(*) FROM {table}"));
            let found: i64 = sqlx::query_scalar(sql).fetch_one(&self.pool).await.unwrap();
            if found >= rows { Ok(()) } else { Err(format!("{found} rows")) }
        })
        .await;
    }

    /// What the watcher published of a case, as `missed handling`, in order.
    pub(crate) async fn told(&self, case_id: &str) -> Vec<String> {
        self.facts(case_id).await.iter().map(line).collect()
    }

    /// Waits until it has published this, and answers everything that it published of the case.
    pub(crate) async fn tells(&self, case_id: &str, expected: &str) -> Vec<String> {
        eventually(&format!("{expected} of {case_id}"), PATIENCE, async || {
            let told = self.told(case_id).await;
            if told.iter().any(|line| line == expected) { Ok(()) } else { Err(format!("{told:?}")) }
        })
        .await;
        self.told(case_id).await
    }

    /// What the watcher published of a case.
    pub(crate) async fn facts(&self, case_id: &str) -> Vec<Fact> {
        let sql = "SELECT envelope FROM event_log WHERE key = $1 ORDER BY partition, seq";
        let rows: Vec<Vec<u8>> = sqlx::query_scalar(sql).bind(case_id).fetch_all(&self.pool).await.unwrap();
        let envelope = |bytes: &Vec<u8>| -> Envelope { prost::Message::decode(bytes.as_slice()).unwrap() };
        rows.iter().map(envelope).map(|e| Fact::decode(&e.r#type, &e.data).unwrap().unwrap()).collect()
    }

    /// A request by a member of staff.
    pub(crate) fn by<T>(&self, n: u128, message: T) -> Request<T> {
        self.of(&staff(n), message)
    }

    /// A request by a tool of the house.
    pub(crate) fn tool<T>(&self, message: T) -> Request<T> {
        self.of("service:jiesu", message)
    }

    /// A request by whoever the subject names.
    pub(crate) fn of<T>(&self, subject: &str, message: T) -> Request<T> {
        let token = Tokens::new(TOKEN_KEY).issue(subject, self.clock.now(), TimeDelta::days(8));
        Call::with_token(token).request(message)
    }

    pub(crate) async fn publish_regime(&self) {
        let event = RegimePublished {
            regime_id: REGIME.to_owned(),
            version: 1,
            pack: packs::regime(REGIME).unwrap().yaml,
            in_force_from: "2020-01-01".to_owned(),
            ..RegimePublished::default()
        };
        self.say(REGIME, event).await;
    }

    /// Group, region, branch and department, and who holds what: nine rows.
    pub(crate) async fn organise(&self) {
        for (unit, parent, kind) in
            [("g", "", "group"), ("north", "g", "region"), ("b03", "north", "branch"), ("b03-eng", "b03", "department")]
        {
            let event = UnitChanged {
                unit_id: unit.to_owned(),
                parent_id: parent.to_owned(),
                kind: kind.to_owned(),
                name: Some(Text { zh: unit.to_owned(), en: unit.to_owned() }),
                zone: if unit == "g" { "Asia/Shanghai".to_owned() } else { String::new() },
                ..UnitChanged::default()
            };
            self.say(unit, event).await;
        }
        for (n, role, unit) in [
            (HANDLER, "head", "b03-eng"),
            (MANAGER, "manager-in-charge", "north"),
            (GENERAL_MANAGER, "general-manager", "g"),
            (RECEPTIONIST, "receptionist", "b03"),
            (STRANGER, "manager-in-charge", "south"),
        ] {
            let event = StaffChanged {
                staff_id: staff(n),
                login: format!("login-{n}"),
                grants: vec![RoleGrant { role: role.to_owned(), unit_id: unit.to_owned() }],
                is_active: true,
                ..StaffChanged::default()
            };
            self.say(&staff(n), event).await;
        }
    }
}

impl Drop for House {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

pub(crate) async fn start(machine: &Machine, settings: &MapSource, stop: &CancellationToken) -> Running {
    let mut launch = Launch::new(env(Arc::new(machine.clone())), Arc::new(settings.clone()));
    launch.stop = stop.child_token();
    kit_runtime::start::<DeadlineWatcher>(&launch).await.unwrap()
}

pub(crate) fn env(clock: Arc<dyn Clock>) -> Env {
    Env { clock, ids: Arc::new(RandomIds) }
}

/// A machine's clock that somebody sets, and a machine that is stopped now and then, while the time passes as it does.
#[derive(Clone)]
pub(crate) struct Machine {
    passing: ManualClock,
    off: Arc<Mutex<Off>>,
}

/// By how much the machine differs from the time that passes.
#[derive(Clone, Copy, Default)]
struct Off {
    put_ahead: TimeDelta,
    /// The time in which it stood still and noticed nothing.
    lost: TimeDelta,
}

impl Machine {
    /// One that agrees with the time that passes.
    pub(crate) fn new(passing: &ManualClock) -> Self {
        Self { passing: passing.clone(), off: Arc::default() }
    }

    /// Puts what it shows ahead by so much more; back, if negative.
    pub(crate) fn put_ahead(&self, by: TimeDelta) {
        self.off.lock().unwrap().put_ahead += by;
    }

    /// Lets the time pass without the machine, as a guest does whose host has stopped it.
    pub(crate) fn stand_still(&self, by: TimeDelta) {
        let mut off = self.off.lock().unwrap();
        self.passing.advance(by);
        off.put_ahead -= by;
        off.lost += by;
    }
}

impl Clock for Machine {
    fn now(&self) -> DateTime<Utc> {
        let off = self.off.lock().unwrap();
        self.passing.now() + off.put_ahead
    }

    fn elapsed(&self) -> Duration {
        let off = self.off.lock().unwrap();
        self.passing.elapsed().saturating_sub(off.lost.to_std().unwrap())
    }

    fn sleep_until(&self, instant: DateTime<Utc>) -> BoxFuture<'static, ()> {
        let off = *self.off.lock().unwrap();
        self.passing.sleep_until(instant - off.put_ahead)
    }
}

fn line(fact: &Fact) -> String {
    match fact {
        Fact::ClockStarted(e) => format!("started {}", e.clock),
        Fact::ClockStopped(e) => format!("stopped {} {}", e.clock, if e.is_on_time { "on time" } else { "late" }),
        Fact::ClockPaused(e) => format!("paused {}", e.clock),
        Fact::ClockResumed(e) => format!("resumed {}", e.clock),
        Fact::DeadlineMoved(e) => format!("moved {}", e.clock),
        Fact::DeadlineNear(e) => format!("near {} {}", e.clock, e.reminder),
        Fact::ClockMissed(e) => format!("missed {} climb {}", e.clock, e.climb),
        Fact::ClockOverdue(e) => format!("overdue {} {} climb {}", e.clock, e.step, e.climb),
        other => other.word().to_owned(),
    }
}

/// The answer, or the problem that the status carries.
pub(crate) fn told<T>(answer: Result<Response<T>, Status>) -> Result<T, Problem> {
    answer.map(Response::into_inner).map_err(|status| problem(&status))
}

/// The code of the problem.
pub(crate) fn code<T: std::fmt::Debug>(answer: Result<Response<T>, Status>) -> String {
    told(answer).unwrap_err().code
}
