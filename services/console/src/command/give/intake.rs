//! Commands at the doors: what intake and notification take.

use super::Given;
use contracts::{intake as i, notification as n, records::GetDossierRequest};
use kit_core::{Class, Problem};
use serde_json::{Value, json};

impl Given<'_> {
    pub(super) async fn to_intake(&self, name: &str) -> Result<Value, Problem> {
        let (request_id, case_id, body) = (self.id(), self.case(), &self.body);
        // Staff name a case by its id.
        let (receipt_code, number) = (String::new(), String::new());
        match name {
            "supplement" => {
                let text = body.text("text");
                self.asker.supplement(i::SupplementRequest { request_id, receipt_code, case_id, text, number }).await?;
            }
            "chase" => {
                let text = body.text("text");
                self.asker.chase(i::ChaseRequest { request_id, receipt_code, case_id, text, number }).await?;
            }
            "answer-at-once" => {
                let (way, text_ref) = (body.text("way"), self.seal("answer").await?);
                self.asker.answer_at_once(i::AnswerAtOnceRequest { request_id, case_id, way, text_ref }).await?;
            }
            "verify-identity" => {
                let way = body.text("way");
                self.asker.verify_identity(i::VerifyIdentityRequest { request_id, case_id, way }).await?;
            }
            "ask-complainant" => {
                let text_ref = self.seal("note").await?;
                self.asker.ask_complainant(i::AskComplainantRequest { request_id, case_id, text_ref }).await?;
            }
            "link" => {
                let (other_case_id, relation) = (self.other("other_case_id").await?, body.text("relation"));
                self.asker.link(i::LinkRequest { request_id, case_id, other_case_id, relation }).await?;
            }
            "merge" => {
                let into_case_id = self.other("into_case_id").await?;
                self.asker.merge(i::MergeRequest { request_id, case_id, into_case_id }).await?;
            }
            "split" => {
                let (kind, regime_id, reason) = (body.text("kind"), body.text("regime_id"), body.text("reason"));
                let message = i::SplitRequest { request_id, case_id, kind, regime_id, reason };
                let new = self.asker.split(message).await?;
                return Ok(json!({"case_id": new.case_id, "number": new.number}));
            }
            "appeal" => {
                let (tier, by) = (body.text("tier"), body.text("by"));
                let (reasons, request) = (body.text("reasons"), body.text("request"));
                let message =
                    i::AppealRequest { request_id, receipt_code, case_id, tier, reasons, request, by, number };
                return Ok(json!({"tier": self.asker.appeal(message).await?.tier}));
            }
            _ => {
                let message = i::WithdrawRequest { request_id, receipt_code, case_id, number };
                let done = self.asker.withdraw(message).await?;
                return Ok(json!({"then": done.then}));
            }
        }
        Ok(json!({}))
    }

    /// Another case, which people know by its number.
    async fn other(&self, field: &str) -> Result<String, Problem> {
        let named = self.body.text(field);
        if named.starts_with("case_") {
            return Ok(named);
        }
        let found = self.asker.get_dossier(GetDossierRequest { number: named, ..Default::default() }).await;
        found.map(|dossier| dossier.case_id).map_err(|problem| match problem.class {
            Class::NotFound => {
                Problem::field(field, "unknown-case", "没有这个编号的案件", "There is no case of this number")
            }
            _ => problem,
        })
    }

    pub(super) async fn to_notification(&self) -> Result<Value, Problem> {
        let body = &self.body;
        let message = n::CompleteTaskRequest {
            request_id: self.id(),
            task_id: body.text("task_id"),
            way: body.text("way"),
            is_reached: body.flag("is_reached"),
            satisfaction: body.text("satisfaction"),
            record_ref: self.seal("call-record").await?,
            parts: self.seal_parts("answer").await?,
        };
        self.asker.complete_task(message).await?;
        Ok(json!({}))
    }
}
