//! The service as it is started in production: over NATS and a socket, with a token.

use crate::harness::*;
use chrono::TimeDelta;
use contracts::triage as wire;
use contracts::triage::triage_service_client::TriageServiceClient;
use kit_config::MapSource;
use kit_core::Env;
use kit_grpc::{Call, Peers, Tokens};
use kit_runtime::{Launch, Service as _};
use kit_testing::{TestDb, TestNats};
use std::sync::Arc;
use triage::Triage;

#[tokio::test]
async fn started_as_in_production_it_publishes_a_regime_and_lists_it_after_a_restart() {
    let db = TestDb::new(&[("triage", Triage::migrator())]).await.unwrap();
    let nats = TestNats::new();
    let settings = MapSource::default()
        .with("JIESU_TRIAGE_DATABASE_URL", db.url("triage").unwrap())
        .with("JIESU_TRIAGE_LISTEN", "127.0.0.1:0")
        .with("JIESU_NATS_URL", nats.settings().url.clone())
        .with("JIESU_NATS_NAMESPACE", nats.settings().namespace.clone())
        .with("JIESU_TOKEN_KEY", "a key of the tests");
    let token = Tokens::new("a key of the tests").issue("service:console", Env::system().now(), TimeDelta::hours(1));
    let call = Call::with_token(token);
    for start in 0..2 {
        let launch = Launch::new(Env::system(), Arc::new(settings.clone()));
        let running = kit_runtime::start::<Triage>(&launch).await.unwrap();
        let peers = MapSource::default().with("JIESU_TRIAGE_URL", format!("http://{}", running.grpc));
        let mut api = TriageServiceClient::new(Peers::new(Arc::new(peers)).channel("triage"));
        let request = wire::PublishRegimeRequest { request_id: format!("{start}"), pack: pack(), ..Default::default() };
        let answer = api.publish_regime(call.request(request)).await.unwrap().into_inner();
        assert_eq!((answer.regime_id.as_str(), answer.version), (REGIME, 1));
        let listed = api.list_regimes(call.request(wire::ListRegimesRequest {})).await.unwrap().into_inner();
        assert_eq!(listed.regimes.len(), 1);
        launch.stop.cancel();
        running.finished().await.unwrap();
    }
}
