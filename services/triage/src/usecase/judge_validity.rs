//! Whether a complaint is valid (有效投诉), in the words of its regime.

use super::outcome::{open, unless_missing, write};
use crate::domain::words::check_word;
use crate::publish::vault;
use contracts::Fact;
use contracts::triage::ValidityJudged;
use facts::Law;
use kit_core::Problem;
use kit_db::Result;
use kit_ids::{CaseId, RefId};
use kit_messaging::Tx;

/// What a person judged.
pub(crate) struct JudgeValidity {
    pub case_id: CaseId,
    pub version: u64,
    pub validity: String,
    pub reason: Option<RefId>,
}

/// Judges the case.
pub(crate) async fn judge_validity(tx: &mut Tx, law: &Law, staff_id: &str, command: JudgeValidity) -> Result<()> {
    let (case, regime) = open(tx, law, command.case_id, staff_id, "judge-validity").await?;
    case.expect_triaged()?;
    case.expect_version(command.version)?;
    unless_missing(&regime, &case, "judge-validity")?;
    check_word("validity", &command.validity, &regime.words.validity)?;
    if command.validity == case.view.validity {
        return Err(Problem::conflict("same-validity", "认定结果未变", "The case was judged so already").into());
    }
    let event = ValidityJudged {
        case_id: case.case_id.to_string(),
        validity: command.validity,
        reason: command.reason.map(vault),
    };
    write(tx, &regime, case, vec![Fact::ValidityJudged(event)]).await
}
