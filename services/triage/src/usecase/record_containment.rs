//! Harm that goes on was stopped or limited before anything else (先行处置).

use super::outcome::{open, unless_missing, write};
use crate::publish::vault;
use contracts::Fact;
use contracts::triage::ContainmentRecorded;
use facts::Law;
use kit_db::Result;
use kit_ids::{CaseId, RefId};
use kit_messaging::Tx;

/// Records it; it need not wait for triage.
pub(crate) async fn record_containment(
    tx: &mut Tx,
    law: &Law,
    staff_id: &str,
    case_id: CaseId,
    version: u64,
    text: RefId,
) -> Result<()> {
    let (case, regime) = open(tx, law, case_id, staff_id, "contain").await?;
    case.expect_open()?;
    case.expect_version(version)?;
    unless_missing(&regime, &case, "contain")?;
    let event = ContainmentRecorded { case_id: case_id.to_string(), text: Some(vault(text)) };
    write(tx, &regime, case, vec![Fact::ContainmentRecorded(event)]).await
}
