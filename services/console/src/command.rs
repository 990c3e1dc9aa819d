//! The commands of the desk: one table says what each takes, for forms, JSON and the API document alike, and one
//! function gives it. A text that a command needs is sealed by intake first; the command then names it.

use crate::{
    asker::Asker,
    body::{Checked, Field, Kind, may, must},
};
use contracts::{assignment as a, deadline_watcher as d, intake as i, notification as n, resolution as r, triage as t};
use kit_core::Problem;
use serde_json::{Map, Value, json};

/// One command.
pub(crate) struct Command {
    pub(crate) name: &'static str,
    pub(crate) about: &'static str,
    pub(crate) fields: &'static [Field],
}

const VERSION: Field = may("version", Kind::Number, "The version the decision was made on; 0 or none skips the check");
const TEXT: Field = must("text", Kind::Text, "Sealed in the vault before the command is given");
const REASON: Field = must("text", Kind::Text, "The reason; sealed in the vault");

/// Every command, in the order of a case's life.
pub(crate) const COMMANDS: &[Command] = &[
    Command { name: "contain", about: "Records that ongoing harm has been stopped or lessened", fields: &[VERSION, TEXT] },
    Command {
        name: "triage",
        about: "Accepts, classifies and grades the case in one step",
        fields: &[
            VERSION,
            may("kind", Kind::Text, "A kind of the regime"),
            may("category", Kind::Text, "A category of the regime"),
            may("about_unit_id", Kind::Text, "The department complained of"),
            may("about_staff_ids", Kind::Texts, "Staff complained of; they never learn of the case"),
            may("facts", Kind::Facts, "Answers to the regime's questions"),
            may("validity", Kind::Text, "A validity of the regime"),
            may("severity", Kind::Text, "Empty takes what the rules give"),
        ],
    },
    Command {
        name: "decline",
        about: "Declines the case on a ground of the regime",
        fields: &[VERSION, must("ground", Kind::Text, "A ground of the regime"), REASON],
    },
    Command {
        name: "regrade",
        about: "Gives the case another severity",
        fields: &[VERSION, must("severity", Kind::Text, "A severity of the regime"), REASON],
    },
    Command {
        name: "judge-validity",
        about: "Judges whether the complaint is valid",
        fields: &[VERSION, must("validity", Kind::Text, "A validity of the regime"), REASON],
    },
    Command {
        name: "dispatch",
        about: "Sends the case to a unit and a person",
        fields: &[
            VERSION,
            must("unit_id", Kind::Text, "Where it goes"),
            may("staff_id", Kind::Text, "Empty picks the holder of the routing role"),
        ],
    },
    Command { name: "sign", about: "Signs for the case", fields: &[VERSION] },
    Command { name: "return", about: "Sends the case back, with the reason", fields: &[VERSION, REASON] },
    Command {
        name: "recuse",
        about: "Takes a person off the case, with the reason",
        fields: &[VERSION, may("staff_id", Kind::Text, "Empty means yourself"), REASON],
    },
    Command { name: "note", about: "Adds a note to the file", fields: &[VERSION, TEXT] },
    Command {
        name: "measure",
        about: "Orders measures of the regime",
        fields: &[VERSION, must("measures", Kind::Texts, "Measures of the regime"), may("text", Kind::Text, "What exactly; sealed")],
    },
    Command {
        name: "decide",
        about: "Proposes a decision",
        fields: &[VERSION, must("finding", Kind::Text, "A finding of the regime"), TEXT],
    },
    Command {
        name: "approve-decision",
        about: "Approves or refuses a proposed decision",
        fields: &[VERSION, must("is_approved", Kind::Flag, "Whether it stands"), may("text", Kind::Text, "The reason; sealed")],
    },
    Command { name: "answer", about: "Answers the complainant", fields: &[VERSION, TEXT] },
    Command {
        name: "resolve",
        about: "Records that the matter is resolved",
        fields: &[VERSION, may("finding", Kind::Text, "A finding of the regime"), TEXT],
    },
    Command {
        name: "do-step",
        about: "Does a step of the regime's own",
        fields: &[VERSION, must("step", Kind::Text, "The step's id")],
    },
    Command {
        name: "complete-task",
        about: "Records the outcome of a call or a visit",
        fields: &[
            must("task_id", Kind::Text, "The task"),
            must("way", Kind::Text, "How it was tried"),
            must("is_reached", Kind::Flag, "Whether the complainant was reached"),
            may("satisfaction", Kind::Text, "What they said, where the task asks"),
            may("text", Kind::Text, "A record of the talk; sealed"),
        ],
    },
    Command {
        name: "ask-overrun",
        about: "Asks for more time on a clock",
        fields: &[
            VERSION,
            must("clock", Kind::Text, "The clock's name"),
            must("until", Kind::Day, "The new last day"),
            REASON,
        ],
    },
    Command {
        name: "rule-on-overrun",
        about: "Grants or refuses more time",
        fields: &[must("extension_id", Kind::Text, "The request"), must("is_granted", Kind::Flag, "Whether it is granted")],
    },
    Command { name: "supplement", about: "Adds what the complainant said later", fields: &[must("text", Kind::Text, "What was added")] },
    Command { name: "withdraw", about: "Withdraws the case for the complainant", fields: &[] },
    Command { name: "close", about: "Closes the case", fields: &[VERSION] },
];

