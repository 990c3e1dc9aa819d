//! One hand-in, over gRPC or over HTTP, asked again under the same request id until it is answered.

use super::{Crew, Receipt, life::Kind};
use contracts::intake;
use jiesu::desk::{Answer, told};
use kit_core::{Class, Problem};
use kit_grpc::Call;
use serde_json::{Value, json};
use std::time::Duration;

impl Crew {
    /// Hands in until there is an answer; `None` if the resident was one who asks only once, or the system stays away.
    pub async fn hand_in(&self, kind: Kind, request_id: &str) -> Option<Receipt> {
        if kind.is_impatient {
            return tokio::time::timeout(Duration::from_millis(400), self.ask(kind, request_id)).await.ok()?.ok();
        }
        let patience = self.patience();
        loop {
            match self.ask(kind, request_id).await {
                Ok(receipt) => return Some(receipt),
                // What is wrong with a good request will not get better by asking again.
                Err(problem) if problem.class == Class::Invalid => {
                    self.note_trouble(request_id, &problem);
                    return None;
                }
                Err(problem) if patience.is_at_its_end() => {
                    self.note_trouble(request_id, &problem);
                    return None;
                }
                Err(problem) => self.again("hand-in", &problem).await,
            }
        }
    }

    /// Asks once.
    ///
    /// # Errors
    /// What was answered instead, or that nothing was.
    pub async fn ask(&self, kind: Kind, request_id: &str) -> Answer<Receipt> {
        if kind.is_http { self.over_http(kind, request_id).await } else { self.over_grpc(kind, request_id).await }
    }

    async fn over_grpc(&self, kind: Kind, request_id: &str) -> Answer<Receipt> {
        let request = intake::HandInRequest {
            request_id: request_id.to_owned(),
            unit_id: "b01".to_owned(),
            channel: "web".to_owned(),
            kind: "complaint".to_owned(),
            subject: "电梯停运".to_owned(),
            narrative: "三栋电梯停了三天,没有人修。".to_owned(),
            identity: Some(intake::Identity {
                phone: kind.phone().to_owned(),
                email: kind.email().to_owned(),
                ..Default::default()
            }),
            ..Default::default()
        };
        let reply = told(self.client.intake().hand_in(Call::default().request(request)).await)?;
        Ok(Receipt { number: reply.number, code: reply.receipt_code })
    }

    async fn over_http(&self, kind: Kind, request_id: &str) -> Answer<Receipt> {
        let body = json!({
            "unit_id": "b01", "channel": "web", "kind": "complaint", "subject": "电梯停运",
            "narrative": "三栋电梯停了三天,没有人修。", "identity": { "phone": kind.phone(), "email": kind.email() },
        });
        let request = self.web.post(format!("{}/api/v1/hand-ins", self.http));
        let reply = request.header("idempotency-key", request_id).json(&body).send().await.map_err(unreached)?;
        let status = reply.status().as_u16();
        let reply: Value = reply.json().await.map_err(unreached)?;
        let text = |field: &str| reply[field].as_str().unwrap_or_default().to_owned();
        match status {
            201 => Ok(Receipt { number: text("number"), code: text("receipt_code") }),
            408 | 409 | 429 | 500.. => Err(Problem::conflict(&format!("http-{status}"), "", reply.to_string())),
            _ => Err(Problem::field("status", "http-status", "", format!("{status} {reply}"))),
        }
    }
}

fn unreached(error: reqwest::Error) -> Problem {
    Problem::conflict("http-unreached", "", error.to_string())
}
