//! What a person may do with a case, and what it makes happen.

use super::{Case, Event, approval, refusal, step, step::Filled, steps};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use kit_core::Problem;
use kit_ids::RefId;
use regime::{Missing, Regime, TellForm};
use std::collections::BTreeMap;

/// One act of a person on a case. Texts are sealed by intake first and named here.
#[derive(Clone, Debug)]
pub(crate) enum Act {
    Note { text: Option<RefId> },
    Measure { measures: Vec<String>, text: Option<RefId> },
    CarryOut { measure: String, text: Option<RefId> },
    Check { measure: String, is_satisfactory: bool, text: Option<RefId> },
    Decide { finding: String, text: Option<RefId> },
    Rule { is_approved: bool, reason: Option<RefId> },
    Answer { text: Option<RefId> },
    Resolve { finding: String, text: Option<RefId> },
    Tell { way: String, text: Option<RefId>, parts: BTreeMap<String, RefId> },
    Step { step: String, filled: Box<Filled> },
    AskApproval { act: String, text: Option<RefId> },
    SignOff { act: String, is_given: bool, reason: Option<RefId> },
    DecideAppeal { tier: String, outcome: String, text: Option<RefId>, parts: BTreeMap<String, RefId> },
    Close,
}

impl Act {
    /// Its name in a regime's `who` and `guards`.
    pub(crate) fn step(&self) -> &str {
        match self {
            Self::Note { .. } => steps::NOTE,
            Self::Measure { .. } => steps::MEASURE,
            Self::CarryOut { .. } => steps::CARRY_OUT,
            Self::Check { .. } => steps::CHECK,
            Self::Decide { .. } => steps::DECIDE,
            Self::Rule { .. } => steps::APPROVE,
            Self::Answer { .. } => steps::ANSWER,
            Self::Resolve { .. } => steps::RESOLVE,
            Self::Tell { .. } => steps::TELL,
            Self::Step { step, .. } => step,
            Self::AskApproval { .. } => steps::ASK_APPROVAL,
            Self::SignOff { .. } => steps::SIGN_OFF,
            Self::DecideAppeal { .. } => steps::DECIDE_APPEAL,
            Self::Close => steps::CLOSE,
        }
    }

    /// The same, once for each object that the regime may permit or guard for itself: `measure(refund)`.
    pub(crate) fn each(&self) -> Vec<String> {
        match self {
            Self::Measure { measures, .. } if !measures.is_empty() => {
                measures.iter().map(|measure| format!("{}({measure})", steps::MEASURE)).collect()
            }
            other => vec![other.step().to_owned()],
        }
    }
}

/// What an act is judged by beside the case: the regime, who acts, and the day in the unit's zone.
#[derive(Clone, Copy)]
pub(crate) struct Ground<'a> {
    pub(crate) regime: &'a Regime,
    pub(crate) staff: &'a str,
    pub(crate) zone: Tz,
    pub(crate) now: DateTime<Utc>,
}

/// Refuses a step that the regime does not have, before anyone is asked whether they may do it.
pub(crate) fn known_step(regime: &Regime, act: &Act) -> Result<(), Problem> {
    match act {
        Act::Step { step, .. } if !steps::is_own(regime, step) => {
            let known: Vec<&str> = regime.steps.iter().map(|s| s.id.as_str()).collect();
            Err(refusal::unknown_word("step", step, &known))
        }
        _ => Ok(()),
    }
}

/// Decides what `act` makes happen, or why it may not be.
pub(crate) fn act(case: &Case, ground: Ground<'_>, act: Act) -> Result<Vec<Event>, Problem> {
    if case.is_closed() {
        return Err(refusal::already_closed());
    }
    if let Act::Step { step, .. } = &act {
        step::open(case, ground.regime, step)?;
    }
    let mut lacks: Vec<Missing> = Vec::new();
    for one in act.each() {
        let new = steps::missing(case, ground.regime, ground.staff, &one);
        lacks.extend(new.into_iter().filter(|lack| !lacks.contains(lack)).collect::<Vec<_>>());
    }
    if !lacks.is_empty() {
        return Err(facts::not_yet(&lacks));
    }
    let mut events = opening(case, ground.staff);
    events.push(happening(case, ground, act)?);
    Ok(events)
}

/// The first act of the handler opens the investigation.
fn opening(case: &Case, staff: &str) -> Vec<Event> {
    if case.course.is_opened || case.view.handler.as_deref() != Some(staff) {
        return Vec::new();
    }
    vec![Event::InvestigationOpened { by: staff.to_owned() }]
}

