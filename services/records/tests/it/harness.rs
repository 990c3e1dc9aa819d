//! The service as production wires it, on its own schema of a real Postgres: events are handed to its handler one batch
//! a transaction, as the follower does, and people reach it over gRPC.

use contracts::{Event, Fact, assignment, common, intake, triage};
use kit_config::MapSource;
use kit_core::{Clock as _, Env, ManualClock, Problem, SeededIds};
use kit_grpc::{Call, Peers, ServerLayer, Tokens};
use kit_ids::{CaseId, StaffId};
use kit_messaging::{Handler, Log, Received, Wake};
use kit_runtime::{Context, Service};
use kit_testing::TestDb;
use prost::Message as _;
use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};
use tokio_util::sync::CancellationToken;
use tonic::{
    Request, Status,
    transport::{Channel, Endpoint, Server, server::TcpIncoming},
};
use uuid::Uuid;

/// One running service and whoever works with it.
pub(crate) struct House {
    pub(crate) clock: ManualClock,
    pub(crate) log: Log,
    pub(crate) channel: Channel,
    handler: Arc<dyn Handler>,
    tokens: Tokens,
    stop: CancellationToken,
    seq: AtomicU64,
    _db: TestDb,
}

impl Drop for House {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

impl House {
    /// Starts the service with the organisation and the pack of the tests.
    pub(crate) async fn start<S: Service>(pack: &str, settings: MapSource) -> Self {
        let house = Self::empty::<S>(settings).await;
        let mut events = organisation(house.now());
        let published = triage::RegimePublished {
            regime_id: "property-internal-procedure".to_owned(),
            version: 1,
            pack: pack.to_owned(),
            in_force_from: "2020-01-01".to_owned(),
            ..Default::default()
        };
        events.push(house.received("property-internal-procedure", &published));
        house.apply(&events).await.unwrap();
        house
    }

    /// Moves a case to a second version of the regime.
    pub(crate) async fn moved(&self, id: &str, pack: &str) {
        let regime_id = "property-internal-procedure".to_owned();
        let published = triage::RegimePublished {
            regime_id: regime_id.clone(),
            version: 2,
            pack: pack.to_owned(),
            in_force_from: "2026-04-01".to_owned(),
            ..Default::default()
        };
        self.apply(&[self.received(&regime_id, &published)]).await.unwrap();
        let moved = triage::CaseMoved {
            case_id: id.to_owned(),
            regime_id: regime_id.clone(),
            regime_version: 2,
            from_regime_id: regime_id,
            from_regime_version: 1,
            reason: Some(common::VaultRef { ref_id: text_ref(6) }),
            staff_id: staff("head"),
        };
        self.hear(&moved).await;
    }

    async fn empty<S: Service>(settings: MapSource) -> Self {
        let db = TestDb::new(&[(S::NAME, S::migrator())]).await.unwrap();
        let clock = ManualClock::new("2026-04-15T02:00:00Z".parse().unwrap());
        let env = Env { clock: Arc::new(clock.clone()), ids: Arc::new(SeededIds::new(7)) };
        let log = Log::new(db.pools(S::NAME).await.unwrap(), env.clone(), S::NAME, Wake::default());
        let tokens = Tokens::new("a key for tests");
        let stop = CancellationToken::new();
        let settings = Arc::new(settings);
        let context = Context {
            name: S::NAME,
            env: env.clone(),
            settings: settings.clone(),
            log: log.clone(),
            peers: Peers::new(settings),
            tokens: tokens.clone(),
            stop: stop.clone(),
        };
        let parts = S::build(context).await.unwrap();
        for work in parts.loops {
            tokio::spawn(work);
        }
        let incoming = TcpIncoming::bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let at = incoming.local_addr().unwrap();
        let server = Server::builder()
            .layer(ServerLayer::new(S::NAME, tokens.clone(), env))
            .add_routes(parts.grpc.routes())
            .serve_with_incoming_shutdown(incoming, stop.clone().cancelled_owned());
        tokio::spawn(server);
        let channel = Endpoint::from_shared(format!("http://{at}")).unwrap().connect_lazy();
        let handler = parts.handler.unwrap();
        Self { clock, log, channel, handler, tokens, stop, seq: AtomicU64::new(0), _db: db }
    }

