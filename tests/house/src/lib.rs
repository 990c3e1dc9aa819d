//! The house in which tests of one service play: the service as production wires it, on its own schema of a real Postgres.
//! Events are handed to its handler one batch a transaction, as the follower does, and people reach it over gRPC. Beside it
//! stand a small organisation and cases as other services tell of them.

#![expect(
    clippy::unwrap_used,
    clippy::missing_panics_doc,
    reason = "all of it is the tests' own: a failure here is a failed test, and says so where its reader looks"
)]

mod cases;
mod people;

pub use people::{case, staff, text_ref};

use contracts::{Event, Fact, common, triage};
use kit_config::MapSource;
use kit_core::{Clock as _, Env, ManualClock, Problem, SeededIds};
use kit_grpc::{Call, Peers, ServerLayer, Tokens};
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

/// The regime of the tests.
pub const REGIME: &str = "property-internal-procedure";

/// One running service and whoever works with it.
pub struct House {
    pub clock: ManualClock,
    pub log: Log,
    pub channel: Channel,
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
    pub async fn start<S: Service>(pack: &str, settings: MapSource) -> Self {
        let house = Self::empty::<S>(settings).await;
        let mut events = people::organisation(house.now());
        let published = triage::RegimePublished {
            regime_id: REGIME.to_owned(),
            version: 1,
            pack: pack.to_owned(),
            in_force_from: "2020-01-01".to_owned(),
            ..Default::default()
        };
        events.push(house.received(REGIME, &published));
        house.apply(&events).await.unwrap();
        house
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

    pub fn now(&self) -> chrono::DateTime<chrono::Utc> {
        self.clock.now()
    }

    /// An event as the follower would hand it over.
    pub fn received<E: Event>(&self, key: &str, event: &E) -> Received {
        let seq = self.seq.fetch_add(1, Ordering::SeqCst) + 1;
        Received::sample(seq, key, event, self.now()).unwrap()
    }

    /// Takes in a batch, as one transaction of the follower.
    pub async fn apply(&self, events: &[Received]) -> kit_db::Result<()> {
        let (handler, batch) = (Arc::clone(&self.handler), events.to_vec());
        self.log.in_tx("follower", move |tx| Box::pin(async move { handler.apply(tx, &batch).await })).await?;
        self.handler.committed(events).await;
        Ok(())
    }

    /// Takes in one event of a case.
    pub async fn hear<E: Event>(&self, event: &E) {
        self.apply(&[self.received(event.case_id(), event)]).await.unwrap();
    }

    /// A request by a member of staff.
    pub fn by<T>(&self, who: &str, message: T) -> Request<T> {
        let token = self.tokens.issue(&staff(who), self.now(), chrono::TimeDelta::hours(1));
        Call::with_token(token).request(message)
    }

    /// Everything that the service has said so far, partition by partition.
    pub async fn said(&self) -> Vec<Fact> {
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

    /// The words of everything said so far.
    pub async fn words(&self) -> Vec<&'static str> {
        self.said().await.iter().map(Fact::word).collect()
    }
}

/// The pack that the house ships.
pub fn pack() -> String {
    packs::regime(REGIME).unwrap().yaml
}

/// The problem behind a status.
pub fn problem<T: std::fmt::Debug>(outcome: Result<T, Status>) -> Problem {
    kit_grpc::problem(&outcome.unwrap_err())
}
