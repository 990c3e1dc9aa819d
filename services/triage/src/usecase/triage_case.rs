//! Says what a case is and how grave, and accepts it in the same step where the course puts nothing before that (受理定级).

use super::outcome::{open, write};
use crate::domain::case::{Case, Classified};
use crate::domain::{grade, words};
use crate::publish;
use contracts::Fact;
use contracts::triage::{CaseAccepted, TriageCaseResponse, ValidityJudged};
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
    // What only acceptance has to wait for does not keep anybody from looking at the case.
    let guards = regime.guard("triage", &case.view);
    if !guards.is_empty() {
        return Err(facts::not_yet(&guards).into());
    }
    if command.classified.kind.is_empty() {
        command.classified.kind.clone_from(&case.view.kind);
    }
    let chosen =
        words::Chosen { classified: &command.classified, validity: &command.validity, severity: &command.severity };
    words::check(law, &regime, &case.view, &chosen)?;
    // The rules are asked about the case as it will be, before anything is written.
    let mut after = case.clone();
    let mut events = vec![publish::classified(&case, staff_id, &command.classified)];
    happen(tx, &mut after, &events);
    let is_accepted = accepts(law, &regime, &after, staff_id);
    if is_accepted {
        let (case_id, staff_id) = (case.case_id.to_string(), staff_id.to_owned());
        let accepted = Fact::CaseAccepted(CaseAccepted { case_id, staff_id, ..CaseAccepted::default() });
        happen(tx, &mut after, std::slice::from_ref(&accepted));
        events.push(accepted);
    }
    if let Some(validity) = validity(&regime, &case, command.validity) {
        let (case_id, reason) = (case.case_id.to_string(), None);
        let judged = Fact::ValidityJudged(ValidityJudged { case_id, validity, reason });
        happen(tx, &mut after, std::slice::from_ref(&judged));
        events.push(judged);
    }
    let suggested = grade::by_rules(&regime, &after.view);
    let (severity, cite) = match suggested {
        Some(graded) if command.severity.is_empty() || command.severity == graded.severity => {
            (graded.severity, graded.cite)
        }
        _ if !command.severity.is_empty() => (command.severity, String::new()),
        // A regime that grades nothing asks for no grade.
        _ if regime.words.severities.is_empty() => (String::new(), String::new()),
        _ => return Err(no_rule().into()),
    };
    let answer = TriageCaseResponse { severity: severity.clone(), cite: cite.clone(), is_accepted };
    if severity != case.view.severity {
        events.push(Fact::CaseGraded(publish::graded(&case, severity, cite)));
    }
    write(tx, &regime, case, events).await?;
    Ok(answer)
}

fn happen(tx: &Tx, case: &mut Case, events: &[Fact]) {
    events.iter().for_each(|event| publish::happen(tx, case, event));
}

/// Whether the case is taken with the triage: the course and the guards put nothing before it, the notice of acceptance
/// need not say anything that somebody would have to write, and whoever triages may take it where the regime says who may.
fn accepts(law: &Law, regime: &Regime, case: &Case, staff_id: &str) -> bool {
    let is_theirs =
        regime.roles_for("accept").is_empty() || facts::authorise(law, &case.view, staff_id, "accept").is_ok();
    is_theirs
        && facts::lacks(regime, &case.view, "accept").is_empty()
        && facts::parts::of_answer(regime, &case.view, "accept").is_empty()
}

/// A complaint is taken at its word unless somebody judges otherwise.
fn validity(regime: &Regime, case: &Case, chosen: String) -> Option<String> {
    if !chosen.is_empty() {
        return Some(chosen).filter(|chosen| *chosen != case.view.validity);
    }
    let words = &regime.words.validity;
    let valid = words.iter().find(|word| word.id == "valid").or_else(|| words.first());
    valid.filter(|_| case.view.validity.is_empty()).map(|word| word.id.clone())
}

fn no_rule() -> Problem {
    Problem::field("severity", "no-grade-by-rules", "制度未给出等级,请选择", "The rules give no grade here; choose one")
}
