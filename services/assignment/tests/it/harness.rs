//! The service without a broker: calls go through its gRPC routes, events straight into its handler.

use assignment::Assignment;
use chrono::{DateTime, TimeDelta, Utc};
use contracts::assignment::assignment_service_client::AssignmentServiceClient;
use contracts::assignment::{self as wire, RoleGrant};
use contracts::common::{Envelope, Fact as Answer, FactValue, Text, fact_value::Kind};
use contracts::deadline_watcher::ClockMissed;
use contracts::intake::CaseRegistered;
use contracts::triage::{CaseAccepted, CaseClassified, CaseGraded, RegimePublished, ValidityJudged};
use contracts::{Event, Fact};
use kit_core::{Env, ManualClock, Problem, SeededIds};
use kit_grpc::{Caller, Ctx, Peers, Tokens};
use kit_ids::{CaseId, StaffId};
use kit_messaging::{Handler, Log, Received, Wake};
use kit_runtime::{Context, Service};
use kit_testing::TestDb;
use prost::Message as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio_util::sync::CancellationToken;
use tonic::service::Routes;
use tonic::{Request, Status};
use uuid::Uuid;

pub(crate) const REGIME: &str = "property-internal-procedure";

pub(crate) struct House {
    pub(crate) clock: ManualClock,
    pub(crate) log: Log,
    pub(crate) api: AssignmentServiceClient<Routes>,
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

pub(crate) const ADMIN: u128 = 1;
pub(crate) const RECEPTIONIST: u128 = 2;
pub(crate) const HEAD_A: u128 = 3;
pub(crate) const HEAD_B: u128 = 4;
pub(crate) const HEAD_SECURITY: u128 = 5;
pub(crate) const GENERAL_AFFAIRS: u128 = 6;
pub(crate) const MANAGER: u128 = 7;
pub(crate) const GENERAL_MANAGER: u128 = 8;

impl House {
    /// An empty service.
    pub(crate) async fn bare() -> Self {
        let db = TestDb::new(&[("assignment", Assignment::migrator())]).await.unwrap();
        let pools = db.pools("assignment").await.unwrap();
        let clock = ManualClock::new("2026-03-02T01:00:00Z".parse().unwrap());
        let env = Env { clock: Arc::new(clock.clone()), ids: Arc::new(SeededIds::new(1)) };
        let log = Log::new(pools, env.clone(), "assignment", Wake::default());
        let settings: Arc<dyn kit_config::Source> = Arc::new(kit_config::MapSource::default());
        let stop = CancellationToken::new();
        let ctx = Context {
            name: Assignment::NAME,
            env,
            settings: Arc::clone(&settings),
            log: log.clone(),
            peers: Peers::new(settings),
            tokens: Tokens::new("a secret of the tests, and long enough for one"),
            stop: stop.clone(),
        };
        let parts = Assignment::build(ctx).await.unwrap();
        Self {
            clock,
            log,
            api: AssignmentServiceClient::new(parts.grpc.routes()),
            handler: parts.handler.unwrap(),
            seq: AtomicU64::new(0),
            _stop: stop.drop_guard(),
            _db: db,
        }
    }

    /// A service with an organisation and the regime.
    pub(crate) async fn start() -> Self {
        Self::under(packs::regime(REGIME).unwrap().yaml).await
    }

    /// The same, under another pack of that name.
    pub(crate) async fn under(pack: String) -> Self {
        if let Err(errors) = regime::Regime::parse("pack.yaml", &pack) {
            panic!("{errors:#?}");
        }
        let house = Self::bare().await;
        let request = organisation();
        house.api.clone().change_organisation(service(request)).await.unwrap();
        let published = RegimePublished {
            regime_id: REGIME.into(),
            version: 1,
            pack,
            sha256: Vec::new(),
            unit_id: String::new(),
            in_force_from: "2020-01-01".into(),
            ..RegimePublished::default()
        };
        house.feed(REGIME, &published).await;
        house
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
        self.log.in_tx("assignment", move |tx| Box::pin(async move { handler.apply(tx, &batch).await })).await?;
        self.handler.committed(&events).await;
        Ok(())
    }

