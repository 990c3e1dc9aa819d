//! Puts what happened into the log, and takes it into the case itself: the two never differ.

use crate::{
    convert::vault_ref,
    domain::{Case, Event},
};
use contracts::{Fact, resolution as message};
use kit_messaging::{Received, Tx};

/// Records `events` of `case`; `cause` is the event that brought them about, if it was not a command.
pub(crate) fn append(tx: &mut Tx, cause: Option<&Received>, case: &mut Case, events: Vec<Event>) {
    let mut log = Log { case_id: case.view.case_id.to_string(), tx, cause, case };
    for event in events {
        log.case.course.apply(&event);
        log.say(event);
    }
}

struct Log<'a> {
    case_id: String,
    tx: &'a mut Tx,
    cause: Option<&'a Received>,
    case: &'a mut Case,
}

impl Log<'_> {
    fn put<E: contracts::Event + Clone>(&mut self, message: E, fact: fn(E) -> Fact) {
        match self.cause {
            Some(cause) => self.tx.publish_after(cause, &self.case_id, &message),
            None => self.tx.publish(&self.case_id, &message),
        }
        let at = self.tx.now();
        self.case.view.apply(&fact(message), at);
    }

    fn say(&mut self, event: Event) {
        let case_id = self.case_id.clone();
        match event {
            Event::InvestigationOpened { by } => {
                self.put(message::InvestigationOpened { case_id, staff_id: by }, Fact::InvestigationOpened);
            }
            Event::NoteAdded { text } => {
                self.put(message::NoteAdded { case_id, text: Some(vault_ref(text)) }, Fact::NoteAdded);
            }
            Event::MeasuresOrdered { measures, text } => {
                let ordered = message::MeasuresOrdered { case_id, measures, text: text.map(vault_ref) };
                self.put(ordered, Fact::MeasuresOrdered);
            }
            Event::DecisionProposed { .. } | Event::DecisionApproved { .. } | Event::DecisionRefused { .. } => {
                self.say_decision(event);
            }
            Event::ComplainantAnswered { text } => {
                let answered = message::ComplainantAnswered { case_id, text: Some(vault_ref(text)) };
                self.put(answered, Fact::ComplainantAnswered);
            }
            Event::CaseResolved { finding, text } => {
                let resolved = message::CaseResolved { case_id, finding, text: text.map(vault_ref) };
                self.put(resolved, Fact::CaseResolved);
            }
            Event::StepDone { step, by } => {
                self.put(message::StepDone { case_id, step, staff_id: by }, Fact::StepDone);
            }
            Event::ComplainantTold { way, by } => {
                self.put(message::ComplainantTold { case_id, way, staff_id: by }, Fact::ComplainantTold);
            }
            Event::CaseCalledBack { satisfaction, by } => {
                let called = message::CaseCalledBack { case_id, is_reached: true, satisfaction, staff_id: by };
                self.put(called, Fact::CaseCalledBack);
            }
            Event::CaseClosed { outcome } => {
                self.put(message::CaseClosed { case_id, outcome: outcome.to_owned() }, Fact::CaseClosed);
            }
        }
    }

    fn say_decision(&mut self, event: Event) {
        let case_id = self.case_id.clone();
        match event {
            Event::DecisionProposed { finding, text, .. } => {
                let proposed = message::DecisionProposed { case_id, finding, text: Some(vault_ref(text)) };
                self.put(proposed, Fact::DecisionProposed);
            }
            Event::DecisionApproved { by } => {
                self.put(message::DecisionApproved { case_id, staff_id: by }, Fact::DecisionApproved);
            }
            Event::DecisionRefused { by, reason } => {
                let refused = message::DecisionRefused { case_id, staff_id: by, reason: reason.map(vault_ref) };
                self.put(refused, Fact::DecisionRefused);
            }
            _ => {}
        }
    }
}
