//! Asking that clocks stand still until something outside of the house is done (挂账).

use super::more::{running, unknown_clock};
use super::{open, rule_of, seen, settle, unguarded};
use crate::domain::Watched;
use crate::law::{Ground, House};
use chrono::{DateTime, NaiveDate, Utc};
use contracts::Fact;
use contracts::common::VaultRef;
use contracts::deadline_watcher::SuspensionAsked;
use facts::Suspension;
use kit_core::Problem;
use kit_ids::{CaseId, RefId, StaffId, SuspensionId};
use kit_messaging::Tx;
use legal_time::Phase;
use regime::Suspend;

/// The request.
#[derive(Clone, Debug)]
pub(crate) struct AskSuspension {
    pub(crate) case_id: CaseId,
    pub(crate) staff: StaffId,
    /// The version that the asker has seen; 0 is any.
    pub(crate) version: u64,
    /// Empty: every clock that runs and may be suspended.
    pub(crate) clocks: Vec<String>,
    /// The last day on which they stand still, in the unit's zone.
    pub(crate) until: Option<NaiveDate>,
    pub(crate) reason: RefId,
}

/// What was asked, and of whom.
pub(crate) struct Asked {
    pub(crate) suspension_id: SuspensionId,
    pub(crate) approver_role: String,
    pub(crate) clocks: Vec<String>,
}

/// Records the request; the holder of the approving role rules on it.
pub(crate) async fn ask_suspension(tx: &mut Tx, house: &House, ask: AskSuspension) -> kit_db::Result<Asked> {
    let (case, ground) = open(tx, house, ask.case_id, ask.staff).await?;
    facts::authorise(house, &case.view, &ask.staff.to_string(), "ask-suspension")?;
    seen(&case, ask.version)?;
    unguarded(&ground, &case, "ask-suspension")?;
    let clocks = if ask.clocks.is_empty() { suspendable(&case, &ground)? } else { ask.clocks };
    let rules = clocks.iter().map(|clock| may_suspend(&case, &ground, clock)).collect::<Result<Vec<_>, _>>()?;
    if let Some(until) = ask.until {
        check_until(&ground, &rules, until, tx.now())?;
    }
    let (approver_role, cite) = one_approver(&case, &ground, &clocks)?;
    let suspension_id = SuspensionId::new(tx.id());
    let asked = SuspensionAsked {
        case_id: ask.case_id.to_string(),
        suspension_id: suspension_id.to_string(),
        clocks: clocks.clone(),
        until: ask.until.map(|until| until.to_string()).unwrap_or_default(),
        asked_by: ask.staff.to_string(),
        reason: Some(VaultRef { ref_id: ask.reason.to_string() }),
        approver_role: approver_role.clone(),
        cite,
    };
    settle(tx, case, &ground, [Fact::SuspensionAsked(asked)]).await?;
    Ok(Asked { suspension_id, approver_role, clocks })
}

/// Every clock that may be suspended now.
///
/// # Errors
/// There is none: why the first of those that the regime lets be suspended may not.
pub(crate) fn suspendable(case: &Watched, ground: &Ground) -> Result<Vec<String>, Problem> {
    let rules = ground.regime.clocks.iter().filter(|clock| clock.suspend.is_some());
    let tried: Vec<_> = rules.map(|clock| (clock, may_suspend(case, ground, &clock.name))).collect();
    let may: Vec<String> =
        tried.iter().filter(|(_, tried)| tried.is_ok()).map(|(clock, _)| clock.name.clone()).collect();
    if may.is_empty() {
        return Err(tried.into_iter().find_map(|(_, tried)| tried.err()).unwrap_or_else(no_suspension));
    }
    Ok(may)
}

