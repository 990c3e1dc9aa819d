//! Gives a command to the service it belongs to. A text that a command needs is sealed by intake first; the command
//! then names it.

mod assignment;
mod dealings;
mod intake;
mod resolution;
mod triage;
mod watcher;

use super::{Service, find};
use crate::{asker::Asker, body::Checked, view::standing::standing};
use contracts::{assignment as a, deadline_watcher as d, intake as i, resolution as r, triage as t};
use kit_core::Problem;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// Gives a command: checks the body, seals the text, calls the service. Answers with what the service said.
pub(crate) async fn give(
    asker: &Asker,
    case_id: &str,
    name: &str,
    request_id: &str,
    body: Map<String, Value>,
) -> Result<Value, Problem> {
    let command = find(name)?;
    let given = Given { asker, case_id, request_id, body: Checked::new(command.fields, body)? };
    let answer = match command.service {
        Service::Intake => given.to_intake(name).await,
        Service::Triage => given.to_triage(name).await,
        Service::Assignment => given.to_assignment(name).await,
        Service::Resolution => given.to_resolution(name).await,
        Service::Watcher => given.to_watcher(name).await,
        Service::Notification => given.to_notification().await,
    };
    answer.map_err(as_asked)
}

/// A service names the references it was given; people are asked for the texts behind them.
fn as_asked(mut problem: Problem) -> Problem {
    for field in &mut problem.fields {
        field.field = match field.field.as_str() {
            "text_ref" | "reason_ref" | "ground_ref" | "file_refs" => "text".to_owned(),
            name => name.strip_suffix("_ref").unwrap_or(name).replacen("part_refs.", "parts.", 1),
        };
    }
    problem
}

/// How often a command is given again when only the version had moved on.
const AGAIN: usize = 3;

/// Gives a command that was decided on a page. Where its service has moved on to another version but still says the
/// same about the case (`basis`), the decision stands and is given on that version.
pub(crate) async fn give_on(
    asker: &Asker,
    (case_id, name): (&str, &str),
    request_id: &str,
    mut body: Map<String, Value>,
    basis: &str,
) -> Result<Value, Problem> {
    let mut answer = give(asker, case_id, name, request_id, body.clone()).await;
    for _ in 0..AGAIN {
        let is_stale = answer.as_ref().is_err_and(|problem| problem.code == "stale");
        if !is_stale {
            break;
        }
        let Some((version, now)) = standing_of(asker, case_id, name).await? else { break };
        if now != basis {
            break;
        }
        body.insert("version".to_owned(), Value::from(version));
        answer = give(asker, case_id, name, request_id, body.clone()).await;
    }
    answer
}

async fn standing_of(asker: &Asker, case_id: &str, name: &str) -> Result<Option<(u64, String)>, Problem> {
    let case_id = case_id.to_owned();
    Ok(match find(name)?.service {
        Service::Triage => Some(standing(&asker.triage_of(t::GetCaseRequest { case_id }).await?)),
        Service::Assignment => Some(standing(&asker.assignment_of(a::GetCaseRequest { case_id }).await?)),
        Service::Resolution => Some(standing(&asker.resolution_of(r::GetCaseRequest { case_id }).await?)),
        Service::Watcher => Some(standing(&asker.clocks_of(d::GetCaseRequest { case_id }).await?)),
        // Their commands carry no version.
        Service::Intake | Service::Notification => None,
    })
}

struct Given<'a> {
    asker: &'a Asker,
    case_id: &'a str,
    request_id: &'a str,
    body: Checked,
}

