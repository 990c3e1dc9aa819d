//! What people of the house demand of each other in a case: rulings, orders, teams, recusals, and the way up.

use super::Given;
use contracts::assignment as a;
use kit_core::Problem;
use serde_json::{Value, json};

impl Given<'_> {
    pub(super) async fn to_each_other(&self, name: &str) -> Result<Value, Problem> {
        let (request_id, case_id, version, body) = (self.id(), self.case(), self.version(), &self.body);
        let (unit_id, staff_id) = (body.text("unit_id"), body.text("staff_id"));
        match name {
            "rule-dispatch" => {
                let (is_upheld, reason_ref) = (body.flag("is_upheld"), self.seal("reason").await?);
                let message =
                    a::RuleDispatchRequest { request_id, case_id, version, is_upheld, unit_id, staff_id, reason_ref };
                let done = self.asker.rule_dispatch(message).await?;
                Ok(json!({"staff_id": done.staff_id, "slip": done.slip}))
            }
            "delegate" => {
                let message = a::DelegateCaseRequest { request_id, case_id, version, staff_id };
                self.asker.delegate_case(message).await.map(|_| json!({}))
            }
            "ask-recusal" => {
                let ground_ref = self.seal("reason").await?;
                let message = a::AskRecusalRequest { request_id, case_id, version, staff_id, ground_ref };
                self.asker.ask_recusal(message).await.map(|_| json!({}))
            }
            "rule-recusal" => {
                let (is_granted, reason_ref) = (body.flag("is_granted"), self.seal("reason").await?);
                let message = a::RuleRecusalRequest { request_id, case_id, version, staff_id, is_granted, reason_ref };
                self.asker.rule_recusal(message).await.map(|_| json!({}))
            }
            "form-team" => {
                let (team, staff_ids, lead) = (body.text("team"), body.texts("staff_ids"), body.text("lead"));
                let message = a::FormTeamRequest { request_id, case_id, version, team, staff_ids, lead };
                Ok(json!({"lead": self.asker.form_team(message).await?.lead}))
            }
            "order" => {
                let message = a::GiveOrderRequest {
                    request_id,
                    case_id,
                    version,
                    order: body.text("order"),
                    ground: body.text("ground"),
                    unit_id,
                    staff_ids: body.texts("staff_ids"),
                    due: body.text("due"),
                    text_ref: self.seal("note").await?,
                };
                let done = self.asker.give_order(message).await?;
                Ok(json!({"no": done.no, "to": done.to, "staff_ids": done.staff_ids, "has_risen": done.has_risen}))
            }
            "answer-order" => {
                let no = u32::try_from(body.number("no")).unwrap_or(u32::MAX);
                let text_ref = self.seal("note").await?;
                let message = a::AnswerOrderRequest { request_id, case_id, version, no, text_ref };
                Ok(json!({"no": self.asker.answer_order(message).await?.no}))
            }
            _ => {
                let (text_ref, proposal_ref) = (self.seal("note").await?, self.seal_field("proposal", "note").await?);
                let message = a::EscalateCaseRequest { request_id, case_id, version, text_ref, proposal_ref };
                let done = self.asker.escalate_case(message).await?;
                Ok(json!({"rung": done.rung, "staff_ids": done.staff_ids}))
            }
        }
    }
}
