//! The address for one sending, for notification alone.

use crate::{
    app::App,
    domain::{draft::ways, pii::Pii, vault::Purpose},
    store::{case, vault},
    usecase::{read_texts, seal},
};
use contracts::intake::{GetContactRequest, GetContactResponse, SealedText};
use kit_core::Problem;
use kit_db::{Error, Result};
use kit_grpc::{Ctx, parse_id};
use kit_ids::{CaseId, RefId};
use uuid::Uuid;

/// Where a party can be reached by `email` or `phone`; empty where there is no way.
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
    let (sealed, purpose) = match request.party.as_str() {
        "" | "complainant" => (vault::identity(db, case, way).await?, Purpose::Identity),
        "agent" => (vault::identity(db, case, "agent-contact").await?, Purpose::Identity),
        "respondent" => (vault::content(db, case, "respondent-contact").await?, Purpose::Content),
        _ => return Err(unknown_party().into()),
    };
    let address = match sealed {
        None => Pii::default(),
        Some(sealed) => match seal::key(db, &app.master, case, purpose).await {
            Ok(key) => seal::open(&key, sealed)?,
            // The keys are destroyed, so nobody can be reached any more.
            Err(Error::Problem(_)) => Pii::default(),
            Err(error) => return Err(error),
        },
    };
    // Others than the complainant leave one contact, of which the shape says what it is.
    let fits = matches!(request.party.as_str(), "" | "complainant") || ways(&address) == Some(way);
    let address = if fits { address.into_answer().trim().to_owned() } else { String::new() };
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

fn unknown_party() -> Problem {
    let (zh, en) = ("对象须为 complainant、respondent 或 agent", "The party is complainant, respondent or agent");
    Problem::field("party", "unknown-party", zh, en)
}
