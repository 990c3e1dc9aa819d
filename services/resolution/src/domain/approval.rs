//! Sign-offs on acts, and appeals.

use super::{Case, Event, act::needed, refusal};
use facts::{Law, SignOffState};
use kit_core::Problem;
use kit_ids::RefId;
use regime::vocabulary::APPROVALS;
use regime::{Appeal, Case as _, FactRef, Instead, Regime};

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

/// Refuses to decide an appeal that does not wait, or in a way that its tier does not know.
pub(crate) fn open_appeal_of(case: &Case, regime: &Regime, tier: &str, outcome: &str) -> Result<(), Problem> {
    let appeal = facts::pending_appeal(regime, &case.view).filter(|appeal| appeal.tier == tier);
    let appeal = appeal.ok_or_else(|| refusal::no_appeal(tier))?;
    let known: Vec<&str> = appeal.outcomes.iter().map(|outcome| outcome.id.as_str()).collect();
    if !known.is_empty() && !known.contains(&outcome) {
        return Err(refusal::unknown_word("outcome", outcome, &known));
    }
    Ok(())
}

/// An appeal is decided by a holder of the role that its tier names, or by whoever a rule put in their place; and where it
/// is for another than whoever handled the matter before, nobody decides on what they did themselves.
pub(crate) fn judge(law: &Law, case: &Case, regime: &Regime, staff: &str, appeal: &Appeal) -> Result<(), Problem> {
    let view = &case.view;
    let is_theirs = view.handler.as_deref() == Some(staff) && facts::is_given_since_appeal(view);
    if appeal.other_handler && view.handlers.contains(staff) && !is_theirs {
        return Err(refusal::handled_before(&appeal.cite));
    }
    let holds = view.units().any(|unit| law.directory().holds(staff, &appeal.role, unit));
    if holds || is_theirs && stands_in(case, regime, &appeal.role) {
        return Ok(());
    }
    Err(refusal::not_judge(&regime.role_title(&appeal.role), &appeal.cite))
}

/// Whether the handler was given the case in a role that the rules put in the place of another: that of a higher rung, or
/// one that a rule of recusal names. Whoever was named by a person stands in for nobody.
fn stands_in(case: &Case, regime: &Regime, role: &str) -> bool {
    let last = |word: &str| case.view.history.iter().rposition(|one| one.word == word);
    let instead = regime.recusal.iter().filter_map(|rule| match &rule.then {
        Instead::Role(role) => Some(role.as_str()),
        Instead::Rise | Instead::Replace => None,
    });
    last("handler-named") < last("case-dispatched")
        && regime.roles_above(role).chain(instead).any(|one| one == case.view.handler_role)
}
