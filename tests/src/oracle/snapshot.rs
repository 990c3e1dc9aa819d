//! Everything that the services have stored, read in one transaction: as it is at one instant, however busy they are.

use contracts::{Fact, common::Envelope};
use facts::CaseView;
use kit_ids::CaseId;
use prost::Message as _;
use sqlx::{AssertSqlSafe, PgConnection, Row as _, types::Json};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// The services that keep cases, and whom each follows: the contract of proto/README.md.
pub const FOLLOWS: &[(&str, &[&str])] = &[
    ("intake", &["triage", "assignment", "resolution", "deadline-watcher", "notification", "records"]),
    ("triage", &["intake", "assignment", "resolution", "deadline-watcher"]),
    ("assignment", &["intake", "triage", "resolution", "deadline-watcher"]),
    ("resolution", &["intake", "triage", "assignment", "deadline-watcher", "notification", "records"]),
    ("deadline-watcher", &["intake", "triage", "assignment", "resolution", "notification", "records"]),
    ("notification", &["intake", "triage", "assignment", "resolution", "deadline-watcher", "records"]),
    ("records", &["intake", "triage", "assignment", "resolution", "deadline-watcher", "notification"]),
];

/// One row of a log.
#[derive(Clone, Debug)]
pub struct Entry {
    pub partition: i16,
    pub seq: i64,
    pub hash: Vec<u8>,
    pub event_id: Uuid,
    pub key: String,
    pub kind: String,
    pub bytes: Vec<u8>,
    /// None if the bytes are no envelope.
    pub envelope: Option<Envelope>,
    /// None if its data are not what its type says.
    pub fact: Option<Fact>,
}

/// The end of one partition of a log.
#[derive(Clone, Debug)]
pub struct Head {
    pub partition: i16,
    pub seq: i64,
    pub hash: Vec<u8>,
    pub genesis: Vec<u8>,
}

/// One service's tables.
#[derive(Clone, Debug, Default)]
pub struct Stored {
    pub heads: Vec<Head>,
    /// By partition and number.
    pub log: Vec<Entry>,
    /// Producer, partition → number, hash.
    pub positions: BTreeMap<(String, i16), (i64, Vec<u8>)>,
    /// Key, and what stands there.
    pub parked: Vec<(String, String)>,
    /// Each row, so that a case that is there twice shows.
    pub cases: Vec<(String, CaseView)>,
}

/// All of them.
#[derive(Clone, Debug, Default)]
pub struct Snapshot {
    pub services: BTreeMap<String, Stored>,
    /// Records: case, producer, partition, number; partition and number are none for its own.
    pub dossiers: Vec<(String, String, Option<i16>, Option<i64>)>,
    /// Intake: the request ids of hand-ins that were answered.
    pub answers: BTreeSet<String>,
    /// Intake: number → cases.
    pub numbers: BTreeMap<String, Vec<String>>,
    /// Records: each recurring duty by unit, regime, duty and first day, and whether it is done.
    pub duties: Vec<((String, String, String, String), bool)>,
    /// Intake: cases without a submission, a key, or a way back with the code.
    pub half_made: Vec<String>,
}

