//! The table of notices, as plans fill it and people read it.

use crate::domain::{Owed, Params, PlannedNotice};
use chrono::{DateTime, Utc};
use facts::CaseView;
use kit_db::Result;
use kit_ids::{CaseId, NoticeId};
use serde::Serialize;
use sqlx::{PgConnection, PgPool, types::Json};
use std::collections::BTreeMap;
use uuid::Uuid;

/// A notice that is about to be queued, or to wait by hand.
pub(crate) struct NewNotice {
    pub(crate) notice_id: NoticeId,
    pub(crate) about: Subject,
    pub(crate) document: String,
    pub(crate) planned: PlannedNotice,
}

/// What it is about: a case, or else a duty; and the version of the regime whose words it has.
#[derive(Clone, Debug)]
pub(crate) struct Subject {
    pub(crate) case_id: Option<CaseId>,
    pub(crate) regime: (String, u32),
}

/// How many documents of each template a case has.
#[derive(Default)]
pub(crate) struct Numbers(BTreeMap<(CaseId, String), i64>);

impl Numbers {
    /// The number of the next document: that of the case, the template, and which of them it is.
    pub(crate) fn next(&mut self, case_id: CaseId, planned: &PlannedNotice) -> String {
        let nth = self.0.entry((case_id, planned.template.clone())).or_default();
        *nth += 1;
        format!("{}-{}-{nth}", planned.params.number, planned.template)
    }
}

/// The documents that these cases have already. The cases are under lock.
pub(crate) async fn documents(conn: &mut PgConnection, cases: &[CaseId]) -> Result<Numbers> {
    if cases.is_empty() {
        return Ok(Numbers::default());
    }
    let rows: Vec<(Uuid, String, i64)> = sqlx::query_as(
        "SELECT case_id, template, count(*) FROM notices WHERE case_id = ANY($1) AND document <> ''
         GROUP BY case_id, template",
    )
    .bind(cases.iter().map(|id| id.uuid()).collect::<Vec<_>>())
    .fetch_all(conn)
    .await?;
    Ok(Numbers(rows.into_iter().map(|(case, template, count)| ((CaseId::new(case), template), count)).collect()))
}

/// A notice as its row holds it. Rows travel as JSON, because there are too many columns for a list of lists.
#[derive(Serialize)]
struct Row<'a> {
    notice_id: Uuid,
    case_id: Option<Uuid>,
    regime_id: &'a str,
    regime_version: u32,
    dedupe_key: &'a str,
    kind: &'static str,
    recipient: &'a str,
    staff_id: Option<&'a str>,
    template: &'a str,
    params: &'a Params,
    parts: &'a BTreeMap<String, String>,
    done: &'a str,
    document: &'a str,
    cite: &'a str,
    owed: Option<&'a Owed>,
    state: &'static str,
}

/// Queues the notices that are not there yet, in one statement.
pub(crate) async fn insert(conn: &mut PgConnection, notices: &[NewNotice], now: DateTime<Utc>) -> Result<()> {
    if notices.is_empty() {
        return Ok(());
    }
    let rows: Vec<Json<Row<'_>>> = notices.iter().map(|new| Json(row(new))).collect();
    sqlx::query(
        "INSERT INTO notices (notice_id, case_id, regime_id, regime_version, dedupe_key, way, recipient_kind, recipient, staff_id, template, params,
                              parts, done, document, cite, owed, state, next_at, created_at, changed_at)
         SELECT r.notice_id, r.case_id, r.regime_id, r.regime_version, r.dedupe_key, 'email', r.kind, r.recipient, r.staff_id, r.template, r.params,
                r.parts, r.done, r.document, r.cite, r.owed, r.state, $2, $2, $2
         FROM UNNEST($1::jsonb[]) AS u (body),
              jsonb_to_record(u.body) AS r (notice_id uuid, case_id uuid, regime_id text, regime_version integer, dedupe_key text, kind text, recipient text,
                  staff_id text, template text, params jsonb, parts jsonb, done text, document text, cite text,
                  owed jsonb, state text)
         ON CONFLICT (dedupe_key) DO NOTHING",
    )
    .bind(rows)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}

fn row(new: &NewNotice) -> Row<'_> {
    let NewNotice { notice_id, about, document, planned } = new;
    let (regime_id, regime_version) = &about.regime;
    Row {
        notice_id: notice_id.uuid(),
        case_id: about.case_id.map(CaseId::uuid),
        regime_id,
        regime_version: *regime_version,
        dedupe_key: &planned.dedupe_key,
        kind: planned.kind.word(),
        recipient: &planned.recipient,
        staff_id: planned.staff_id.as_deref(),
        template: &planned.template,
        params: &planned.params,
        parts: &planned.parts,
        done: &planned.done,
        document,
        cite: &planned.cite,
        owed: planned.owed.as_ref(),
        state: if planned.is_by_hand { "by-hand" } else { "queued" },
    }
}

/// One notice as people see it.
#[derive(sqlx::FromRow)]
pub(crate) struct Delivery {
    pub(crate) notice_id: Uuid,
    pub(crate) way: String,
    pub(crate) recipient: String,
    pub(crate) template: String,
    pub(crate) state: String,
    pub(crate) document: String,
    pub(crate) cite: String,
    pub(crate) changed_at: DateTime<Utc>,
}

/// The notices of a case, oldest first; one that had nobody to go to is not shown.
pub(crate) async fn list(pool: &PgPool, case: CaseId) -> Result<Vec<Delivery>> {
    let rows = sqlx::query_as(
        "SELECT notice_id, way, recipient, template, state, document, cite, changed_at FROM notices
         WHERE case_id = $1 AND (state <> 'dropped' OR document <> '') ORDER BY created_at, notice_id",
    )
    .bind(case.uuid())
    .fetch_all(pool)
    .await?;
    Ok(rows)
}

/// What a document is made of; the version whose words it has stands in the rows since cases can move to another.
#[derive(sqlx::FromRow)]
pub(crate) struct Document {
    pub(crate) regime_id: Option<String>,
    pub(crate) regime_version: Option<i32>,
    pub(crate) template: String,
    pub(crate) params: Json<Params>,
    pub(crate) parts: Json<BTreeMap<String, String>>,
}

/// The version whose words a notice has: that of its row, or, in a row of before, that of its case.
pub(crate) fn words_of(id: Option<String>, version: Option<i32>, view: Option<&CaseView>) -> (String, u32) {
    let own = id.zip(version.and_then(|version| u32::try_from(version).ok()));
    own.or_else(|| view.map(|view| (view.regime_id.clone(), view.regime_version))).unwrap_or_default()
}

/// The document of this number in a case.
pub(crate) async fn document(pool: &PgPool, case: CaseId, number: &str) -> Result<Option<Document>> {
    let row = sqlx::query_as(
        "SELECT regime_id, regime_version, template, params, parts FROM notices
         WHERE case_id = $1 AND document = $2 AND document <> ''",
    )
    .bind(case.uuid())
    .bind(number)
    .fetch_optional(pool)
    .await?;
    Ok(row)
}
