//! The life of a service, on a real Postgres and a real NATS server: it starts, tells its health, is asked, drains.

mod toy;

use contracts::{
    common::Record,
    console::{GetAddressRequest, console_service_client::ConsoleServiceClient},
    log::{ListPartitionsRequest, RetryParkedResponse, log_service_client::LogServiceClient},
};
use kit_config::MapSource;
use kit_core::Env;
use kit_grpc::{Call, Tokens, problem};
use kit_runtime::{Launch, Running, start};
use kit_testing::{TestDb, TestNats, eventually};
use sqlx::migrate::Migrator;
use std::{sync::Arc, time::Duration};
use tonic::{Code, transport::Channel};
use tonic_health::pb::{HealthCheckRequest, health_check_response::ServingStatus, health_client::HealthClient};
use tonic_reflection::pb::v1::{
    ServerReflectionRequest, server_reflection_client::ServerReflectionClient,
    server_reflection_request::MessageRequest, server_reflection_response::MessageResponse,
};
use toy::Toy;

static NOTHING: Migrator = Migrator::DEFAULT;

struct Stage {
    _db: TestDb,
    _nats: TestNats,
    launch: Launch,
    running: Running,
}

impl Stage {
    async fn set() -> anyhow::Result<Self> {
        let db = TestDb::new(&[("toy", &NOTHING)]).await?;
        let nats = TestNats::new();
        let settings = MapSource::default()
            .with("JIESU_TOY_DATABASE_URL", db.url("toy")?)
            .with("JIESU_TOY_LISTEN", "127.0.0.1:0")
            .with("JIESU_TOY_OPS_LISTEN", "127.0.0.1:0")
            .with("JIESU_NATS_URL", nats.settings().url.clone())
            .with("JIESU_NATS_NAMESPACE", nats.settings().namespace.clone())
            .with("JIESU_TOKEN_KEY", "a key");
        let launch = Launch::new(Env::system(), Arc::new(settings));
        let running = start::<Toy>(&launch).await?;
        Ok(Self { _db: db, _nats: nats, launch, running })
    }

    fn channel(&self) -> Channel {
        tonic::transport::Endpoint::from_shared(format!("http://{}", self.running.grpc)).unwrap().connect_lazy()
    }

    fn call(&self, subject: &str) -> Call {
        let token = Tokens::new("a key").issue(subject, self.launch.env.now(), chrono::TimeDelta::hours(1));
        Call::with_token(token)
    }
}

async fn health(channel: &Channel, service: &str) -> Option<ServingStatus> {
    let request = HealthCheckRequest { service: service.to_owned() };
    let answer = HealthClient::new(channel.clone()).check(request).await.ok()?;
    ServingStatus::try_from(answer.into_inner().status).ok()
}

async fn wait_until_serving(channel: &Channel) {
    eventually("health", Duration::from_secs(10), async || {
        let found = health(channel, "").await;
        (found == Some(ServingStatus::Serving)).then_some(()).ok_or_else(|| format!("{found:?}"))
    })
    .await;
}

#[tokio::test]
async fn it_serves_tells_its_health_and_lists_itself() -> anyhow::Result<()> {
    let stage = Stage::set().await?;
    let channel = stage.channel();
    wait_until_serving(&channel).await;
    for name in ["jiesu.console.v1.ConsoleService", "jiesu.log.v1.LogService", "toy"] {
        assert_eq!(health(&channel, name).await, Some(ServingStatus::Serving), "{name}");
    }
    assert_eq!(health(&channel, "somebody-else").await, None);

    let ask = ServerReflectionRequest {
        host: String::new(),
        message_request: Some(MessageRequest::ListServices(String::new())),
    };
    let answers = ServerReflectionClient::new(channel.clone()).server_reflection_info(tokio_stream::once(ask)).await?;
    let Some(MessageResponse::ListServicesResponse(list)) =
        answers.into_inner().message().await?.unwrap().message_response
    else {
        panic!("no list");
    };
    let names: Vec<String> = list.service.into_iter().map(|s| s.name).collect();
    assert!(names.contains(&"jiesu.console.v1.ConsoleService".to_owned()), "{names:?}");
    assert!(!names.contains(&"jiesu.intake.v1.IntakeService".to_owned()), "{names:?}");

    let ops = stage.running.ops.unwrap();
    assert!(get(ops, "/readyz").await?.starts_with("HTTP/1.1 200"));
    assert!(get(ops, "/livez").await?.contains("ok"));
    stage.running.stop().await
}

