//! Takes a case, where that is a step of its own (受理).

use super::outcome::{open, unless_missing, write};
use crate::publish;
use contracts::Fact;
use contracts::triage::CaseAccepted;
use facts::Law;
use kit_db::Result;
use kit_ids::{CaseId, RefId};
use kit_messaging::Tx;
use std::collections::BTreeMap;

/// What a person decided, and what the notice of it says.
pub(crate) struct AcceptCase {
    pub case_id: CaseId,
    pub version: u64,
    pub parts: BTreeMap<String, RefId>,
    /// Out of scope, and taken all the same.
    pub is_courtesy: bool,
}

/// Accepts the case.
pub(crate) async fn accept_case(tx: &mut Tx, law: &Law, staff_id: &str, command: AcceptCase) -> Result<()> {
    let (mut case, regime) = open(tx, law, command.case_id, staff_id, "accept").await?;
    case.expect_pending()?;
    case.expect_version(command.version)?;
    // A rule may let through as a courtesy what it otherwise forbids.
    case.view.is_courtesy = command.is_courtesy;
    unless_missing(&regime, &case, "accept")?;
    facts::parts::whole(&regime, &case.view, "accept", &command.parts)?;
    let event = CaseAccepted {
        case_id: case.case_id.to_string(),
        is_courtesy: command.is_courtesy,
        parts: publish::parts(command.parts),
        staff_id: staff_id.to_owned(),
    };
    write(tx, &regime, case, vec![Fact::CaseAccepted(event)]).await
}