fn may_suspend<'a>(case: &Watched, ground: &'a Ground, name: &str) -> Result<&'a Suspend, Problem> {
    let rule = rule_of(ground, name).ok_or_else(unknown_clock)?;
    let suspend = rule.suspend.as_ref().ok_or_else(no_suspension)?;
    let state = running(case, name)?;
    if state.phase() == Phase::Missed {
        return Err(Problem::conflict("clock-missed", "该时限已超期，不能挂账", "This limit was missed already"));
    }
    let of_clock = |one: &&Suspension| one.clocks.iter().any(|clock| clock == name);
    let mut all = case.view.suspensions.iter().filter(of_clock);
    if all.clone().any(Suspension::is_asked) {
        return Err(Problem::conflict(
            "suspension-pending",
            "该时限已有挂账申请等待审批",
            "A request to suspend this clock is waiting for a ruling",
        ));
    }
    if state.pauses.iter().any(|pause| pause.is_suspension && pause.until.is_none()) {
        return Err(Problem::conflict("already-suspended", "该时限已在挂账中", "This clock is suspended already"));
    }
    if !suspend.condition.holds(&case.view) {
        return Err(Problem::conflict(
            "no-suspension-here",
            "本案不符合挂账的条件",
            "A case like this one may not be suspended",
        ));
    }
    let granted = all.by_ref().filter(|one| one.granted_at.is_some()).count();
    let most = suspend.times.and_then(|times| usize::try_from(times).ok());
    if most.is_some_and(|most| granted >= most) {
        let (zh, en) = ("挂账次数已用完", "It has been suspended as often as it may be");
        return Err(Problem::conflict("no-more-suspension", zh, en));
    }
    Ok(suspend)
}

/// A suspension begins when it is granted, which is not before now; it may not outlast any of the caps.
fn check_until(ground: &Ground, rules: &[&Suspend], until: NaiveDate, now: DateTime<Utc>) -> Result<(), Problem> {
    let counting = ground.counting();
    let end = counting.ending(until).at;
    if end <= now {
        let (zh, en) = ("挂账的截止日期已过", "The day until which it shall be suspended has passed");
        return Err(Problem::field("until", "until-too-early", zh, en));
    }
    let latest = rules.iter().filter_map(|rule| counting.capped(now, rule.cap?)).min();
    match latest.filter(|latest| end > *latest) {
        Some(latest) => {
            let last = (latest - chrono::TimeDelta::seconds(1)).with_timezone(&counting.zone).date_naive();
            let (zh, en) = (format!("挂账最长至 {last}"), format!("It can be suspended until {last} at the latest"));
            Err(Problem::field("until", "until-too-late", zh, en))
        }
        None => Ok(()),
    }
}

/// The role that rules on the suspension of all these clocks in the case as it now is, and the clause.
///
/// # Errors
/// There is nobody, or not one role for all of them.
pub(crate) fn one_approver(case: &Watched, ground: &Ground, clocks: &[String]) -> Result<(String, String), Problem> {
    let of = |clock: &String| {
        let suspend = rule_of(ground, clock)?.suspend.as_ref()?;
        match &suspend.approve {
            Some(role) => Some((role.clone(), suspend.cite.clone())),
            None => ground.regime.approver(&format!("suspension({clock})"), &case.view),
        }
    };
    let nobody = || {
        let (zh, en) =
            ("制度未规定这一级别的投诉由谁批准挂账", "The regime names nobody who could suspend such a case");
        Problem::conflict("no-approver", zh, en)
    };
    let all = clocks.iter().map(of).collect::<Option<Vec<_>>>().ok_or_else(nobody)?;
    let first = all.first().cloned().ok_or_else(nobody)?;
    if all.iter().any(|(role, _)| *role != first.0) {
        let (zh, en) =
            ("这些时限由不同的人批准挂账，请分别申请", "These clocks are suspended by different roles; ask for each");
        return Err(Problem::field("clocks", "different-approvers", zh, en));
    }
    Ok(first)
}

fn no_suspension() -> Problem {
    Problem::conflict("no-suspension", "该时限不可挂账", "This limit cannot be suspended")
}
