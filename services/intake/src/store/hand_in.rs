//! Everything a hand-in writes, for any number of cases in two statements: the numbers, then the rows.

use chrono::{DateTime, Utc};
use facts::CaseView;
use kit_db::{Error, Result};
use sqlx::{PgConnection, PgExecutor, types::Json};
use std::collections::BTreeMap;
use uuid::Uuid;

/// A first answer, still sealed.
#[derive(sqlx::FromRow)]
pub(crate) struct Answer {
    pub(crate) request_id: String,
    pub(crate) digest: Vec<u8>,
    pub(crate) sealed: Vec<u8>,
}

/// The answers that these requests have had.
pub(crate) async fn answers(db: impl PgExecutor<'_>, requests: &[String]) -> Result<Vec<Answer>> {
    Ok(sqlx::query_as("SELECT request_id, digest, sealed FROM hand_in_answer WHERE request_id = ANY($1)")
        .bind(requests)
        .fetch_all(db)
        .await?)
}

/// Takes so many numbers of each series, and answers the last one taken. Until the transaction ends nobody else gets a
/// number of these series, so a rollback leaves no gap. Series are taken in one order: two batches cannot deadlock.
pub(crate) async fn take_numbers(
    db: &mut PgConnection,
    wanted: &BTreeMap<String, i64>,
) -> Result<BTreeMap<String, i64>> {
    let series: Vec<&str> = wanted.keys().map(String::as_str).collect();
    let counts: Vec<i64> = wanted.values().copied().collect();
    let rows: Vec<(String, i64)> = sqlx::query_as(
        "INSERT INTO number_series AS n (series, last)
         SELECT series, wanted FROM UNNEST($1::text[], $2::bigint[]) AS w (series, wanted) ORDER BY series
         ON CONFLICT (series) DO UPDATE SET last = n.last + EXCLUDED.last
         RETURNING series, last",
    )
    .bind(series)
    .bind(counts)
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().collect())
}

/// The rows of new cases, column by column as the statement takes them.
#[derive(Default)]
pub(crate) struct Rows {
    cases: Vec<Uuid>,
    submissions: Vec<Uuid>,
    units: Vec<String>,
    channels: Vec<String>,
    recorded_by: Vec<Option<String>>,
    received_at: Vec<DateTime<Utc>>,
    numbers: Vec<String>,
    languages: Vec<String>,
    views: Vec<Json<CaseView>>,
    lookups: Vec<Vec<u8>>,
    requests: Vec<String>,
    digests: Vec<Vec<u8>>,
    answers: Vec<Vec<u8>>,
    key_cases: Vec<Uuid>,
    key_purposes: Vec<&'static str>,
    keys: Vec<Vec<u8>>,
    sealed_refs: Vec<Uuid>,
    sealed_cases: Vec<Uuid>,
    sealed_purposes: Vec<&'static str>,
    sealed_fields: Vec<&'static str>,
    nonces: Vec<Vec<u8>>,
    bodies: Vec<Vec<u8>>,
}

/// One new case.
pub(crate) struct NewCase {
    pub(crate) case_id: Uuid,
    pub(crate) submission_id: Uuid,
    pub(crate) recorded_by: Option<String>,
    pub(crate) language: String,
    pub(crate) view: CaseView,
    pub(crate) lookup: Vec<u8>,
    pub(crate) request_id: String,
    pub(crate) digest: Vec<u8>,
    pub(crate) answer: Vec<u8>,
    pub(crate) secrets: Secrets,
}

