//! A person grades a case anew (重新定级).

use super::outcome::{open, unless_missing, write};
use crate::domain::case::Event;
use crate::domain::grade;
use crate::domain::words::check_word;
use facts::Law;
use kit_core::Problem;
use kit_db::Result;
use kit_ids::CaseId;
use kit_messaging::Tx;

/// Grades the case anew; the clause is named only where the rules give the same.
pub(crate) async fn regrade_case(
    tx: &mut Tx,
    law: &Law,
    staff_id: &str,
    case_id: CaseId,
    version: u64,
    severity: String,
) -> Result<()> {
    let (case, regime) = open(tx, law, case_id, staff_id, "regrade").await?;
    case.expect_accepted()?;
    case.expect_version(version)?;
    unless_missing(&regime, &case, "regrade")?;
    check_word("severity", &severity, &regime.words.severities)?;
    if severity == case.view.severity {
        return Err(Problem::conflict("same-severity", "等级未变", "The case has this grade already").into());
    }
    let by_rules = grade::by_rules(&regime, &case.view).filter(|graded| graded.severity == severity);
    let cite = by_rules.map(|graded| graded.cite).unwrap_or_default();
    let event = Event::Graded { severity, previous: case.view.severity.clone(), cite, is_automatic: false };
    write(tx, &regime, case, vec![event]).await
}
