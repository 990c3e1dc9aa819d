//! Answers to the regime's questions, given or corrected after the hand-in (认定事实).

use super::outcome::{open, unless_missing, write};
use crate::domain::words::check_stated;
use contracts::Fact;
use contracts::triage::FactsStated;
use facts::Law;
use kit_core::Problem;
use kit_db::Result;
use kit_ids::CaseId;
use kit_messaging::Tx;
use regime::Value;

/// What somebody states.
pub(crate) struct StateFacts {
    pub case_id: CaseId,
    pub version: u64,
    pub facts: Vec<(String, Value)>,
}

/// Takes the answers into the case.
pub(crate) async fn state_facts(tx: &mut Tx, law: &Law, staff_id: &str, command: StateFacts) -> Result<()> {
    let (case, regime) = open(tx, law, command.case_id, staff_id, "state").await?;
    case.expect_open()?;
    case.expect_version(command.version)?;
    if command.facts.is_empty() {
        return Err(Problem::field("facts", "missing-input", "须填写至少一项", "Say at least one of them").into());
    }
    check_stated(&regime, &command.facts)?;
    unless_missing(&regime, &case, "state")?;
    let event = FactsStated {
        case_id: case.case_id.to_string(),
        facts: command.facts.iter().map(|(name, value)| facts::answer(name, value)).collect(),
        staff_id: staff_id.to_owned(),
    };
    write(tx, &regime, case, vec![Fact::FactsStated(event)]).await
}