impl Given<'_> {
    fn id(&self) -> String {
        self.request_id.to_owned()
    }

    fn case(&self) -> String {
        self.case_id.to_owned()
    }

    fn version(&self) -> u64 {
        self.body.number("version")
    }

    /// Seals the text that the command speaks of.
    async fn seal(&self, purpose: &str) -> Result<String, Problem> {
        self.seal_field("text", purpose).await
    }

    async fn seal_field(&self, field: &str, purpose: &str) -> Result<String, Problem> {
        match self.body.optional(field) {
            Some(text) => self.seal_as(field, purpose, text).await,
            None => Ok(String::new()),
        }
    }

    /// Seals each part that was written, and names them by it.
    async fn seal_parts(&self, purpose: &str) -> Result<BTreeMap<String, String>, Problem> {
        let mut sealed = BTreeMap::new();
        for (part, text) in self.body.parts("parts") {
            let id = self.seal_as(&part, purpose, text).await?;
            sealed.insert(part, id);
        }
        Ok(sealed)
    }

    /// Seals a text under a request id of its own that follows from the command's, so that a repeat finds it again.
    async fn seal_as(&self, name: &str, purpose: &str, text: String) -> Result<String, Problem> {
        let message = i::SealTextRequest {
            request_id: format!("{}-{name}", self.request_id),
            case_id: self.case(),
            purpose: purpose.to_owned(),
            text,
        };
        Ok(self.asker.seal_text(message).await?.r#ref.unwrap_or_default().ref_id)
    }
}

