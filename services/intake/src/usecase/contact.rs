//! The address for one sending, for notification alone.

use crate::{
    app::App,
    domain::vault::Purpose,
    store::{case, vault},
    usecase::{read_texts, seal},
};
use contracts::intake::{GetContactRequest, GetContactResponse, SealedText};
use kit_core::Problem;
use kit_db::{Error, Result};
use kit_grpc::{Ctx, parse_id};
use kit_ids::{CaseId, RefId};
use uuid::Uuid;

/// Where the complainant can be reached by `email` or `phone`; empty where there is no way.
#[tracing::instrument(name = "usecase.contact.get", skip_all)]
pub(crate) async fn get_contact(app: &App, ctx: &Ctx, request: GetContactRequest) -> Result<GetContactResponse> {
    if ctx.service()? != "notification" {
        return Err(
            Problem::denied("not-permitted", "此接口只供通知服务使用", "Only notification may call this").into()
        );
    }
    let way = ["email", "phone"]
        .into_iter()
        .find(|way| *way == request.way)
        .ok_or_else(|| Problem::field("way", "unknown-way", "方式须为 email 或 phone", "The way is email or phone"))?;
    let case = parse_id::<CaseId>("case_id", &request.case_id)?.uuid();
    let db = app.log.pool();
    let row = case::get(db, case).await?;
    let address = match vault::identity(db, case, way).await? {
        None => String::new(),
        Some(sealed) => match seal::key(db, &app.master, case, Purpose::Identity).await {
            Ok(key) => seal::open(&key, sealed)?.into_answer().trim().to_owned(),
            // The keys are destroyed, so nobody can be reached any more.
            Err(Error::Problem(_)) => String::new(),
            Err(error) => return Err(error),
        },
    };
    let texts = texts(app, case, &request.ref_ids).await?;
    Ok(GetContactResponse { address, number: row.number, language: row.language, texts })
}

/// What staff wrote for the party, opened at the moment of telling it.
async fn texts(app: &App, case: Uuid, ref_ids: &[String]) -> Result<Vec<SealedText>> {
    if ref_ids.is_empty() {
        return Ok(Vec::new());
    }
    let refs: Vec<Uuid> =
        ref_ids.iter().map(|id| Ok(parse_id::<RefId>("ref_ids", id)?.uuid())).collect::<Result<_>>()?;
    let db = app.log.pool();
    let key = seal::key(db, &app.master, case, Purpose::Content).await?;
    let rows = vault::texts(db, case, &refs).await?;
    rows.into_iter().map(|row| read_texts::opened(&key, row)).collect()
}
