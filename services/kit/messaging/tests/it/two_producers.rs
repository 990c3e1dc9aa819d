//! Order is promised to each producer's events of a case, not between producers: an effect may come before its cause.

use crate::house::{House, Running, parked, parked_becomes, publish, seen};
use anyhow::Result;
use contracts::{Fact, assignment::CaseSigned};
use futures::future::BoxFuture;
use kit_db::Error;
use kit_messaging::{Handler, Log, Received, Tx};
use std::{
    collections::BTreeSet,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

/// Knows a case from intake's first event on; what assignment says of a case that is not known must wait.
#[derive(Default)]
struct Strict {
    /// Whether what assignment says of an unknown case is an error instead.
    refuses: AtomicBool,
}

fn row(event: &Received) -> (String, String) {
    let mark = match &event.fact {
        Fact::CaseWithdrawn(event) => format!("cause {}", event.by),
        Fact::CaseSigned(event) => format!("effect {}", event.staff_id),
        _ => String::new(),
    };
    (event.key().to_owned(), mark)
}

impl Handler for Strict {
    fn follows(&self) -> &'static [&'static str] {
        &["intake", "assignment"]
    }

    fn apply<'a>(&'a self, tx: &'a mut Tx, events: &'a [Received]) -> BoxFuture<'a, kit_db::Result<()>> {
        Box::pin(async move {
            let mut known: BTreeSet<String> =
                sqlx::query_scalar("SELECT key FROM seen").fetch_all(&mut *tx.conn()).await?.into_iter().collect();
            for event in events {
                if event.producer == "intake" {
                    known.insert(event.key().to_owned());
                } else if !known.contains(event.key()) {
                    let what = "the case".to_owned();
                    let refuses = self.refuses.load(Ordering::Relaxed);
                    return Err(if refuses { Error::Corrupt(what) } else { Error::NotYet(what) });
                }
            }
            let (keys, marks): (Vec<String>, Vec<String>) = events.iter().map(row).unzip();
            sqlx::query(
                "INSERT INTO seen (partition, seq, key, mark)
                 SELECT 0, 0, key, mark FROM UNNEST($1::text[], $2::text[]) AS e (key, mark)",
            )
            .bind(keys)
            .bind(marks)
            .execute(tx.conn())
            .await?;
            Ok(())
        })
    }
}

struct Three {
    house: House,
    intake: Log,
    assignment: Log,
    triage: Log,
    handler: Arc<Strict>,
    running: Vec<Running>,
}

impl Three {
    async fn start() -> Result<Self> {
        let house = House::new().await?;
        let (intake, assignment) = (house.log("intake").await?, house.log("assignment").await?);
        let triage = house.log("triage").await?;
        let handler = Arc::new(Strict::default());
        let running = vec![
            house.start(&intake, None).await?,
            house.start(&assignment, None).await?,
            house.start(&triage, Some(handler.clone())).await?,
        ];
        Ok(Self { house, intake, assignment, triage, handler, running })
    }

    /// Assignment says so many things of a case, marked 0, 1, 2 …
    async fn effects(&self, case: &'static str, marks: std::ops::Range<usize>) -> Result<()> {
        let saying = self.assignment.in_tx("staff_1", move |tx| {
            Box::pin(async move {
                for mark in marks {
                    tx.publish(case, &CaseSigned { case_id: case.to_owned(), staff_id: mark.to_string() });
                }
                Ok(())
            })
        });
        Ok(saying.await?)
    }

    async fn states(&self) -> Vec<String> {
        parked(&self.triage).await.into_iter().map(|(_, state)| state).collect()
    }

    /// What was applied of a case, in order.
    async fn marks(&self, case: &str) -> Result<Vec<String>> {
        let marks = sqlx::query_scalar("SELECT mark FROM seen WHERE key = $1 ORDER BY place").bind(case);
        Ok(marks.fetch_all(self.triage.pool()).await?)
    }

    async fn stop(self) {
        for running in self.running {
            running.stop().await;
        }
        drop(self.house);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_effect_that_came_before_its_cause_does_not_block_it() -> Result<()> {
    let three = Three::start().await?;
    three.effects("case_1", 0..3).await?;
    parked_becomes(&three.triage, 3).await;
    assert_eq!(three.states().await, ["waiting", "behind", "behind"]);
    publish(&three.intake, &["case_1", "case_2"], 0..2, 4).await?;
    seen(&three.triage, 7).await;
    parked_becomes(&three.triage, 0).await;
    let marks = three.marks("case_1").await?;
    let (causes, effects): (Vec<&str>, Vec<&str>) = marks.iter().map(String::as_str).partition(|m| m.starts_with('c'));
    assert_eq!(causes, ["cause 0", "cause 1"], "each producer's own order is kept");
    assert_eq!(effects, ["effect 0", "effect 1", "effect 2"]);
    assert_eq!(marks[0], "cause 0");
    three.stop().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_failed_blocks_every_producer_until_it_is_released() -> Result<()> {
    let three = Three::start().await?;
    three.handler.refuses.store(true, Ordering::Relaxed);
    three.effects("case_1", 0..1).await?;
    parked_becomes(&three.triage, 1).await;
    publish(&three.intake, &["case_1", "case_2"], 0..1, 2).await?;
    parked_becomes(&three.triage, 2).await;
    tokio::time::sleep(Duration::from_millis(600)).await;
    assert_eq!(three.states().await, ["failed", "behind"]);
    assert!(three.marks("case_1").await?.is_empty());

    // Released, it waits; and what it waits for stands right behind it.
    three.handler.refuses.store(false, Ordering::Relaxed);
    three.house.admin(&three.triage).await?.retry("case_1").await?;
    parked_becomes(&three.triage, 0).await;
    assert_eq!(three.marks("case_1").await?, ["cause 0", "effect 0"]);
    three.stop().await;
    Ok(())
}
