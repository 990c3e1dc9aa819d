//! Without faults the oracle finds nothing; with a doctored database it finds what was done to it.

use contracts::common::Envelope;
use prost::Message as _;
use sqlx::{AssertSqlSafe, Executor as _, PgConnection, Row as _};
use std::time::Duration;
use system_tests::{
    fleet::{Fleet, Shape},
    load::{Crew, KINDS, Tally},
    oracle::{self, Clean, Findings, Snapshot},
};

/// What is done, and as what the oracle must find it.
const TAMPERINGS: &[(&str, &str)] = &[
    ("chain", "UPDATE intake.event_log SET envelope = envelope || '\\x00' WHERE seq = 2"),
    ("chain", "UPDATE triage.event_log SET hash = sha256(hash) WHERE seq = 1"),
    ("chain", "DELETE FROM resolution.event_log WHERE seq = 2"),
    ("chain", "UPDATE records.event_head SET seq = seq + 1 WHERE seq > 0"),
    ("chain", "UPDATE records.event_head SET genesis = sha256(genesis)"),
    ("position", "UPDATE triage.follower_position SET seq = seq - 1 WHERE producer = 'intake' AND seq > 0"),
    ("position", "UPDATE triage.follower_position SET hash = sha256(hash) WHERE producer = 'intake'"),
    ("position", "DELETE FROM notification.follower_position WHERE producer = 'resolution'"),
    (
        "parked",
        "INSERT INTO records.parked_event (key, producer, partition, seq, type, envelope, state, reason, parked_at)
         VALUES ('case_1', 'intake', 0, 1, 't', '', 'waiting', 'r', now())",
    ),
    ("hand-in", "DELETE FROM intake.cases WHERE number = (SELECT min(number) FROM intake.cases)"),
    ("hand-in", "UPDATE intake.cases SET number = (SELECT min(number) FROM intake.cases)"),
    ("hand-in", "DELETE FROM intake.submissions"),
    ("hand-in", "DELETE FROM intake.case_keys WHERE purpose = 'identity'"),
    ("hand-in", "DELETE FROM intake.hand_in_answer WHERE request_id = 'clean-0'"),
    ("hand-in", "INSERT INTO intake.hand_in_answer VALUES ('other', '', '', now())"),
    ("case", "DELETE FROM triage.cases WHERE number = (SELECT min(number) FROM triage.cases)"),
    (
        "case",
        "INSERT INTO resolution.cases (case_id, unit_id, view, course, version)
         SELECT gen_random_uuid(), unit_id, view, course, version FROM resolution.cases LIMIT 1",
    ),
    ("dossier", "DELETE FROM records.dossier_entries WHERE fact = 'case-signed'"),
    ("dossier", "UPDATE records.dossier_entries SET seq = seq + 1000 WHERE fact = 'note-added'"),
    ("view", "UPDATE assignment.cases SET view = jsonb_set(view, '{severity}', '\"other\"')"),
    (
        "view",
        "UPDATE deadline_watcher.cases SET view = jsonb_set(view::jsonb, '{history}', (view::jsonb->'history') - 0)::text",
    ),
    ("view", "UPDATE records.cases SET view = jsonb_set(view, '{history}', (view->'history') || (view->'history'->0))"),
];

#[tokio::test(flavor = "multi_thread")]
async fn a_clean_run_is_found_clean_and_every_tampering_is_found() {
    let fleet = Fleet::start(Shape::default()).await;
    let crew = Crew::of(&fleet).await;
    let tally = crew.play("clean", 2 * KINDS.len(), 4).await;
    let clean = Clean::learn(&fleet, &tally).await;
    oracle::assert_all_is_well(&fleet, &tally, &clean).await;
    let mut conn = fleet.admin().await;
    jiesu::desk::until("a notice", Duration::from_secs(30), async || {
        let sql = "SELECT 1 FROM notification.event_log WHERE type LIKE '%.NoticeSent'";
        Ok(sqlx::query(sql).fetch_optional(&mut conn).await.unwrap())
    })
    .await
    .unwrap();
    oracle::at_rest(&fleet).await;
    for (kind, sql) in TAMPERINGS {
        let findings = doctored(&mut conn, sql, &tally, &clean).await;
        assert!(findings.0.contains_key(kind), "{sql}\nwas not found as {kind}, but as {findings:?}");
    }
    let again = said_twice(&mut conn, "triage", "CaseAccepted").await;
    let findings = doctored(&mut conn, &again, &tally, &clean).await;
    for kind in ["script", "position", "view"] {
        assert!(findings.0.contains_key(kind), "an event said twice was not found as {kind}, but as {findings:?}");
    }
    let again = said_twice(&mut conn, "notification", "NoticeSent").await;
    let findings = doctored(&mut conn, &again, &tally, &clean).await;
    assert!(findings.0.contains_key("notice"), "a notice that was sent twice was not found, but {findings:?}");
    let untouched = doctored(&mut conn, "SELECT 1", &tally, &clean).await;
    assert!(untouched.is_empty(), "{untouched:?}");
    fleet.stop().await;
}

/// What the oracle finds when the database is as `sql` leaves it; afterwards it is as before.
async fn doctored(conn: &mut PgConnection, sql: &str, tally: &Tally, clean: &Clean) -> Findings {
    conn.execute("BEGIN ISOLATION LEVEL REPEATABLE READ; SET CONSTRAINTS ALL DEFERRED").await.unwrap();
    // Whatever refers to a row that is taken away must not stop us: a real loss would not ask either.
    conn.execute("SET LOCAL session_replication_role = replica").await.unwrap();
    let done = conn.execute(AssertSqlSafe(sql.to_owned())).await.unwrap();
    assert!(sql == "SELECT 1" || sql.contains("event_append") || done.rows_affected() > 0, "{sql} changes nothing");
    let snapshot = Snapshot::read(conn).await.unwrap();
    conn.execute("ROLLBACK").await.unwrap();
    oracle::judge(&snapshot, tally, Some(clean)).findings
}

/// The statement that appends an event a second time, well formed and well linked, as a fault in the code would.
async fn said_twice(conn: &mut PgConnection, schema: &str, event: &str) -> String {
    let sql = format!(
        "SELECT partition, key, type, envelope FROM {schema}.event_log WHERE type LIKE '%.{event}' ORDER BY key LIMIT 1"
    );
    let row = sqlx::query(AssertSqlSafe(sql)).fetch_one(&mut *conn).await.unwrap();
    let (partition, key, kind, bytes): (i16, String, String, Vec<u8>) =
        (row.get(0), row.get(1), row.get(2), row.get(3));
    let mut envelope = Envelope::decode(bytes.as_slice()).unwrap();
    let id = "0198c0de-0000-7000-8000-000000000001";
    id.clone_into(&mut envelope.event_id);
    let bytes = hex::encode(envelope.encode_to_vec());
    format!(
        "SET LOCAL search_path = {schema}; SELECT event_append(
             ARRAY[{partition}]::smallint[], ARRAY['{id}']::uuid[], ARRAY['{key}'], ARRAY['{kind}'],
             ARRAY['\\x{bytes}']::bytea[], now())"
    )
}