#[tokio::test]
async fn callers_are_known_by_their_token_and_a_panic_is_told_without_detail() -> anyhow::Result<()> {
    let stage = Stage::set().await?;
    let mut console = ConsoleServiceClient::new(stage.channel());
    let public = console.get_address(GetAddressRequest {}).await?.into_inner();
    assert_eq!(public.url, "complainant");
    let service = console.get_address(stage.call("service:triage").request(GetAddressRequest {})).await?.into_inner();
    assert_eq!(service.url, "triage");

    let forged = Call::with_token("forged").request(GetAddressRequest {});
    assert_eq!(console.get_address(forged).await.unwrap_err().code(), Code::Unauthenticated);
    let refused = console.get_address(stage.call("service:stale").request(GetAddressRequest {})).await.unwrap_err();
    assert_eq!((refused.code(), problem(&refused).code.as_str()), (Code::Aborted, "stale"));
    let broken = console.get_address(stage.call("service:panic").request(GetAddressRequest {})).await.unwrap_err();
    assert_eq!((broken.code(), problem(&broken).code.as_str()), (Code::Internal, "internal"));
    assert!(!format!("{broken:?}").contains("secret"));

    let mut log = LogServiceClient::new(stage.channel());
    assert_eq!(log.list_partitions(ListPartitionsRequest {}).await.unwrap_err().code(), Code::Unauthenticated);
    let heads =
        log.list_partitions(stage.call("service:tool").request(ListPartitionsRequest {})).await?.into_inner().heads;
    assert_eq!(heads.len(), 16);
    stage.running.stop().await
}

#[tokio::test]
async fn bytes_that_are_no_message_and_a_message_too_large_are_refused_in_words() -> anyhow::Result<()> {
    let stage = Stage::set().await?;
    for (bytes, code) in [(vec![0xff_u8], "malformed-message"), (vec![b'x'; 5 * 1024 * 1024], "message-too-large")] {
        let mut raw = tonic::client::Grpc::new(stage.channel());
        raw.ready().await?;
        // A record's first field is bytes where the method's is text.
        let request = stage.call("service:tool").request(Record { envelope: bytes, hash: Vec::new() });
        let codec = tonic_prost::ProstCodec::<Record, RetryParkedResponse>::default();
        let path = "/jiesu.log.v1.LogService/RetryParked".parse()?;
        let refused = raw.unary(request, path, codec).await.unwrap_err();
        assert_eq!((refused.code(), problem(&refused).code.as_str()), (Code::InvalidArgument, code));
    }
    stage.running.stop().await
}

#[tokio::test]
async fn a_call_that_is_open_at_the_stop_is_answered_and_a_new_one_is_not() -> anyhow::Result<()> {
    let stage = Stage::set().await?;
    let channel = stage.channel();
    wait_until_serving(&channel).await;
    let slow = stage.call("service:slow").request(GetAddressRequest {});
    let open = tokio::spawn({
        let channel = channel.clone();
        async move { ConsoleServiceClient::new(channel).get_address(slow).await }
    });
    toy::SLOW_HAS_BEGUN.notified().await;
    stage.launch.stop.cancel();
    toy::SLOW_MAY_END.notify_one();
    assert_eq!(open.await??.into_inner().url, "slow");
    let grpc = stage.running.grpc;
    stage.running.finished().await?;
    assert!(tokio::net::TcpStream::connect(grpc).await.is_err());
    Ok(())
}

async fn get(at: std::net::SocketAddr, path: &str) -> anyhow::Result<String> {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let mut stream = tokio::net::TcpStream::connect(at).await?;
    stream.write_all(format!("GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").as_bytes()).await?;
    let mut text = String::new();
    stream.read_to_string(&mut text).await?;
    Ok(text)
}
