//! Does not take a case, on a ground of its regime (不予受理).

use super::outcome::{open, unless_missing, write};
use crate::domain::words;
use crate::publish;
use contracts::Fact;
use contracts::triage::{CaseDeclined, DeclineCaseResponse};
use facts::Law;
use kit_core::Problem;
use kit_db::Result;
use kit_ids::{CaseId, RefId};
use kit_messaging::Tx;
use regime::{Ground, Outcome, Regime};
use std::collections::BTreeMap;

/// What a person decided.
pub(crate) struct DeclineCase {
    pub case_id: CaseId,
    pub version: u64,
    pub ground: String,
    pub reason: Option<RefId>,
    pub parts: BTreeMap<String, RefId>,
}

/// Declines the case; answers what then happens.
pub(crate) async fn decline_case(
    tx: &mut Tx,
    law: &Law,
    staff_id: &str,
    command: DeclineCase,
) -> Result<DeclineCaseResponse> {
    let (case, regime) = open(tx, law, command.case_id, staff_id, "decline").await?;
    case.expect_pending()?;
    case.expect_version(command.version)?;
    unless_missing(&regime, &case, "decline")?;
    let ground = ground(&regime, &command.ground, &[Outcome::Refuse, Outcome::Guide])?;
    facts::parts::whole(&regime, &case.view, "decline", &command.parts)?;
    if command.reason.is_none() && command.parts.is_empty() {
        return Err(Problem::field("reason_ref", "text-needed", "须填写说明", "A text is needed here").into());
    }
    let outcome = ground.outcome.name().to_owned();
    let event = CaseDeclined {
        case_id: case.case_id.to_string(),
        ground: command.ground,
        outcome: outcome.clone(),
        reason: command.reason.map(publish::vault),
        parts: publish::parts(command.parts),
        staff_id: staff_id.to_owned(),
    };
    write(tx, &regime, case, vec![Fact::CaseDeclined(event)]).await?;
    Ok(DeclineCaseResponse { outcome })
}

/// The ground of that name, if it is one of those that have these outcomes.
pub(crate) fn ground<'a>(
    regime: &'a Regime,
    id: &str,
    outcomes: &[Outcome],
) -> std::result::Result<&'a Ground, Problem> {
    let fitting = || regime.scope.iter().filter(|ground| outcomes.contains(&ground.outcome));
    if let Some(ground) = fitting().find(|ground| ground.id == id) {
        return Ok(ground);
    }
    if let Some(other) = regime.ground(id) {
        let (title, cite) = (&other.title, &other.cite);
        let (zh, en) = match other.outcome {
            Outcome::Refer => ("此情形须移送", "a matter of this ground is referred"),
            Outcome::Courtesy => ("此情形作为便民事项受理", "a matter of this ground is taken as a courtesy"),
            Outcome::Refuse | Outcome::Guide => ("此情形不予受理", "a matter of this ground is declined"),
        };
        let (zh, en) = (format!("“{}”：{zh}（{cite}）", title.zh), format!("\"{}\": {en} ({cite})", title.en));
        return Err(Problem::field("ground", "another-outcome", zh, en));
    }
    words::check_id("ground", id, fitting().map(|ground| ground.id.as_str()))?;
    Err(Problem::field("ground", "unknown-word", "没有这个情形", "There is no such ground"))
}
