//! The service under test, its clients, and a look into its tables.

use crate::pack;
use anyhow::Result;
use chrono::{DateTime, TimeDelta, Utc};
use contracts::Event;
use contracts::intake::{HandInRequest, HandInResponse, Identity, intake_service_client::IntakeServiceClient};
use intake::Intake;
use kit_config::MapSource;
use kit_core::{Env, ManualClock, Problem, RandomIds};
use kit_grpc::{Call, Tokens, problem};
use kit_ids::CaseId;
use kit_messaging::{Broker, Log, Tx, Wake, produce};
use kit_runtime::{Launch, Running, Service as _};
use kit_testing::{TestDb, TestNats};
use sqlx::PgPool;
use std::sync::Arc;
use tokio_util::sync::CancellationToken;
use tonic::{Request, Response, Status, transport::Channel};
use uuid::Uuid;

pub(crate) type Client = IntakeServiceClient<Channel>;

const TOKEN_KEY: &str = "a token key for tests, long enough";

/// A running intake. The database goes last, when nothing uses it any more.
pub(crate) struct House {
    pub(crate) client: Client,
    pub(crate) clock: ManualClock,
    pub(crate) pool: PgPool,
    pub(crate) settings: MapSource,
    launch: Launch,
    pub(crate) nats: TestNats,
    pub(crate) db: TestDb,
}

/// 10 in the morning of 2 March 2026 in Shanghai, a Monday.
pub(crate) fn morning() -> DateTime<Utc> {
    "2026-03-02T02:00:00Z".parse().unwrap()
}

pub(crate) fn key(byte: &str) -> String {
    byte.repeat(32)
}

impl House {
    /// With the small regime and organisation in force.
    pub(crate) async fn open() -> Self {
        Self::open_with(&[("JIESU_RECEIPT_ARGON_KIB", "64"), ("JIESU_RECEIPT_ARGON_PASSES", "1")]).await
    }

    pub(crate) async fn open_with(more: &[(&str, &str)]) -> Self {
        Self::open_under(more, Vec::new()).await
    }

    /// With the bureau's regime for petitions and reports beside the usual one.
    pub(crate) async fn open_bureau() -> Self {
        Self::open_with_law(vec![pack::bureau()]).await
    }

    /// With more law beside the usual one.
    pub(crate) async fn open_with_law(more: Vec<contracts::Fact>) -> Self {
        let settings = [("JIESU_RECEIPT_ARGON_KIB", "64"), ("JIESU_RECEIPT_ARGON_PASSES", "1")];
        Self::open_under(&settings, more).await
    }

    async fn open_under(more: &[(&str, &str)], more_law: Vec<contracts::Fact>) -> Self {
        let producer = sqlx::migrate::Migrator::with_migrations(Vec::new());
        let services = [
            ("intake", Intake::migrator()),
            ("triage", &producer),
            ("assignment", &producer),
            ("resolution", &producer),
            ("deadline-watcher", &producer),
            ("records", &producer),
        ];
        let db = TestDb::new(&services).await.unwrap();
        let nats = TestNats::new();
        let pool = db.pools("intake").await.unwrap().commands;
        put_law(&pool, &more_law).await;
        let mut settings = MapSource::default()
            .with("JIESU_INTAKE_DATABASE_URL", db.url("intake").unwrap())
            .with("JIESU_INTAKE_LISTEN", "127.0.0.1:0")
            .with("JIESU_NATS_URL", nats.settings().url.clone())
            .with("JIESU_NATS_NAMESPACE", nats.settings().namespace.clone())
            .with("JIESU_TOKEN_KEY", TOKEN_KEY)
            .with("JIESU_VAULT_KEY", key("a1"));
        for (key, value) in more {
            settings.set(*key, *value);
        }
        let clock = ManualClock::new(morning());
        let launch = Launch::new(env(&clock), Arc::new(settings.clone()));
        let running = kit_runtime::start::<Intake>(&launch).await.unwrap();
        let client = Client::connect(format!("http://{}", running.grpc)).await.unwrap();
        Self { client, clock, pool, settings, launch, nats, db }
    }

