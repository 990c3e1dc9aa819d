//! Reading a file of a case. It is read as texts are: the reading is in the log before anything is answered.

use crate::{
    app::App,
    domain::vault::Sealed,
    receipts::{failed, stopped},
    store::file,
    usecase::{
        read_texts::{self, Reading},
        seal,
        seal_file::{BODY, NAME},
    },
};
use contracts::intake::{ReadFileRequest, ReadFileResponse};
use kit_core::Problem;
use kit_db::{Error, Result};
use kit_grpc::{Ctx, parse_id};
use kit_ids::{CaseId, RefId};
use std::collections::BTreeSet;

/// Opens the file, with its name.
#[tracing::instrument(name = "usecase.file.read", skip_all)]
pub(crate) async fn read_file(app: &App, ctx: &Ctx, request: ReadFileRequest) -> Result<ReadFileResponse> {
    let staff = ctx.staff()?.to_string();
    let case = parse_id::<CaseId>("case_id", &request.case_id)?.uuid();
    let ref_id = parse_id::<RefId>("ref_id", &request.ref_id)?.uuid();
    let reading = Reading::new(app, case, BTreeSet::from([ref_id]), request.reason, &staff);
    let (key, rows) = app
        .log
        .in_tx(&staff, move |tx| {
            Box::pin(async move {
                let (key, rows) = reading.record(tx).await?;
                if rows.iter().any(|row| row.field != NAME) {
                    return Err(no_file().into());
                }
                Ok((key, rows))
            })
        })
        .await?;
    let named = rows.into_iter().next().ok_or_else(read_texts::unknown)?;
    let name = seal::open(&key, named)?.into_answer();
    let row = file::find(app.log.pool(), case, ref_id).await?;
    let row = row.ok_or_else(|| Error::Corrupt("a file has a name and no content".to_owned()))?;
    let (media_type, version) = (row.media_type, row.version);
    let sealed = Sealed { nonce: row.nonce, body: row.body };
    let work = move || key.open_bytes(BODY, version, ref_id, &sealed);
    let mut content = tokio::task::spawn_blocking(work).await.map_err(|_| stopped())?.map_err(failed)?;
    Ok(ReadFileResponse { name, media_type, content: std::mem::take(&mut *content) })
}

fn no_file() -> Problem {
    Problem::field("ref_id", "not-a-file", "这份内容不是文件", "This is a text and no file")
}
