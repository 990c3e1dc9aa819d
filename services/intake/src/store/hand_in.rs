//! Everything a hand-in writes, numbers and rows, for any number of cases in one statement.

use chrono::{DateTime, Utc};
use facts::CaseView;
use kit_db::{Error, Result};
use sqlx::{PgConnection, PgExecutor, types::Json};
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

/// The rows of new cases, column by column as the statement takes them.
#[derive(Default)]
pub(crate) struct Rows {
    cases: Vec<Uuid>,
    submissions: Vec<Uuid>,
    units: Vec<String>,
    channels: Vec<String>,
    recorded_by: Vec<Option<String>>,
    received_at: Vec<DateTime<Utc>>,
    series: Vec<String>,
    heads: Vec<String>,
    widths: Vec<i32>,
    tails: Vec<String>,
    languages: Vec<String>,
    views: Vec<Json<CaseView>>,
    quick: Vec<Vec<u8>>,
    sealed_codes: Vec<Vec<u8>>,
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
    like_cases: Vec<Uuid>,
    like_sorts: Vec<&'static str>,
    likenesses: Vec<Vec<u8>>,
}

/// How a number of a series is written: its running part, of `width` digits at least, between `head` and `tail`.
pub(crate) struct Pattern {
    pub(crate) series: String,
    pub(crate) head: String,
    pub(crate) width: i32,
    pub(crate) tail: String,
}

/// One new case; its number, and that in the view, come with the row.
pub(crate) struct NewCase {
    pub(crate) case_id: Uuid,
    pub(crate) submission_id: Uuid,
    pub(crate) recorded_by: Option<String>,
    pub(crate) language: String,
    pub(crate) view: CaseView,
    pub(crate) pattern: Pattern,
    pub(crate) quick: Vec<u8>,
    pub(crate) sealed_code: Vec<u8>,
    pub(crate) request_id: String,
    pub(crate) digest: Vec<u8>,
    pub(crate) answer: Vec<u8>,
    pub(crate) secrets: Secrets,
    /// What makes it like others: (sort, digest).
    pub(crate) likeness: Vec<(&'static str, Vec<u8>)>,
}

/// A sealed text: (ref, purpose, field, nonce, body).
pub(crate) type SealedRow = (Uuid, &'static str, &'static str, Vec<u8>, Vec<u8>);

/// The sealed part of a new case: keys as (purpose, wrapped), and texts.
#[derive(Clone, Default)]
pub(crate) struct Secrets {
    pub(crate) keys: Vec<(&'static str, Vec<u8>)>,
    pub(crate) texts: Vec<SealedRow>,
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
        for (sort, digest) in new.likeness {
            self.like_cases.push(new.case_id);
            self.like_sorts.push(sort);
            self.likenesses.push(digest);
        }
        self.cases.push(new.case_id);
        self.submissions.push(new.submission_id);
        self.units.push(new.view.unit_id.clone());
        self.channels.push(new.view.channel.clone());
        self.recorded_by.push(new.recorded_by);
        self.received_at.push(new.view.received_at);
        self.series.push(new.pattern.series);
        self.heads.push(new.pattern.head);
        self.widths.push(new.pattern.width);
        self.tails.push(new.pattern.tail);
        self.languages.push(new.language);
        self.views.push(Json(new.view));
        self.quick.push(new.quick);
        self.sealed_codes.push(new.sealed_code);
        self.requests.push(new.request_id);
        self.digests.push(new.digest);
        self.answers.push(new.answer);
    }

    /// Numbers and stores the whole batch; answers the numbers in its order. From here to the end of the transaction
    /// nobody else gets a number of these series, so a rollback leaves no gap.
    pub(crate) async fn insert(self, db: &mut PgConnection, at: DateTime<Utc>) -> Result<Vec<String>> {
        let numbers = sqlx::query_scalar(INSERT)
            .bind(self.cases)
            .bind(self.submissions)
            .bind(self.units)
            .bind(self.channels)
            .bind(self.recorded_by)
            .bind(self.received_at)
            .bind(self.series)
            .bind(self.heads)
            .bind(self.widths)
            .bind(self.tails)
            .bind(self.languages)
            .bind(self.views)
            .bind(self.quick)
            .bind(self.sealed_codes)
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
            .bind(self.like_cases)
            .bind(self.like_sorts)
            .bind(self.likenesses)
            .fetch_all(db)
            .await?;
        Ok(numbers)
    }
}

/// The series are taken first, in one order, since all that could wait for another hand-in reads from `numbered`: two
/// batches cannot deadlock.
const INSERT: &str = "
    WITH taken AS (
        INSERT INTO number_series AS s (series, last)
        SELECT series, count(*) FROM UNNEST($7::text[]) AS w (series) GROUP BY series ORDER BY series
        ON CONFLICT (series) DO UPDATE SET last = s.last + EXCLUDED.last
        RETURNING series, last
    ), counted AS (
        SELECT n.*, t.last - count(*) OVER (PARTITION BY series)
            + row_number() OVER (PARTITION BY series ORDER BY place) AS nth
        FROM UNNEST($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::timestamptz[], $7::text[],
                    $8::text[], $9::integer[], $10::text[], $11::text[], $12::jsonb[], $13::bytea[], $14::bytea[],
                    $15::text[], $16::bytea[], $17::bytea[]) WITH ORDINALITY
            AS n (case_id, submission_id, unit_id, channel, recorded_by, received_at, series,
                  head, width, tail, language, view, quick, sealed_code,
                  request_id, digest, answer, place)
        JOIN taken t USING (series)
    ), numbered AS MATERIALIZED (
        SELECT *, head || lpad(nth::text, greatest(width, length(nth::text)), '0') || tail AS number FROM counted
    ), new_case AS (
        INSERT INTO cases (case_id, unit_id, number, language, view, version)
        SELECT case_id, unit_id, number, language, jsonb_set(view, '{number}', to_jsonb(number)), 1 FROM numbered
    ), new_submission AS (
        INSERT INTO submissions (case_id, submission_id, unit_id, channel, recorded_by, received_at)
        SELECT case_id, submission_id, unit_id, channel, recorded_by, received_at FROM numbered
    ), new_receipt AS (
        INSERT INTO receipt_waiting (case_id, quick, sealed, free_at)
        SELECT case_id, quick, sealed_code, $28 FROM numbered
    ), new_answer AS (
        INSERT INTO hand_in_answer (request_id, digest, sealed, at)
        SELECT request_id, digest, answer, $28 FROM numbered
    ), new_key AS (
        INSERT INTO case_keys (case_id, purpose, wrapped) SELECT * FROM UNNEST($18::uuid[], $19::text[], $20::bytea[])
    ), new_likeness AS (
        INSERT INTO likeness (case_id, sort, digest)
        SELECT * FROM UNNEST($29::uuid[], $30::text[], $31::bytea[])
    ), new_text AS (
        INSERT INTO sealed (ref_id, case_id, purpose, field, nonce, body, version, at)
        SELECT n.*, $27, $28
        FROM UNNEST($21::uuid[], $22::uuid[], $23::text[], $24::text[], $25::bytea[], $26::bytea[]) AS n
    )
    SELECT number FROM numbered ORDER BY place";

/// Whether somebody was quicker with the same request, or drew the same receipt: worth one more look.
pub(crate) fn is_taken(error: &Error) -> bool {
    matches!(error, Error::Database(sqlx::Error::Database(refusal))
        if matches!(refusal.constraint(), Some("hand_in_answer_pkey" | "receipt_waiting_quick_key")))
}