    /// Registers a case and lets triage accept it, in one batch.
    pub(crate) async fn accepted(&self, n: u128, registered: CaseRegistered, classified: CaseClassified) {
        let id = case(n);
        let events = vec![
            self.received(&id, &CaseRegistered { case_id: id.clone(), ..registered }),
            self.received(&id, &CaseClassified { case_id: id.clone(), ..classified }),
            self.received(&id, &CaseAccepted { case_id: id.clone(), ..CaseAccepted::default() }),
            self.received(&id, &ValidityJudged { case_id: id.clone(), validity: "valid".into(), reason: None }),
            self.received(&id, &graded(&id, "minor")),
        ];
        self.try_feed(events).await.unwrap();
        self.clock.advance(TimeDelta::minutes(1));
    }

    /// A case about the engineers, accepted.
    pub(crate) async fn about_engineering(&self, n: u128) {
        self.accepted(n, self.registered(), about("b03-eng")).await;
    }

    pub(crate) fn registered(&self) -> CaseRegistered {
        CaseRegistered {
            number: "TS-b03-2026-00001".into(),
            regime_id: REGIME.into(),
            regime_version: 1,
            unit_id: "b03".into(),
            channel: "web".into(),
            kind: "complaint".into(),
            received_at: Some(kit_grpc::timestamp(self.now())),
            ..CaseRegistered::default()
        }
    }

    pub(crate) async fn missed(&self, n: u128, clock: &str, climb: u32) {
        let event = ClockMissed { case_id: case(n), clock: clock.into(), run: 1, climb, ..ClockMissed::default() };
        self.feed(&case(n), &event).await;
    }

    /// What the service published about a key, in order.
    pub(crate) async fn published(&self, key: &str) -> Vec<Fact> {
        let rows: Vec<(Vec<u8>,)> = sqlx::query_as("SELECT envelope FROM event_log WHERE key = $1 ORDER BY seq")
            .bind(key)
            .fetch_all(self.log.pool())
            .await
            .unwrap();
        let decode = |(bytes,): &(Vec<u8>,)| {
            let envelope = Envelope::decode(bytes.as_slice()).unwrap();
            Fact::decode(&envelope.r#type, &envelope.data).unwrap().unwrap()
        };
        rows.iter().map(decode).collect()
    }

    pub(crate) async fn words(&self, n: u128) -> Vec<&'static str> {
        self.published(&case(n)).await.iter().map(Fact::word).collect()
    }

    pub(crate) async fn get(&self, n: u128, who: u128) -> Result<wire::GetCaseResponse, Problem> {
        let request = wire::GetCaseRequest { case_id: case(n) };
        self.api.clone().get_case(as_staff(who, request)).await.map(tonic::Response::into_inner).map_err(problem)
    }

    /// The ids of what is offered to somebody now.
    pub(crate) async fn offered(&self, n: u128, who: u128) -> Vec<String> {
        let actions = self.get(n, who).await.unwrap().actions;
        actions.into_iter().filter(|action| action.is_allowed).map(|action| action.id).collect()
    }

    pub(crate) async fn give_back(&self, n: u128, who: u128, reason: &str) -> Result<(), Problem> {
        let request = wire::ReturnCaseRequest {
            request_id: format!("return {n} {who} {}", self.now()),
            case_id: case(n),
            version: 0,
            reason_ref: reason.into(),
        };
        self.api.clone().return_case(as_staff(who, request)).await.map(|_| ()).map_err(problem)
    }

