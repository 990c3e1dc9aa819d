//! The service as it is started in production: over NATS and a socket, with a token.

use crate::harness::*;
use assignment::Assignment;
use chrono::TimeDelta;
use contracts::assignment as wire;
use contracts::assignment::assignment_service_client::AssignmentServiceClient;
use kit_config::MapSource;
use kit_core::Env;
use kit_grpc::{Call, Peers, Tokens};
use kit_runtime::{Launch, Service as _};
use kit_testing::{TestDb, TestNats};
use std::sync::Arc;

#[tokio::test]
async fn started_as_in_production_it_takes_an_organisation_and_signs_people_in() {
    let db = TestDb::new(&[("assignment", Assignment::migrator())]).await.unwrap();
    let nats = TestNats::new();
    let settings = MapSource::default()
        .with("JIESU_ASSIGNMENT_DATABASE_URL", db.url("assignment").unwrap())
        .with("JIESU_ASSIGNMENT_LISTEN", "127.0.0.1:0")
        .with("JIESU_NATS_URL", nats.settings().url.clone())
        .with("JIESU_NATS_NAMESPACE", nats.settings().namespace.clone())
        .with("JIESU_TOKEN_KEY", "a key of the tests");
    let launch = Launch::new(Env::system(), Arc::new(settings));
    let running = kit_runtime::start::<Assignment>(&launch).await.unwrap();
    let peers = MapSource::default().with("JIESU_ASSIGNMENT_URL", format!("http://{}", running.grpc));
    let mut api = AssignmentServiceClient::new(Peers::new(Arc::new(peers)).channel("assignment"));

    let mut request = organisation();
    request.staff[0].new_password = "correct horse".into();
    let token = Tokens::new("a key of the tests").issue("service:console", Env::system().now(), TimeDelta::hours(1));
    let changed = api.change_organisation(Call::with_token(token).request(request)).await.unwrap().into_inner();
    assert_eq!(changed.staff_changed, 8);

    let request = wire::SignInRequest { login: "admin".into(), password: "correct horse".into() };
    let signed_in = api.sign_in(Call::default().request(request)).await.unwrap().into_inner();
    let me = api.get_me(Call::with_token(signed_in.token).request(wire::GetMeRequest {})).await.unwrap().into_inner();
    assert_eq!(me.staff.unwrap().staff_id, staff(ADMIN));
    assert!(api.get_me(Call::with_token("forged").request(wire::GetMeRequest {})).await.is_err());
    launch.stop.cancel();
    running.finished().await.unwrap();
}
