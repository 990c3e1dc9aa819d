//! Staff put a file into the vault, so that commands and events only name it.

use crate::{
    app::App,
    domain::{
        file,
        pii::Pii,
        vault::{DataKey, Purpose, Sealed},
    },
    receipts::{failed, stopped},
    store::{self, case},
    usecase::{seal, target},
};
use contracts::intake::{SealFileRequest, SealFileResponse};
use kit_core::Problem;
use kit_db::Result;
use kit_grpc::{Ctx, parse_id};
use kit_ids::CaseId;
use kit_messaging::Command;
use std::sync::Arc;
use uuid::Uuid;
use zeroize::Zeroizing;

/// The field of a file's name, which is a text like others.
pub(crate) const NAME: &str = "file";
/// What the bytes are bound to.
pub(crate) const BODY: &str = "file-body";

/// Seals the file; the command that will name it checks the right to it.
#[tracing::instrument(name = "usecase.file.seal", skip_all)]
pub(crate) async fn seal_file(app: &App, ctx: &Ctx, request: SealFileRequest) -> Result<SealFileResponse> {
    let SealFileRequest { request_id, case_id, name, media_type, content } = request;
    let staff = ctx.staff()?.to_string();
    let case = parse_id::<CaseId>("case_id", &case_id)?.uuid();
    let content = Zeroizing::new(content);
    let media_type = file::check(&name, &media_type, &content)?;
    let name = Pii::new(name);
    let parts = [case_id.as_bytes(), name.expose().as_bytes(), media_type.as_bytes(), &content];
    let digest = app.master.digest(&parts);
    let command = Command { request_id, name: "seal-file", actor: staff.clone(), digest };
    // Whoever may not know of the case costs it nothing, and the bytes are sealed before anything is locked.
    let law = app.law();
    let row = case::get(app.log.pool(), case).await?;
    if !facts::may_read(&law.0, &row.view, &staff) {
        return Err(Problem::unknown_case().into());
    }
    let key = seal::key(app.log.pool(), &app.master, case, Purpose::Content).await?;
    let ref_id = seal::named(case, app.env.id());
    let sealed = sealed(key, ref_id, content).await?;
    let master = Arc::clone(&app.master);
    app.log
        .command(command, move |tx| {
            Box::pin(async move {
                let row = target::lock(tx, case).await?;
                if !facts::may_read(&law.0, &row.view, &staff) {
                    return Err(Problem::unknown_case().into());
                }
                let named = seal::seal_at(tx, &master, case, (NAME, ref_id), &name).await?;
                store::file::insert(tx.conn(), case, ref_id, media_type, sealed).await?;
                Ok(SealFileResponse { r#ref: Some(named) })
            })
        })
        .await
}

/// Some megabytes take the processor a while: on the blocking pool nobody waits for it.
async fn sealed(key: DataKey, ref_id: Uuid, content: Zeroizing<Vec<u8>>) -> Result<Sealed> {
    let work = move || key.seal_bytes(BODY, ref_id, &content);
    tokio::task::spawn_blocking(work).await.map_err(|_| stopped())?.map_err(failed)
}