    /// Another start on the same data, with some settings changed.
    pub(crate) async fn start_again(&self, more: &[(&str, &str)]) -> Result<Running> {
        let mut settings = self.settings.clone();
        for (key, value) in more {
            settings.set(*key, *value);
        }
        kit_runtime::start::<Intake>(&Launch::new(env(&self.clock), Arc::new(settings))).await
    }

    pub(crate) fn env(&self) -> Env {
        env(&self.clock)
    }

    /// A request by a member of staff.
    pub(crate) fn by<T>(&self, staff: &str, message: T) -> Request<T> {
        let token = Tokens::new(TOKEN_KEY).issue(staff, *self.clock_now(), TimeDelta::hours(8));
        Call::with_token(token).request(message)
    }

    fn clock_now(&self) -> Box<DateTime<Utc>> {
        Box::new(kit_core::Clock::now(&self.clock))
    }

    pub(crate) async fn hand_in(&self, request: HandInRequest) -> Result<HandInResponse, Problem> {
        told(self.client.clone().hand_in(request).await)
    }

    pub(crate) async fn hand_in_by(&self, staff: &str, request: HandInRequest) -> Result<HandInResponse, Problem> {
        told(self.client.clone().hand_in(self.by(staff, request)).await)
    }

    /// A plain complaint about b03, handed in on the web.
    pub(crate) async fn complaint(&self, request_id: &str) -> HandInResponse {
        self.hand_in(plain(request_id)).await.unwrap()
    }

    /// How many rows a table has.
    pub(crate) async fn count(&self, table: &'static str) -> i64 {
        let sql = sqlx::AssertSqlSafe(format!("SELECT count(*) FROM {table}"));
        sqlx::query_scalar(sql).fetch_one(&self.pool).await.unwrap()
    }

