//! What a person may do with a case, and what it makes happen.

use super::{Case, Event, refusal, steps};
use kit_core::Problem;
use kit_ids::RefId;
use regime::Regime;

/// One act of a person on a case. Texts are sealed by intake first and named here.
#[derive(Clone, Debug)]
pub(crate) enum Act {
    Note { text: Option<RefId> },
    Measure { measures: Vec<String>, text: Option<RefId> },
    Decide { finding: String, text: Option<RefId> },
    Rule { is_approved: bool, reason: Option<RefId> },
    Answer { text: Option<RefId> },
    Resolve { finding: String, text: Option<RefId> },
    Step { step: String },
    Close,
}

impl Act {
    /// Its name in a regime's `who` and `guards`.
    pub(crate) fn step(&self) -> &str {
        match self {
            Self::Note { .. } => steps::NOTE,
            Self::Measure { .. } => steps::MEASURE,
            Self::Decide { .. } => steps::DECIDE,
            Self::Rule { .. } => steps::APPROVE,
            Self::Answer { .. } => steps::ANSWER,
            Self::Resolve { .. } => steps::RESOLVE,
            Self::Step { step } => step,
            Self::Close => steps::CLOSE,
        }
    }
}

/// Refuses a step that the regime does not have, before anyone is asked whether they may do it.
pub(crate) fn known_step(regime: &Regime, act: &Act) -> Result<(), Problem> {
    match act {
        Act::Step { step } if !steps::is_own(regime, step) => {
            let known: Vec<&str> = regime.words.steps.iter().map(|s| s.id.as_str()).collect();
            Err(refusal::unknown_word("step", step, &known))
        }
        _ => Ok(()),
    }
}

/// Decides what `act` by `staff` makes happen, or why it may not be.
pub(crate) fn act(case: &Case, regime: &Regime, staff: &str, act: Act) -> Result<Vec<Event>, Problem> {
    if case.is_closed() {
        return Err(refusal::already_closed());
    }
    let lacks = steps::missing(case, regime, staff, act.step());
    if !lacks.is_empty() {
        return Err(refusal::not_yet(&lacks));
    }
    let mut events = opening(case, staff);
    events.push(happening(case, regime, staff, act)?);
    Ok(events)
}

/// The first act of the handler opens the investigation.
fn opening(case: &Case, staff: &str) -> Vec<Event> {
    if case.course.is_opened || case.view.handler.as_deref() != Some(staff) {
        return Vec::new();
    }
    vec![Event::InvestigationOpened { by: staff.to_owned() }]
}

fn happening(case: &Case, regime: &Regime, staff: &str, act: Act) -> Result<Event, Problem> {
    let by = staff.to_owned();
    match act {
        Act::Note { text } => Ok(Event::NoteAdded { text: needed("text_ref", text)? }),
        Act::Measure { measures, text } => measure(case, regime, measures, text),
        Act::Decide { finding, text } => {
            unresolved(case)?;
            known_finding(regime, &finding)?;
            let is_final = regime.approver("decision", &case.view).is_none();
            Ok(Event::DecisionProposed { finding, text: needed("text_ref", text)?, by, is_final })
        }
        Act::Rule { is_approved, reason } => rule(case, by, is_approved, reason),
        Act::Answer { text } => Ok(Event::ComplainantAnswered { text: needed("text_ref", text)? }),
        Act::Resolve { finding, text } => resolve(case, regime, finding, text),
        Act::Step { step } => {
            if case.view.has_word(&step) {
                return Err(refusal::already_done());
            }
            Ok(Event::StepDone { step, by })
        }
        Act::Close => Ok(Event::CaseClosed { outcome: "resolved" }),
    }
}

fn measure(case: &Case, regime: &Regime, measures: Vec<String>, text: Option<RefId>) -> Result<Event, Problem> {
    unresolved(case)?;
    let known: Vec<&str> = regime.words.measures.iter().map(|m| m.id.as_str()).collect();
    if measures.is_empty() {
        return Err(refusal::unknown_word("measures", "", &known));
    }
    if let Some(word) = measures.iter().find(|m| !known.contains(&m.as_str())) {
        return Err(refusal::unknown_word("measures", word, &known));
    }
    Ok(Event::MeasuresOrdered { measures, text })
}

fn rule(case: &Case, by: String, is_approved: bool, reason: Option<RefId>) -> Result<Event, Problem> {
    let proposal = case.course.pending().ok_or_else(refusal::no_proposal)?;
    if proposal.by == by {
        return Err(refusal::own_proposal());
    }
    if is_approved {
        Ok(Event::DecisionApproved { by })
    } else {
        Ok(Event::DecisionRefused { by, reason: Some(needed("reason_ref", reason)?) })
    }
}

fn resolve(case: &Case, regime: &Regime, finding: String, text: Option<RefId>) -> Result<Event, Problem> {
    unresolved(case)?;
    let finding = match (case.course.approved(), finding) {
        (Some(approved), given) if given.is_empty() => approved.to_owned(),
        (Some(approved), given) if given != approved => return Err(refusal::other_finding()),
        (_, given) => given,
    };
    known_finding(regime, &finding)?;
    Ok(Event::CaseResolved { finding, text })
}

fn unresolved(case: &Case) -> Result<(), Problem> {
    if case.is_resolved() { Err(refusal::already_resolved()) } else { Ok(()) }
}

fn known_finding(regime: &Regime, finding: &str) -> Result<(), Problem> {
    let known: Vec<&str> = regime.words.findings.iter().map(|f| f.id.as_str()).collect();
    if known.contains(&finding) { Ok(()) } else { Err(refusal::unknown_word("finding", finding, &known)) }
}

fn needed(field: &str, text: Option<RefId>) -> Result<RefId, Problem> {
    text.ok_or_else(|| refusal::missing_text(field))
}
