//! Puts what happened into the log, and takes it into the case itself: the two never differ.

use crate::{
    convert::{self, vault_ref},
    domain::{Case, Event, effect},
};
use contracts::{Fact, resolution as message};
use kit_messaging::{Received, Tx};
use regime::{Regime, TellForm};

/// So deep may rules of a regime set off each other. A circle among them is cut here: no check of a pack finds it yet.
const DEPTH: u32 = 16;

/// Records `events` of `case`, and what they bring about by the regime; `cause` is the event that brought them about, if
/// it was not a command.
pub(crate) fn append(tx: &mut Tx, cause: Option<&Received>, case: &mut Case, regime: &Regime, events: Vec<Event>) {
    let mut log = Log { case_id: case.view.case_id.to_string(), tx, cause, case, said: Vec::new() };
    let mut due = events;
    for _ in 0..DEPTH {
        for event in std::mem::take(&mut due) {
            log.case.course.apply(&event);
            log.say(event);
        }
        let said = std::mem::take(&mut log.said);
        due = said.iter().flat_map(|fact| effect::brought(log.case, regime, fact)).collect();
        if due.is_empty() {
            return;
        }
    }
    tracing::warn!(case_id = log.case_id, "rules of the regime set off each other without an end");
}

struct Log<'a> {
    case_id: String,
    tx: &'a mut Tx,
    cause: Option<&'a Received>,
    case: &'a mut Case,
    /// What was said and not yet asked for its effects.
    said: Vec<Fact>,
}

impl Log<'_> {
    fn put<E: contracts::Event + Clone>(&mut self, message: E, fact: fn(E) -> Fact) {
        match self.cause {
            Some(cause) => self.tx.publish_after(cause, &self.case_id, &message),
            None => self.tx.publish(&self.case_id, &message),
        }
        let at = self.tx.now();
        let fact = fact(message);
        self.case.view.apply(&fact, at);
        self.said.push(fact);
    }

    fn say(&mut self, event: Event) {
        let case_id = self.case_id.clone();
        match event {
            Event::InvestigationOpened { by } => {
                self.put(message::InvestigationOpened { case_id, staff_id: by }, Fact::InvestigationOpened);
            }
            Event::NoteAdded { text, by } => {
                let text = Some(vault_ref(text));
                self.put(message::NoteAdded { case_id, text, staff_id: by }, Fact::NoteAdded);
            }
            Event::MeasuresOrdered { .. } | Event::MeasureDone { .. } | Event::MeasureChecked { .. } => {
                self.say_measure(event);
            }
            Event::DecisionProposed { .. }
            | Event::DecisionApproved { .. }
            | Event::DecisionRefused { .. }
            | Event::ApprovalAsked { .. }
            | Event::ApprovalGiven { .. }
            | Event::ApprovalRefused { .. } => self.say_decision(event),
            Event::ComplainantAnswered { text } => {
                let answered = message::ComplainantAnswered { case_id, text: Some(vault_ref(text)) };
                self.put(answered, Fact::ComplainantAnswered);
            }
            Event::CaseResolved { finding, text, by } => {
                let resolved = message::CaseResolved { case_id, finding, text: text.map(vault_ref), staff_id: by };
                self.put(resolved, Fact::CaseResolved);
            }
            Event::StepDone(done) => self.put(convert::step_done(case_id, *done), Fact::StepDone),
            Event::ComplainantTold { way, by, parts, .. } => {
                let form = TellForm::of(&way).name().to_owned();
                let parts = convert::vault_refs(parts);
                self.put(message::ComplainantTold { case_id, way, staff_id: by, form, parts }, Fact::ComplainantTold);
            }
            Event::CaseCalledBack { satisfaction, by } => {
                let called = message::CaseCalledBack { case_id, is_reached: true, satisfaction, staff_id: by };
                self.put(called, Fact::CaseCalledBack);
            }
            Event::AppealDecided { tier, outcome, by, text, parts } => {
                let (text, parts) = (Some(vault_ref(text)), convert::vault_refs(parts));
                let decided = message::AppealDecided { case_id, tier, outcome, staff_id: by, text, parts };
                self.put(decided, Fact::AppealDecided);
            }
            Event::CaseReopened { stage, round, lapsed, cause, cite } => {
                self.put(message::CaseReopened { case_id, stage, round, lapsed, cause, cite }, Fact::CaseReopened);
            }
            Event::LinkedCaseOwed { kind, regime, cause, cite } => {
                let (regime_id, relation) = (regime, "lead".to_owned());
                let owed = message::LinkedCaseOwed { case_id, kind, regime_id, relation, cause, cite };
                self.put(owed, Fact::LinkedCaseOwed);
            }
            Event::CaseClosed { outcome, by, cite } => {
                self.put(message::CaseClosed { case_id, outcome, cite, staff_id: by }, Fact::CaseClosed);
            }
        }
    }

    fn say_measure(&mut self, event: Event) {
        let case_id = self.case_id.clone();
        match event {
            Event::MeasuresOrdered { measures, text, by } => {
                let text = text.map(vault_ref);
                self.put(message::MeasuresOrdered { case_id, measures, text, staff_id: by }, Fact::MeasuresOrdered);
            }
            Event::MeasureDone { measure, text, by } => {
                let text = text.map(vault_ref);
                self.put(message::MeasureDone { case_id, measure, staff_id: by, text }, Fact::MeasureDone);
            }
            Event::MeasureChecked { measure, is_satisfactory, text, by } => {
                let text = text.map(vault_ref);
                let checked = message::MeasureChecked { case_id, measure, is_satisfactory, staff_id: by, text };
                self.put(checked, Fact::MeasureChecked);
            }
            _ => {}
        }
    }

    fn say_decision(&mut self, event: Event) {
        let case_id = self.case_id.clone();
        match event {
            Event::DecisionProposed { finding, text, by, .. } => {
                let text = Some(vault_ref(text));
                let proposed = message::DecisionProposed { case_id, finding, text, staff_id: by };
                self.put(proposed, Fact::DecisionProposed);
            }
            Event::DecisionApproved { by, tier, is_partial } => {
                self.put(message::DecisionApproved { case_id, staff_id: by, tier, is_partial }, Fact::DecisionApproved);
            }
            Event::ApprovalAsked { act, tier, role, by, text, cite } => {
                let (asked_by, text) = (by, text.map(vault_ref));
                let asked = message::ApprovalAsked { case_id, act, tier, role, asked_by, text, cite };
                self.put(asked, Fact::ApprovalAsked);
            }
            Event::ApprovalGiven { act, tier, by, is_last } => {
                self.put(message::ApprovalGiven { case_id, act, tier, staff_id: by, is_last }, Fact::ApprovalGiven);
            }
            Event::ApprovalRefused { act, tier, by, reason } => {
                let reason = Some(vault_ref(reason));
                self.put(message::ApprovalRefused { case_id, act, tier, staff_id: by, reason }, Fact::ApprovalRefused);
            }
            Event::DecisionRefused { by, reason } => {
                let refused = message::DecisionRefused { case_id, staff_id: by, reason: reason.map(vault_ref) };
                self.put(refused, Fact::DecisionRefused);
            }
            _ => {}
        }
    }
}