/// The command of this name.
pub(crate) fn find(name: &str) -> Result<&'static Command, Problem> {
    COMMANDS
        .iter()
        .find(|command| command.name == name)
        .ok_or_else(|| Problem::not_found("unknown-command", "没有这项操作", "There is no such command"))
}

/// The form for an action: a word that is no command of ours is a step of the regime. Some words are done elsewhere on
/// the page and have no form of their own.
pub(crate) fn form_of(action: &str) -> &'static str {
    match action {
        "reveal-identity" | "tell" | "call-back" | "record" | "statistics" => "elsewhere",
        _ => find(action).map_or("do-step", |command| command.name),
    }
}

/// Where a command stands in a case's life.
pub(crate) fn order(name: &str) -> usize {
    COMMANDS.iter().position(|command| command.name == name).unwrap_or(COMMANDS.len())
}

/// Gives a command: checks the body, seals the text, calls the service. Answers with what the service said.
pub(crate) async fn give(
    asker: &Asker,
    case_id: &str,
    name: &str,
    request_id: &str,
    body: Map<String, Value>,
) -> Result<Value, Problem> {
    let body = Checked::new(find(name)?.fields, body)?;
    let given = Given { asker, case_id, request_id, body };
    match name {
        "triage" | "decline" | "regrade" | "judge-validity" | "contain" => given.to_triage(name).await,
        "dispatch" | "sign" | "return" | "recuse" => given.to_assignment(name).await,
        "ask-overrun" | "rule-on-overrun" => given.to_watcher(name).await,
        "supplement" | "withdraw" | "complete-task" => given.to_doors(name).await,
        _ => given.to_resolution(name).await,
    }
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

    /// Seals the text under a request id of its own that follows from the command's, so that a repeat finds it again.
    async fn seal(&self, purpose: &str) -> Result<String, Problem> {
        let Some(text) = self.body.optional("text") else { return Ok(String::new()) };
        let message = i::SealTextRequest {
            request_id: format!("{}-text", self.request_id),
            case_id: self.case(),
            purpose: purpose.to_owned(),
            text,
        };
        Ok(self.asker.seal_text(message).await?.r#ref.unwrap_or_default().ref_id)
    }

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
                let message = t::DeclineCaseRequest { request_id, case_id, version, ground, reason_ref };
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
            _ => {
                let (staff_id, reason_ref) = (body.text("staff_id"), self.seal("reason").await?);
                let message = a::RecuseHandlerRequest { request_id, case_id, version, staff_id, reason_ref };
                self.asker.recuse_handler(message).await.map(|_| json!({}))
            }
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
                self.asker.do_step(r::DoStepRequest { request_id, case_id, version, step }).await?;
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
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_action_finds_its_form_and_a_foreign_word_is_a_step() {
        assert_eq!(form_of("sign"), "sign");
        assert_eq!(form_of("opinion-form-returned"), "do-step");
        assert_eq!(form_of("reveal-identity"), "elsewhere");
    }

    #[test]
    fn commands_stand_in_the_order_of_a_case() {
        assert!(order("triage") < order("dispatch") && order("dispatch") < order("close"));
    }
}
