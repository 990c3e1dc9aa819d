//! The service without a broker: calls go through its gRPC routes, events straight into its handler.

use chrono::{DateTime, TimeDelta, Utc};
use contracts::assignment::{RoleGrant, StaffChanged, UnitChanged};
use contracts::common::{Envelope, Fact as Answer, FactValue, fact_value::Kind};
use contracts::intake::CaseRegistered;
use contracts::triage as wire;
use contracts::triage::triage_service_client::TriageServiceClient;
use contracts::{Event, Fact};
use kit_core::{Env, ManualClock, Problem, SeededIds};
use kit_grpc::{Caller, Ctx, Peers, Tokens};
use kit_ids::{CaseId, RefId, StaffId};
use kit_messaging::{Handler, Log, Received, Wake};
use kit_runtime::{Context, Service};
use kit_testing::TestDb;
use prost::Message as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio_util::sync::CancellationToken;
use tonic::service::Routes;
use tonic::{Request, Status};
use triage::Triage;
use uuid::Uuid;

pub(crate) const REGIME: &str = "property-internal-procedure";
pub(crate) const ADMIN: u128 = 1;
pub(crate) const RECEPTIONIST: u128 = 2;
pub(crate) const HEAD: u128 = 3;
pub(crate) const GENERAL_AFFAIRS: u128 = 6;

pub(crate) struct House {
    pub(crate) clock: ManualClock,
    pub(crate) log: Log,
    pub(crate) api: TriageServiceClient<Routes>,
    handler: Arc<dyn Handler>,
    seq: AtomicU64,
    _stop: tokio_util::sync::DropGuard,
    _db: TestDb,
}

/// Staff of the test organisation, by a small number.
pub(crate) fn staff(n: u128) -> String {
    StaffId::new(Uuid::from_u128(n)).to_string()
}

pub(crate) fn case(n: u128) -> String {
    CaseId::new(Uuid::from_u128(n)).to_string()
}

pub(crate) fn reference() -> String {
    RefId::new(Uuid::from_u128(9)).to_string()
}

impl House {
    /// A service that knows the organisation and no regime.
    pub(crate) async fn bare() -> Self {
        let db = TestDb::new(&[("triage", Triage::migrator())]).await.unwrap();
        let pools = db.pools("triage").await.unwrap();
        let clock = ManualClock::new("2026-03-02T01:00:00Z".parse().unwrap());
        let env = Env { clock: Arc::new(clock.clone()), ids: Arc::new(SeededIds::new(1)) };
        let log = Log::new(pools, env.clone(), "triage", Wake::default());
        let settings: Arc<dyn kit_config::Source> = Arc::new(kit_config::MapSource::default());
        let stop = CancellationToken::new();
        let ctx = Context {
            name: Triage::NAME,
            env,
            settings: Arc::clone(&settings),
            log: log.clone(),
            peers: Peers::new(settings),
            tokens: Tokens::new("a secret of the tests, and long enough for one"),
            stop: stop.clone(),
        };
        let parts = Triage::build(ctx).await.unwrap();
        let house = Self {
            clock,
            log,
            api: TriageServiceClient::new(parts.grpc.routes()),
            handler: parts.handler.unwrap(),
            seq: AtomicU64::new(0),
            _stop: stop.drop_guard(),
            _db: db,
        };
        house.learn_organisation().await;
        house
    }

    /// A service with the regime in force.
    pub(crate) async fn start() -> Self {
        let house = Self::bare().await;
        house.publish("the regime", &pack()).await.unwrap();
        house
    }

    async fn learn_organisation(&self) {
        let units = [("g", "", "group"), ("b03", "g", "branch"), ("b03-eng", "b03", "department")];
        let mut events: Vec<Received> = units
            .iter()
            .map(|(id, parent, kind)| {
                let event = UnitChanged {
                    unit_id: (*id).into(),
                    parent_id: (*parent).into(),
                    kind: (*kind).into(),
                    ..UnitChanged::default()
                };
                self.received(id, &event)
            })
            .collect();
        for (n, role, unit) in [
            (ADMIN, "administrator", "g"),
            (RECEPTIONIST, "receptionist", "b03"),
            (HEAD, "head", "b03-eng"),
            (GENERAL_AFFAIRS, "general-affairs-head", "b03"),
        ] {
            let event = StaffChanged {
                staff_id: staff(n),
                grants: vec![RoleGrant { role: role.into(), unit_id: unit.into() }],
                is_active: true,
                ..StaffChanged::default()
            };
            events.push(self.received(&staff(n), &event));
        }
        self.try_feed(events).await.unwrap();
    }

    pub(crate) fn received<E: Event>(&self, key: &str, event: &E) -> Received {
        let seq = self.seq.fetch_add(1, Ordering::SeqCst) + 1;
        Received::sample(seq, key, event, self.now()).unwrap()
    }

    pub(crate) fn now(&self) -> DateTime<Utc> {
        kit_core::Clock::now(&self.clock)
    }

    pub(crate) async fn feed<E: Event>(&self, key: &str, event: &E) {
        self.try_feed(vec![self.received(key, event)]).await.unwrap();
    }

