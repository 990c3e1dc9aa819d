//! Commands about time, which the deadline watcher takes.

use super::Given;
use contracts::deadline_watcher as d;
use kit_core::Problem;
use serde_json::{Value, json};

impl Given<'_> {
    pub(super) async fn to_watcher(&self, name: &str) -> Result<Value, Problem> {
        let (request_id, case_id, version, body) = (self.id(), self.case(), self.version(), &self.body);
        let is_granted = body.flag("is_granted");
        match name {
            "ask-overrun" | "ask-extension" => {
                let (clock, until, reason_ref) = (body.text("clock"), body.text("until"), self.seal("reason").await?);
                let message = d::AskExtensionRequest { request_id, case_id, version, clock, until, reason_ref };
                let done = self.asker.ask_extension(message).await?;
                return Ok(json!({"extension_id": done.extension_id, "approver_role": done.approver_role}));
            }
            "ask-suspension" => {
                let (clocks, until, reason_ref) =
                    (body.texts("clocks"), body.text("until"), self.seal("reason").await?);
                let message = d::AskSuspensionRequest { request_id, case_id, version, clocks, until, reason_ref };
                let done = self.asker.ask_suspension(message).await?;
                return Ok(json!({"suspension_id": done.suspension_id, "approver_role": done.approver_role}));
            }
            "rule-on-suspension" => {
                let suspension_id = body.text("suspension_id");
                let message = d::RuleOnSuspensionRequest { request_id, case_id, suspension_id, is_granted };
                self.asker.rule_on_suspension(message).await?;
            }
            "end-suspension" => {
                let suspension_id = body.text("suspension_id");
                self.asker.end_suspension(d::EndSuspensionRequest { request_id, case_id, suspension_id }).await?;
            }
            "set-date" => {
                let (clock, date) = (body.text("clock"), body.text("date"));
                self.asker.set_date(d::SetDateRequest { request_id, case_id, version, clock, date }).await?;
            }
            _ => {
                let extension_id = body.text("extension_id");
                let message = d::RuleOnExtensionRequest { request_id, case_id, extension_id, is_granted };
                self.asker.rule_on_extension(message).await?;
            }
        }
        Ok(json!({}))
    }
}
