//! Commands that assignment takes.

use super::Given;
use contracts::assignment as a;
use kit_core::Problem;
use serde_json::{Value, json};

impl Given<'_> {
    pub(super) async fn to_assignment(&self, name: &str) -> Result<Value, Problem> {
        let (request_id, case_id, version, body) = (self.id(), self.case(), self.version(), &self.body);
        match name {
            "dispatch" => {
                let (unit_id, staff_id) = (body.text("unit_id"), body.text("staff_id"));
                let message = a::DispatchCaseRequest { request_id, case_id, version, unit_id, staff_id };
                let done = self.asker.dispatch_case(message).await?;
                return Ok(json!({"staff_id": done.staff_id, "slip": done.slip}));
            }
            "sign" => {
                self.asker.sign_case(a::SignCaseRequest { request_id, case_id, version }).await?;
            }
            "return" => {
                let reason_ref = self.seal("reason").await?;
                self.asker.return_case(a::ReturnCaseRequest { request_id, case_id, version, reason_ref }).await?;
            }
            "recuse" => {
                let (staff_id, reason_ref) = (body.text("staff_id"), self.seal("reason").await?);
                let message = a::RecuseHandlerRequest { request_id, case_id, version, staff_id, reason_ref };
                self.asker.recuse_handler(message).await?;
            }
            _ => return self.to_each_other(name).await,
        }
        Ok(json!({}))
    }
}
