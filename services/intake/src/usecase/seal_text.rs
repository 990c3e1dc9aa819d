//! Staff put a text of theirs into the vault, so that commands and events only name it.

use crate::{
    app::App,
    domain::text::{self, LONG},
    usecase::{seal, target},
};
use contracts::intake::{SealTextRequest, SealTextResponse};
use kit_core::Problem;
use kit_db::Result;
use kit_grpc::{Ctx, parse_id};
use kit_ids::CaseId;
use std::sync::Arc;

/// What a text of staff can be.
const PURPOSES: [&str; 5] = ["note", "reason", "decision", "answer", "call-record"];

/// Seals the text; the command that will name it checks the right to it.
#[tracing::instrument(name = "usecase.text.seal", skip_all)]
pub(crate) async fn seal_text(app: &App, ctx: &Ctx, request: SealTextRequest) -> Result<SealTextResponse> {
    let SealTextRequest { request_id, case_id, purpose, text } = request;
    let staff = ctx.staff()?.to_string();
    let case = parse_id::<CaseId>("case_id", &case_id)?.uuid();
    let Some(purpose) = PURPOSES.into_iter().find(|known| *known == purpose) else {
        return Err(Problem::field(
            "purpose",
            "unknown-purpose",
            format!("用途须为 {} 之一", PURPOSES.join("、")),
            format!("The purpose is one of {}", PURPOSES.join(", ")),
        )
        .into());
    };
    let text = text::required("text", text, LONG)?;
    let command = app.command("seal-text", &request_id, &staff, &[&case_id, purpose, text.expose()]);
    let (law, master) = (app.law(), Arc::clone(&app.master));
    app.log
        .command(command, move |tx| {
            Box::pin(async move {
                let row = target::lock(tx, case).await?;
                if !facts::may_read(&law, &row.view, &staff) {
                    return Err(Problem::unknown_case().into());
                }
                let sealed = seal::seal(tx, &master, case, purpose, &text).await?;
                Ok(SealTextResponse { r#ref: Some(sealed) })
            })
        })
        .await
}
