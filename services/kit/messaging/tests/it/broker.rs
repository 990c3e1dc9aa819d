//! The broker killed under load, and its store deleted: a server of the test's own.

use crate::house::{House, Recorder, cases, publish, seen, whole};
use anyhow::Result;
use kit_config::Provision;
use kit_messaging::{Broker, BrokerError};
use kit_testing::TestNats;
use std::{
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::Arc,
    time::Duration,
};

struct Server {
    program: String,
    port: u16,
    store: PathBuf,
    child: Child,
}

impl Server {
    fn start() -> Result<Self> {
        let program = std::env::var("JIESU_TEST_NATS_SERVER").unwrap_or_else(|_| "nats-server".to_owned());
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let store = std::env::temp_dir().join(format!("jiesu-nats-{port}"));
        let child = Self::spawn(&program, port, &store)?;
        Ok(Self { program, port, store, child })
    }

    fn spawn(program: &str, port: u16, store: &Path) -> Result<Child> {
        let arguments = ["-js", "-a", "127.0.0.1", "-p", &port.to_string(), "-sd", &store.display().to_string()];
        Ok(Command::new(program).args(arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn()?)
    }

    fn kill(&mut self) -> Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    fn start_again(&mut self) -> Result<()> {
        self.child = Self::spawn(&self.program, self.port, &self.store)?;
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.kill();
        let _ = std::fs::remove_dir_all(&self.store);
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a nats-server of its own: on the path, or named by JIESU_TEST_NATS_SERVER"]
async fn a_broker_that_is_killed_and_loses_its_store_costs_nothing() -> Result<()> {
    let mut server = Server::start()?;
    let house = House { nats: TestNats::at(format!("nats://127.0.0.1:{}", server.port)), ..House::new().await? };
    let (intake, triage) = (house.log("intake").await?, house.log("triage").await?);
    let producer = house.start(&intake, None).await?;
    let follower = house.start(&triage, Some(Arc::new(Recorder::default()))).await?;
    let names = cases(20);
    let writer = tokio::spawn({
        let (intake, names) = (intake.clone(), names.clone());
        async move {
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            for mark in 0..80 {
                publish(&intake, &names, mark..mark + 1, 10).await.unwrap();
                tokio::time::sleep(Duration::from_millis(40)).await;
            }
        }
    });
    for round in 0..4 {
        tokio::time::sleep(Duration::from_millis(500)).await;
        server.kill()?;
        if round % 2 == 1 {
            std::fs::remove_dir_all(&server.store)?;
        }
        tokio::time::sleep(Duration::from_millis(300)).await;
        server.start_again()?;
    }
    writer.await?;
    seen(&triage, 1600).await;
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    whole(&triage, &names, 80).await;
    producer.stop().await;
    follower.stop().await;
    Ok(())
}

#[tokio::test]
async fn a_stream_that_operators_own_is_checked_and_never_made() -> Result<()> {
    let nats = TestNats::new();
    let mut verify = nats.settings().clone();
    verify.provision = Provision::Verify;
    assert!(matches!(Broker::connect(&verify, "intake").await, Err(BrokerError::Missing(_))));
    Broker::connect(nats.settings(), "intake").await?;
    Broker::connect(&verify, "intake").await?;
    verify.replicas = 3;
    let different = Broker::connect(&verify, "intake").await.unwrap_err();
    assert!(matches!(different, BrokerError::Different { .. }) && !different.is_passing(), "{different}");
    Ok(())
}
