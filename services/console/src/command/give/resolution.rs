//! Commands that resolution takes.

use super::Given;
use contracts::resolution as r;
use kit_core::Problem;
use serde_json::{Value, json};

impl Given<'_> {
    pub(super) async fn to_resolution(&self, name: &str) -> Result<Value, Problem> {
        let (request_id, case_id, version, body) = (self.id(), self.case(), self.version(), &self.body);
        match name {
            "note" => {
                let text_ref = self.seal("note").await?;
                self.asker.add_note(r::AddNoteRequest { request_id, case_id, version, text_ref }).await?;
            }
            "do-step" => self.do_step().await?,
            "decide" => {
                let (finding, text_ref) = (body.text("finding"), self.seal("decision").await?);
                let message = r::ProposeDecisionRequest { request_id, case_id, version, finding, text_ref };
                return Ok(json!({"is_final": self.asker.propose_decision(message).await?.is_final}));
            }
            "approve-decision" => {
                let (is_approved, reason_ref) = (body.flag("is_approved"), self.seal("reason").await?);
                let message = r::RuleOnDecisionRequest { request_id, case_id, version, is_approved, reason_ref };
                self.asker.rule_on_decision(message).await?;
            }
            "ask-approval" => {
                let (act, text_ref) = (body.text("act"), self.seal("note").await?);
                let message = r::AskApprovalRequest { request_id, case_id, version, act, text_ref };
                self.asker.ask_approval(message).await?;
            }
            "approve" => {
                let (act, is_given, reason_ref) = (body.text("act"), body.flag("is_given"), self.seal("reason").await?);
                let message = r::RuleOnApprovalRequest { request_id, case_id, version, act, is_given, reason_ref };
                self.asker.rule_on_approval(message).await?;
            }
            "answer" => {
                let text_ref = self.seal("answer").await?;
                let message = r::AnswerComplainantRequest { request_id, case_id, version, text_ref };
                self.asker.answer_complainant(message).await?;
            }
            "resolve" => {
                let (finding, text_ref) = (body.text("finding"), self.seal("decision").await?);
                let message = r::ResolveCaseRequest { request_id, case_id, version, finding, text_ref };
                self.asker.resolve_case(message).await?;
            }
            "tell" => {
                let (way, text_ref) = (body.text("way"), self.seal("answer").await?);
                let part_refs = self.seal_parts("answer").await?.into_iter().collect();
                let message = r::TellResultRequest { request_id, case_id, version, way, text_ref, part_refs };
                self.asker.tell_result(message).await?;
            }
            "decide-appeal" => {
                let (tier, outcome) = (body.text("tier"), body.text("outcome"));
                let text_ref = self.seal("decision").await?;
                let part_refs = self.seal_parts("decision").await?;
                let message =
                    r::DecideAppealRequest { request_id, case_id, version, tier, outcome, text_ref, part_refs };
                self.asker.decide_appeal(message).await?;
            }
            "measure" | "carry-out" | "check-measure" => self.with_measures(name).await?,
            _ => {
                self.asker.close_case(r::CloseCaseRequest { request_id, case_id, version }).await?;
            }
        }
        Ok(json!({}))
    }

    async fn do_step(&self) -> Result<(), Problem> {
        let body = &self.body;
        let message = r::DoStepRequest {
            request_id: self.id(),
            case_id: self.case(),
            version: self.version(),
            step: body.text("step"),
            outcome: body.text("outcome"),
            on_date: body.text("on_date"),
            amount: i64::try_from(body.number("amount")).unwrap_or(i64::MAX),
            staff_ids: body.texts("staff_ids"),
            credentials_shown: body.flag("credentials_shown"),
            text_ref: self.seal("note").await?,
            file_refs: body.texts("files"),
        };
        self.asker.do_step(message).await.map(drop)
    }

    async fn with_measures(&self, name: &str) -> Result<(), Problem> {
        let (request_id, case_id, version, body) = (self.id(), self.case(), self.version(), &self.body);
        let (measure, text_ref) = (body.text("measure"), self.seal("note").await?);
        match name {
            "measure" => {
                let measures = body.texts("measures");
                let message = r::OrderMeasuresRequest { request_id, case_id, version, measures, text_ref };
                self.asker.order_measures(message).await.map(drop)
            }
            "carry-out" => {
                let message = r::CarryOutMeasureRequest { request_id, case_id, version, measure, text_ref };
                self.asker.carry_out_measure(message).await.map(drop)
            }
            _ => {
                let is_satisfactory = body.flag("is_satisfactory");
                let message =
                    r::CheckMeasureRequest { request_id, case_id, version, measure, is_satisfactory, text_ref };
                self.asker.check_measure(message).await.map(drop)
            }
        }
    }
}
