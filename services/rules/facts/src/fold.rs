//! The fold: each fact changes the view a little. It is total: in whatever order facts come, none can fail.

mod acts;
mod clocks;
mod handling;
mod naming;

pub use naming::{name, names};

use crate::{CaseView, Happened, answered};
use chrono::{DateTime, NaiveDate, Utc};
use contracts::Fact;
use contracts::common;
use contracts::intake::CaseRegistered;

impl CaseView {
    /// The view of a case that was just registered.
    pub fn open(event: &CaseRegistered, at: DateTime<Utc>) -> Self {
        let mut view = Self::default();
        view.apply(&Fact::CaseRegistered(event.clone()), at);
        view
    }

    /// Takes a fact of this case into the view. Facts about units, staff and regimes change nothing.
    pub fn apply(&mut self, fact: &Fact, at: DateTime<Utc>) {
        if fact.case_id().is_empty() {
            return;
        }
        let learned = at;
        let at = self.change(fact, at);
        for (act, staff) in acts::acts(fact).into_iter().filter(|(_, staff)| !staff.is_empty()) {
            self.acted.entry(act).or_default().insert(staff.to_owned());
        }
        let dated = matches!(fact, Fact::StepDone(e) if e.done_at.is_some());
        let happened = |(word, arg)| Happened { dated, ..Happened::new(word, arg, at) };
        self.history.extend(names(fact).into_iter().map(happened));
        if let Fact::CaseRegistered(_) = fact {
            // It reached us when it was received; it was written down when the event says.
            self.history.push(Happened::new("case-recorded", None, learned));
        }
    }

    /// Changes the fields, and says since when the fact counts.
    fn change(&mut self, fact: &Fact, at: DateTime<Utc>) -> DateTime<Utc> {
        match fact {
            Fact::CaseRegistered(e) => return self.register(e, at),
            Fact::CaseClassified(e) => {
                e.kind.clone_into(&mut self.kind);
                e.category.clone_into(&mut self.category);
                if e.about_unit_id.is_some() {
                    e.about_unit_id.clone_into(&mut self.about_unit_id);
                }
                self.accuse(&e.about_staff_ids);
                self.learn(&e.facts);
            }
            Fact::FactsStated(e) => self.learn(&e.facts),
            Fact::CaseAccepted(e) => self.is_courtesy = e.is_courtesy,
            Fact::CaseGraded(e) => e.severity.clone_into(&mut self.severity),
            Fact::ValidityJudged(e) => e.validity.clone_into(&mut self.validity),
            Fact::CasesMerged(e) => {
                return e.received_at.as_ref().and_then(instant).map_or(at, |received| received.min(at));
            }
            Fact::CaseDeclined(e) => self.ground = Some(e.ground.clone()),
            Fact::CaseReferred(e) => self.ground = Some(e.ground.clone()),
            Fact::CaseMoved(e) => {
                e.regime_id.clone_into(&mut self.regime_id);
                self.regime_version = e.regime_version;
            }
            Fact::CaseDispatched(e) => {
                self.handling_unit_id = Some(e.unit_id.clone());
                self.handled_by(some(&e.staff_id));
                e.role.clone_into(&mut self.handler_role);
                self.handler_signed = false;
                self.returned_by = None;
            }
            Fact::CaseSigned(e) => {
                self.handler_signed = self.handler.is_none() || self.handler.as_deref() == Some(&e.staff_id);
            }
            Fact::CaseReturned(_) => {
                self.returned_by = self.handling_unit_id.take();
                self.drop_handler();
            }
            Fact::HandlerRecused(e) => {
                self.excluded.insert(e.staff_id.clone());
                if self.handler.as_deref() == Some(&e.staff_id) {
                    self.drop_handler();
                }
            }
            Fact::CaseEscalated(e) => {
                self.rung = self.rung.max(e.rung);
                self.watchers.extend(e.staff_ids.iter().cloned());
            }
            Fact::StepDone(e) => {
                self.step_done(e);
                return e.done_at.as_ref().and_then(instant).map_or(at, |done| done.min(at));
            }
            other => {
                self.handling(other);
                return self.clock(other, at);
            }
        }
        at
    }

    fn register(&mut self, e: &CaseRegistered, at: DateTime<Utc>) -> DateTime<Utc> {
        let received = e.received_at.as_ref().and_then(instant).map_or(at, |received| received.min(at));
        e.case_id.clone_into(&mut self.case_id);
        e.number.clone_into(&mut self.number);
        e.regime_id.clone_into(&mut self.regime_id);
        self.regime_version = e.regime_version;
        e.unit_id.clone_into(&mut self.unit_id);
        e.channel.clone_into(&mut self.channel);
        e.kind.clone_into(&mut self.kind);
        self.asked_by = e.asked_by.as_deref().and_then(day);
        self.is_anonymous = e.is_anonymous;
        e.reach.clone_into(&mut self.reach);
        e.about_unit_id.clone_into(&mut self.about_unit_id);
        self.accuse(&e.about_staff_ids);
        self.learn(&e.facts);
        e.complainant.clone_into(&mut self.complainant);
        e.respondent.clone_into(&mut self.respondent);
        e.identity.clone_into(&mut self.identity);
        e.respondent_reach.clone_into(&mut self.respondent_reach);
        self.form_fields.extend(e.form_fields.iter().cloned());
        self.is_sealed = e.is_sealed;
        self.first_contact = e.recorded_by.as_deref().and_then(some);
        self.received_at = received;
        // A letter's period runs from the day it reached us, not from the day somebody typed it in.
        received
    }

    fn accuse(&mut self, staff: &[String]) {
        self.accused.extend(staff.iter().cloned());
        self.excluded.extend(staff.iter().cloned());
    }

    fn learn(&mut self, facts: &[common::Fact]) {
        let known = facts.iter().filter_map(|fact| Some((fact.name.clone(), answered(fact.value.as_ref()?)?)));
        self.facts.extend(known);
    }

    fn handled_by(&mut self, staff: Option<String>) {
        self.handlers.extend(staff.iter().cloned());
        self.handler = staff;
    }

    fn drop_handler(&mut self) {
        self.handler = None;
        self.handling_unit_id = None;
        self.handler_signed = false;
    }
}

fn some(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

fn day(text: &str) -> Option<NaiveDate> {
    text.parse().ok()
}

/// An instant as events carry it; none for one that no calendar has.
pub fn instant(at: &prost_types::Timestamp) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp(at.seconds, u32::try_from(at.nanos).ok()?)
}

#[cfg(test)]
mod tests;
