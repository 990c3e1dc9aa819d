//! More material for a case, from the complainant or written down by staff.

use crate::{
    app::App,
    domain::text::{self, LONG},
    store::case,
    usecase::{
        seal,
        target::{self, By, Named},
    },
};
use contracts::{
    Fact,
    intake::{CaseSupplemented, SupplementRequest, SupplementResponse},
};
use facts::CaseView;
use kit_core::Problem;
use kit_db::Result;
use kit_grpc::Ctx;
use kit_ids::CaseId;
use std::sync::Arc;

/// The most supplements of one case; more is a flood and not material. At their longest they and the narrative still
/// fit into one answer of 4 MB, so that a case can always be read.
const MOST: usize = 50;

/// Seals the text and says that it came.
#[tracing::instrument(name = "usecase.case.supplement", skip_all)]
pub(crate) async fn supplement(app: &App, ctx: &Ctx, request: SupplementRequest) -> Result<SupplementResponse> {
    let SupplementRequest { request_id, receipt_code, case_id, text, number } = request;
    let text = text::required("text", text, LONG)?;
    let (case, by) =
        target::resolve(app, ctx, Named { code: &receipt_code, number: &number, case_id: &case_id }).await?;
    let parts = [case.to_string(), by.word().to_owned()];
    let [case_part, by_part] = &parts;
    let command = app.command("supplement", &request_id, by.actor(), &[case_part, by_part, text.expose()]);
    let (law, master) = (app.law(), Arc::clone(&app.master));
    app.log
        .command(command, move |tx| {
            Box::pin(async move {
                let mut row = target::lock(tx, case).await?;
                if let By::Staff(staff) = &by {
                    // Whoever records may write it down, and so may whoever keeps the notes of the case.
                    facts::authorise(&law, &row.view, staff, "record")
                        .or_else(|refusal| facts::authorise(&law, &row.view, staff, "note").map_err(|_| refusal))?;
                }
                may_supplement(&row.view)?;
                target::guard(&*target::regime_of(&law, &row.view)?, &row.view, "supplement")?;
                let sealed = seal::seal(tx, &master, case, "supplement", &text).await?;
                let key = CaseId::new(case).to_string();
                let event = CaseSupplemented { case_id: key.clone(), text: Some(sealed), by: by.word().to_owned() };
                tx.publish(&key, &event);
                row.view.apply(&Fact::CaseSupplemented(event), tx.now());
                case::save(tx.conn(), &[row]).await?;
                Ok(SupplementResponse {})
            })
        })
        .await
}

/// Whether the case still takes material.
pub(crate) fn may_supplement(view: &CaseView) -> std::result::Result<(), Problem> {
    if !view.is_open() {
        return Err(Problem::conflict(
            "already-closed",
            "该事项已办结或撤回,不能再补充材料",
            "This matter is closed or withdrawn and takes no more material",
        ));
    }
    if view.history.iter().filter(|happened| happened.word == "case-supplemented").count() >= MOST {
        return Err(Problem::conflict(
            "too-many-supplements",
            "补充材料次数已达上限",
            "This matter takes no more supplements",
        ));
    }
    Ok(())
}