<<<<<<< HEAD
    async fn to_triage(&self, name: &str) -> Result<Value, Problem> {
        let (request_id, case_id, version, body) = (self.id(), self.case(), self.version(), &self.body);
        match name {
            "triage" => {
                let message = t::TriageCaseRequest {
                    request_id,
                    case_id,
                    version,
                    kind: body.text("kind"),
                    category: body.text("category"),
                    about_unit_id: body.optional("about_unit_id"),
                    about_staff_ids: body.texts("about_staff_ids"),
                    facts: body.facts("facts"),
                    validity: body.text("validity"),
                    severity: body.text("severity"),
                };
                let done = self.asker.triage_case(message).await?;
                Ok(json!({"severity": done.severity, "cite": done.cite}))
            }
            "decline" => {
                let (ground, reason_ref) = (body.text("ground"), self.seal("reason").await?);
                let message =
                    t::DeclineCaseRequest { request_id, case_id, version, ground, reason_ref, ..Default::default() };
                Ok(json!({"outcome": self.asker.decline_case(message).await?.outcome}))
            }
            "regrade" => {
                let (severity, reason_ref) = (body.text("severity"), self.seal("reason").await?);
                let message = t::RegradeCaseRequest { request_id, case_id, version, severity, reason_ref };
                self.asker.regrade_case(message).await.map(|_| json!({}))
            }
            "judge-validity" => {
                let (validity, reason_ref) = (body.text("validity"), self.seal("reason").await?);
                let message = t::JudgeValidityRequest { request_id, case_id, version, validity, reason_ref };
                self.asker.judge_validity(message).await.map(|_| json!({}))
            }
            _ => {
                let text_ref = self.seal("note").await?;
                let message = t::RecordContainmentRequest { request_id, case_id, version, text_ref };
                self.asker.record_containment(message).await.map(|_| json!({}))
            }
        }
    }

    async fn to_assignment(&self, name: &str) -> Result<Value, Problem> {
        let (request_id, case_id, version, body) = (self.id(), self.case(), self.version(), &self.body);
        match name {
            "dispatch" => {
                let (unit_id, staff_id) = (body.text("unit_id"), body.text("staff_id"));
                let message = a::DispatchCaseRequest { request_id, case_id, version, unit_id, staff_id };
                let done = self.asker.dispatch_case(message).await?;
                Ok(json!({"staff_id": done.staff_id, "slip": done.slip}))
            }
            "sign" => {
                let message = a::SignCaseRequest { request_id, case_id, version };
                self.asker.sign_case(message).await.map(|_| json!({}))
            }
            "return" => {
                let reason_ref = self.seal("reason").await?;
                let message = a::ReturnCaseRequest { request_id, case_id, version, reason_ref };
                self.asker.return_case(message).await.map(|_| json!({}))
            }
            "recuse" => {
                let (staff_id, reason_ref) = (body.text("staff_id"), self.seal("reason").await?);
                let message = a::RecuseHandlerRequest { request_id, case_id, version, staff_id, reason_ref };
                self.asker.recuse_handler(message).await.map(|_| json!({}))
            }
            _ => self.to_each_other(name).await,
        }
    }

    async fn to_resolution(&self, name: &str) -> Result<Value, Problem> {
        let (request_id, case_id, version, body) = (self.id(), self.case(), self.version(), &self.body);
        let finding = body.text("finding");
        match name {
            "note" => {
                let text_ref = self.seal("note").await?;
                self.asker.add_note(r::AddNoteRequest { request_id, case_id, version, text_ref }).await?;
            }
            "measure" => {
                let (measures, text_ref) = (body.texts("measures"), self.seal("note").await?);
                let message = r::OrderMeasuresRequest { request_id, case_id, version, measures, text_ref };
                self.asker.order_measures(message).await?;
            }
            "decide" => {
                let text_ref = self.seal("decision").await?;
                let message = r::ProposeDecisionRequest { request_id, case_id, version, finding, text_ref };
                return Ok(json!({"is_final": self.asker.propose_decision(message).await?.is_final}));
            }
            "approve-decision" => {
                let (is_approved, reason_ref) = (body.flag("is_approved"), self.seal("reason").await?);
                let message = r::RuleOnDecisionRequest { request_id, case_id, version, is_approved, reason_ref };
                self.asker.rule_on_decision(message).await?;
            }
            "answer" => {
                let text_ref = self.seal("answer").await?;
                let message = r::AnswerComplainantRequest { request_id, case_id, version, text_ref };
                self.asker.answer_complainant(message).await?;
            }
            "resolve" => {
                let text_ref = self.seal("decision").await?;
                let message = r::ResolveCaseRequest { request_id, case_id, version, finding, text_ref };
                self.asker.resolve_case(message).await?;
            }
            "do-step" => {
                let step = body.text("step");
                self.asker
                    .do_step(r::DoStepRequest { request_id, case_id, version, step, ..Default::default() })
                    .await?;
            }
            _ => {
                self.asker.close_case(r::CloseCaseRequest { request_id, case_id, version }).await?;
            }
        }
        Ok(json!({}))
    }

    async fn to_watcher(&self, name: &str) -> Result<Value, Problem> {
        let (request_id, case_id, body) = (self.id(), self.case(), &self.body);
        if name == "ask-overrun" {
            let (clock, until, reason_ref) = (body.text("clock"), body.text("until"), self.seal("reason").await?);
            let version = self.version();
            let message = d::AskExtensionRequest { request_id, case_id, version, clock, until, reason_ref };
            let done = self.asker.ask_extension(message).await?;
            return Ok(json!({"extension_id": done.extension_id, "approver_role": done.approver_role}));
        }
        let (extension_id, is_granted) = (body.text("extension_id"), body.flag("is_granted"));
        let message = d::RuleOnExtensionRequest { request_id, case_id, extension_id, is_granted };
        self.asker.rule_on_extension(message).await.map(|_| json!({}))
    }

    async fn to_doors(&self, name: &str) -> Result<Value, Problem> {
        let (request_id, case_id, body) = (self.id(), self.case(), &self.body);
        let receipt_code = String::new();
        match name {
            "supplement" => {
                let text = body.text("text");
                self.asker.supplement(i::SupplementRequest { request_id, receipt_code, case_id, text }).await?;
            }
            "withdraw" => {
                self.asker.withdraw(i::WithdrawRequest { request_id, receipt_code, case_id }).await?;
            }
            _ => {
                let message = n::CompleteTaskRequest {
                    request_id,
                    task_id: body.text("task_id"),
                    way: body.text("way"),
                    is_reached: body.flag("is_reached"),
                    satisfaction: body.text("satisfaction"),
                    record_ref: self.seal("call-record").await?,
                };
                self.asker.complete_task(message).await?;
            }
        }
        Ok(json!({}))
=======
#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_is_told_at_the_field_that_was_asked_for() {
        let problem = Problem::field("part_refs.process", "missing-input", "办理程序", "How it will be handled")
            .with_field("reason_ref", "请填写", "Needed")
            .with_field("proposal_ref", "请填写", "Needed")
            .with_field("staff_ids", "请填写", "Needed");
        let names: Vec<String> = as_asked(problem).fields.into_iter().map(|field| field.field).collect();
        assert_eq!(names, ["parts.process", "text", "proposal", "staff_ids"]);
>>>>>>> wt-c
    }
}
