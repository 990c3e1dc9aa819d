//! A service that stands still delays itself alone, and has everything in order once it goes on.

use crate::house::{House, PATIENCE, Recorder, cases, publish, seen, whole};
use anyhow::Result;
use futures::future::BoxFuture;
use kit_messaging::{Handler, Received, Tx};
use kit_testing::eventually;
use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};
use tokio::sync::Semaphore;

/// Does nothing until it is let go.
struct Stopped {
    gate: Semaphore,
    inner: Recorder,
}

impl Handler for Stopped {
    fn follows(&self) -> &'static [&'static str] {
        self.inner.follows()
    }

    fn apply<'a>(&'a self, tx: &'a mut Tx, events: &'a [Received]) -> BoxFuture<'a, kit_db::Result<()>> {
        Box::pin(async move {
            let _open = self.gate.acquire().await;
            self.inner.apply(tx, events).await
        })
    }
}

/// Only counts.
#[derive(Default)]
struct Counting(AtomicUsize);

impl Handler for Counting {
    fn follows(&self) -> &'static [&'static str] {
        &["intake"]
    }

    fn apply<'a>(&'a self, _: &'a mut Tx, _: &'a [Received]) -> BoxFuture<'a, kit_db::Result<()>> {
        Box::pin(async { Ok(()) })
    }

    fn committed(&self, events: &[Received]) -> BoxFuture<'_, ()> {
        self.0.fetch_add(events.len(), Ordering::SeqCst);
        Box::pin(async {})
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stopped_service_delays_only_itself() -> Result<()> {
    let house = House::new().await?;
    let (intake, triage, assignment) =
        (house.log("intake").await?, house.log("triage").await?, house.log("assignment").await?);
    let (stopped, counting) =
        (Arc::new(Stopped { gate: Semaphore::new(0), inner: Recorder::default() }), Arc::new(Counting::default()));
    let producer = house.start(&intake, None).await?;
    let slow = house.start(&triage, Some(stopped.clone())).await?;
    let fast = house.start(&assignment, Some(counting.clone())).await?;
    let names = cases(50);
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    publish(&intake, &names, 0..100, 100).await?;
    eventually("the other follower has everything", PATIENCE, async || {
        let count = counting.0.load(Ordering::SeqCst);
        if count == 5000 { Ok(()) } else { Err(format!("{count}")) }
    })
    .await;
    let rows: i64 = sqlx::query_scalar("SELECT count(*) FROM seen").fetch_one(triage.pool()).await?;
    assert_eq!(rows, 0);
    stopped.gate.add_permits(1000);
    seen(&triage, 5000).await;
    whole(&triage, &names, 100).await;
    for running in [producer, slow, fast] {
        running.stop().await;
    }
    Ok(())
}
