//! Sends a matter to whom it belongs, and hears what came of it (移送、报备).

use super::decline_case::ground;
use super::outcome::{open, unless_missing, write};
use crate::domain::words::check_id;
use crate::publish;
use contracts::Fact;
use contracts::triage::{CaseReferred, ReportBackReceived};
use facts::Law;
use kit_core::Problem;
use kit_db::Result;
use kit_ids::{CaseId, RefId};
use kit_messaging::Tx;
use regime::{FactRef, Outcome};

/// Where it goes, and on which ground.
pub(crate) struct ReferCase {
    pub case_id: CaseId,
    pub version: u64,
    pub ground: String,
    /// Empty takes the one that the regime names.
    pub body: String,
    pub unit_id: String,
    pub reason: Option<RefId>,
}

/// Refers the case; answers whether we wait for a report.
pub(crate) async fn refer_case(tx: &mut Tx, law: &Law, staff_id: &str, command: ReferCase) -> Result<bool> {
    let (case, regime) = open(tx, law, command.case_id, staff_id, "refer").await?;
    case.expect_open()?;
    if case.view.has_word("case-referred") {
        return Err(Problem::conflict("already-referred", "本件已经移送", "The case has been referred already").into());
    }
    case.expect_version(command.version)?;
    unless_missing(&regime, &case, "refer")?;
    let ground = ground(&regime, &command.ground, &[Outcome::Refer])?;
    let bodies = || regime.words.bodies.iter().map(|body| body.id.as_str());
    let named = ground.to.clone().filter(|to| bodies().any(|body| body == to.as_str()));
    let body = match command.body {
        body if !body.is_empty() => {
            check_id("body", &body, bodies())?;
            body
        }
        _ if command.unit_id.is_empty() => named.unwrap_or_default(),
        _ => String::new(),
    };
    if !command.unit_id.is_empty() && law.directory().unit(&command.unit_id).is_none() {
        return Err(Problem::field("unit_id", "unknown-unit", "没有这个单位", "There is no such unit").into());
    }
    // A role of the house that the ground names is found in the unit of the case.
    let is_nowhere = body.is_empty() && command.unit_id.is_empty();
    let unit_id = if is_nowhere && ground.to.is_some() { case.view.unit_id.clone() } else { command.unit_id };
    if is_nowhere && ground.to.is_none() && bodies().next().is_some() {
        let en = "Say to which body or unit it goes";
        return Err(Problem::field("body", "missing-input", "须写明移送给哪个单位", en).into());
    }
    let (awaits_report_back, cite) = (ground.reports_back, ground.cite.clone());
    let event = CaseReferred {
        case_id: case.case_id.to_string(),
        ground: command.ground,
        body,
        unit_id,
        awaits_report_back,
        reason: command.reason.map(publish::vault),
        staff_id: staff_id.to_owned(),
        cite,
    };
    write(tx, &regime, case, vec![Fact::CaseReferred(event)]).await?;
    Ok(awaits_report_back)
}

/// What we were told of a matter that was referred.
pub(crate) struct ReportBack {
    pub case_id: CaseId,
    pub version: u64,
    /// Empty takes the ground on which it was referred.
    pub ground: String,
    pub text: RefId,
}

/// Writes down what came of it.
pub(crate) async fn report_back(tx: &mut Tx, law: &Law, staff_id: &str, command: ReportBack) -> Result<()> {
    let (case, regime) = open(tx, law, command.case_id, staff_id, "report-back").await?;
    case.expect_open()?;
    case.expect_version(command.version)?;
    let referred = case.view.ground.clone().unwrap_or_default();
    let ground = if command.ground.is_empty() { referred } else { command.ground };
    let is = |word: &str| facts_has(&case.view, &FactRef::about(word, ground.as_str()));
    if !is("case-referred") {
        let en = "The case was not referred on this ground";
        return Err(Problem::conflict("not-referred", "本件没有以此情形移送", en).into());
    }
    if is("report-back-received") {
        let en = "They have reported back already";
        return Err(Problem::conflict("already-done", "已经收到报备", en).into());
    }
    unless_missing(&regime, &case, "report-back")?;
    let case_id = case.case_id.to_string();
    let (text, staff_id) = (Some(publish::vault(command.text)), staff_id.to_owned());
    write(tx, &regime, case, vec![Fact::ReportBackReceived(ReportBackReceived { case_id, ground, text, staff_id })])
        .await
}

fn facts_has(view: &facts::CaseView, fact: &FactRef) -> bool {
    regime::Case::has(view, fact)
}
