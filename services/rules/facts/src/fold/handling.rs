//! What is done about a case: links, teams, orders, sign-offs, measures, rounds.

use super::{day, some};
use crate::{CaseView, Happened, Order, SignOff, SignOffState};
use contracts::Fact;
use contracts::resolution::{CaseReopened, StepDone};

impl CaseView {
    pub(super) fn handling(&mut self, fact: &Fact) {
        match fact {
            Fact::MeasuresOrdered(e) => {
                self.measures.extend(e.measures.iter().cloned());
                self.open_measures.extend(e.measures.iter().map(|measure| (measure.clone(), false)));
            }
            Fact::MeasureDone(e) => {
                self.open_measures.insert(e.measure.clone(), true);
            }
            Fact::MeasureChecked(e) => {
                if e.is_satisfactory {
                    self.open_measures.remove(&e.measure);
                } else {
                    self.open_measures.insert(e.measure.clone(), false);
                }
            }
            Fact::DecisionProposed(e) => self.finding = some(&e.finding),
            Fact::CaseResolved(e) => self.finding = some(&e.finding).or(self.finding.take()),
            Fact::CaseCalledBack(e) => self.satisfaction = some(&e.satisfaction),
            Fact::CaseRated(e) => self.satisfaction = some(&e.satisfaction),
            Fact::CaseClosed(e) => self.outcome = some(&e.outcome),
            Fact::CaseReopened(e) => self.reopen(e),
            Fact::ApprovalAsked(e) if e.tier <= 1 => {
                let sign_off = SignOff { asked_by: e.asked_by.clone(), ..SignOff::default() };
                self.sign_offs.insert(e.act.clone(), sign_off);
            }
            Fact::ApprovalGiven(e) => {
                let one = self.sign_offs.entry(e.act.clone()).or_default();
                one.given = one.given.max(e.tier);
                if e.is_last {
                    one.state = SignOffState::Given;
                }
            }
            Fact::ApprovalRefused(e) => {
                self.sign_offs.entry(e.act.clone()).or_default().state = SignOffState::Refused;
            }
            other => self.dealings(other),
        }
    }

    /// What other services do with it.
    fn dealings(&mut self, fact: &Fact) {
        match fact {
            Fact::HandlerNamed(e) => {
                self.handled_by(some(&e.staff_id));
            }
            Fact::DispatchRuled(e) => {
                self.returned_by = None;
                if e.outcome == "upheld" {
                    self.upheld.insert(e.unit_id.clone());
                }
            }
            Fact::RecusalAsked(e) => {
                self.recusals_asked.insert(e.staff_id.clone());
            }
            Fact::RecusalGranted(e) => {
                self.recusals_asked.remove(&e.staff_id);
            }
            Fact::RecusalRefused(e) => {
                self.recusals_asked.remove(&e.staff_id);
            }
            Fact::OrderGiven(e) => {
                self.orders.push(Order {
                    no: e.no,
                    order: e.order.clone(),
                    ground: e.ground.clone(),
                    unit_id: e.unit_id.clone(),
                    staff: e.staff_ids.clone(),
                    to: e.to.clone(),
                    due: day(&e.due),
                    given_by: e.given_by.clone(),
                    is_answered: false,
                });
            }
            Fact::OrderAnswered(e) => {
                self.orders.iter_mut().filter(|order| order.no == e.no).for_each(|order| order.is_answered = true);
            }
            Fact::TeamFormed(e) => {
                let mut members: std::collections::BTreeSet<String> = e.staff_ids.iter().cloned().collect();
                members.extend(some(&e.lead));
                self.teams.insert(e.team.clone(), members);
            }
            Fact::IdentityVerified(_) => "real-name".clone_into(&mut self.identity),
            Fact::ComplainantChased(_) => self.chases = self.chases.saturating_add(1),
            Fact::CaseLinked(e) => self.links.push((e.relation.clone(), e.other_case_id.clone())),
            _ => {}
        }
    }

    pub(super) fn step_done(&mut self, e: &StepDone) {
        // Judged again, the later judgement stands.
        let is_overtaken =
            |one: &&mut Happened| one.word == e.step && one.arg.as_ref().is_some_and(|arg| *arg != e.outcome);
        self.history.iter_mut().filter(is_overtaken).for_each(|happened| happened.lapsed = true);
        self.form_fields.extend(some(&e.form));
    }

    /// The case goes back to a stage: what was done from there on no longer counts.
    fn reopen(&mut self, e: &CaseReopened) {
        self.round = e.round;
        let lapses = |word: &String| e.lapsed.contains(word) || word == "case-closed";
        self.history.iter_mut().filter(|happened| lapses(&happened.word)).for_each(|happened| happened.lapsed = true);
        self.outcome = None;
        if e.lapsed.iter().any(|word| word == "decision-proposed" || word == "case-resolved") {
            self.finding = None;
        }
        self.sign_offs
            .retain(|act, _| !e.lapsed.contains(act) && !e.lapsed.iter().any(|word| word == "approval-given"));
    }
}
