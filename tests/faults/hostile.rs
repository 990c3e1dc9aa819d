//! Rows in a producer's log that nobody can apply: they stop one case or one partition, and nothing else.

use contracts::common::Envelope;
use prost::Message as _;
use sqlx::{AssertSqlSafe, Executor as _, PgConnection, Row as _};
use std::time::Duration;
use system_tests::{
    Dice, Scene,
    fleet::Shape,
    load::KINDS,
    oracle::{self, FOLLOWS, home, schema},
};

/// Whose log it is: everyone but intake's own hand-ins depends on it.
const PRODUCER: &str = "triage";
/// How long someone whose case may stand still asks again.
const PATIENCE: Duration = Duration::from_secs(15);

/// An event of a case that is there, as the log holds it.
struct Victim {
    case: String,
    envelope: Envelope,
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_that_cannot_be_read_stops_its_case_alone() {
    let mut scene = Scene::open(Dice::of("hostile-payload"), Shape::default()).await;
    let victim = victim(&mut scene).await;
    let garbage = Envelope { data: b"\xff\xff\xff\xff not a message".to_vec(), ..victim.envelope };
    append(&mut scene.fleet.admin().await, home(&victim.case), &victim.case, &garbage).await;
    everyone_else_goes_on(&mut scene, None, Some(&victim.case)).await;
    assert_parked_everywhere(&scene, &victim.case).await;
    scene.fleet.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_in_another_partition_than_its_case_stops_its_case_alone() {
    let mut scene = Scene::open(Dice::of("hostile-partition"), Shape::default()).await;
    let victim = victim(&mut scene).await;
    let elsewhere = (home(&victim.case) + 1) % 16;
    append(&mut scene.fleet.admin().await, elsewhere, &victim.case, &victim.envelope).await;
    everyone_else_goes_on(&mut scene, None, Some(&victim.case)).await;
    assert_parked_everywhere(&scene, &victim.case).await;
    scene.fleet.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_with_a_wrong_link_stops_its_partition_alone() {
    let mut scene = Scene::open(Dice::of("hostile-link"), Shape::default()).await;
    let victim = victim(&mut scene).await;
    let partition = home(&victim.case);
    let mut admin = scene.fleet.admin().await;
    // In one transaction with the append, or the relay may be quicker than we.
    admin.execute("BEGIN").await.unwrap();
    append(&mut admin, partition, &victim.case, &victim.envelope).await;
    let broken = format!(
        "UPDATE {PRODUCER}.event_log AS l SET hash = sha256(l.hash) FROM {PRODUCER}.event_head AS h
         WHERE h.partition = {partition} AND l.partition = h.partition AND l.seq = h.seq;
         UPDATE {PRODUCER}.event_head SET hash = sha256(hash) WHERE partition = {partition};
         COMMIT"
    );
    admin.execute(AssertSqlSafe(broken)).await.unwrap();
    everyone_else_goes_on(&mut scene, Some(partition), None).await;
    for (follower, producers) in FOLLOWS {
        if producers.contains(&PRODUCER) {
            let sql = format!(
                "SELECT h.seq - p.seq FROM {PRODUCER}.event_head AS h JOIN {}.follower_position AS p
                 ON p.partition = h.partition AND p.producer = $1 WHERE h.partition = $2",
                schema(follower)
            );
            let behind: i64 = sqlx::query_scalar(AssertSqlSafe(sql))
                .bind(PRODUCER)
                .bind(partition)
                .fetch_one(&mut admin)
                .await
                .unwrap();
            assert!(behind > 0, "{follower} applied an event that is not linked to what it had applied");
        }
    }
    scene.fleet.stop().await;
}

/// A case that was accepted but not ended, and triage's last event about it.
async fn victim(scene: &mut Scene) -> Victim {
    let sql = format!(
        "SELECT key, envelope FROM {PRODUCER}.event_log WHERE type LIKE '%.CaseGraded'
         AND key NOT IN (SELECT key FROM resolution.event_log WHERE type LIKE '%.CaseClosed') ORDER BY key"
    );
    let rows = sqlx::query(AssertSqlSafe(sql)).fetch_all(&mut scene.fleet.admin().await).await.unwrap();
    let row = &rows[scene.dice.draw(rows.len())];
    let (case, bytes): (String, Vec<u8>) = (row.get(0), row.get(1));
    let mut envelope = Envelope::decode(bytes.as_slice()).unwrap();
    envelope.event_id = "0198c0de-0000-7000-8000-000000000001".to_owned();
    println!("{case} of partition {} is the one", home(&case));
    Victim { case, envelope }
}

/// Appends to the producer's log as its own code would, whatever it is.
async fn append(conn: &mut PgConnection, partition: i16, key: &str, envelope: &Envelope) {
    conn.execute(AssertSqlSafe(format!("SET search_path = {PRODUCER}"))).await.unwrap();
    sqlx::query(
        "SELECT event_append(ARRAY[$1]::smallint[], ARRAY[$2::uuid], ARRAY[$3], ARRAY[$4], ARRAY[$5]::bytea[], now())",
    )
    .bind(partition)
    .bind(envelope.event_id.as_str())
    .bind(key)
    .bind(envelope.r#type.as_str())
    .bind(envelope.encode_to_vec())
    .execute(conn)
    .await
    .unwrap();
}

/// Work as before; whatever does not concern the partition or the case comes to its end and is well.
async fn everyone_else_goes_on(scene: &mut Scene, partition: Option<i16>, case: Option<&str>) {
    let crew = scene.crew.impatient(PATIENCE);
    let tally = crew.play("hostile", 6 * KINDS.len(), 8).await;
    let stuck = tally.handed.iter().filter(|handed| handed.receipt.is_some() && !handed.is_done).count();
    println!("{} hand-ins beside it, {stuck} could not go on", tally.handed.len());
    scene.tally = std::mem::take(&mut scene.tally).and(tally);
    let snapshot = oracle::at_rest_beside(&scene.fleet, partition, case).await;
    let verdict = oracle::judge(&snapshot, &scene.tally, Some(&scene.clean));
    let beside = verdict.findings.clone().beside(partition, case);
    assert!(beside.is_empty(), "more than one case or partition was hurt: {beside:?}");
    assert!(!verdict.findings.is_empty(), "the hostile row was taken for good");
}

async fn assert_parked_everywhere(scene: &Scene, case: &str) {
    let mut admin = scene.fleet.admin().await;
    for (follower, producers) in FOLLOWS {
        if producers.contains(&PRODUCER) {
            let sql =
                format!("SELECT count(*) FROM {}.parked_event WHERE key = $1 AND state = 'failed'", schema(follower));
            let parked: i64 = sqlx::query_scalar(AssertSqlSafe(sql)).bind(case).fetch_one(&mut admin).await.unwrap();
            assert_eq!(parked, 1, "{follower} has not put the event aside");
        }
    }
}
