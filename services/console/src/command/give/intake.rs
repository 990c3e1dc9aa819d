//! Commands at the doors: what intake and notification take.

use super::Given;
use contracts::{intake as i, notification as n};
use kit_core::Problem;
use serde_json::{Value, json};

impl Given<'_> {
    pub(super) async fn to_intake(&self, name: &str) -> Result<Value, Problem> {
        let (request_id, case_id, body) = (self.id(), self.case(), &self.body);
        let receipt_code = String::new();
        match name {
            "supplement" => {
                let text = body.text("text");
                self.asker.supplement(i::SupplementRequest { request_id, receipt_code, case_id, text }).await?;
            }
            _ => {
                self.asker.withdraw(i::WithdrawRequest { request_id, receipt_code, case_id }).await?;
            }
        }
        Ok(json!({}))
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
        };
        self.asker.complete_task(message).await?;
        Ok(json!({}))
    }
}