/// The sealed part of a new case: keys as (purpose, wrapped), texts as (ref, purpose, field, nonce, body).
#[derive(Clone, Default)]
pub(crate) struct Secrets {
    pub(crate) keys: Vec<(&'static str, Vec<u8>)>,
    pub(crate) texts: Vec<(Uuid, &'static str, &'static str, Vec<u8>, Vec<u8>)>,
}

impl Rows {
    /// Adds a case to the batch.
    pub(crate) fn push(&mut self, new: NewCase) {
        for (purpose, wrapped) in new.secrets.keys {
            self.key_cases.push(new.case_id);
            self.key_purposes.push(purpose);
            self.keys.push(wrapped);
        }
        for (ref_id, purpose, field, nonce, body) in new.secrets.texts {
            self.sealed_refs.push(ref_id);
            self.sealed_cases.push(new.case_id);
            self.sealed_purposes.push(purpose);
            self.sealed_fields.push(field);
            self.nonces.push(nonce);
            self.bodies.push(body);
        }
        self.cases.push(new.case_id);
        self.submissions.push(new.submission_id);
        self.units.push(new.view.unit_id.clone());
        self.channels.push(new.view.channel.clone());
        self.recorded_by.push(new.recorded_by);
        self.received_at.push(new.view.received_at);
        self.numbers.push(new.view.number.clone());
        self.languages.push(new.language);
        self.views.push(Json(new.view));
        self.lookups.push(new.lookup);
        self.requests.push(new.request_id);
        self.digests.push(new.digest);
        self.answers.push(new.answer);
    }

    /// Stores the whole batch in one statement.
    pub(crate) async fn insert(self, db: &mut PgConnection, at: DateTime<Utc>) -> Result<()> {
        sqlx::query(INSERT)
            .bind(self.cases)
            .bind(self.submissions)
            .bind(self.units)
            .bind(self.channels)
            .bind(self.recorded_by)
            .bind(self.received_at)
            .bind(self.numbers)
            .bind(self.languages)
            .bind(self.views)
            .bind(self.lookups)
            .bind(self.requests)
            .bind(self.digests)
            .bind(self.answers)
            .bind(self.key_cases)
            .bind(self.key_purposes)
            .bind(self.keys)
            .bind(self.sealed_refs)
            .bind(self.sealed_cases)
            .bind(self.sealed_purposes)
            .bind(self.sealed_fields)
            .bind(self.nonces)
            .bind(self.bodies)
            .bind(crate::domain::vault::VERSION)
            .bind(at)
            .execute(db)
            .await?;
        Ok(())
    }
}

const INSERT: &str = "
    WITH new_case AS (
        INSERT INTO cases (case_id, unit_id, number, language, view, version)
        SELECT case_id, unit_id, number, language, view, 1
        FROM UNNEST($1::uuid[], $3::text[], $7::text[], $8::text[], $9::jsonb[]) AS n (case_id, unit_id, number, language, view)
    ), new_submission AS (
        INSERT INTO submissions (case_id, submission_id, unit_id, channel, recorded_by, received_at)
        SELECT * FROM UNNEST($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::timestamptz[])
    ), new_receipt AS (
        INSERT INTO receipts (lookup, case_id) SELECT * FROM UNNEST($10::bytea[], $1::uuid[])
    ), new_key AS (
        INSERT INTO case_keys (case_id, purpose, wrapped) SELECT * FROM UNNEST($14::uuid[], $15::text[], $16::bytea[])
    ), new_text AS (
        INSERT INTO sealed (ref_id, case_id, purpose, field, nonce, body, version, at)
        SELECT n.*, $23, $24
        FROM UNNEST($17::uuid[], $18::uuid[], $19::text[], $20::text[], $21::bytea[], $22::bytea[]) AS n
    )
    INSERT INTO hand_in_answer (request_id, digest, sealed, at)
    SELECT n.*, $24 FROM UNNEST($11::text[], $12::bytea[], $13::bytea[]) AS n";

/// Whether somebody was quicker with the same request, or drew the same receipt: worth one more look.
pub(crate) fn is_taken(error: &Error) -> bool {
    matches!(error, Error::Database(sqlx::Error::Database(refusal))
        if matches!(refusal.constraint(), Some("hand_in_answer_pkey" | "receipts_pkey")))
}
