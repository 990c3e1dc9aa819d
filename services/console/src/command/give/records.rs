//! Commands that records takes.

use super::Given;
use contracts::records as r;
use kit_core::Problem;
use serde_json::{Value, json};

impl Given<'_> {
    pub(super) async fn to_records(&self, name: &str) -> Result<Value, Problem> {
        let (request_id, case_id, body) = (self.id(), self.case(), &self.body);
        match name {
            "enter" => {
                let points = u32::try_from(body.number("points")).unwrap_or(u32::MAX);
                let (ledger, text_ref) = (body.text("ledger"), self.seal("note").await?);
                let message = r::EnterLedgerRequest { request_id, case_id, ledger, text_ref, points };
                self.asker.enter_ledger(message).await.map(|_| json!({}))
            }
            "publish" => {
                let texts = body.parts("texts").into_iter().collect();
                let message = r::PublishRequest { request_id, case_id, nevers: body.texts("nevers"), texts };
                Ok(json!({"shows": self.asker.publish(message).await?.shows}))
            }
            _ => {
                let reason_ref = self.seal("reason").await?;
                let message = r::WithholdRequest { request_id, case_id, reason_ref };
                self.asker.withhold(message).await.map(|_| json!({}))
            }
        }
    }
}
