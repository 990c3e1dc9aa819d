//! Sign-offs on acts, and appeals.

use super::{Case, Event, act::needed, refusal};
use facts::SignOffState;
use kit_core::Problem;
use kit_ids::RefId;
use regime::vocabulary::APPROVALS;
use regime::{Case as _, FactRef, Regime};

/// The acts that somebody may ask a sign-off for: those that want one and neither have it nor wait for it.
pub(crate) fn wanted(case: &Case, regime: &Regime) -> Vec<String> {
    let acts = regime.approvals.iter().map(|approval| approval.of.as_str());
    let acts = acts.filter(|act| !APPROVALS.contains(&act.split('(').next().unwrap_or(act)));
    let is_wanted = |act: &&str| {
        regime.approvers(act, &case.view).is_some()
            && !case.view.has(&FactRef::about("approval-given", *act))
            && case.view.sign_offs.get(*act).is_none_or(|one| one.state == SignOffState::Refused)
    };
    let mut acts: Vec<String> = acts.filter(is_wanted).map(str::to_owned).collect();
    acts.dedup();
    acts
}

/// The request that now waits for the role, and which sign-off it is.
pub(crate) fn waiting<'a>(case: &Case, regime: &'a Regime, act: &str) -> Option<(&'a str, u32)> {
    let one = case.view.sign_offs.get(act).filter(|one| one.state == SignOffState::Asked)?;
    let (roles, _) = regime.approvers(act, &case.view)?;
    let role = roles.get(usize::try_from(one.given).ok()?)?;
    Some((role, one.given.saturating_add(1)))
}

pub(crate) fn ask(
    case: &Case,
    regime: &Regime,
    act: String,
    text: Option<RefId>,
    by: String,
) -> Result<Event, Problem> {
    let Some((roles, cite)) = regime.approvers(&act, &case.view).filter(|_| !APPROVALS.contains(&act.as_str())) else {
        return Err(refusal::no_approval(&act));
    };
    if !wanted(case, regime).contains(&act) {
        return Err(refusal::already_done());
    }
    let role = roles.first().cloned().unwrap_or_default();
    Ok(Event::ApprovalAsked { cite: cite.to_owned(), act, tier: 1, role, by, text })
}

pub(crate) fn rule(
    case: &Case,
    regime: &Regime,
    act: String,
    is_given: bool,
    reason: Option<RefId>,
    by: String,
) -> Result<Event, Problem> {
    let (_, tier) = waiting(case, regime, &act).ok_or_else(|| refusal::nothing_asked(&act))?;
    if case.view.sign_offs.get(&act).is_some_and(|one| one.asked_by == by) {
        return Err(refusal::own_proposal());
    }
    if !is_given {
        return Ok(Event::ApprovalRefused { act, tier, by, reason: needed("reason_ref", reason)? });
    }
    let tiers = regime.approvers(&act, &case.view).map_or(1, |(roles, _)| roles.len());
    let is_last = usize::try_from(tier).is_ok_and(|tier| tier >= tiers);
    Ok(Event::ApprovalGiven { act, tier, by, is_last })
}

/// The tier of the appeal that waits for a decision.
pub(crate) fn open_appeal(case: &Case) -> Option<&str> {
    let lodged = case.view.history.iter().rev().find(|happened| happened.word == "appeal-lodged")?;
    let tier = lodged.arg.as_deref()?;
    let is_decided = case.view.has(&FactRef::about("appeal-decided", tier));
    (!is_decided).then_some(tier)
}

/// Refuses to decide an appeal that does not wait, or in a way that its tier does not know.
pub(crate) fn open_appeal_of(case: &Case, regime: &Regime, tier: &str, outcome: &str) -> Result<(), Problem> {
    let appeal = regime.appeals.iter().find(|appeal| appeal.tier == tier);
    let Some(appeal) = appeal.filter(|_| open_appeal(case) == Some(tier)) else {
        return Err(refusal::no_appeal(tier));
    };
    let known: Vec<&str> = appeal.outcomes.iter().map(|outcome| outcome.id.as_str()).collect();
    if !known.is_empty() && !known.contains(&outcome) {
        return Err(refusal::unknown_word("outcome", outcome, &known));
    }
    Ok(())
}

/// Where an appeal is for another than whoever handled the matter before, nobody decides on what they did themselves.
pub(crate) fn another(case: &Case, regime: &Regime, staff: &str, tier: &str) -> Result<(), Problem> {
    let appeal = regime.appeals.iter().find(|appeal| appeal.tier == tier && appeal.other_handler);
    let handled = case.view.handlers.contains(staff) && case.view.handler.as_deref() != Some(staff);
    match appeal.filter(|_| handled) {
        Some(appeal) => Err(refusal::handled_before(&appeal.cite)),
        None => Ok(()),
    }
}
