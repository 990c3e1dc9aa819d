//! Does not take a case, on a ground of its regime (不予受理).

use super::outcome::{open, unless_missing, write};
use crate::domain::case::Event;
use crate::domain::words::check_word;
use contracts::triage::DeclineCaseResponse;
use facts::Law;
use kit_core::Problem;
use kit_db::Result;
use kit_ids::{CaseId, RefId};
use kit_messaging::Tx;
use regime::{Outcome, Regime, Word};

/// What a person decided.
pub(crate) struct DeclineCase {
    pub case_id: CaseId,
    pub version: u64,
    pub ground: String,
    pub reason: RefId,
}

/// Declines the case; answers what then happens.
pub(crate) async fn decline_case(
    tx: &mut Tx,
    law: &Law,
    staff_id: &str,
    command: DeclineCase,
) -> Result<DeclineCaseResponse> {
    let (case, regime) = open(tx, law, command.case_id, staff_id, "decline").await?;
    case.expect_pending()?;
    case.expect_version(command.version)?;
    unless_missing(&regime, &case, "decline")?;
    let outcome = outcome_of(&regime, &command.ground)?;
    let reason_ref = command.reason.to_string();
    let event = Event::Declined { ground: command.ground, outcome, reason_ref };
    write(tx, &regime, case, vec![event]).await?;
    Ok(DeclineCaseResponse { outcome: outcome.to_owned() })
}

fn outcome_of(regime: &Regime, ground: &str) -> std::result::Result<&'static str, Problem> {
    let found = regime.scope.iter().find(|known| known.id == ground).map(|known| match known.outcome {
        Outcome::Refuse => "refuse",
        Outcome::Refer => "refer",
        Outcome::Guide => "guide",
    });
    let Some(outcome) = found else {
        let words: Vec<Word> = regime
            .scope
            .iter()
            .map(|ground| Word {
                id: ground.id.clone(),
                title: ground.title.clone(),
                meaning: None,
                cite: ground.cite.clone(),
            })
            .collect();
        check_word("ground", ground, &words)?;
        return Err(Problem::field("ground", "unknown-word", "没有这个不予受理的理由", "There is no such ground"));
    };
    Ok(outcome)
}
