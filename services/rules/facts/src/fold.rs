//! The fold: each fact changes the view a little. It is total: in whatever order facts come, none can fail.

mod clocks;

use crate::{CaseView, Happened};
use chrono::{DateTime, NaiveDate, Utc};
use contracts::Fact;
use contracts::common::{self, fact_value};
use contracts::intake::CaseRegistered;
use regime::Value;

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
        let at = self.change(fact, at);
        let (word, arg) = name(fact);
        self.history.push(Happened { word: word.to_owned(), arg: arg.map(str::to_owned), at });
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
                self.excluded.extend(e.about_staff_ids.iter().cloned());
                self.learn(&e.facts);
            }
            Fact::CaseGraded(e) => e.severity.clone_into(&mut self.severity),
            Fact::ValidityJudged(e) => e.validity.clone_into(&mut self.validity),
            Fact::CaseDeclined(e) => self.ground = Some(e.ground.clone()),
            Fact::CaseDispatched(e) => {
                self.handling_unit_id = Some(e.unit_id.clone());
                self.handler = some(&e.staff_id);
                self.handler_signed = false;
            }
            Fact::CaseSigned(e) => {
                self.handler_signed = self.handler.is_none() || self.handler.as_deref() == Some(&e.staff_id);
            }
            Fact::CaseReturned(_) => self.drop_handler(),
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
            Fact::MeasuresOrdered(e) => self.measures.extend(e.measures.iter().cloned()),
            Fact::DecisionProposed(e) => self.finding = some(&e.finding),
            Fact::CaseResolved(e) if !e.finding.is_empty() => self.finding = some(&e.finding),
            Fact::CaseCalledBack(e) => self.satisfaction = some(&e.satisfaction),
            Fact::CaseClosed(e) => self.outcome = some(&e.outcome),
            clock => return self.clock(clock, at),
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
        self.excluded.extend(e.about_staff_ids.iter().cloned());
        self.learn(&e.facts);
        self.received_at = received;
        // A letter's period runs from the day it reached us, not from the day somebody typed it in.
        received
    }

    fn learn(&mut self, facts: &[common::Fact]) {
        let known = facts.iter().filter_map(|fact| Some((fact.name.clone(), value(fact.value.as_ref()?)?)));
        self.facts.extend(known);
    }

    fn drop_handler(&mut self) {
        self.handler = None;
        self.handling_unit_id = None;
        self.handler_signed = false;
    }
}

/// The word and argument under which packs know the fact.
pub fn name(fact: &Fact) -> (&str, Option<&str>) {
    let arg = match fact {
        Fact::StepDone(e) => return (&e.step, None),
        Fact::ClockStarted(e) => &e.clock,
        Fact::ClockStopped(e) => &e.clock,
        Fact::ClockPaused(e) => &e.clock,
        Fact::ClockResumed(e) => &e.clock,
        Fact::DeadlineMoved(e) => &e.clock,
        Fact::DeadlineNear(e) => &e.clock,
        Fact::ClockMissed(e) => &e.clock,
        Fact::ClockOverdue(e) => &e.clock,
        Fact::ExtensionAsked(e) => &e.clock,
        Fact::ExtensionGranted(e) => &e.clock,
        Fact::ExtensionRefused(e) => &e.clock,
        Fact::DateSet(e) => &e.clock,
        Fact::BreachFound(e) => &e.breach,
        Fact::TaskOpened(e) => &e.purpose,
        Fact::TaskDone(e) => &e.purpose,
        Fact::NoticeSent(e) => &e.template,
        Fact::NoticeFailed(e) => &e.template,
        Fact::NoticeUnknown(e) => &e.template,
        _ => return (fact.word(), None),
    };
    (fact.word(), Some(arg))
}

fn some(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

fn day(text: &str) -> Option<NaiveDate> {
    text.parse().ok()
}

fn instant(at: &prost_types::Timestamp) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp(at.seconds, u32::try_from(at.nanos).ok()?)
}

fn value(value: &common::FactValue) -> Option<Value> {
    Some(match value.kind.as_ref()? {
        fact_value::Kind::Flag(flag) => Value::Flag(*flag),
        fact_value::Kind::Number(number) => Value::Number(*number),
        fact_value::Kind::Word(word) => Value::Word(word.clone()),
    })
}

#[cfg(test)]
mod tests;
