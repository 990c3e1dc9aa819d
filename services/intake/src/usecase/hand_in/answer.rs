//! The first answer to a request: kept sealed, since it holds the receipt code, and given again to whoever repeats it.

use crate::{
    domain::{receipt::Code, vault::Master},
    receipts::failed,
    store::hand_in::Answer,
    usecase::hand_in::Row,
};
use chrono::{DateTime, Utc};
use kit_core::Problem;
use kit_db::{Error, Result};
use kit_ids::CaseId;
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

/// A matter taken in.
#[derive(Clone)]
pub(crate) struct HandedIn {
    pub(crate) case_id: CaseId,
    pub(crate) number: String,
    pub(crate) code: Zeroizing<String>,
    pub(crate) registered_at: DateTime<Utc>,
    pub(crate) is_repeat: bool,
}

impl HandedIn {
    /// The same answer, to a repetition.
    pub(crate) fn again(self) -> Self {
        Self { is_repeat: true, ..self }
    }
}

/// What an earlier answer says about a request with the same id.
pub(crate) enum Known {
    /// All of it but the number, which the case has.
    Same(HandedIn),
    Another,
}

#[derive(Serialize, Deserialize)]
struct Kept<'a> {
    case_id: CaseId,
    code: &'a str,
    registered_at: DateTime<Utc>,
}

/// Seals the answer for the row of its request.
pub(crate) fn keep(
    master: &Master,
    request_id: &str,
    case_id: CaseId,
    code: &Code,
    registered_at: DateTime<Utc>,
) -> Result<Vec<u8>> {
    let kept = Kept { case_id, code: code.expose(), registered_at };
    let json = serde_json::to_vec(&kept).map_err(|_| Error::Corrupt("an answer cannot be written".to_owned()))?;
    master.seal(&bound(request_id), &Zeroizing::new(json)).map_err(failed)
}

/// Opens the stored answer if the request is the same one.
pub(crate) fn recall(master: &Master, row: &Row, stored: &Answer) -> Result<Known> {
    if !bool::from(row.digest.ct_eq(&stored.digest)) {
        return Ok(Known::Another);
    }
    let json = master.open(&bound(&row.request_id), &stored.sealed).map_err(failed)?;
    let kept: Kept<'_> =
        serde_json::from_slice(&json).map_err(|_| Error::Corrupt("a stored answer cannot be read".to_owned()))?;
    Ok(Known::Same(HandedIn {
        case_id: kept.case_id,
        number: String::new(),
        code: Zeroizing::new(kept.code.to_owned()),
        registered_at: kept.registered_at,
        is_repeat: true,
    }))
}

fn bound(request_id: &str) -> Vec<u8> {
    format!("hand-in-answer|{request_id}").into_bytes()
}

/// A request id that can be remembered.
pub(crate) fn check_id(request_id: &str) -> std::result::Result<(), Problem> {
    if (1..=100).contains(&request_id.chars().count()) && !request_id.contains('\0') {
        return Ok(());
    }
    Err(Problem::field(
        "request_id",
        "bad-request-id",
        "请求编号须为 1 至 100 个字符",
        "The request id must have 1 to 100 characters",
    ))
}

/// One id, two different requests.
pub(crate) fn reused() -> Problem {
    Problem::conflict(
        "request-id-reused",
        "该请求编号已用于另一项操作",
        "This request id was used for a different request",
    )
}