impl Snapshot {
    /// Reads everything. The connection must be inside a transaction that sees one instant.
    pub async fn read(conn: &mut PgConnection) -> sqlx::Result<Self> {
        let mut snapshot = Self::default();
        for (service, _) in FOLLOWS {
            snapshot.services.insert((*service).to_owned(), Stored::read(conn, &schema(service)).await?);
        }
        let rows = sqlx::query("SELECT case_id, producer, partition, seq FROM records.dossier_entries");
        for row in rows.fetch_all(&mut *conn).await? {
            snapshot.dossiers.push((case(row.get(0)), row.get(1), row.get(2), row.get(3)));
        }
        let answers = sqlx::query_scalar("SELECT request_id FROM intake.hand_in_answer");
        snapshot.answers = answers.fetch_all(&mut *conn).await?.into_iter().collect();
        for row in sqlx::query("SELECT number, case_id FROM intake.cases").fetch_all(&mut *conn).await? {
            snapshot.numbers.entry(row.get(0)).or_default().push(case(row.get(1)));
        }
        let duties = "SELECT unit_id, regime_id, duty, first_day::text, done_at IS NOT NULL FROM records.duties";
        for row in sqlx::query(duties).fetch_all(&mut *conn).await? {
            snapshot.duties.push(((row.get(0), row.get(1), row.get(2), row.get(3)), row.get(4)));
        }
        let half_made = sqlx::query_scalar(
            "SELECT c.case_id FROM intake.cases AS c
             WHERE (SELECT count(*) FROM intake.submissions AS s WHERE s.case_id = c.case_id) <> 1
                OR (SELECT count(*) FROM intake.case_keys AS k WHERE k.case_id = c.case_id) <> 2
                   AND NOT EXISTS (SELECT 1 FROM jsonb_array_elements(c.view->'history') AS h
                                   WHERE h->>'word' = 'case-purged')
                OR (SELECT count(*) FROM intake.receipts AS r WHERE r.case_id = c.case_id)
                   + (SELECT count(*) FROM intake.receipt_waiting AS w WHERE w.case_id = c.case_id) = 0",
        );
        snapshot.half_made = half_made.fetch_all(&mut *conn).await?.into_iter().map(case).collect();
        Ok(snapshot)
    }

    /// The stored tables of a service.
    pub fn of(&self, service: &str) -> &Stored {
        &self.services[service]
    }

    /// All logs, each with its owner.
    pub fn logs(&self) -> impl Iterator<Item = (&str, &Entry)> {
        self.services.iter().flat_map(|(service, stored)| stored.log.iter().map(move |entry| (service.as_str(), entry)))
    }
}

impl Stored {
    async fn read(conn: &mut PgConnection, schema: &str) -> sqlx::Result<Self> {
        let mut stored = Self::default();
        let sql = format!("SELECT partition, seq, hash, genesis FROM {schema}.event_head ORDER BY partition");
        for row in sqlx::query(AssertSqlSafe(sql)).fetch_all(&mut *conn).await? {
            let (partition, seq, hash, genesis) = (row.get(0), row.get(1), row.get(2), row.get(3));
            stored.heads.push(Head { partition, seq, hash, genesis });
        }
        let sql = format!(
            "SELECT partition, seq, hash, event_id, key, type, envelope FROM {schema}.event_log ORDER BY partition, seq"
        );
        for row in sqlx::query(AssertSqlSafe(sql)).fetch_all(&mut *conn).await? {
            let bytes: Vec<u8> = row.get(6);
            let envelope = Envelope::decode(bytes.as_slice()).ok();
            let fact = envelope.as_ref().and_then(|e| Fact::decode(&e.r#type, &e.data).ok().flatten());
            let (partition, seq, hash, event_id) = (row.get(0), row.get(1), row.get(2), row.get(3));
            let (key, kind) = (row.get(4), row.get(5));
            stored.log.push(Entry { partition, seq, hash, event_id, key, kind, bytes, envelope, fact });
        }
        let sql = format!("SELECT producer, partition, seq, hash FROM {schema}.follower_position");
        for row in sqlx::query(AssertSqlSafe(sql)).fetch_all(&mut *conn).await? {
            stored.positions.insert((row.get(0), row.get(1)), (row.get(2), row.get(3)));
        }
        let sql = format!("SELECT key, key || ' ' || type || ' ' || state || ' ' || reason FROM {schema}.parked_event");
        stored.parked = sqlx::query_as(AssertSqlSafe(sql)).fetch_all(&mut *conn).await?;
        // The watcher keeps it as text.
        let sql = format!("SELECT case_id, view::jsonb FROM {schema}.cases");
        for row in sqlx::query(AssertSqlSafe(sql)).fetch_all(&mut *conn).await? {
            let Json(view): Json<CaseView> = row.get(1);
            stored.cases.push((case(row.get(0)), view));
        }
        Ok(stored)
    }
}

/// The schema of a service.
pub fn schema(service: &str) -> String {
    service.replace('-', "_")
}

fn case(id: Uuid) -> String {
    CaseId::new(id).to_string()
}
