//! The whole way: other services' logs, a real stream, and the service as the runtime starts it.

use crate::harness::{case, pack, staff};
use contracts::{Event, intake, triage};
use kit_config::MapSource;
use kit_core::Env;
use kit_messaging::{Broker, Log, Wake};
use kit_runtime::{Launch, Service};
use kit_testing::{TestDb, TestNats, eventually};
use resolution::Resolution;
use sqlx::{PgPool, migrate::Migrator};
use std::{collections::BTreeMap, sync::Arc, time::Duration};
use tokio_util::sync::CancellationToken;

const PRODUCERS: [&str; 6] = ["intake", "triage", "assignment", "deadline-watcher", "notification", "records"];

/// The logs of the services that are followed, each with its relay.
async fn producers(db: &TestDb, nats: &TestNats, stop: &CancellationToken) -> BTreeMap<&'static str, Log> {
    let mut logs = BTreeMap::new();
    for name in PRODUCERS {
        let log = Log::new(db.pools(name).await.unwrap(), Env::system(), name, Wake::default());
        let broker = Broker::connect(nats.settings(), name).await.unwrap();
        tokio::spawn(kit_messaging::produce(log.clone(), broker, stop.clone()));
        logs.insert(name, log);
    }
    logs
}

/// The regime to which the cases are pinned.
async fn regime(triage: &Log) {
    let published = triage::RegimePublished {
        regime_id: "property-internal-procedure".to_owned(),
        version: 1,
        pack: pack(),
        in_force_from: "2020-01-01".to_owned(),
        ..Default::default()
    };
    triage
        .in_tx("administrator", move |tx| {
            Box::pin(async move {
                tx.publish(&published.regime_id, &published);
                Ok(())
            })
        })
        .await
        .unwrap();
}

async fn publish<E: Event + Send + Sync + 'static>(log: &Log, event: E) {
    log.in_tx("complainant", move |tx| {
        Box::pin(async move {
            tx.publish(event.case_id(), &event);
            Ok(())
        })
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn a_withdrawal_closes_the_case_once_even_if_the_stream_is_lost_and_resent() {
    let none = Migrator::with_migrations(Vec::new());
    let mut schemas: Vec<(&str, &Migrator)> = PRODUCERS.iter().map(|name| (*name, &none)).collect();
    schemas.push(("resolution", Resolution::migrator()));
    let (db, nats, stop) = (TestDb::new(&schemas).await.unwrap(), TestNats::new(), CancellationToken::new());
    let logs = producers(&db, &nats, &stop).await;
    let settings = MapSource::default()
        .with("JIESU_RESOLUTION_DATABASE_URL", db.url("resolution").unwrap())
        .with("JIESU_RESOLUTION_LISTEN", "127.0.0.1:0")
        .with("JIESU_NATS_URL", nats.settings().url.clone())
        .with("JIESU_NATS_NAMESPACE", nats.settings().namespace.clone())
        .with("JIESU_TOKEN_KEY", "a key for tests");
    let launch = Launch::new(Env::system(), Arc::new(settings));
    let running = kit_runtime::start::<Resolution>(&launch).await.unwrap();
    let pool = db.pools("resolution").await.unwrap().commands;
    regime(&logs["triage"]).await;
    withdrawn(&logs["intake"], 1).await;
    closed(&pool, &[1]).await;
    running.stop().await.unwrap();
    // Everything is sent again, and what was applied is not applied again.
    nats.delete_stream().await.unwrap();
    let again = Launch::new(Env::system(), Arc::clone(&launch.settings));
    let running = kit_runtime::start::<Resolution>(&again).await.unwrap();
    withdrawn(&logs["intake"], 2).await;
    closed(&pool, &[1, 2]).await;
    running.stop().await.unwrap();
    stop.cancel();
    pool.close().await;
}

/// A case that is withdrawn as soon as it is registered.
async fn withdrawn(intake: &Log, nth: u128) {
    let registered = intake::CaseRegistered {
        case_id: case(nth),
        unit_id: "b03".to_owned(),
        regime_id: "property-internal-procedure".to_owned(),
        regime_version: 1,
        ..Default::default()
    };
    publish(intake, registered).await;
    publish(intake, intake::CaseWithdrawn { case_id: case(nth), by: staff("reception"), ..Default::default() }).await;
}

/// Waits until the log says of these cases, once each, that they are closed, and nothing else.
async fn closed(pool: &PgPool, cases: &[u128]) {
    let expected: Vec<(String, String)> =
        cases.iter().map(|nth| (case(*nth), "jiesu.resolution.v1.CaseClosed".to_owned())).collect();
    eventually("the cases are closed", Duration::from_secs(40), async || {
        let said: Vec<(String, String)> =
            sqlx::query_as("SELECT key, type FROM event_log ORDER BY key").fetch_all(pool).await.unwrap();
        if said == expected { Ok(()) } else { Err(format!("{said:?}")) }
    })
    .await;
}
