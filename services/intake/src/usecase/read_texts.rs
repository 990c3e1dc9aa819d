//! Reading what was said. The reading is in the log before anything is answered.

use crate::{
    app::App,
    domain::{
        text::{self, LINE},
        vault::{DataKey, Master, Purpose},
    },
    store::{
        case,
        vault::{self, SealedRow},
    },
    usecase::seal,
};
use contracts::{
    common::VaultRef,
    intake::{NarrativeRead, ReadTextsRequest, ReadTextsResponse, SealedText},
};
use house::House;
use kit_core::Problem;
use kit_db::Result;
use kit_grpc::{Ctx, parse_id, timestamp};
use kit_ids::{CaseId, RefId};
use kit_messaging::Tx;
use regime::Confided;
use std::{collections::BTreeSet, sync::Arc};
use uuid::Uuid;

/// The most texts named in one call.
const MOST: usize = 200;

/// Opens the texts asked for, or everything that the complainant said.
#[tracing::instrument(name = "usecase.text.read", skip_all)]
pub(crate) async fn read_texts(app: &App, ctx: &Ctx, request: ReadTextsRequest) -> Result<ReadTextsResponse> {
    let staff = ctx.staff()?.to_string();
    let case = parse_id::<CaseId>("case_id", &request.case_id)?.uuid();
    let reading = Reading::new(app, case, refs(&request.ref_ids)?, request.reason, &staff);
    let (key, rows) = app.log.in_tx(&staff, move |tx| Box::pin(reading.record(tx))).await?;
    let texts = rows.into_iter().map(|row| opened(&key, row)).collect::<Result<_>>()?;
    Ok(ReadTextsResponse { texts })
}

/// What one member of staff wants to read, and why.
pub(super) struct Reading {
    case: Uuid,
    refs: BTreeSet<Uuid>,
    reason: String,
    staff: String,
    law: Arc<House>,
    master: Arc<Master>,
}

impl Reading {
    pub(super) fn new(app: &App, case: Uuid, refs: BTreeSet<Uuid>, reason: String, staff: &str) -> Self {
        let (staff, law, master) = (staff.to_owned(), app.law(), Arc::clone(&app.master));
        Self { case, refs, reason, staff, law, master }
    }

    /// Checks the right, writes the reading down, and answers what is then to be opened.
    pub(super) async fn record(self, tx: &mut Tx) -> Result<(DataKey, Vec<SealedRow>)> {
        let case = self.case;
        let row = case::get(&mut *tx.conn(), case).await?;
        if !facts::may_read(&self.law, &row.view, &self.staff) {
            return Err(Problem::unknown_case().into());
        }
        facts::confided(&self.law, &row.view, &self.staff, Confided::Content)?;
        let is_handler = row.view.handler.as_deref() == Some(self.staff.as_str());
        let key = seal::key(&mut *tx.conn(), &self.master, case, Purpose::Content).await?;
        let rows = rows(tx, case, &self.refs).await?;
        // For one's own case the assignment is the reason.
        let reason = if is_handler && self.reason.trim().is_empty() {
            None
        } else {
            let reason = text::required("reason", self.reason, LINE)?;
            Some(seal::seal(tx, &self.master, case, "reason", &reason).await?)
        };
        publish(tx, case, self.staff, &rows, reason);
        Ok((key, rows))
    }
}

fn refs(ids: &[String]) -> Result<BTreeSet<Uuid>> {
    if ids.len() > MOST {
        let (zh, en) = (format!("一次最多读取 {MOST} 份"), format!("At most {MOST} texts can be read at once"));
        return Err(Problem::field("ref_ids", "too-many", zh, en).into());
    }
    ids.iter().map(|id| Ok(parse_id::<RefId>("ref_ids", id)?.uuid())).collect()
}

async fn rows(tx: &mut Tx, case: Uuid, refs: &BTreeSet<Uuid>) -> Result<Vec<SealedRow>> {
    if refs.is_empty() {
        return vault::told_by_complainant(tx.conn(), case).await;
    }
    let wanted: Vec<Uuid> = refs.iter().copied().collect();
    let rows = vault::texts(tx.conn(), case, &wanted).await?;
    if rows.len() == wanted.len() {
        return Ok(rows);
    }
    Err(unknown().into())
}

/// The case has nothing of this name; another one may.
pub(super) fn unknown() -> Problem {
    Problem::not_found("unknown-text", "该案件没有这份内容", "The case has no such text")
}

fn publish(tx: &mut Tx, case: Uuid, staff_id: String, rows: &[SealedRow], reason: Option<VaultRef>) {
    let case_id = CaseId::new(case).to_string();
    let ref_ids = rows.iter().map(|row| RefId::new(row.ref_id).to_string()).collect();
    tx.publish(&case_id, &NarrativeRead { case_id: case_id.clone(), staff_id, ref_ids, reason });
}

/// A text in clear.
pub(super) fn opened(key: &DataKey, row: SealedRow) -> Result<SealedText> {
    let (ref_id, purpose, at) = (RefId::new(row.ref_id).to_string(), row.field.clone(), timestamp(row.at));
    Ok(SealedText { ref_id, purpose, text: seal::open(key, row)?.into_answer(), at: Some(at) })
}