fn happening(case: &Case, ground: Ground<'_>, act: Act) -> Result<Event, Problem> {
    let (regime, by) = (ground.regime, ground.staff.to_owned());
    match act {
        Act::Note { text } => Ok(Event::NoteAdded { text: needed("text_ref", text)?, by }),
        Act::Measure { measures, text } => measure(case, regime, measures, text, by),
        Act::CarryOut { measure, text } => match case.view.open_measures.get(&measure) {
            Some(false) => Ok(Event::MeasureDone { measure, text, by }),
            _ => Err(refusal::not_owed(&measure)),
        },
        Act::Check { measure, is_satisfactory, text } => match case.view.open_measures.get(&measure) {
            Some(true) => Ok(Event::MeasureChecked { measure, is_satisfactory, text, by }),
            _ => Err(refusal::not_owed(&measure)),
        },
        Act::Decide { finding, text } => {
            unresolved(case)?;
            known_finding(regime, &finding)?;
            let is_final = regime.approver("decision", &case.view).is_none();
            Ok(Event::DecisionProposed { finding, text: needed("text_ref", text)?, by, is_final })
        }
        Act::Rule { is_approved, reason } => rule(case, regime, by, is_approved, reason),
        Act::Answer { text } => Ok(Event::ComplainantAnswered { text: needed("text_ref", text)? }),
        Act::Resolve { finding, text } => resolve(case, regime, finding, text, by),
        Act::Tell { way, text, parts } => tell(case, regime, way, text, parts, by),
        Act::Step { step, filled } => step::done(case, ground, &step, *filled),
        Act::AskApproval { act, text } => approval::ask(case, regime, act, text, by),
        Act::SignOff { act, is_given, reason } => approval::rule(case, regime, act, is_given, reason, by),
        Act::DecideAppeal { tier, outcome, text, parts } => {
            approval::open_appeal_of(case, regime, &tier, &outcome)?;
            facts::parts::whole(regime, &case.view, steps::DECIDE_APPEAL, &parts)?;
            Ok(Event::AppealDecided { tier, outcome, by, text: needed("text_ref", text)?, parts })
        }
        Act::Close => Ok(Event::CaseClosed { outcome: ending(case).to_owned(), by, cite: String::new() }),
    }
}

/// How a case ends that somebody closes: as its own matter, or as one that was for others.
fn ending(case: &Case) -> &'static str {
    let is_elsewhere = case.view.has_word("case-referred") && !case.view.has_word("case-accepted");
    if is_elsewhere { "referred" } else { "resolved" }
}

fn tell(
    case: &Case,
    regime: &Regime,
    way: String,
    text: Option<RefId>,
    parts: BTreeMap<String, RefId>,
    by: String,
) -> Result<Event, Problem> {
    if case.view.has_word("complainant-told") {
        return Err(refusal::already_done());
    }
    if let Some(rule) = regime.answer_rule(steps::TELL, &case.view) {
        let form = TellForm::of(&way);
        if !rule.ways.is_empty() && !rule.ways.contains(&form) {
            let allowed = rule.ways.iter().map(|form| form.name()).collect::<Vec<_>>().join(", ");
            return Err(refusal::wrong_way(&way, &allowed, &rule.cite));
        }
    }
    facts::parts::whole(regime, &case.view, steps::TELL, &parts)?;
    Ok(Event::ComplainantTold { way, by, text, parts })
}

fn measure(
    case: &Case,
    regime: &Regime,
    measures: Vec<String>,
    text: Option<RefId>,
    by: String,
) -> Result<Event, Problem> {
    unresolved(case)?;
    let known: Vec<&str> = regime.words.measures.iter().map(|m| m.word.id.as_str()).collect();
    if measures.is_empty() {
        return Err(refusal::unknown_word("measures", "", &known));
    }
    if let Some(word) = measures.iter().find(|m| !known.contains(&m.as_str())) {
        return Err(refusal::unknown_word("measures", word, &known));
    }
    Ok(Event::MeasuresOrdered { measures, text, by })
}

fn rule(case: &Case, regime: &Regime, by: String, is_approved: bool, reason: Option<RefId>) -> Result<Event, Problem> {
    let proposal = case.course.pending().ok_or_else(refusal::no_proposal)?;
    if proposal.by == by {
        return Err(refusal::own_proposal());
    }
    if !is_approved {
        return Ok(Event::DecisionRefused { by, reason: Some(needed("reason_ref", reason)?) });
    }
    let tiers = regime.approvers("decision", &case.view).map_or(1, |(roles, _)| roles.len());
    let tier = proposal.given.saturating_add(1);
    let is_partial = usize::try_from(tier).is_ok_and(|tier| tier < tiers);
    Ok(Event::DecisionApproved { by, tier, is_partial })
}

fn resolve(case: &Case, regime: &Regime, finding: String, text: Option<RefId>, by: String) -> Result<Event, Problem> {
    unresolved(case)?;
    let finding = match (case.course.approved(), finding) {
        (Some(approved), given) if given.is_empty() => approved.to_owned(),
        (Some(approved), given) if given != approved => return Err(refusal::other_finding()),
        (_, given) => given,
    };
    known_finding(regime, &finding)?;
    Ok(Event::CaseResolved { finding, text, by })
}

fn unresolved(case: &Case) -> Result<(), Problem> {
    if case.is_resolved() { Err(refusal::already_resolved()) } else { Ok(()) }
}

fn known_finding(regime: &Regime, finding: &str) -> Result<(), Problem> {
    let known: Vec<&str> = regime.words.findings.iter().map(|f| f.id.as_str()).collect();
    if known.contains(&finding) { Ok(()) } else { Err(refusal::unknown_word("finding", finding, &known)) }
}

pub(super) fn needed(field: &str, text: Option<RefId>) -> Result<RefId, Problem> {
    text.ok_or_else(|| refusal::missing_text(field))
}
