//! Gives a command to the service it belongs to. A text that a command needs is sealed by intake first; the command
//! then names it.

mod assignment;
mod dealings;
mod intake;
mod records;
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
        Service::Records => given.to_records(name).await,
    };
    answer.map_err(as_asked)
}

/// A service names the references it was given; people are asked for the texts behind them.
fn as_asked(mut problem: Problem) -> Problem {
    for field in &mut problem.fields {
        field.field = match field.field.as_str() {
            "text_ref" | "reason_ref" | "ground_ref" => "text".to_owned(),
            "file_refs" => "files".to_owned(),
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
        Service::Intake | Service::Notification | Service::Records => None,
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
    }
}
