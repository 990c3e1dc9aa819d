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
                self.acts("measure", &e.staff_id);
            }
            Fact::MeasureDone(e) => {
                self.open_measures.insert(e.measure.clone(), true);
                self.acts("carry-out", &e.staff_id);
            }
            Fact::MeasureChecked(e) => {
                if e.is_satisfactory {
                    self.open_measures.remove(&e.measure);
                } else {
                    self.open_measures.insert(e.measure.clone(), false);
                }
                self.acts("check-measure", &e.staff_id);
            }
            Fact::DecisionProposed(e) => {
                self.finding = some(&e.finding);
                self.acts("decide", &e.staff_id);
            }
            Fact::DecisionApproved(e) => self.acts("approve-decision", &e.staff_id),
            Fact::CaseResolved(e) => {
                self.finding = some(&e.finding).or(self.finding.take());
                self.acts("resolve", &e.staff_id);
            }
            Fact::ComplainantTold(e) => self.acts("tell", &e.staff_id),
            Fact::CaseCalledBack(e) => {
                self.satisfaction = some(&e.satisfaction);
                self.acts("call-back", &e.staff_id);
            }
            Fact::CaseRated(e) => self.satisfaction = some(&e.satisfaction),
            Fact::CaseClosed(e) => {
                self.outcome = some(&e.outcome);
                self.acts("close", &e.staff_id);
            }
            Fact::CaseReopened(e) => self.reopen(e),
            Fact::ApprovalAsked(e) if e.tier <= 1 => {
                let sign_off = SignOff { asked_by: e.asked_by.clone(), ..SignOff::default() };
                self.sign_offs.insert(e.act.clone(), sign_off);
                self.acts("ask-approval", &e.asked_by);
            }
            Fact::ApprovalGiven(e) => {
                let one = self.sign_offs.entry(e.act.clone()).or_default();
                one.given = one.given.max(e.tier);
                if e.is_last {
                    one.state = SignOffState::Given;
                }
                self.acts("approve", &e.staff_id);
            }
            Fact::ApprovalRefused(e) => {
                self.sign_offs.entry(e.act.clone()).or_default().state = SignOffState::Refused;
                self.acts("approve", &e.staff_id);
            }
            Fact::AppealDecided(e) => self.acts("decide-appeal", &e.staff_id),
            other => self.dealings(other),
        }
    }

    /// What other services do with it.
    fn dealings(&mut self, fact: &Fact) {
        match fact {
            Fact::HandlerNamed(e) => {
                self.handled_by(some(&e.staff_id));
                self.acts("delegate", &e.named_by);
            }
            Fact::DispatchRuled(e) => {
                self.returned_by = None;
                if e.outcome == "upheld" {
                    self.upheld.insert(e.unit_id.clone());
                }
                self.acts("rule-dispatch", &e.staff_id);
            }
            Fact::RecusalAsked(e) => {
                self.recusals_asked.insert(e.staff_id.clone());
                self.acts("ask-recusal", &e.asked_by);
            }
            Fact::RecusalGranted(e) => {
                self.recusals_asked.remove(&e.staff_id);
                self.acts("rule-recusal", &e.ruled_by);
            }
            Fact::RecusalRefused(e) => {
                self.recusals_asked.remove(&e.staff_id);
                self.acts("rule-recusal", &e.ruled_by);
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
                self.acts("order", &e.given_by);
            }
            Fact::OrderAnswered(e) => {
                self.orders.iter_mut().filter(|order| order.no == e.no).for_each(|order| order.is_answered = true);
                self.acts("answer-order", &e.staff_id);
            }
            Fact::TeamFormed(e) => {
                let mut members: std::collections::BTreeSet<String> = e.staff_ids.iter().cloned().collect();
                members.extend(some(&e.lead));
                self.teams.insert(e.team.clone(), members);
                self.acts("form-team", &e.formed_by);
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
        self.acts(&e.step, &e.staff_id);
        let others: Vec<String> = e.staff_ids.clone();
        others.iter().for_each(|staff| self.acts(&e.step, staff));
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
