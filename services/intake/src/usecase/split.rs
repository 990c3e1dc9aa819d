//! A part of the matter turns out to be of another kind (分案): it becomes a case of its own, as it would have at hand-in. Both
//! are under one receipt; each has its own number, clocks and readers.

use crate::{
    app::App,
    domain::{
        check::{self, Asked},
        doors,
        text::{self, LINE},
    },
    store::case::{self, CaseRow},
    usecase::{
        hand_in::twins::TWIN,
        offshoot::{self, Offshoot},
        seal, target,
    },
};
use chrono::NaiveDate;
use contracts::{
    Fact,
    intake::{SplitChoice, SplitRequest, SplitResponse},
};
use facts::{CaseView, Law};
use kit_core::Problem;
use kit_db::Result;
use kit_grpc::{Ctx, parse_id, text as both};
use kit_ids::CaseId;
use kit_messaging::Tx;
use regime::Regime;
use std::sync::Arc;
use uuid::Uuid;

/// Splits it; answers the new case.
#[tracing::instrument(name = "usecase.case.split", skip_all)]
pub(crate) async fn split(app: &Arc<App>, ctx: &Ctx, request: SplitRequest) -> Result<SplitResponse> {
    let SplitRequest { request_id, case_id, kind, regime_id, reason } = request;
    let staff = ctx.staff()?.to_string();
    let case = parse_id::<CaseId>("case_id", &case_id)?.uuid();
    let reason = text::required("reason", reason, LINE)?;
    let command = app.command("split", &request_id, &staff, &[&case_id, &kind, &regime_id, reason.expose()]);
    let work = Arc::clone(app);
    let answer = app
        .log
        .command(command, move |tx| {
            Box::pin(async move {
                let law = work.law();
                let (mut row, others) = locked(tx, case).await?;
                may_split(&law, &row.view, &staff)?;
                let pinned = target::regime_of(&law, &row.view)?;
                is_ready(&pinned, &row.view)?;
                if row.view.kind == kind || others.iter().any(|other| other.view.kind == kind) {
                    return Err(already().into());
                }
                let (regime, version) = under(&law, &pinned, &row.view, &kind, &regime_id)?;
                let sealed = seal::seal(tx, &work.master, case, "reason", &reason).await?;
                let new = Offshoot { case: tx.id(), kind, regime, version, relation: TWIN.to_owned(), is_twin: true };
                let new_id = CaseId::new(new.case).to_string();
                let (number, mut event) = offshoot::open(tx, &work, &row, new).await?;
                event.staff_id = staff;
                event.reason = Some(sealed);
                tx.publish(&event.case_id, &event);
                row.view.apply(&Fact::CaseLinked(event), tx.now());
                case::save(tx.conn(), &[row]).await?;
                Ok(SplitResponse { case_id: new_id, number })
            })
        })
        .await?;
    app.receipts.came.notify_one();
    Ok(answer)
}

/// The case and the others of its submission, all locked: of two who split it, the second sees what the first did.
async fn locked(tx: &mut Tx, case: Uuid) -> Result<(CaseRow, Vec<CaseRow>)> {
    let all = case::of_submission(tx.conn(), case).await?;
    let ids: Vec<Uuid> = all.iter().map(|row| row.case_id).collect();
    let mut rows = case::lock(tx.conn(), &ids).await?;
    let place = rows.iter().position(|row| row.case_id == case).ok_or_else(Problem::unknown_case)?;
    let row = rows.remove(place);
    Ok((row, rows))
}

/// Whom the regime lets split it; else whoever triages.
pub(crate) fn may_split(law: &Law, view: &CaseView, staff: &str) -> std::result::Result<(), Problem> {
    facts::authorise(law, view, staff, "split").or_else(|_| facts::authorise(law, view, staff, "triage"))
}

/// Whether it can be split now: it is open, and nothing has to come before.
pub(crate) fn is_ready(regime: &Regime, view: &CaseView) -> std::result::Result<(), Problem> {
    if !view.is_open() {
        return Err(target::closed());
    }
    target::guard(regime, view, "split")
}

/// The regime for that kind on the day on which the matter was received: the one that is named, or that the rule of
/// splitting names, or the one in force.
fn under(
    law: &Law,
    pinned: &Regime,
    view: &CaseView,
    kind: &str,
    regime_id: &str,
) -> std::result::Result<(Arc<Regime>, u32), Problem> {
    let by_rule = pinned.split_of(&[&view.kind, kind]).and_then(|split| split.regimes.get(kind));
    let regime_id = if regime_id.is_empty() { by_rule.map_or("", String::as_str) } else { regime_id };
    check::law_for(law, &Asked { unit: &view.unit_id, kind, regime_id }, received_on(law, view))
}

fn received_on(law: &Law, view: &CaseView) -> NaiveDate {
    view.received_at.with_timezone(&doors::zone(law.directory(), &view.unit_id)).date_naive()
}

/// What the matter may be split into: every kind that the unit took then and that none of its cases is of.
pub(crate) fn choices(law: &Law, view: &CaseView, others: &[CaseRow]) -> Vec<SplitChoice> {
    let is_taken = |kind: &str| others.iter().any(|other| other.view.kind == kind) || view.kind == kind;
    let mut choices = Vec::new();
    for one in doors::in_force(law, &view.unit_id, received_on(law, view)) {
        choices.extend(one.kinds.iter().filter(|kind| !is_taken(&kind.id)).map(|kind| SplitChoice {
            kind: kind.id.clone(),
            title: Some(both(&kind.title)),
            regime_id: one.regime.id.clone(),
            regime_title: Some(both(&one.regime.title)),
        }));
    }
    choices
}

fn already() -> Problem {
    let (zh, en) = ("已有一件属于该类型的案件", "A case of this matter is of that kind already");
    Problem::field("kind", "already-split", zh, en)
}
