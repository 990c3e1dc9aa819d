//! Taking a complaint back, by the complainant or by staff for them.

use crate::{
    app::App,
    store::case,
    usecase::target::{self, By, Named},
};
use contracts::{
    Fact,
    intake::{CaseWithdrawn, WithdrawRequest, WithdrawResponse},
};
use facts::{CaseView, Stage};
use kit_core::Problem;
use kit_db::Result;
use kit_grpc::Ctx;
use kit_ids::CaseId;

/// Withdraws a case that is still open.
#[tracing::instrument(name = "usecase.case.withdraw", skip_all)]
pub(crate) async fn withdraw(app: &App, ctx: &Ctx, request: WithdrawRequest) -> Result<WithdrawResponse> {
    let named = Named { code: &request.receipt_code, number: &request.number, case_id: &request.case_id };
    let (case, by) = target::resolve(app, ctx, named).await?;
    let command = app.command("withdraw", &request.request_id, by.actor(), &[&case.to_string(), by.word()]);
    let law = app.law();
    app.log
        .command(command, move |tx| {
            Box::pin(async move {
                let mut row = target::lock(tx, case).await?;
                if let By::Staff(staff) = &by {
                    facts::authorise(&law, &row.view, staff, "withdraw")?;
                }
                may_withdraw(&row.view)?;
                let regime = target::regime_of(&law, &row.view)?;
                target::guard(&regime, &row.view, "withdraw")?;
                let (then, _) = regime.withdrawal(&row.view.0);
                let (key, then) = (CaseId::new(case).to_string(), then.name().to_owned());
                let event = CaseWithdrawn { case_id: key.clone(), by: by.word().to_owned(), then: then.clone() };
                tx.publish(&key, &event);
                row.view.apply(&Fact::CaseWithdrawn(event), tx.now());
                case::save(tx.conn(), &[row]).await?;
                Ok(WithdrawResponse { then })
            })
        })
        .await
}

/// Whether the case can still be taken back.
pub(crate) fn may_withdraw(view: &CaseView) -> std::result::Result<(), Problem> {
    match view.stage() {
        // Where it does not end the case it is said once all the same.
        _ if view.has_word("case-withdrawn") => {
            Err(Problem::conflict("already-withdrawn", "该事项已经撤回", "This matter was withdrawn already"))
        }
        Stage::Closed | Stage::Declined => Err(Problem::conflict(
            "already-closed",
            "该事项已办结,不能撤回",
            "This matter is closed and cannot be withdrawn",
        )),
        _ => Ok(()),
    }
}
