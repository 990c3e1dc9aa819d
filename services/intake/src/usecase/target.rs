//! Which case a command is about: the complainant names it by receipt code, staff by its id.

use crate::{app::App, store::case};
use contracts::Fact;
use facts::{CaseView, Law};
use kit_core::Problem;
use kit_db::{Error, Result};
use kit_grpc::{Ctx, parse_id};
use kit_ids::CaseId;
use kit_messaging::Tx;
use regime::Regime;
use std::sync::Arc;
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

/// How a request names its case: by the code, and there the number of one of its submission, or by its id.
pub(crate) struct Named<'a> {
    pub(crate) code: &'a str,
    pub(crate) number: &'a str,
    pub(crate) case_id: &'a str,
}

/// The case that a code and a number mean, and the others of its submission.
pub(crate) async fn by_code(app: &App, code: &str, number: &str) -> Result<(case::CaseRow, Vec<case::CaseRow>)> {
    let own = app.receipts.open(app.log.pool(), code).await?;
    let mut all = case::of_submission(app.log.pool(), own.case_id).await?;
    let is_meant =
        |row: &case::CaseRow| if number.is_empty() { row.case_id == own.case_id } else { row.number == number };
    let place = all.iter().position(is_meant).ok_or_else(|| {
        let (zh, en) = ("该查询码下没有这个编号的事项", "The receipt code opens no matter of this number");
        Problem::field("number", "unknown-number", zh, en)
    })?;
    let meant = all.remove(place);
    Ok((meant, all))
}

/// The case that a request is about. Whoever has the code acts as the complainant, staff too.
pub(crate) async fn resolve(app: &App, ctx: &Ctx, named: Named<'_>) -> Result<(Uuid, By)> {
    let Named { code, number, case_id } = named;
    match (code.is_empty(), case_id.is_empty()) {
        (false, true) => Ok((by_code(app, code, number).await?.0.case_id, By::Complainant)),
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

/// A case in which somebody may do something, locked.
pub(crate) struct Opened {
    pub(crate) row: case::CaseRow,
}

impl Opened {
    pub(crate) fn case_id(&self) -> String {
        CaseId::new(self.row.case_id).to_string()
    }

    /// Lets the fact happen, and saves the case.
    pub(crate) async fn happen<E: contracts::Event>(
        mut self,
        tx: &mut Tx,
        event: E,
        fact: fn(E) -> Fact,
    ) -> Result<case::CaseRow> {
        tx.publish(event.case_id(), &event);
        self.row.view.apply(&fact(event), tx.now());
        case::save(tx.conn(), std::slice::from_ref(&self.row)).await?;
        Ok(self.row)
    }
}

/// Opens a case for an act: whoever gives it may, it has not ended, and neither course nor guard asks for anything first.
pub(crate) async fn open(tx: &mut Tx, law: &Law, case: Uuid, by: &By, act: &str) -> Result<Opened> {
    let row = lock(tx, case).await?;
    may(law, &row.view, by, act)?;
    let regime = regime_of(law, &row.view)?;
    if !row.view.is_open() {
        return Err(closed().into());
    }
    let lacks = facts::lacks(&regime, &row.view, act);
    if lacks.is_empty() { Ok(Opened { row }) } else { Err(facts::not_yet(&lacks).into()) }
}

/// Refuses an act that a guard of the regime puts something before; for acts that need no open case.
pub(crate) fn guard(regime: &Regime, view: &CaseView, act: &str) -> std::result::Result<(), Problem> {
    let lacks = regime.guard(act, view);
    if lacks.is_empty() { Ok(()) } else { Err(facts::not_yet(&lacks)) }
}

/// Whoever has the code may what a complainant may; staff, what the regime lets them.
pub(crate) fn may(law: &Law, view: &CaseView, by: &By, act: &str) -> std::result::Result<(), Problem> {
    match by {
        By::Complainant => Ok(()),
        By::Staff(staff) => facts::authorise(law, view, staff, act),
    }
}

/// The version of the regime that the case is pinned to.
pub(crate) fn regime_of(law: &Law, view: &CaseView) -> std::result::Result<Arc<Regime>, Problem> {
    law.regime(&view.regime_id, view.regime_version).ok_or_else(Problem::unknown_case)
}

pub(crate) fn closed() -> Problem {
    Problem::conflict("already-closed", "该事项已办结或撤回", "This matter is closed or withdrawn")
}

/// Locks the case; a case that is not here and one that may not be known read the same.
pub(crate) async fn lock(tx: &mut Tx, case: Uuid) -> Result<case::CaseRow> {
    case::lock(tx.conn(), &[case]).await?.pop().ok_or_else(|| Error::Problem(Problem::unknown_case()))
}