    pub(crate) async fn try_feed(&self, events: Vec<Received>) -> kit_db::Result<()> {
        let (handler, batch) = (Arc::clone(&self.handler), events.clone());
        self.log.in_tx("triage", move |tx| Box::pin(async move { handler.apply(tx, &batch).await })).await?;
        self.handler.committed(&events).await;
        Ok(())
    }

    pub(crate) async fn publish(&self, request_id: &str, pack: &str) -> Result<wire::PublishRegimeResponse, Problem> {
        let request =
            wire::PublishRegimeRequest { request_id: request_id.into(), pack: pack.into(), ..Default::default() };
        self.api.clone().publish_regime(service(request)).await.map(tonic::Response::into_inner).map_err(problem)
    }

    pub(crate) fn registered(&self, n: u128) -> CaseRegistered {
        CaseRegistered {
            case_id: case(n),
            number: format!("TS-b03-2026-{n:05}"),
            regime_id: REGIME.into(),
            regime_version: 1,
            unit_id: "b03".into(),
            channel: "web".into(),
            kind: "complaint".into(),
            received_at: Some(kit_grpc::timestamp(self.now())),
            ..CaseRegistered::default()
        }
    }

    /// A case under another regime than the usual one.
    pub(crate) async fn register_under(&self, regime: &str, n: u128) {
        let registered = CaseRegistered { regime_id: regime.into(), ..self.registered(n) };
        self.feed(&case(n), &registered).await;
    }

    pub(crate) async fn register(&self, n: u128) {
        self.feed(&case(n), &self.registered(n)).await;
        self.clock.advance(TimeDelta::minutes(1));
    }

    /// Triages as the receptionist, with these answers.
    pub(crate) async fn triage(&self, n: u128, facts: Vec<Answer>) -> Result<wire::TriageCaseResponse, Problem> {
        self.triage_as(RECEPTIONIST, wire::TriageCaseRequest { facts, ..self.wanted(n) }).await
    }

    pub(crate) fn wanted(&self, n: u128) -> wire::TriageCaseRequest {
        wire::TriageCaseRequest {
            request_id: format!("triage {n} {}", self.now()),
            case_id: case(n),
            kind: "complaint".into(),
            category: "facilities".into(),
            about_unit_id: Some("b03-eng".into()),
            ..Default::default()
        }
    }

    pub(crate) async fn triage_as(
        &self,
        who: u128,
        request: wire::TriageCaseRequest,
    ) -> Result<wire::TriageCaseResponse, Problem> {
        self.api.clone().triage_case(as_staff(who, request)).await.map(tonic::Response::into_inner).map_err(problem)
    }

    pub(crate) async fn get(&self, n: u128, who: u128) -> Result<wire::GetCaseResponse, Problem> {
        let request = wire::GetCaseRequest { case_id: case(n) };
        self.api.clone().get_case(as_staff(who, request)).await.map(tonic::Response::into_inner).map_err(problem)
    }

    /// What the service published about a key, in order.
    pub(crate) async fn envelopes(&self, key: &str) -> Vec<Envelope> {
        let rows: Vec<(Vec<u8>,)> = sqlx::query_as("SELECT envelope FROM event_log WHERE key = $1 ORDER BY seq")
            .bind(key)
            .fetch_all(self.log.pool())
            .await
            .unwrap();
        rows.iter().map(|(bytes,)| Envelope::decode(bytes.as_slice()).unwrap()).collect()
    }

    pub(crate) async fn published(&self, key: &str) -> Vec<Fact> {
        let envelopes = self.envelopes(key).await;
        envelopes.iter().map(|e| Fact::decode(&e.r#type, &e.data).unwrap().unwrap()).collect()
    }

    pub(crate) async fn words(&self, n: u128) -> Vec<&'static str> {
        self.published(&case(n)).await.iter().map(Fact::word).collect()
    }
}

pub(crate) fn pack() -> String {
    packs::regime(REGIME).unwrap().yaml
}

pub(crate) fn answer(name: &str, kind: Kind) -> Answer {
    Answer { name: name.into(), value: Some(FactValue { kind: Some(kind) }) }
}

pub(crate) fn yes(name: &str) -> Answer {
    answer(name, Kind::Flag(true))
}

pub(crate) fn word(name: &str, word: &str) -> Answer {
    answer(name, Kind::Word(word.into()))
}

pub(crate) fn problem(status: Status) -> Problem {
    kit_grpc::problem(&status)
}

pub(crate) fn as_staff<T>(who: u128, message: T) -> Request<T> {
    call(Caller::Staff(StaffId::new(Uuid::from_u128(who))), message)
}

pub(crate) fn service<T>(message: T) -> Request<T> {
    call(Caller::Service("console".into()), message)
}

pub(crate) fn public<T>(message: T) -> Request<T> {
    call(Caller::Public, message)
}

fn call<T>(caller: Caller, message: T) -> Request<T> {
    let mut request = Request::new(message);
    request.extensions_mut().insert(Ctx { caller, language: "zh".into() });
    request
}
