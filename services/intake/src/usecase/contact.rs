//! The address for one sending, for notification alone.

use crate::{
    app::App,
    domain::vault::Purpose,
    store::{case, vault},
    usecase::seal,
};
use contracts::intake::{GetContactRequest, GetContactResponse};
use kit_core::Problem;
use kit_db::{Error, Result};
use kit_grpc::{Ctx, parse_id};
use kit_ids::CaseId;

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
    Ok(GetContactResponse { address, number: row.number, language: row.language })
}