    pub(crate) async fn sign(&self, n: u128, who: u128) -> Result<(), Problem> {
        let request = wire::SignCaseRequest {
            request_id: format!("sign {n} {who} {}", self.now()),
            case_id: case(n),
            version: 0,
        };
        self.api.clone().sign_case(as_staff(who, request)).await.map(|_| ()).map_err(problem)
    }
}

pub(crate) fn graded(case_id: &str, severity: &str) -> CaseGraded {
    CaseGraded { case_id: case_id.into(), severity: severity.into(), ..CaseGraded::default() }
}

pub(crate) fn about(unit: &str) -> CaseClassified {
    CaseClassified {
        kind: "complaint".into(),
        category: "facilities".into(),
        about_unit_id: (!unit.is_empty()).then(|| unit.into()),
        ..CaseClassified::default()
    }
}

pub(crate) fn yes(name: &str) -> Answer {
    Answer { name: name.into(), value: Some(FactValue { kind: Some(Kind::Flag(true)) }) }
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

pub(crate) fn organisation() -> wire::ChangeOrganisationRequest {
    wire::ChangeOrganisationRequest {
        request_id: "the organisation".into(),
        units: vec![
            unit("g", "", "group"),
            unit("r", "g", "region"),
            unit("b03", "r", "branch"),
            unit("b03-eng", "b03", "department"),
            unit("b03-sec", "b03", "department"),
            unit("b03-garden", "b03", "department"),
        ],
        staff: vec![
            person(ADMIN, "admin", "administrator", "g"),
            person(RECEPTIONIST, "reception", "receptionist", "b03"),
            person(HEAD_A, "head-a", "head", "b03-eng"),
            person(HEAD_B, "head-b", "head", "b03-eng"),
            person(HEAD_SECURITY, "head-security", "head", "b03-sec"),
            person(GENERAL_AFFAIRS, "affairs", "general-affairs-head", "b03"),
            person(MANAGER, "manager", "manager-in-charge", "r"),
            person(GENERAL_MANAGER, "general-manager", "general-manager", "g"),
        ],
        ..Default::default()
    }
}

pub(crate) fn unit(id: &str, parent: &str, kind: &str) -> wire::Unit {
    wire::Unit {
        unit_id: id.into(),
        parent_id: parent.into(),
        kind: kind.into(),
        name: Some(Text { zh: format!("单位{id}"), en: format!("Unit {id}") }),
        zone: "Asia/Shanghai".into(),
        is_closed: false,
        charges: Vec::new(),
    }
}

pub(crate) fn person(n: u128, login: &str, role: &str, unit: &str) -> wire::Staff {
    wire::Staff {
        staff_id: staff(n),
        login: login.into(),
        name: format!("员工{n}"),
        email: format!("{login}@example.com"),
        grants: vec![RoleGrant { role: role.into(), unit_id: unit.into() }],
        is_active: true,
        new_password: String::new(),
        ..Default::default()
    }
}

/// A sealed text.
pub(crate) fn sealed() -> String {
    kit_ids::RefId::new(Uuid::from_u128(9)).to_string()
}

/// A command that is given at most once in a second.
pub(crate) fn once(house: &House, what: &str) -> String {
    house.clock.advance(TimeDelta::seconds(1));
    format!("{what} {}", house.now())
}

/// The shipped pack with other texts in some places.
pub(crate) fn bent(places: &[(&str, &str)]) -> String {
    places.iter().fold(packs::regime(REGIME).unwrap().yaml, |pack, (from, to)| {
        assert!(pack.contains(from), "{from}");
        pack.replacen(from, to, 1)
    })
}

/// The shipped pack with orders, a team and more to do for everybody, and what is added.
pub(crate) fn dealings(more: &[(&str, &str)]) -> String {
    let places = [
        ("  forms:\n", "  bodies:\n    police: {zh: 公安机关, en: The police}\n\n  forms:\n"),
        ("guards:\n", DEALINGS),
        (
            "  - {role: handler, may: [contain,",
            "  - {role: handler, may: [answer-order, escalate, ask-recusal, contain,",
        ),
        (
            "general-affairs-head, may: [record,",
            "general-affairs-head, may: [order, answer-order, form-team, rule-dispatch, record,",
        ),
        (
            "manager-in-charge, may: [regrade,",
            "manager-in-charge, may: [order(supervision), delegate, escalate, rule-recusal, regrade,",
        ),
    ];
    bent(&[&places[..], more].concat())
}

const DEALINGS: &str = "teams:
  group: {zh: 工作组, en: Group, least: 2, of: [head, general-affairs-head], lead: general-affairs-head, departments: 2, cite: 组1}

orders:
  supervision: {zh: 督办单, en: Supervision order, to: handler, due: set, answer: {zh: 督办回复, en: Answer}, cite: 督1}
  visit: {zh: 上门令, en: Order to visit, to: [{if: case.injury, role: general-manager, cite: 督2}, {role: unit}], answer: {zh: 到场, en: On site}, cite: 督3,
    grounds: {injury: {zh: 有人受伤, en: Somebody is injured, if: case.injury, only: yes, cite: 督4}, other: {zh: 其他, en: Another}}}
  patrol: {zh: 巡查令, en: Order to patrol, to: patrol-team, answer: {zh: 巡查情况, en: What was seen}, cite: 督5}
  outside: {zh: 外部协助, en: Help from outside, to: police, answer: {zh: 回函, en: Their answer}, cite: 督6}
  above: {zh: 请示, en: Asked of those above, to: above, answer: {zh: 批复, en: Reply}, cite: 督7}

effects:
  - {on: case-graded(major), order: supervision, cite: 果1}
  - {on: ordered(supervision), if: \"case.severity == 'major'\", climb: 2, cite: 果2}
  - {on: case-registered, if: \"case.channel == 'letter'\", climb: 1, cite: 果3}

guards:
";
