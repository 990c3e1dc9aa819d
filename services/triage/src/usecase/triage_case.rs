//! Accepts a case, says what it is and how grave, in one step (受理定级).

use super::outcome::{open, unless_missing, write};
use crate::domain::case::{Classified, Event};
use crate::domain::{grade, words};
use crate::publish;
use contracts::triage::TriageCaseResponse;
use facts::Law;
use kit_core::Problem;
use kit_db::Result;
use kit_ids::CaseId;
use kit_messaging::Tx;
use regime::Regime;

/// What a person decided.
pub(crate) struct TriageCase {
    pub case_id: CaseId,
    pub version: u64,
    pub classified: Classified,
    /// Empty takes the regime's first word for a case that is taken at its word.
    pub validity: String,
    /// Empty takes what the rules give.
    pub severity: String,
}

/// Triages the case.
pub(crate) async fn triage_case(
    tx: &mut Tx,
    law: &Law,
    staff_id: &str,
    mut command: TriageCase,
) -> Result<TriageCaseResponse> {
    let (case, regime) = open(tx, law, command.case_id, staff_id, "triage").await?;
    case.expect_pending()?;
    case.expect_version(command.version)?;
    unless_missing(&regime, &case, "triage")?;
    if command.classified.kind.is_empty() {
        command.classified.kind.clone_from(&case.view.kind);
    }
    let chosen =
        words::Chosen { classified: &command.classified, validity: &command.validity, severity: &command.severity };
    words::check(law, &regime, &case.view, &chosen)?;
    let validity = if command.validity.is_empty() { default_validity(&regime) } else { Some(command.validity) };
    let mut events = vec![Event::Classified(command.classified), Event::Accepted];
    events.extend(validity.map(|validity| Event::ValidityJudged { validity, reason_ref: None }));
    // The rules are asked about the case as it will be, before anything is written.
    let mut after = case.clone();
    for event in &events {
        publish::happen(tx, &mut after, event);
    }
    let suggested = grade::by_rules(&regime, &after.view);
    let (severity, cite) = match suggested {
        Some(graded) if command.severity.is_empty() || command.severity == graded.severity => {
            (graded.severity, graded.cite)
        }
        _ if !command.severity.is_empty() => (command.severity, String::new()),
        _ => return Err(no_rule().into()),
    };
    let answer = TriageCaseResponse { severity: severity.clone(), cite: cite.clone() };
    let previous = case.view.severity.clone();
    events.push(Event::Graded { severity, previous, cite, is_automatic: false, reason_ref: None });
    write(tx, &regime, case, events).await?;
    Ok(answer)
}

/// A complaint is taken at its word unless somebody judges otherwise.
fn default_validity(regime: &Regime) -> Option<String> {
    let words = &regime.words.validity;
    let valid = words.iter().find(|word| word.id == "valid").or_else(|| words.first());
    valid.map(|word| word.id.clone())
}

fn no_rule() -> Problem {
    Problem::field("severity", "no-grade-by-rules", "制度未给出等级,请选择", "The rules give no grade here; choose one")
}
