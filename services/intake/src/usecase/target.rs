//! Which case a command is about: the complainant names it by receipt code, staff by its id.

use crate::{app::App, store::case};
use kit_core::Problem;
use kit_db::{Error, Result};
use kit_grpc::{Ctx, parse_id};
use kit_ids::CaseId;
use kit_messaging::Tx;
use uuid::Uuid;

/// Who acts on a case, and by which right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum By {
    Complainant,
    Staff(String),
}

impl By {
    /// As events say it.
    pub(crate) fn word(&self) -> &'static str {
        match self {
            Self::Complainant => "complainant",
            Self::Staff(_) => "staff",
        }
    }

    /// Who acted, as an envelope names it.
    pub(crate) fn actor(&self) -> &str {
        match self {
            Self::Complainant => "complainant",
            Self::Staff(staff) => staff,
        }
    }
}

/// The case that a request is about. Whoever has the code acts as the complainant, staff too.
pub(crate) async fn resolve(app: &App, ctx: &Ctx, code: &str, case_id: &str) -> Result<(Uuid, By)> {
    match (code.is_empty(), case_id.is_empty()) {
        (false, true) => Ok((app.receipts.open(app.log.pool(), code).await?.case_id, By::Complainant)),
        (true, false) => {
            let staff = ctx.staff()?;
            Ok((parse_id::<CaseId>("case_id", case_id)?.uuid(), By::Staff(staff.to_string())))
        }
        (true, true) => {
            Err(Problem::field("receipt_code", "missing-field", "请填写查询码", "A receipt code is needed").into())
        }
        (false, false) => Err(Problem::field(
            "case_id",
            "code-or-case",
            "查询码与案件编号只能填一个",
            "Give either the receipt code or the case, not both",
        )
        .into()),
    }
}

/// Locks the case; a case that is not here and one that may not be known read the same.
pub(crate) async fn lock(tx: &mut Tx, case: Uuid) -> Result<case::CaseRow> {
    case::lock(tx.conn(), &[case]).await?.pop().ok_or_else(|| Error::Problem(Problem::unknown_case()))
}
