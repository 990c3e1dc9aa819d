//! Commands that triage takes.

use super::Given;
use contracts::triage as t;
use kit_core::Problem;
use serde_json::{Value, json};

impl Given<'_> {
    pub(super) async fn to_triage(&self, name: &str) -> Result<Value, Problem> {
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
                return Ok(json!({"severity": done.severity, "cite": done.cite, "is_accepted": done.is_accepted}));
            }
            "decline" => {
                let (ground, reason_ref) = (body.text("ground"), self.seal("reason").await?);
                let parts = self.seal_parts("answer").await?;
                let message = t::DeclineCaseRequest { request_id, case_id, version, ground, reason_ref, parts };
                return Ok(json!({"outcome": self.asker.decline_case(message).await?.outcome}));
            }
            "refer" => {
                let (ground, reason_ref) = (body.text("ground"), self.seal("reason").await?);
                let (body, unit_id) = (body.text("body"), body.text("unit_id"));
                let message = t::ReferCaseRequest { request_id, case_id, version, ground, body, unit_id, reason_ref };
                return Ok(json!({"awaits_report_back": self.asker.refer_case(message).await?.awaits_report_back}));
            }
            "accept" => {
                let (parts, is_courtesy) = (self.seal_parts("answer").await?, body.flag("is_courtesy"));
                let message = t::AcceptCaseRequest { request_id, case_id, version, parts, is_courtesy };
                self.asker.accept_case(message).await?;
            }
            "report-back" => {
                let (ground, text_ref) = (body.text("ground"), self.seal("note").await?);
                let message = t::ReportBackRequest { request_id, case_id, version, ground, text_ref };
                self.asker.report_back(message).await?;
            }
            "state" => {
                let facts = body.facts("facts");
                self.asker.state_facts(t::StateFactsRequest { request_id, case_id, version, facts }).await?;
            }
            "regrade" => {
                let (severity, reason_ref) = (body.text("severity"), self.seal("reason").await?);
                let message = t::RegradeCaseRequest { request_id, case_id, version, severity, reason_ref };
                self.asker.regrade_case(message).await?;
            }
            "move-to-version" => {
                let (regime_id, regime_version) = version_of(&body.text("to"))?;
                let reason_ref = self.seal("reason").await?;
                let message =
                    t::MoveToVersionRequest { request_id, case_id, version, regime_id, regime_version, reason_ref };
                self.asker.move_to_version(message).await?;
            }
            "judge-validity" => {
                let (validity, reason_ref) = (body.text("validity"), self.seal("reason").await?);
                let message = t::JudgeValidityRequest { request_id, case_id, version, validity, reason_ref };
                self.asker.judge_validity(message).await?;
            }
            _ => {
                let text_ref = self.seal("note").await?;
                let message = t::RecordContainmentRequest { request_id, case_id, version, text_ref };
                self.asker.record_containment(message).await?;
            }
        }
        Ok(json!({}))
    }
}

/// The version in `regime@2`, or in `2`, which is one of the regime that the case has.
fn version_of(text: &str) -> Result<(String, u32), Problem> {
    let (regime, version) = text.split_once('@').unwrap_or(("", text));
    let version = version.parse().map_err(|_| {
        let (zh, en) = ("请选择一个版本，如 2 或 制度@2", "Choose a version, such as `2` or `regime@2`");
        Problem::field("to", "malformed-version", zh, en)
    });
    Ok((regime.to_owned(), version?))
}

#[cfg(test)]
mod tests {
    use super::version_of;

    #[test]
    fn a_version_is_named_with_or_without_its_regime() {
        assert_eq!(version_of("2").unwrap(), (String::new(), 2));
        assert_eq!(version_of("order-121@1").unwrap(), ("order-121".to_owned(), 1));
        for wrong in ["", "order-121", "order-121@", "@x", "-1"] {
            assert_eq!(version_of(wrong).unwrap_err().code, "malformed-version", "{wrong}");
        }
    }
}