    /// The words of the events appended so far, oldest first.
    pub(crate) async fn events(&self) -> Vec<String> {
        let rows: Vec<Vec<u8>> = sqlx::query_scalar("SELECT envelope FROM event_log ORDER BY partition, seq")
            .fetch_all(&self.pool)
            .await
            .unwrap();
        let envelope =
            |bytes: &Vec<u8>| -> contracts::common::Envelope { prost::Message::decode(bytes.as_slice()).unwrap() };
        rows.iter().map(|bytes| envelope(bytes).r#type.rsplit('.').next().unwrap().to_owned()).collect()
    }

    /// The facts that were appended of a case, oldest first.
    pub(crate) async fn facts(&self, case_id: &str) -> Vec<contracts::Fact> {
        let rows: Vec<Vec<u8>> = sqlx::query_scalar("SELECT envelope FROM event_log WHERE key = $1 ORDER BY seq")
            .bind(case_id)
            .fetch_all(&self.pool)
            .await
            .unwrap();
        let fact = |bytes: &Vec<u8>| {
            let envelope: contracts::common::Envelope = prost::Message::decode(bytes.as_slice()).unwrap();
            contracts::Fact::decode(&envelope.r#type, &envelope.data).unwrap().unwrap()
        };
        rows.iter().map(fact).collect()
    }

    /// The view of a case as it is stored.
    pub(crate) async fn view(&self, case_id: &str) -> facts::CaseView {
        let view: sqlx::types::Json<facts::CaseView> = sqlx::query_scalar("SELECT view FROM cases WHERE case_id = $1")
            .bind(uuid(case_id))
            .fetch_one(&self.pool)
            .await
            .unwrap();
        view.0
    }

    /// From now on every new receipt is as one claimed by an instance that then died: left alone for a minute.
    pub(crate) async fn claimed_by_a_dead_instance(&self) {
        sqlx::raw_sql(
            "CREATE FUNCTION claim_and_die() RETURNS trigger LANGUAGE plpgsql AS
             $$ BEGIN NEW.free_at = NEW.free_at + interval '60 s'; RETURN NEW; END $$;
             CREATE TRIGGER claim_and_die BEFORE INSERT ON receipt_waiting
             FOR EACH ROW EXECUTE FUNCTION claim_and_die()",
        )
        .execute(&self.pool)
        .await
        .unwrap();
    }

    /// Keeps every later claim of a waiting receipt in the table `claims`.
    pub(crate) async fn write_down_claims(&self) {
        sqlx::raw_sql(
            "CREATE TABLE claims (case_id uuid NOT NULL);
             CREATE FUNCTION write_down() RETURNS trigger LANGUAGE plpgsql AS
             $$ BEGIN INSERT INTO claims VALUES (NEW.case_id); RETURN NULL; END $$;
             CREATE TRIGGER write_down AFTER UPDATE ON receipt_waiting
             FOR EACH ROW EXECUTE FUNCTION write_down()",
        )
        .execute(&self.pool)
        .await
        .unwrap();
    }

    /// Changes the stored view of a case as an event would, for states that other services bring about.
    pub(crate) async fn edit_view(&self, case_id: &str, edit: impl FnOnce(&mut facts::CaseView)) {
        let case = uuid(case_id);
        let mut view: sqlx::types::Json<facts::CaseView> =
            sqlx::query_scalar("SELECT view FROM cases WHERE case_id = $1")
                .bind(case)
                .fetch_one(&self.pool)
                .await
                .unwrap();
        edit(&mut view.0);
        sqlx::query("UPDATE cases SET view = $2 WHERE case_id = $1")
            .bind(case)
            .bind(view)
            .execute(&self.pool)
            .await
            .unwrap();
    }
}

impl Drop for House {
    fn drop(&mut self) {
        self.launch.stop.cancel();
    }
}

fn env(clock: &ManualClock) -> Env {
    Env { clock: Arc::new(clock.clone()), ids: Arc::new(RandomIds) }
}

async fn put_law(pool: &PgPool, more: &[contracts::Fact]) {
    for entry in pack::law().iter().chain(more).filter_map(house::entry) {
        sqlx::query("INSERT INTO reference (kind, id, version, body) VALUES ($1, $2, $3, $4)")
            .bind(entry.kind)
            .bind(entry.id)
            .bind(entry.version)
            .bind(entry.body)
            .execute(pool)
            .await
            .unwrap();
    }
}

/// Another service, which only publishes.
pub(crate) struct Producer {
    log: Log,
    stop: CancellationToken,
}

impl Producer {
    pub(crate) async fn open(house: &House, service: &'static str) -> Self {
        let pools = house.db.pools(service).await.unwrap();
        let broker = Broker::connect(house.nats.settings(), service).await.unwrap();
        let log = Log::new(pools, house.env(), service, Wake::default());
        let stop = CancellationToken::new();
        tokio::spawn(produce(log.clone(), broker, stop.clone()));
        Self { log, stop }
    }

    pub(crate) async fn say<E: Event + 'static>(&self, key: &str, event: E) {
        let key = key.to_owned();
        let say = move |tx: &mut Tx| tx.publish(&key, &event);
        self.log
            .in_tx("somebody", move |tx| {
                Box::pin(async move {
                    say(tx);
                    Ok(())
                })
            })
            .await
            .unwrap();
    }
}

impl Drop for Producer {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

/// The answer, or the problem that the status carries.
pub(crate) fn told<T>(answer: Result<Response<T>, Status>) -> Result<T, Problem> {
    answer.map(Response::into_inner).map_err(|status| problem(&status))
}

/// The code of the problem.
pub(crate) fn code<T: std::fmt::Debug>(answer: Result<T, Problem>) -> String {
    answer.unwrap_err().code
}

pub(crate) fn uuid(case_id: &str) -> Uuid {
    case_id.parse::<CaseId>().unwrap().uuid()
}

/// A complaint with nothing wrong.
pub(crate) fn plain(request_id: &str) -> HandInRequest {
    HandInRequest {
        request_id: request_id.to_owned(),
        unit_id: "b03".to_owned(),
        channel: "web".to_owned(),
        kind: "complaint".to_owned(),
        subject: "楼道灯坏了".to_owned(),
        narrative: "三号楼二层的灯坏了两周,\n报修三次无人来。".to_owned(),
        identity: Some(Identity {
            name: "张三".to_owned(),
            phone: "13800138000".to_owned(),
            email: "zhang.san@example.cn".to_owned(),
            address: String::new(),
        }),
        ..HandInRequest::default()
    }
}
