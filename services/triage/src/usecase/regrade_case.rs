//! A person grades a case anew (重新定级).

use super::outcome::{open, unless_missing, write};
use crate::domain::grade;
use crate::domain::words::check_word;
use crate::publish;
use contracts::Fact;
use contracts::triage::CaseGraded;
use facts::Law;
use kit_core::Problem;
use kit_db::Result;
use kit_ids::{CaseId, RefId};
use kit_messaging::Tx;

/// What the grade is to be, and why.
pub(crate) struct RegradeCase {
    pub case_id: CaseId,
    pub version: u64,
    pub severity: String,
    pub reason: Option<RefId>,
}

/// Grades the case anew; the clause is named only where the rules give the same.
pub(crate) async fn regrade_case(tx: &mut Tx, law: &Law, staff_id: &str, command: RegradeCase) -> Result<()> {
    let RegradeCase { case_id, version, severity, reason } = command;
    let (case, regime) = open(tx, law, case_id, staff_id, "regrade").await?;
    case.expect_triaged()?;
    case.expect_version(version)?;
    unless_missing(&regime, &case, "regrade")?;
    check_word("severity", &severity, &regime.words.severities)?;
    if severity == case.view.severity {
        return Err(Problem::conflict("same-severity", "等级未变", "The case has this grade already").into());
    }
    let by_rules = grade::by_rules(&regime, &case.view).filter(|graded| graded.severity == severity);
    let cite = by_rules.map(|graded| graded.cite).unwrap_or_default();
    let event = CaseGraded { reason: reason.map(publish::vault), ..publish::graded(&case, severity, cite) };
    write(tx, &regime, case, vec![Fact::CaseGraded(event)]).await
}