    pub(crate) fn now(&self) -> chrono::DateTime<chrono::Utc> {
        self.clock.now()
    }

    /// An event as the follower would hand it over.
    pub(crate) fn received<E: Event>(&self, key: &str, event: &E) -> Received {
        let seq = self.seq.fetch_add(1, Ordering::SeqCst) + 1;
        Received::sample(seq, key, event, self.now()).unwrap()
    }

    /// Takes in a batch, as one transaction of the follower.
    pub(crate) async fn apply(&self, events: &[Received]) -> kit_db::Result<()> {
        let (handler, batch) = (Arc::clone(&self.handler), events.to_vec());
        self.log.in_tx("follower", move |tx| Box::pin(async move { handler.apply(tx, &batch).await })).await?;
        self.handler.committed(events).await;
        Ok(())
    }

    /// Takes in one event of a case.
    pub(crate) async fn hear<E: Event>(&self, event: &E) {
        self.apply(&[self.received(event.case_id(), event)]).await.unwrap();
    }

    /// A request by a member of staff.
    pub(crate) fn by<T>(&self, who: &str, message: T) -> Request<T> {
        let token = self.tokens.issue(&staff(who), self.now(), chrono::TimeDelta::hours(1));
        Call::with_token(token).request(message)
    }

    /// Everything that the service has said so far, partition by partition.
    pub(crate) async fn said(&self) -> Vec<Fact> {
        let rows: Vec<(Vec<u8>,)> =
            sqlx::query_as("SELECT envelope FROM event_log ORDER BY appended_at, partition, seq")
                .fetch_all(self.log.pool())
                .await
                .unwrap();
        let decode = |(bytes,): (Vec<u8>,)| {
            let envelope = common::Envelope::decode(bytes.as_slice()).unwrap();
            Fact::decode(&envelope.r#type, &envelope.data).unwrap().unwrap()
        };
        rows.into_iter().map(decode).collect()
    }

    /// A case that is registered, graded `severity`, and dispatched to the head of the department.
    pub(crate) async fn dispatched(&self, nth: u128, severity: &str) -> String {
        let id = case(nth);
        let registered = intake::CaseRegistered {
            case_id: id.clone(),
            number: format!("TS-b03-2026-{nth:05}"),
            regime_id: "property-internal-procedure".to_owned(),
            regime_version: 1,
            unit_id: "b03".to_owned(),
            channel: "web".to_owned(),
            kind: "complaint".to_owned(),
            received_at: Some(kit_grpc::timestamp(self.now())),
            reach: vec!["email".to_owned(), "phone".to_owned()],
            ..Default::default()
        };
        let case_id = id.clone();
        let classified = triage::CaseClassified {
            case_id: case_id.clone(),
            kind: "complaint".to_owned(),
            category: "facilities".to_owned(),
            ..Default::default()
        };
        let validity = triage::ValidityJudged { case_id: case_id.clone(), validity: "valid".to_owned(), reason: None };
        let graded =
            triage::CaseGraded { case_id: case_id.clone(), severity: severity.to_owned(), ..Default::default() };
        let dispatched = assignment::CaseDispatched {
            case_id: case_id.clone(),
            unit_id: "b03-eng".to_owned(),
            role: "head".to_owned(),
            staff_id: staff("head"),
            slip: "ZB-1".to_owned(),
            is_automatic: true,
            cite: "二.1".to_owned(),
            ..Default::default()
        };
        let batch = [
            self.received(&id, &registered),
            self.received(&id, &triage::CaseAccepted { case_id: case_id.clone(), ..Default::default() }),
            self.received(&id, &classified),
            self.received(&id, &validity),
            self.received(&id, &graded),
            self.received(&id, &dispatched),
        ];
        self.apply(&batch).await.unwrap();
        id
    }

    /// The head signs for the case.
    pub(crate) async fn signed(&self, id: &str) {
        self.hear(&assignment::CaseSigned { case_id: id.to_owned(), staff_id: staff("head") }).await;
    }
}

/// The pack that the house ships.
pub(crate) fn pack() -> String {
    packs::regime("property-internal-procedure").unwrap().yaml
}

/// The same with ledgers, a file that must be complete and is kept for some days, publicity, and axes of statistics.
pub(crate) fn keeping() -> String {
    let pack = pack();
    let pack = pack.replace(
        "file: {holds: [opinion-form, handling-record], keep: forever,",
        "file: {holds: [case-resolved], complete: close, keep: 10 days, at-least: yes,",
    );
    let pack = pack.replace(
        "records:\n",
        "records:\n  ledgers:\n    chased: {zh: 催问台账, en: Chases, on: complainant-chased, of: staff, cite: 九.1}\n    \
         performance: {zh: 绩效考核台账, en: Performance, of: unit, cite: 九.2}\n    \
         praise: {zh: 表彰台账, en: Praise, of: staff, cite: 九.3}\n  \
         statistics: {by: [kind, unit, finding], cite: 九.5}\n  \
         publicity:\n    - {of: case, norm: only-if-asked, shows: [category, result], needs: complainant-told, \
         never: [{zh: 涉及个人隐私, en: Private matters}], by: general-affairs-head, cite: 九.4}\n",
    );
    let pack = pack
        .replace("\nnotices:\n", "\neffects:\n  - {on: complainant-chased, enter: chased, cite: 九.1}\n\nnotices:\n");
    pack.replace(
        "\nwho:\n",
        "\nwho:\n  - {role: general-affairs-head, may: [publish, withhold, enter(praise)], cite: 九}\n",
    )
}

/// The problem behind a status.
pub(crate) fn problem<T: std::fmt::Debug>(outcome: Result<T, Status>) -> Problem {
    kit_grpc::problem(&outcome.unwrap_err())
}

const STAFF: [(&str, &str, &str); 8] = [
    ("head", "head", "b03-eng"),
    ("reception", "receptionist", "b03"),
    ("affairs", "general-affairs-head", "b03"),
    ("patrol", "patrol-team", "b03"),
    ("manager", "manager-in-charge", "r1"),
    ("general", "general-manager", "group"),
    ("far-head", "head", "b04-eng"),
    ("admin", "administrator", "group"),
];

/// The id of a member of staff of the tests.
pub(crate) fn staff(who: &str) -> String {
    let nth = STAFF.iter().position(|(name, ..)| *name == who).unwrap();
    StaffId::new(Uuid::from_u128(nth as u128 + 1)).to_string()
}

/// The id of the nth case.
pub(crate) fn case(nth: u128) -> String {
    CaseId::new(Uuid::from_u128(nth)).to_string()
}

/// A reference such as intake gives for a sealed text.
pub(crate) fn text_ref(nth: u128) -> String {
    kit_ids::RefId::new(Uuid::from_u128(nth)).to_string()
}

fn organisation(at: chrono::DateTime<chrono::Utc>) -> Vec<Received> {
    let units = [
        ("group", "", "group"),
        ("r1", "group", "region"),
        ("b03", "r1", "branch"),
        ("b03-eng", "b03", "department"),
        ("b04", "r1", "branch"),
        ("b04-eng", "b04", "department"),
    ];
    let unit = |(id, parent, kind): (&str, &str, &str)| assignment::UnitChanged {
        unit_id: id.to_owned(),
        parent_id: parent.to_owned(),
        kind: kind.to_owned(),
        name: Some(common::Text { zh: format!("单位{id}"), en: format!("Unit {id}") }),
        zone: "Asia/Shanghai".to_owned(),
        is_closed: false,
        ..Default::default()
    };
    let person = |(name, role, at): (&str, &str, &str)| assignment::StaffChanged {
        staff_id: staff(name),
        login: name.to_owned(),
        name: format!("员工{name}"),
        email: format!("{name}@house.example"),
        grants: vec![assignment::RoleGrant { role: role.to_owned(), unit_id: at.to_owned() }],
        is_active: true,
        ..Default::default()
    };
    let units = units.map(unit).map(|u| Received::sample(0, &u.unit_id, &u, at).unwrap());
    let people = STAFF.map(person).map(|p| Received::sample(0, &p.staff_id, &p, at).unwrap());
    units.into_iter().chain(people).collect()
}
